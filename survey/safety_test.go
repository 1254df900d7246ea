package survey_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp/cmpopts"

	"tidemark/internal/risky"
	"tidemark/survey"
	"tidemark/survey/instrument"
)

// risky is a draft study that asks of risk, with staff who can be named.
func (s *stage) risky(t *testing.T, key string) (study survey.Study, responder, deputy survey.Actor) {
	t.Helper()
	study, err := s.cases.Studies.Create(t.Context(), s.admin, survey.NewStudy{
		Protocol: "learning_from_setbacks_8", Key: key, TimeZone: zoneName,
		Team: "The Harbour Institute", Contact: "ines@example.org", Ethics: "Board of Harbour, 12/2026",
	})
	noError(t, err)
	noError(t, risky.AddTo(t.Context(), s.store, study.ID, s.clock()))
	responder = s.user(t, survey.Grant{Role: survey.RoleResearcher, StudyID: study.ID})
	deputy = s.user(t, survey.Grant{Role: survey.RoleFacilitator, StudyID: study.ID})
	return study, responder, deputy
}

// watched makes the stage's study one that is linked and asks of risk, open, with
// a run.
func (s *stage) watched(t *testing.T) (responder, deputy survey.Actor) {
	t.Helper()
	study, responder, deputy := s.risky(t, "watched")
	_, err := s.cases.Safeties.Declare(t.Context(), s.admin, risky.Linked(study, responder.User.ID, deputy.User.ID))
	noError(t, err)
	noError(t, s.cases.Studies.Open(t.Context(), s.admin, study.ID))
	s.take(t, study)
	return responder, deputy
}

// take makes an open study the stage's.
func (s *stage) take(t *testing.T, study survey.Study) {
	t.Helper()
	study.State, study.ConsentVersion = survey.StudyOpen, 1
	s.study = study
	s.leader = s.user(t, survey.Grant{Role: survey.RoleFacilitator, StudyID: study.ID})
	s.researcher = s.user(t, survey.Grant{Role: survey.RoleResearcher, StudyID: study.ID})
	var err error
	s.run, err = s.cases.Runs.Create(t.Context(), s.leader, study.ID, newRun())
	noError(t, err)
}

// answerRisk saves one answer to the question with a rule.
func (s *stage) answerRisk(t *testing.T, a survey.Actor, value float64) survey.Sheet {
	t.Helper()
	it := s.due(t, a, "risk", "test_risk")
	sheet, err := s.cases.Assessments.Save(t.Context(), a, it.Assessment.ID,
		instrument.Answers{risky.Item: instrument.NumberValue(value)})
	noError(t, err)
	return sheet
}

func TestAStudyOpensOnlyOnceItsSafetyIsDeclared(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		open := func(study survey.Study) error { return s.cases.Studies.Open(ctx, s.admin, study.ID) }
		declare := func(d survey.Safety) {
			t.Helper()
			_, err := s.cases.Safeties.Declare(ctx, s.admin, d)
			noError(t, err)
		}
		t.Run("one that asks nothing of risk says its shape", func(t *testing.T) {
			study, err := s.cases.Studies.Create(ctx, s.admin, survey.NewStudy{
				Protocol: "learning_from_setbacks_8", Key: "calm", TimeZone: zoneName,
				Team: "The Harbour Institute", Contact: "ines@example.org", Ethics: "Board of Harbour, 12/2026",
			})
			noError(t, err)
			wantFaults(t, open(study), survey.FieldErrors{"shape": "safety.no_shape"})
			declare(survey.Safety{StudyID: study.ID, Shape: survey.SafetyLinked, TimeZone: zoneName})
			noError(t, open(study))
		})
		t.Run("a linked one that asks of risk says everything", func(t *testing.T) {
			study, responder, deputy := s.risky(t, "linked")
			wantFaults(t, open(study), survey.FieldErrors{"shape": "safety.no_shape"})
			declare(survey.Safety{StudyID: study.ID, Shape: survey.SafetyLinked, TimeZone: zoneName})
			wantFaults(t, open(study), survey.FieldErrors{
				"responder": "safety.no_responder", "deputy": "safety.no_deputy", "office_hours": "safety.no_hours",
				"window": "safety.no_window", "wording_en": "safety.no_wording", "resources": "safety.no_resources",
			})
			full := risky.Linked(study, responder.User.ID, deputy.User.ID)
			full.Revision = 1
			declare(full)
			noError(t, s.cases.Users.Disable(ctx, s.admin, deputy.User.ID))
			wantFaults(t, open(study), survey.FieldErrors{"deputy": "safety.no_deputy"})
			full.Deputy, full.Revision = s.user(t, survey.Grant{Role: survey.RoleFacilitator, StudyID: study.ID}).User.ID, 2
			declare(full)
			noError(t, open(study))
			// From now on nothing of it can be taken away, nor the shape changed.
			less := full
			less.Deputy, less.Resources, less.Revision = "", nil, 3
			_, err := s.cases.Safeties.Declare(ctx, s.admin, less)
			wantFaults(t, err, survey.FieldErrors{"deputy": "safety.no_deputy", "resources": "safety.no_resources"})
			other := full
			other.Shape, other.Revision = survey.SafetyAnonymous, 3
			_, err = s.cases.Safeties.Declare(ctx, s.admin, other)
			wantFaults(t, err, survey.FieldErrors{"shape": "safety.shape_fixed"})
		})
		t.Run("an anonymous one that asks of risk names where to turn", func(t *testing.T) {
			study, _, _ := s.risky(t, "anonymous")
			d := survey.Safety{StudyID: study.ID, Shape: survey.SafetyAnonymous, TimeZone: zoneName}
			declare(d)
			wantFaults(t, open(study), survey.FieldErrors{"resources": "safety.no_resources"})
			d.Resources, d.Revision = []survey.HelpResource{{Country: "de", Name: " Somebody ", Web: "example.org"}}, 1
			declare(d)
			noError(t, open(study))
			b, err := s.cases.Safeties.Book(ctx, s.admin, study.ID)
			noError(t, err)
			same(t, b.Safety.Resources, []survey.HelpResource{{Country: "DE", Name: "Somebody", Web: "https://example.org"}})
		})
	})
}

func TestWhatIsDeclaredIsChecked(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		study, responder, _ := s.risky(t, "checked")
		d := risky.Linked(study, responder.User.ID, responder.User.ID)
		d.Window, d.TimeZone, d.OfficeHours = 169, "Europe/Atlantis", strings.Repeat("x", 201)
		d.Wording["de"] = strings.Repeat("x", 4001)
		d.Resources = []survey.HelpResource{
			{Country: "ES", Name: "fine", Phone: "1"},
			{Country: "Spain", Name: "x", Phone: "1"}, {Country: "ES", Phone: "1"}, {Country: "ES", Name: "x"},
			{Country: "ES", Name: "x", Phone: "call us"}, {Country: "ES", Name: "x", Web: "javascript://x"},
			{Country: "ES", Name: "x", Phone: "1", Language: "Spanish, German"},
			{}, // an empty line is none
		}
		_, err := s.cases.Safeties.Declare(t.Context(), s.admin, d)
		wantFaults(t, err, survey.FieldErrors{
			"deputy": "safety.same_person", "window": "safety.bad_window", "time_zone": "time_zone.unknown",
			"office_hours": "text.too_long", "wording_de": "text.too_long",
			"resource_2": "safety.bad_country", "resource_3": "safety.no_name", "resource_4": "safety.no_way",
			"resource_5": "safety.bad_phone", "resource_6": "safety.bad_web", "resource_7": "safety.bad_language",
		})
		d = risky.Linked(study, s.researcher.User.ID, responder.User.ID) // of another study
		_, err = s.cases.Safeties.Declare(t.Context(), s.admin, d)
		wantFaults(t, err, survey.FieldErrors{"responder": "safety.not_staff"})
		d.Responder, d.Deputy = responder.User.ID, ""
		first, err := s.cases.Safeties.Declare(t.Context(), s.admin, d)
		noError(t, err)
		again, err := s.cases.Safeties.Declare(t.Context(), s.admin, d) // the button pressed twice
		noError(t, err)
		same(t, again, first)
		d.Window = 6
		_, err = s.cases.Safeties.Declare(t.Context(), s.admin, d) // by somebody who has not seen it
		wantError(t, err, survey.ErrConflict)
	})
}

func TestAnAnswerThatMeetsARuleIsFlaggedOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		responder, _ := s.watched(t)
		ctx, people := t.Context(), s.consenting(t, 3)
		if sheet := s.answerRisk(t, people[0], 0); sheet.Flagged || sheet.HelpDue {
			t.Error("an answer below the rule is flagged")
		}
		flagged := s.clock()
		sheet := s.answerRisk(t, people[0], 1)
		same(t, []bool{sheet.Flagged, sheet.HelpDue}, []bool{true, true})
		id := sheet.Assessment.ID
		shown, err := s.cases.Assessments.ShowHelp(ctx, people[0], id, false)
		noError(t, err)
		same(t, shown, true)
		s.at(flagged.Add(time.Minute))
		sheet = s.answerRisk(t, people[0], 2) // changed for worse: help again, one alert
		same(t, []bool{sheet.Flagged, sheet.HelpDue}, []bool{true, false})
		if sheet = s.answerRisk(t, people[0], 0); sheet.Flagged { // changed to nothing
			t.Error("an answer below the rule is flagged")
		}
		s.answer(t, people[0], "risk", 0)
		shown, err = s.cases.Assessments.ShowHelp(ctx, people[0], id, true)
		noError(t, err)
		same(t, shown, true)
		flags, err := s.store.RiskFlags(ctx, s.study.ID, id)
		noError(t, err)
		same(t, flags, []survey.RiskFlag{{
			StudyID: s.study.ID, AssessmentID: id, Item: risky.Item, EnrolmentID: people[0].Participation.Enrolment.ID,
			FlaggedAt: flagged, ShownAt: flagged, ShownAgainAt: flagged.Add(time.Minute),
		}})
		alerts, err := s.store.Alerts(ctx, s.study.ID, 10)
		noError(t, err)
		same(t, alerts, []survey.Alert{{
			StudyID: s.study.ID, AssessmentID: id, Item: risky.Item, OpenedAt: flagged,
			NextAt: flagged.Add(6 * time.Hour), DueAt: flagged.Add(12 * time.Hour),
		}}, cmpopts.IgnoreFields(survey.Alert{}, "ID"))
		waiting, err := s.cases.Alerts.Waiting(ctx, responder)
		noError(t, err)
		same(t, waiting[s.study.ID], 1)
		// Sent with the last page, an answer is flagged as well.
		it := s.due(t, people[1], "risk", "test_risk")
		noError(t, s.cases.Assessments.Submit(ctx, people[1], it.Assessment.ID, answers(it.Definition, 3, 2)))
		alerts, err = s.store.Alerts(ctx, s.study.ID, 10)
		noError(t, err)
		same(t, len(alerts), 2)
		// Others' flags show nobody help.
		shown, err = s.cases.Assessments.ShowHelp(ctx, people[2], id, true)
		noError(t, err)
		same(t, shown, false)
	})
}

func TestAnAnonymousStudyFlagsAndAlertsNobody(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		study, _, _ := s.risky(t, "anonymous")
		_, err := s.cases.Safeties.Declare(t.Context(), s.admin, survey.Safety{
			StudyID: study.ID, Shape: survey.SafetyAnonymous, TimeZone: zoneName,
			Resources: []survey.HelpResource{{Country: "ES", Name: "x", Phone: "1"}},
		})
		noError(t, err)
		noError(t, s.cases.Studies.Open(t.Context(), s.admin, study.ID))
		s.take(t, study)
		sheet := s.answerRisk(t, s.consenting(t, 1)[0], 2)
		same(t, sheet.HelpDue, true)
		alerts, err := s.store.Alerts(t.Context(), study.ID, 10)
		noError(t, err)
		same(t, len(alerts), 0)
	})
}

func TestOnlyTheNamedSeeAlerts(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		responder, deputy := s.watched(t)
		ctx, person := t.Context(), s.consenting(t, 1)[0]
		s.answerRisk(t, person, 2)
		board, err := s.cases.Alerts.Board(ctx, deputy, s.study.ID)
		noError(t, err)
		same(t, []int{len(board.Waiting), len(board.Done)}, []int{1, 0})
		line := board.Waiting[0]
		same(t, []string{line.Participation.Enrolment.Code, line.Contact.Name, line.Questionnaire, line.Wave.Key},
			[]string{person.Participation.Enrolment.Code, "Person 0", "Placeholder with a rule", "risk"})
		for _, other := range []survey.Actor{s.admin, s.leader, s.researcher, system()} {
			_, err := s.cases.Alerts.Board(ctx, other, s.study.ID)
			wantError(t, err, survey.ErrForbidden)
			wantError(t, s.cases.Alerts.Acknowledge(ctx, other, s.study.ID, line.ID, ""), survey.ErrForbidden)
		}
		_, err = s.cases.Alerts.Board(ctx, person, s.study.ID)
		wantError(t, err, survey.ErrNotFound)
		wantFaults(t, s.cases.Alerts.Acknowledge(ctx, deputy, s.study.ID, line.ID, strings.Repeat("x", 2001)), survey.FieldErrors{"note": "text.too_long"})
		noError(t, s.cases.Alerts.Acknowledge(ctx, deputy, s.study.ID, line.ID, " I ring her today. "))
		wantError(t, s.cases.Alerts.Acknowledge(ctx, responder, s.study.ID, line.ID, "me too"), survey.ErrConflict)
		wantError(t, s.cases.Alerts.Acknowledge(ctx, responder, s.study.ID, "nothing", ""), survey.ErrNotFound)
		board, err = s.cases.Alerts.Board(ctx, responder, s.study.ID)
		noError(t, err)
		same(t, []int{len(board.Waiting), len(board.Done)}, []int{0, 1})
		same(t, []any{board.Done[0].Note, board.Done[0].AcknowledgedBy}, []any{"I ring her today.", deputy.User.ID})
		// The trail tells of the alert, and not whose answer it was.
		trail, err := s.cases.Audits.Page(ctx, s.admin, survey.AuditFilter{Study: &s.study.ID, Limit: 2})
		noError(t, err)
		text := fmt.Sprintf("%+v", trail.Lines)
		if !strings.Contains(text, "alert.opened") || strings.Contains(text, string(person.Participation.Enrolment.ID)) {
			t.Errorf("the audit trail tells %s", text)
		}
	})
}

// letterbox takes letters; while it is shut none gets through.
type letterbox struct {
	mu      sync.Mutex
	shut    error
	letters []survey.Letter
}

func (b *letterbox) Send(_ context.Context, l survey.Letter) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.shut == nil {
		b.letters = append(b.letters, l)
	}
	return b.shut
}

// to are the addresses of all letters, sorted.
func (b *letterbox) to() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []string
	for _, l := range b.letters {
		all = append(all, l.To)
	}
	slices.Sort(all)
	return all
}

// Letter writes everything that a letter could tell.
func (b *letterbox) Letter(d survey.Dispatch) (survey.Letter, error) {
	return survey.Letter{Subject: d.Study.Title, Body: fmt.Sprintf("%+v", d)}, nil
}

func (s *stage) deliver(t *testing.T, b *letterbox) survey.Delivery {
	t.Helper()
	d, err := s.cases.Outbox.Deliver(t.Context(), system(), b, b)
	noError(t, err)
	return d
}

func (s *stage) escalate(t *testing.T, want int) {
	t.Helper()
	n, err := s.cases.Alerts.Escalate(t.Context(), system())
	noError(t, err)
	same(t, n, want)
}

func TestAnAlertThatNobodyTakesOnGoesUpOnceAStep(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		responder, deputy := s.watched(t)
		people, box, begin := s.consenting(t, 2), &letterbox{}, s.clock()
		s.answerRisk(t, people[0], 1)
		same(t, s.deliver(t, box), survey.Delivery{Sent: 1})
		same(t, s.deliver(t, box), survey.Delivery{})
		same(t, box.to(), []string{responder.User.Email})
		s.escalate(t, 0)
		// The responder is reminded once, halfway to the deputy's being told.
		s.at(begin.Add(3*time.Hour - time.Millisecond))
		same(t, s.deliver(t, box), survey.Delivery{})
		s.at(begin.Add(3 * time.Hour))
		same(t, s.deliver(t, box), survey.Delivery{Sent: 1})
		same(t, s.deliver(t, box), survey.Delivery{})
		same(t, box.to(), []string{responder.User.Email, responder.User.Email})
		s.at(begin.Add(6*time.Hour - time.Millisecond))
		s.escalate(t, 0)
		s.at(begin.Add(6 * time.Hour))
		// Several servers look at the same time.
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() {
				if _, err := s.cases.Alerts.Escalate(t.Context(), system()); err != nil {
					t.Error(err)
				}
				if _, err := s.cases.Outbox.Deliver(t.Context(), system(), box, box); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		s.deliver(t, box)
		both := []string{responder.User.Email, responder.User.Email, deputy.User.Email}
		slices.Sort(both)
		same(t, box.to(), both)
		s.at(begin.Add(12 * time.Hour))
		s.escalate(t, 1)
		s.escalate(t, 0)
		s.deliver(t, box)
		same(t, len(box.to()), 5)
		s.at(begin.Add(1000 * time.Hour))
		s.escalate(t, 0)
		// One that is taken on goes nowhere, and its letter need not be sent.
		s.at(begin.Add(2 * time.Hour))
		s.answerRisk(t, people[1], 2)
		board, err := s.cases.Alerts.Board(t.Context(), responder, s.study.ID)
		noError(t, err)
		for _, line := range board.Waiting {
			noError(t, s.cases.Alerts.Acknowledge(t.Context(), responder, s.study.ID, line.ID, ""))
		}
		same(t, s.deliver(t, box), survey.Delivery{Dropped: 1})
		s.at(begin.Add(6 * time.Hour))
		same(t, s.deliver(t, box), survey.Delivery{Dropped: 1}) // nor the reminder
		s.at(begin.Add(1000 * time.Hour))
		s.escalate(t, 0)
	})
}

func TestALetterIsWrittenWhenItIsSentAndTriedUntilItIsTaken(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		responder, deputy := s.watched(t)
		people := s.consenting(t, 3)
		box := &letterbox{shut: &survey.SendError{Reason: "down", Down: true, Err: errors.New("x@example.org")}}
		begin := s.clock()
		for _, p := range people[:2] {
			s.answerRisk(t, p, 2)
		}
		// While the mail server is away it is asked once, not for every letter.
		same(t, s.deliver(t, box), survey.Delivery{Postponed: 1})
		standing, err := s.cases.Outbox.Standing(t.Context(), s.admin)
		noError(t, err)
		same(t, []any{standing.Waiting, standing.Trying, standing.LastError}, []any{4, 1, "down"})
		s.at(begin.Add(10 * time.Minute))
		s.deliver(t, box)
		box.shut = nil
		noError(t, s.cases.Users.Disable(t.Context(), s.admin, responder.User.ID))
		// Within a minute of its return everything has left, to whoever is there.
		s.at(begin.Add(11 * time.Minute))
		same(t, s.deliver(t, box), survey.Delivery{Sent: 2})
		same(t, box.to(), []string{deputy.User.Email, deputy.User.Email})
		same(t, box.letters[0].ID != box.letters[1].ID && box.letters[0].ID != "", true)
		// A letter that is refused for a week is given up, and seen to be.
		s.answerRisk(t, people[2], 2)
		box.shut = &survey.SendError{Reason: "refused"}
		same(t, s.deliver(t, box), survey.Delivery{Postponed: 1})
		s.at(begin.Add(8 * 24 * time.Hour))
		same(t, s.deliver(t, box), survey.Delivery{Failed: 4})
		standing, err = s.cases.Outbox.Standing(t.Context(), s.admin)
		noError(t, err)
		same(t, []any{standing.Waiting, standing.Failed, standing.LastError}, []any{0, 4, "refused"})
	})
}

func TestAFailedSaveFlagsNothing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		s.watched(t)
		a := s.consenting(t, 1)[0]
		it := s.due(t, a, "risk", "test_risk")
		noError(t, s.cases.Enrolments.Withdraw(t.Context(), a)) // after the request was read
		_, err := s.cases.Assessments.Save(t.Context(), a, it.Assessment.ID, answers(it.Definition, 2, 2))
		wantError(t, err, survey.ErrWithdrawn)
		flags, err := s.store.RiskFlags(t.Context(), s.study.ID, it.Assessment.ID)
		noError(t, err)
		same(t, len(flags), 0)
		alerts, err := s.store.Alerts(t.Context(), s.study.ID, 10)
		noError(t, err)
		same(t, len(alerts), 0)
	})
}

func TestAnErasureTakesFlagsAndAlertsAlong(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		responder, _ := s.watched(t)
		a := s.consenting(t, 1)[0]
		it := s.answerRisk(t, a, 2)
		_, err := s.cases.Erasures.Erase(t.Context(), a, "")
		noError(t, err)
		board, err := s.cases.Alerts.Board(t.Context(), responder, s.study.ID)
		noError(t, err)
		flags, err := s.store.RiskFlags(t.Context(), s.study.ID, it.Assessment.ID)
		noError(t, err)
		same(t, []int{len(board.Waiting), len(board.Done), len(flags)}, []int{0, 0, 0})
		same(t, s.deliver(t, &letterbox{}), survey.Delivery{Dropped: 1})
		s.at(s.clock().Add(100 * time.Hour))
		s.escalate(t, 0)
	})
}
