package storetest

import (
	"context"
	"slices"
	"testing"
	"time"

	"tidemark/survey"
)

// participation is what the store should say of one person.
func (w *world) participation(person, consent int) survey.Participation {
	arm := w.course
	if w.people[person].Enrolment.ArmID == w.waiting.ID {
		arm = w.waiting
	}
	return survey.Participation{
		Study: w.study, Run: w.run, Enrolment: w.people[person].Enrolment,
		ArmKey: arm.Key, ArmName: arm.Name, Control: arm.Control, ConsentVersion: consent,
		ConsentNeeded: w.study.ConsentVersion,
	}
}

func (w *world) consent(person, version int) survey.Consent {
	return survey.Consent{
		ID: newID[survey.ConsentID](), StudyID: w.study.ID, EnrolmentID: w.people[person].Enrolment.ID,
		Version: version, Language: "en", GivenAt: noon,
	}
}

func testParticipation(t *testing.T, s survey.Store) {
	signIn := func(t *testing.T, w *world, person int) survey.SignIn {
		t.Helper()
		in := survey.SignIn{
			TokenHash: newKey(), Kind: survey.SignInParticipant, StudyID: w.study.ID,
			EnrolmentID: w.people[person].Enrolment.ID, CreatedAt: noon, ExpiresAt: noon.Add(time.Hour),
		}
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateSignIn(ctx, in) })
		return in
	}
	t.Run("people are found by their address, in open studies that they have not left", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		mine := newKey() + "@example.org"
		stay, leave := w.person(w.run, w.course.ID), w.person(w.run, w.course.ID)
		stay.Contact.Email, leave.Contact.Email = mine, mine
		byPhone := w.person(w.run, w.course.ID)
		byPhone.Contact.Email = ""
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			if err := tx.Enrol(ctx, []survey.NewPerson{stay, leave, byPhone}); err != nil {
				return err
			}
			return tx.Pause(ctx, w.study.ID, stay.Enrolment.ID, noon)
		})
		find := func(email string, want ...survey.EnrolmentPlace) {
			t.Helper()
			got, err := s.EnrolmentsByEmail(t.Context(), email)
			noError(t, err)
			if !slices.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		}
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			_, err := tx.Withdraw(ctx, w.study.ID, leave.Enrolment.ID, noon)
			return err
		})
		find(mine, survey.EnrolmentPlace{StudyID: w.study.ID, ID: stay.Enrolment.ID})
		find("x" + mine)
		find("")
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			_, err := tx.SetStudyState(ctx, w.study.ID, survey.StudyOpen, survey.StudyClosed)
			return err
		})
		find(mine)
	})
	t.Run("a participation is found by enrolment, cookie and link", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		in := signIn(t, w, 1)
		want := w.participation(1, 0)
		got, err := s.Participation(t.Context(), w.study.ID, want.Enrolment.ID)
		noError(t, err)
		same(t, got, want)
		got, err = s.ParticipationBySignIn(t.Context(), in.TokenHash, noon)
		noError(t, err)
		same(t, got, want)
		theirs := w.people[1].Assessments[0]
		got, open, err := s.ParticipationAtAssessment(t.Context(), in.TokenHash, noon, theirs.ID)
		noError(t, err)
		same(t, got, want)
		as, wave, err := s.Assessment(t.Context(), w.study.ID, theirs.ID)
		noError(t, err)
		same(t, open, survey.OpenAssessment{Assessment: as, Wave: wave})
		got, link, err := s.ParticipationByLink(t.Context(), w.people[1].Link.TokenHash)
		noError(t, err)
		same(t, got, want)
		same(t, link, w.people[1].Link)
		got, link, err = s.ParticipationByCode(t.Context(), w.people[1].Link.CodeHash)
		noError(t, err)
		same(t, got, want)
		same(t, link, w.people[1].Link)
	})
	t.Run("nobody is found by what does not exist", func(t *testing.T) {
		t.Parallel()
		w, elsewhere := newWorld(t, s, 1), newWorld(t, s, 0)
		_, err := s.Participation(t.Context(), elsewhere.study.ID, w.people[0].Enrolment.ID)
		wantError(t, err, survey.ErrNotFound)
		_, _, err = s.ParticipationByLink(t.Context(), newKey())
		wantError(t, err, survey.ErrNotFound)
		for _, hash := range []string{newKey(), ""} {
			_, _, err = s.ParticipationByCode(t.Context(), hash)
			wantError(t, err, survey.ErrNotFound)
		}
		_, err = s.ParticipationBySignIn(t.Context(), newKey(), noon)
		wantError(t, err, survey.ErrNotSignedIn)
		_, _, err = s.ParticipationAtAssessment(t.Context(), newKey(), noon, w.people[0].Assessments[0].ID)
		wantError(t, err, survey.ErrNotFound)
	})
	t.Run("nobody is found at the assessment of somebody else", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		in := signIn(t, w, 0)
		for _, id := range []survey.AssessmentID{w.people[1].Assessments[0].ID, "nothing", ""} {
			_, _, err := s.ParticipationAtAssessment(t.Context(), in.TokenHash, noon, id)
			wantError(t, err, survey.ErrNotFound)
		}
	})
	t.Run("a cookie works until the instant it expires", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		in := signIn(t, w, 0)
		_, err := s.ParticipationBySignIn(t.Context(), in.TokenHash, in.ExpiresAt.Add(-time.Millisecond))
		noError(t, err)
		_, err = s.ParticipationBySignIn(t.Context(), in.TokenHash, in.ExpiresAt)
		wantError(t, err, survey.ErrNotSignedIn)
		_, _, err = s.ParticipationAtAssessment(t.Context(), in.TokenHash, in.ExpiresAt, w.people[0].Assessments[0].ID)
		wantError(t, err, survey.ErrNotFound)
	})
	t.Run("the newest standing consent counts", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		withdrawn := w.consent(0, 1)
		withdrawn.WithdrawnAt = noon
		for _, step := range []struct {
			consent survey.Consent
			want    int
		}{{withdrawn, 0}, {w.consent(0, 2), 2}, {w.consent(0, 1), 2}} {
			must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateConsent(ctx, step.consent) })
			got, err := s.Participation(t.Context(), w.study.ID, w.people[0].Enrolment.ID)
			noError(t, err)
			same(t, got, w.participation(0, step.want))
		}
	})
	t.Run("a consent stands once, to a text there is", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		give := func(c survey.Consent) error {
			return do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateConsent(ctx, c) })
		}
		noError(t, give(w.consent(0, 1)))
		wantError(t, give(w.consent(0, 1)), survey.ErrDuplicate)
		wantError(t, give(w.consent(0, 7)), survey.ErrReference)
	})
	t.Run("addresses are those of everyone in the study, with their run", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		newWorld(t, s, 2)
		second := w.newRun("2026-09-01")
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateRun(ctx, second) })
		a, b, without := w.person(w.run, w.course.ID), w.person(second, w.course.ID), w.person(w.run, w.course.ID)
		a.Contact.Email, b.Contact.Email, without.Contact.Email = "a@example.org", "b@example.org", ""
		a.Enrolment.Language = "es"
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.Enrol(ctx, []survey.NewPerson{a, b, without}) })
		got, err := s.Addresses(t.Context(), w.study.ID)
		noError(t, err)
		same(t, got, map[string]survey.RunID{"a@example.org": w.run.ID, "b@example.org": second.ID})
		p, err := s.Participation(t.Context(), w.study.ID, a.Enrolment.ID)
		noError(t, err)
		same(t, p.Enrolment, a.Enrolment) // with the language
	})
	t.Run("codes are those of the whole study", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 3)
		newWorld(t, s, 2)
		var want []string
		for _, p := range w.people {
			want = append(want, p.Participant.Code)
		}
		got, err := s.Codes(t.Context(), w.study.ID)
		noError(t, err)
		same(t, got, want, anyOrder(func(c string) string { return c }))
	})
}

func testEnrolling(t *testing.T, s survey.Store) {
	enrol := func(t *testing.T, people ...survey.NewPerson) error {
		t.Helper()
		return do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.Enrol(ctx, people) })
	}
	t.Run("a thousand people are enrolled at once", func(t *testing.T) {
		t.Parallel()
		const n = 1003
		w := newWorld(t, s, n)
		roster, err := s.Roster(t.Context(), w.study.ID, w.run.ID)
		noError(t, err)
		contacts, err := s.Contacts(t.Context(), w.study.ID, w.run.ID)
		noError(t, err)
		links, err := s.Links(t.Context(), w.study.ID, w.run.ID)
		noError(t, err)
		same(t, []int{len(roster), len(contacts), len(links)}, []int{n, n, n})
		for _, i := range []int{0, 500, n - 1} {
			due, err := s.Due(t.Context(), w.study.ID, w.people[i].Enrolment.ID)
			noError(t, err)
			same(t, len(due), len(w.people[i].Assessments))
			found := slices.Contains(roster, w.people[i].Enrolment)
			if !found || contacts[w.people[i].Participant.ID] != *w.people[i].Contact ||
				links[w.people[i].Enrolment.ID] != w.people[i].Link {
				t.Errorf("person %d is not as written", i)
			}
		}
	})
	t.Run("enrolling nobody does nothing", func(t *testing.T) {
		t.Parallel()
		noError(t, enrol(t))
	})
	t.Run("one taken code keeps everyone out", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		first, second := w.person(w.run, w.course.ID), w.person(w.run, w.course.ID)
		second.Participant.Code = w.people[0].Participant.Code
		wantError(t, enrol(t, first, second), survey.ErrDuplicate)
		roster, err := s.Roster(t.Context(), w.study.ID, w.run.ID)
		noError(t, err)
		same(t, len(roster), 1)
	})
	t.Run("a link's token is nobody else's", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		p := w.person(w.run, w.course.ID)
		p.Link.TokenHash = w.people[0].Link.TokenHash
		wantError(t, enrol(t, p), survey.ErrDuplicate)
	})
	t.Run("run, arm, wave and instrument must be there, in the same study", func(t *testing.T) {
		t.Parallel()
		w, elsewhere := newWorld(t, s, 0), newWorld(t, s, 0)
		for name, spoil := range map[string]func(*survey.NewPerson){
			"run":        func(p *survey.NewPerson) { p.Enrolment.RunID = elsewhere.run.ID },
			"arm":        func(p *survey.NewPerson) { p.Enrolment.ArmID = elsewhere.course.ID },
			"wave":       func(p *survey.NewPerson) { p.Assessments[0].WaveID = elsewhere.pre.ID },
			"instrument": func(p *survey.NewPerson) { p.Assessments[0].InstrumentID = "nobody" },
		} {
			p := w.person(w.run, w.course.ID)
			spoil(&p)
			t.Run(name, func(t *testing.T) { wantError(t, enrol(t, p), survey.ErrReference) })
		}
	})
	t.Run("a questionnaire is due once at a wave", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		p := w.person(w.run, w.course.ID)
		again := p.Assessments[0]
		again.ID = newID[survey.AssessmentID]()
		p.Assessments = append(p.Assessments, again)
		wantError(t, enrol(t, p), survey.ErrDuplicate)
	})
}

func testLeaving(t *testing.T, s survey.Store) {
	t.Run("leaving ends the participation and its consents, once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		for i := range 2 {
			must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateConsent(ctx, w.consent(i, 2)) })
		}
		if !w.withdraw(t, 0, noon.Add(time.Hour)) {
			t.Error("the first withdrawal did not count")
		}
		if w.withdraw(t, 0, noon.Add(2*time.Hour)) {
			t.Error("the second withdrawal counted")
		}
		want := w.participation(0, 0)
		want.Enrolment.WithdrawnAt = noon.Add(time.Hour)
		got, err := s.Participation(t.Context(), w.study.ID, want.Enrolment.ID)
		noError(t, err)
		same(t, got, want)
		got, err = s.Participation(t.Context(), w.study.ID, w.people[1].Enrolment.ID)
		noError(t, err)
		same(t, got, w.participation(1, 2))
	})
	t.Run("nothing is saved or sent for a person who has left", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		w.withdraw(t, 0, noon)
		for person, want := range []bool{false, true} {
			a := w.people[person].Assessments[0]
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				saved, err := tx.MarkSaved(ctx, w.study.ID, a.EnrolmentID, a.ID, noon.Add(-time.Hour))
				noError(t, err)
				sent, err := tx.MarkSubmitted(ctx, w.study.ID, a.EnrolmentID, a.ID, noon.Add(-time.Hour))
				noError(t, err)
				same(t, []bool{saved, sent}, []bool{want, want})
				return nil
			})
		}
	})
	t.Run("nobody who is not there can leave", func(t *testing.T) {
		t.Parallel()
		w, elsewhere := newWorld(t, s, 1), newWorld(t, s, 0)
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error {
			_, err := tx.Withdraw(ctx, elsewhere.study.ID, w.people[0].Enrolment.ID, noon)
			return err
		}), survey.ErrNotFound)
	})
	t.Run("a new link revokes the earlier ones", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		for generation := 2; generation <= 3; generation++ {
			l := w.people[0].Link
			l.Generation, l.TokenHash, l.CodeHash = generation, newKey(), newKey()
			at := noon.Add(time.Duration(generation) * time.Hour)
			must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.ReplaceLink(ctx, l, at) })
			_, got, err := s.ParticipationByLink(t.Context(), l.TokenHash)
			noError(t, err)
			same(t, got, l)
		}
		old := w.people[0].Link
		old.RevokedAt = noon.Add(2 * time.Hour) // by the second, not again by the third
		_, got, err := s.ParticipationByLink(t.Context(), old.TokenHash)
		noError(t, err)
		same(t, got, old)
		_, got, err = s.ParticipationByLink(t.Context(), w.people[1].Link.TokenHash)
		noError(t, err)
		same(t, got, w.people[1].Link)
	})
	t.Run("a code is nobody else's, and given once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		p := w.person(w.run, w.course.ID)
		p.Link.CodeHash = w.people[0].Link.CodeHash
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.Enrol(ctx, []survey.NewPerson{p}) }), survey.ErrDuplicate)
		old := w.person(w.run, w.course.ID) // a link without a code
		old.Link.CodeHash = ""
		older := w.person(w.run, w.course.ID) // as many as there may be
		older.Link.CodeHash = ""
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.Enrol(ctx, []survey.NewPerson{old, older}) })
		code := newKey()
		for _, hash := range []string{code, newKey()} {
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				return tx.SetCode(ctx, w.study.ID, old.Enrolment.ID, old.Link.Generation, hash)
			})
			_, got, err := s.ParticipationByCode(t.Context(), code)
			noError(t, err)
			old.Link.CodeHash = code
			same(t, got, old.Link)
		}
	})
	t.Run("a generation is made once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		l := w.people[0].Link
		l.TokenHash, l.CodeHash = newKey(), newKey()
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.ReplaceLink(ctx, l, noon) }), survey.ErrDuplicate)
		_, got, err := s.ParticipationByLink(t.Context(), w.people[0].Link.TokenHash)
		noError(t, err)
		same(t, got, w.people[0].Link) // not revoked either
	})
}
