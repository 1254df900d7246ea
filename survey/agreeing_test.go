package survey_test

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/consent"
	"tidemark/survey/instrument"
)

// publish puts a next version of the study's text in force.
func (s *stage) publish(t *testing.T, wordingOnly bool) int {
	t.Helper()
	ctx := t.Context()
	book, err := s.cases.Consents.Book(ctx, s.researcher, s.study.ID)
	noError(t, err)
	d, err := s.cases.Consents.Begun(ctx, s.researcher, s.study.ID, book.Next(), book.Study.Language)
	noError(t, err)
	d.Text.Changed, d.WordingOnly = "We say it more clearly.", wordingOnly
	d, err = s.cases.Consents.Write(ctx, s.researcher, d)
	noError(t, err)
	told, err := s.cases.Consents.Publish(ctx, s.researcher, s.study.ID, d.Version, survey.ConsentRevisions([]survey.ConsentDraft{d}, d.Version))
	noError(t, err)
	same(t, told, []string{book.Study.Language})
	return d.Version
}

// said is everything about a person's decision that the audit trail tells.
func (s *stage) said(t *testing.T, action survey.Action) int {
	t.Helper()
	n, err := s.store.CountAudit(t.Context(), s.study.ID, action)
	noError(t, err)
	return n
}

// TestNobodyAnswersWithoutAConsentThatHolds walks at random through what people
// and researchers can do, and tries to save an answer after each step.
func TestNobodyAnswersWithoutAConsentThatHolds(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		person := s.enrol(t, "course", 1)[0]
		id := person.Participation.Enrolment.ID
		item := s.due(t, person, "pre", "self_compassion")
		random := rand.New(rand.NewPCG(1, 2))
		agreedTo, needed, inForce, declined := 0, 1, 1, false
		saved, refused := 0, 0
		for step := range 60 {
			a := s.again(t, id)
			what := random.IntN(6)
			switch what {
			case 0, 1: // agrees
				noError(t, s.cases.Enrolments.Agree(t.Context(), a, survey.Agreement{Version: inForce, Language: "en", OfAge: true}))
				if agreedTo < needed || declined {
					agreedTo = inForce
				}
				declined = false
			case 2, 3: // declines
				err := s.cases.Enrolments.Decline(t.Context(), a)
				if holds := agreedTo >= needed && !declined; holds {
					wantError(t, err, survey.ErrConflict)
				} else {
					noError(t, err)
					declined = true
				}
			case 4:
				inForce = s.publish(t, false)
				needed = inForce
			case 5:
				inForce = s.publish(t, true)
			}
			holds := agreedTo >= needed && !declined
			a = s.again(t, id)
			_, err := s.cases.Assessments.Save(t.Context(), a, item.Assessment.ID, instrument.Numbers{"sc_01": float64(1 + step%5)}.Answers())
			switch {
			case holds && err != nil:
				t.Fatalf("step %d (%d): a consent that holds was refused: %v", step, what, err)
			case !holds && !errors.Is(err, survey.ErrConsentRequired):
				t.Fatalf("step %d (%d): saved without a consent that holds (agreed to %d, needed %d, declined %v): %v", step, what, agreedTo, needed, declined, err)
			case holds:
				saved++
			default:
				refused++
				wantError(t, s.cases.Assessments.Submit(t.Context(), a, item.Assessment.ID, nil), survey.ErrConsentRequired)
			}
			same(t, []any{a.Participation.Consented(), a.Participation.Enrolment.Declined()}, []any{holds, declined})
		}
		if saved < 5 || refused < 5 {
			t.Errorf("%d saved and %d refused: too few to tell anything", saved, refused)
		}
	})
}

func TestADeclineIsNotedOnceAndCanBeTakenBack(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a := s.enrol(t, "course", 1)[0]
		id := a.Participation.Enrolment.ID
		at := s.clock()
		noError(t, s.cases.Enrolments.Decline(t.Context(), a))
		s.at(at.Add(time.Hour))
		s.unchanged(t, func() {
			noError(t, s.cases.Enrolments.Decline(t.Context(), a))
			noError(t, s.cases.Enrolments.Decline(t.Context(), s.again(t, id)))
		})
		a = s.again(t, id)
		same(t, a.Participation.Enrolment.DeclinedAt.Equal(at), true)
		if a.Participation.Enrolment.MayBeWrittenTo(survey.Contact{ParticipantID: a.Participation.Enrolment.ParticipantID, Email: "a@example.org"}) {
			t.Error("who declined is written to")
		}
		same(t, cell(t, s.board(t), a, "pre").State, survey.AssessmentWithdrawn)
		answered, asked := s.board(t).WaveCount(0)
		same(t, []int{answered, asked}, []int{0, 0}) // not late: not asked
		counts, err := s.cases.Studies.Completeness(t.Context(), s.researcher, s.study.ID)
		noError(t, err)
		same(t, []int{counts[0].Asked, counts[0].Declined, counts[0].Withdrawn}, []int{0, 1, 0})

		noError(t, s.cases.Enrolments.Consent(t.Context(), a, 1))
		again := s.again(t, id)
		same(t, []any{again.Participation.Consented(), again.Participation.Enrolment.Declined()}, []any{true, false})
		same(t, []int{s.said(t, survey.ActionConsentDeclined), s.said(t, survey.ActionConsentGiven)}, []int{1, 1})
		wantError(t, s.cases.Enrolments.Decline(t.Context(), again), survey.ErrConflict)
		wantError(t, s.cases.Enrolments.Decline(t.Context(), a), survey.ErrConflict) // by a device that has not seen it
	})
}

func TestWhoIsTooYoungLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a := s.enrol(t, "course", 1)[0]
		s.unchanged(t, func() {
			err := s.cases.Enrolments.Agree(t.Context(), a, survey.Agreement{Version: 1, Choices: survey.ConsentChoices{consent.ShareData: true}})
			wantFaults(t, err, survey.FieldErrors{"of_age": "consent.of_age"})
		})
		said, err := s.store.ConsentChoices(t.Context(), s.study.ID, a.Participation.Enrolment.ID)
		noError(t, err)
		same(t, len(said), 0)
	})
}

func TestOptionalConsentsAreKeptApartAndCanBeChanged(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a := s.enrol(t, "course", 1)[0]
		id := a.Participation.Enrolment.ID
		noError(t, s.cases.Enrolments.Agree(t.Context(), a, survey.Agreement{
			Version: 1, Language: "de", OfAge: true, Choices: survey.ConsentChoices{consent.ShareData: true, "all_my_money": true},
		}))
		a = s.again(t, id)
		_, now, err := s.cases.Enrolments.Choices(t.Context(), a, "de")
		noError(t, err)
		same(t, now, survey.ConsentChoices{consent.ShareData: true, consent.ContactLater: false})
		s.at(s.clock().Add(time.Hour))
		noError(t, s.cases.Enrolments.Choose(t.Context(), a, "es", survey.ConsentChoices{consent.ContactLater: true}))
		s.unchanged(t, func() {
			noError(t, s.cases.Enrolments.Choose(t.Context(), a, "es", survey.ConsentChoices{consent.ContactLater: true}))
		})
		same(t, s.said(t, survey.ActionConsentChoice), 2)
		all, err := s.store.StudyChoices(t.Context(), s.study.ID)
		noError(t, err)
		same(t, all[id], survey.ConsentChoices{consent.ShareData: false, consent.ContactLater: true})

		// The copy says what was agreed to then.
		agreed, err := s.cases.Enrolments.Agreed(t.Context(), a)
		noError(t, err)
		same(t, len(agreed), 1)
		same(t, []any{agreed[0].Text.Language, agreed[0].Choices}, []any{"de", survey.ConsentChoices{consent.ShareData: true, consent.ContactLater: false}})
		same(t, agreed[0].Text.Hash, agreed[0].Text.Text.Hash())
	})
}

func TestATextIsShownInOnesLanguageOrElseInTheStudys(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a := s.enrol(t, "course", 1)[0]
		for language, want := range map[string]string{"de": "de", "es": "es", "en": "en", "fr": "en", "": "en"} {
			text, err := s.cases.Enrolments.ConsentText(t.Context(), a, language)
			noError(t, err)
			same(t, text.Language, want)
		}
		s.unchanged(t, func() { // a language that the version is not told in was never read
			wantError(t, s.cases.Enrolments.Agree(t.Context(), a, survey.Agreement{Version: 1, Language: "fr", OfAge: true}), survey.ErrConflict)
		})
	})
}

func TestADeclaredWordingIsPutIntoTheTextAsItIsPublished(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		const words = "Ines reads what you answer every weekday at nine."
		s.declareWording(t, map[string]string{"en": words})
		book, err := s.cases.Consents.Book(t.Context(), s.researcher, s.study.ID)
		noError(t, err)
		same(t, book.SafetyChanged, []string{"en"}) // the text in force says otherwise
		s.publish(t, false)
		a := s.enrol(t, "course", 1)[0]
		text, err := s.cases.Enrolments.ConsentText(t.Context(), a, "en")
		noError(t, err)
		same(t, text.Text.Safety, words)
		if !strings.Contains(text.Text.Plain(), words) {
			t.Error("the plain text does not say it")
		}
		book, err = s.cases.Consents.Book(t.Context(), s.researcher, s.study.ID)
		noError(t, err)
		same(t, []any{len(book.SafetyChanged), book.Missing}, []any{0, []string{"de", "es"}})
		// A translation without the declared words would say something else.
		d, err := s.cases.Consents.Begun(t.Context(), s.researcher, s.study.ID, 2, "de")
		noError(t, err)
		d.Text.Changed = "Neu."
		same(t, book.Lacks(d), survey.FieldErrors{"safety": "consent.missing.safety"})
	})
}

// declareWording changes what the study says about who reads answers.
func (s *stage) declareWording(t *testing.T, wording map[string]string) {
	t.Helper()
	book, err := s.cases.Safeties.Book(t.Context(), s.admin, s.study.ID)
	noError(t, err)
	safety := book.Safety
	safety.Wording = wording
	_, err = s.cases.Safeties.Declare(t.Context(), s.admin, safety)
	noError(t, err)
}
