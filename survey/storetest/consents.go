package storetest

import (
	"context"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/consent"
)

func testConsents(t *testing.T, s survey.Store) {
	t.Run("a version is told in several languages", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		german := w.consentText(2)
		german.Language, german.Text.Title, german.CreatedAt = "de", "Fassung 2", noon.Add(time.Hour)
		german.Hash = german.Text.Hash()
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateConsentTranslation(ctx, german) })
		got, err := s.ConsentTextIn(t.Context(), w.study.ID, 2, "de")
		noError(t, err)
		same(t, got, german)
		got, err = s.ConsentTextIn(t.Context(), w.study.ID, 2, "en")
		noError(t, err)
		same(t, got, w.consentText(2))
		got, err = s.ConsentText(t.Context(), w.study.ID, 2)
		noError(t, err)
		same(t, got, w.consentText(2))
		for _, language := range []string{"es", "", "'"} {
			_, err = s.ConsentTextIn(t.Context(), w.study.ID, 2, language)
			wantError(t, err, survey.ErrNotFound)
		}
		_, err = s.ConsentTextIn(t.Context(), w.study.ID, 1, "de")
		wantError(t, err, survey.ErrNotFound)
		versions, err := s.ConsentVersions(t.Context(), w.study.ID)
		noError(t, err)
		same(t, versions, []survey.ConsentVersion{
			{Version: 2, PublishedBy: "Noor", PublishedAt: noon, Languages: []string{"de", "en"}},
			{Version: 1, PublishedBy: "Noor", PublishedAt: noon, Languages: []string{"en"}},
		})
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateConsentTranslation(ctx, german) }), survey.ErrDuplicate)
		german.Version = 9
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateConsentTranslation(ctx, german) }), survey.ErrReference)
	})
	t.Run("a version comes into force after the one it follows", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		third := w.consentText(3)
		third.WordingOnly = true
		put := func(from, to int) (ok bool) {
			must(t, s, func(ctx context.Context, tx survey.Tx) (err error) {
				ok, err = tx.SetConsentVersion(ctx, w.study.ID, from, to)
				return err
			})
			return ok
		}
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateConsentText(ctx, third) })
		same(t, []bool{put(1, 3), put(2, 3), put(2, 3)}, []bool{false, true, false})
		// Wording alone does not ask anybody to agree again.
		got, err := s.Participation(t.Context(), w.study.ID, w.people[0].Enrolment.ID)
		noError(t, err)
		same(t, []int{got.Study.ConsentVersion, got.ConsentNeeded}, []int{3, 2})
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateConsentText(ctx, w.consentText(4)) })
		same(t, put(3, 4), true)
		got, err = s.Participation(t.Context(), w.study.ID, w.people[0].Enrolment.ID)
		noError(t, err)
		same(t, []int{got.Study.ConsentVersion, got.ConsentNeeded}, []int{4, 4})
	})
	t.Run("a draft is written to from the revision that was read", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		d := survey.ConsentDraft{
			StudyID: w.study.ID, Version: 3, Language: "de", Text: w.consentText(3).Text, WordingOnly: true, SavedAt: noon, SavedBy: "Noor",
		}
		put := func(d survey.ConsentDraft) (ok bool) {
			must(t, s, func(ctx context.Context, tx survey.Tx) (err error) { ok, err = tx.PutConsentDraft(ctx, d); return err })
			return ok
		}
		same(t, []bool{put(d), put(d)}, []bool{true, false})
		d.Revision, d.Text.Title = 1, "Zweiter Versuch"
		same(t, []bool{put(d), put(d)}, []bool{true, false})
		other := d
		other.Version, other.Revision = 2, 0
		same(t, put(other), true)
		other.Revision = 1
		d.Revision = 2
		got, err := s.ConsentDrafts(t.Context(), w.study.ID)
		noError(t, err)
		same(t, got, []survey.ConsentDraft{d, other})
		remove := func(d survey.ConsentDraft) (ok bool) {
			must(t, s, func(ctx context.Context, tx survey.Tx) (err error) {
				ok, err = tx.DeleteConsentDraft(ctx, d)
				return err
			})
			return ok
		}
		old := d
		old.Revision = 1
		same(t, []bool{remove(old), remove(d), remove(d)}, []bool{false, true, false})
	})
	t.Run("declining is said once and taken back", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		id := w.people[0].Enrolment.ID
		decline := func(at time.Time) (ok bool) {
			must(t, s, func(ctx context.Context, tx survey.Tx) (err error) {
				ok, err = tx.SetDeclined(ctx, w.study.ID, id, at)
				return err
			})
			return ok
		}
		declined := func() time.Time {
			p, err := s.Participation(t.Context(), w.study.ID, id)
			noError(t, err)
			return p.Enrolment.DeclinedAt
		}
		same(t, []bool{decline(noon), decline(noon.Add(time.Hour))}, []bool{true, false})
		same(t, declined(), noon)
		a := w.people[0].Assessments[0]
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			saved, err := tx.MarkSaved(ctx, w.study.ID, id, a.ID, noon)
			noError(t, err)
			sent, err := tx.MarkSubmitted(ctx, w.study.ID, id, a.ID, noon)
			noError(t, err)
			same(t, []bool{saved, sent}, []bool{false, false})
			return nil
		})
		for range 2 {
			must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.ClearDeclined(ctx, w.study.ID, id) })
			same(t, declined(), time.Time{})
		}
		w.withdraw(t, 0, noon)
		same(t, decline(noon), false)
		roster, err := s.Roster(t.Context(), w.study.ID, w.run.ID)
		noError(t, err)
		same(t, len(roster), 2)
	})
	t.Run("consents and choices are read in the order they were made", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		first, second := w.consent(0, 1), w.consent(0, 2)
		second.GivenAt, second.Language = noon.Add(time.Hour), "de"
		choice := func(person int, key consent.ChoiceKey, granted bool, after time.Duration) survey.ConsentChoice {
			return survey.ConsentChoice{
				ID: newID[survey.ConsentID](), StudyID: w.study.ID, EnrolmentID: w.people[person].Enrolment.ID, Choice: key,
				Granted: granted, Version: 2, Language: "de", DecidedAt: noon.Add(after),
			}
		}
		said := []survey.ConsentChoice{
			choice(0, consent.ShareData, true, 0), choice(0, consent.ContactLater, false, 0), choice(0, consent.ShareData, false, time.Hour),
		}
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			if err := tx.CreateConsent(ctx, second); err != nil {
				return err
			}
			if err := tx.CreateConsent(ctx, first); err != nil {
				return err
			}
			return tx.CreateConsentChoices(ctx, append(said, choice(1, consent.ContactLater, true, 0)))
		})
		given, err := s.Consents(t.Context(), w.study.ID, w.people[0].Enrolment.ID)
		noError(t, err)
		same(t, given, []survey.Consent{first, second})
		got, err := s.ConsentChoices(t.Context(), w.study.ID, w.people[0].Enrolment.ID)
		noError(t, err)
		same(t, got, said)
		now, err := s.StudyChoices(t.Context(), w.study.ID)
		noError(t, err)
		same(t, now, map[survey.EnrolmentID]survey.ConsentChoices{
			w.people[0].Enrolment.ID: {consent.ShareData: false, consent.ContactLater: false},
			w.people[1].Enrolment.ID: {consent.ContactLater: true},
		})
		nobody, err := s.Consents(t.Context(), w.study.ID, "nobody")
		noError(t, err)
		same(t, len(nobody), 0)
		stray := choice(0, consent.ShareData, true, 0)
		stray.EnrolmentID = "nobody"
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.CreateConsentChoices(ctx, []survey.ConsentChoice{stray})
		}), survey.ErrReference)
	})
}
