package storetest

import (
	"context"
	"slices"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

// item is a version with an origin.
func item(t testing.TB, v survey.InstrumentVersion) survey.LibraryItem {
	t.Helper()
	return survey.LibraryItem{
		Version: v, Origin: survey.OriginCatalogue, Source: "brs-6", Note: "“a note”", AddedAt: noon.Add(time.Hour),
		AddedBy: survey.Author{Kind: survey.ActorUser, ID: "u", Name: "Ana Ruiz"},
	}
}

// next is another version of a questionnaire.
func next(v survey.InstrumentVersion, version string) survey.InstrumentVersion {
	d := *v.Definition
	d.Version = version
	return survey.InstrumentVersion{ID: newID[survey.InstrumentID](), Hash: d.Hash(), Definition: &d, CreatedAt: noon.Add(time.Minute)}
}

func testLibrary(t *testing.T, s survey.Store) {
	add := func(t *testing.T, items ...survey.LibraryItem) {
		t.Helper()
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			for _, i := range items {
				if err := tx.CreateInstrumentVersion(ctx, i.Version); err != nil {
					return err
				}
				if err := tx.CreateLibraryEntry(ctx, i); err != nil {
					return err
				}
			}
			return nil
		})
	}
	t.Run("where a version came from is kept, and read twice", func(t *testing.T) {
		t.Parallel()
		a := item(t, newInstrument(t))
		b := item(t, next(a.Version, "1.0.1"))
		b.CorrectionOf = a.Version.ID
		c := item(t, newInstrument(t))
		c.Origin, c.EditedFrom, c.Source = survey.OriginEdited, a.Version.ID, ""
		add(t, a, b, c)
		for range 2 {
			for _, want := range []survey.LibraryItem{a, b, c} {
				got, err := s.LibraryItem(t.Context(), want.Version.ID)
				noError(t, err)
				same(t, got, want)
			}
		}
		all, err := s.LibraryItems(t.Context())
		noError(t, err)
		var mine []survey.InstrumentID
		for _, i := range all {
			if i.Version.Definition.Key == a.Version.Definition.Key {
				mine = append(mine, i.Version.ID)
			}
		}
		same(t, mine, []survey.InstrumentID{b.Version.ID, a.Version.ID})
	})
	t.Run("a version that nobody says anything of came with the program", func(t *testing.T) {
		t.Parallel()
		v := newInstrument(t)
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateInstrumentVersion(ctx, v) })
		got, err := s.LibraryItem(t.Context(), v.ID)
		noError(t, err)
		same(t, got, survey.LibraryItem{Version: v, Origin: survey.OriginBuiltin, AddedAt: v.CreatedAt})
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.RetireInstrument(ctx, v.ID, noon) }), survey.ErrNotFound)
		_, err = s.LibraryItem(t.Context(), newID[survey.InstrumentID]())
		wantError(t, err, survey.ErrNotFound)
	})
	t.Run("origins are of registered versions, and told once", func(t *testing.T) {
		t.Parallel()
		i := item(t, newInstrument(t))
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateLibraryEntry(ctx, i) }), survey.ErrReference)
		add(t, i)
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateLibraryEntry(ctx, i) }), survey.ErrDuplicate)
	})
	t.Run("a version is retired and taken back", func(t *testing.T) {
		t.Parallel()
		i := item(t, newInstrument(t))
		add(t, i)
		for _, at := range []time.Time{noon.Add(time.Hour), {}} {
			must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.RetireInstrument(ctx, i.Version.ID, at) })
			got, err := s.LibraryItem(t.Context(), i.Version.ID)
			noError(t, err)
			i.RetiredAt = at
			same(t, got, i)
		}
	})
	t.Run("accepted terms are listed from the newest", func(t *testing.T) {
		t.Parallel()
		key := newKey()
		a := survey.AcceptedTerms{
			ID: newID[survey.TermsID](), Key: key, Terms: "cite\nus", Licence: "No 7", Name: "Ana", On: schedule.Date{Year: 2026, Month: 3, Day: 2},
			NotedAt: noon, NotedBy: survey.Author{Kind: survey.ActorSystem, ID: "test", Name: "test"},
		}
		b := a
		b.ID, b.Licence = newID[survey.TermsID](), ""
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			if err := tx.CreateAcceptedTerms(ctx, a); err != nil {
				return err
			}
			return tx.CreateAcceptedTerms(ctx, b)
		})
		got, err := s.AcceptedTerms(t.Context(), key)
		noError(t, err)
		same(t, got, []survey.AcceptedTerms{b, a})
		got, err = s.AcceptedTerms(t.Context(), newKey())
		noError(t, err)
		same(t, got, []survey.AcceptedTerms{})
	})
	t.Run("what a wave asks and what a study is about can be put anew", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			if err := tx.SetPrimaryScale(ctx, w.study.ID, "another"); err != nil {
				return err
			}
			return tx.PutWaveSets(ctx, w.study.ID, w.pre.ID, []survey.InstrumentID{w.weekly.ID, w.outcome.ID})
		})
		d, err := s.Design(t.Context(), w.study.ID)
		noError(t, err)
		same(t, d.Study.PrimaryScale, "another")
		same(t, d.Waves[0].Sets, []survey.InstrumentID{w.weekly.ID, w.outcome.ID})
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.PutWaveSets(ctx, w.study.ID, w.pre.ID, []survey.InstrumentID{"nothing"})
		}), survey.ErrReference)
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.SetPrimaryScale(ctx, "nothing", "x") }), survey.ErrNotFound)
	})
	t.Run("a version is replaced for whoever has not begun", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 3)
		v := next(w.outcome, "1.0.1")
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateInstrumentVersion(ctx, v) })
		begun := w.assessment(t, 1, w.pre.ID, w.outcome.ID)
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			_, err := tx.MarkSaved(ctx, w.study.ID, w.people[1].Enrolment.ID, begun, noon)
			return err
		})
		f := survey.FormerSet{WaveID: w.pre.ID, InstrumentID: w.outcome.ID, ReplacedBy: v.ID, ReplacedAt: noon.Add(time.Hour)}
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			moved, ok, err := tx.ReplaceWaveSet(ctx, w.study.ID, f)
			same(t, moved, 2)
			same(t, ok, true)
			return err
		})
		must(t, s, func(ctx context.Context, tx survey.Tx) error { // it is not asked any more
			moved, ok, err := tx.ReplaceWaveSet(ctx, w.study.ID, f)
			same(t, moved, 0)
			same(t, ok, false)
			return err
		})
		d, err := s.Design(t.Context(), w.study.ID)
		noError(t, err)
		same(t, d.Former, []survey.FormerSet{f})
		same(t, d.Waves[0].Sets, []survey.InstrumentID{v.ID, w.other.ID})
		if d.Instruments[w.outcome.ID].Definition == nil || d.Instruments[v.ID].Definition == nil {
			t.Error("a version is missing in the design")
		}
		same(t, d.Standing(w.pre.ID, w.outcome.ID), v.ID)
		same(t, d.Standing(w.post.ID, w.outcome.ID), w.outcome.ID)
		a, _, err := s.Assessment(t.Context(), w.study.ID, begun)
		noError(t, err)
		same(t, a.InstrumentID, w.outcome.ID)
		uses, err := s.InstrumentUses(t.Context(), w.outcome.Definition.Key)
		noError(t, err)
		same(t, uses, []survey.InstrumentUse{
			{StudyID: w.study.ID, WaveID: w.pre.ID, InstrumentID: v.ID, Waiting: 2},
			{StudyID: w.study.ID, WaveID: w.pre.ID, InstrumentID: w.outcome.ID, Former: true, Begun: 1},
			{StudyID: w.study.ID, WaveID: w.post.ID, InstrumentID: w.outcome.ID, Waiting: 3},
		})
	})
}

// assessment finds a person's assessment.
func (w *world) assessment(t testing.TB, person int, wave survey.WaveID, id survey.InstrumentID) survey.AssessmentID {
	t.Helper()
	all := w.people[person].Assessments
	i := slices.IndexFunc(all, func(a survey.Assessment) bool { return a.WaveID == wave && a.InstrumentID == id })
	if i < 0 {
		t.Fatal("there is no such assessment")
	}
	return all[i].ID
}
