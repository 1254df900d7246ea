package storetest

import (
	"context"
	"slices"
	"strings"
	"testing"

	"tidemark/survey"
)

func testStudies(t *testing.T, s survey.Store) {
	t.Run("a study is read as it was written", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		got, err := s.Study(t.Context(), w.study.ID)
		noError(t, err)
		same(t, got, w.study)
		got, err = s.StudyByKey(t.Context(), w.study.Key)
		noError(t, err)
		same(t, got, w.study)
	})
	t.Run("when people see their own scores can be changed", func(t *testing.T) {
		t.Parallel()
		w, other := newWorld(t, s, 0), newWorld(t, s, 0)
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.SetFeedback(ctx, w.study.ID, survey.FeedbackAfterEach)
		})
		got, err := s.Study(t.Context(), w.study.ID)
		noError(t, err)
		same(t, got.Feedback, survey.FeedbackAfterEach)
		got, err = s.Study(t.Context(), other.study.ID)
		noError(t, err)
		same(t, got.Feedback, survey.FeedbackNever)
		wantError(t, s.InTx(t.Context(), func(tx survey.Tx) error {
			return tx.SetFeedback(t.Context(), "nowhere", survey.FeedbackNever)
		}), survey.ErrNotFound)
	})
	t.Run("what is not there is not found", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		_, err := s.Study(t.Context(), "nobody")
		wantError(t, err, survey.ErrNotFound)
		_, err = s.StudyByKey(t.Context(), "nobody")
		wantError(t, err, survey.ErrNotFound)
		_, err = s.Design(t.Context(), "nobody")
		wantError(t, err, survey.ErrNotFound)
		_, err = s.ConsentText(t.Context(), w.study.ID, 3)
		wantError(t, err, survey.ErrNotFound)
	})
	t.Run("what cannot be kept is not found either", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		for _, text := range []string{"", "\x00", w.study.Key + "\x00", "\xff\xfe", strings.Repeat("x", 100_000), "' OR '1' = '1", "%", "?"} {
			_, err := s.StudyByKey(t.Context(), text)
			wantError(t, err, survey.ErrNotFound)
			_, err = s.Run(t.Context(), w.study.ID, survey.RunID(text))
			wantError(t, err, survey.ErrNotFound)
			_, _, err = s.Assessment(t.Context(), w.study.ID, survey.AssessmentID(text))
			wantError(t, err, survey.ErrNotFound)
			_, err = s.UserByEmail(t.Context(), text)
			wantError(t, err, survey.ErrNotFound)
			_, err = s.InstrumentVersionByKey(t.Context(), text, "1.0.0")
			wantError(t, err, survey.ErrNotFound)
			_, err = s.ParticipationBySignIn(t.Context(), text, noon)
			wantError(t, err, survey.ErrNotSignedIn)
			roster, err := s.Roster(t.Context(), survey.StudyID(text), w.run.ID)
			noError(t, err)
			same(t, len(roster), 0)
		}
	})
	t.Run("studies are listed newest first", func(t *testing.T) {
		t.Parallel()
		old, young := newWorld(t, s, 0).study, newWorld(t, s, 0).study
		old.ID, old.Key, old.CreatedAt = newID[survey.StudyID](), newKey(), noon.AddDate(0, 0, -1)
		young.ID, young.Key, young.CreatedAt = newID[survey.StudyID](), newKey(), noon.AddDate(0, 0, 1)
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateStudy(ctx, young) })
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateStudy(ctx, old) })
		all, err := s.Studies(t.Context())
		noError(t, err)
		at := func(id survey.StudyID) int {
			return slices.IndexFunc(all, func(s survey.Study) bool { return s.ID == id })
		}
		if a, b := at(young.ID), at(old.ID); a < 0 || b < 0 || a > b {
			t.Errorf("the newer study is at %d and the older at %d", a, b)
		}
	})
	t.Run("a design is the whole protocol in order", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		newWorld(t, s, 0) // another study does not show
		got, err := s.Design(t.Context(), w.study.ID)
		noError(t, err)
		want := survey.StudyDesign{
			Study: w.study, Arms: []survey.Arm{w.course, w.waiting}, Waves: []survey.Wave{w.pre, w.week, w.post},
			Instruments: map[survey.InstrumentID]survey.InstrumentVersion{
				w.outcome.ID: w.outcome, w.other.ID: w.other, w.weekly.ID: w.weekly,
			},
		}
		same(t, got, want)
		again, err := s.Design(t.Context(), w.study.ID)
		noError(t, err)
		same(t, again, want)
	})
	t.Run("consent texts are kept by version", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		got, err := s.ConsentText(t.Context(), w.study.ID, 1)
		noError(t, err)
		same(t, got, w.consentText(1))
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.CreateConsentText(ctx, w.consentText(1))
		}), survey.ErrDuplicate)
	})
	t.Run("a state is left once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		move := func(id survey.StudyID, from, to survey.StudyState) bool {
			var moved bool
			must(t, s, func(ctx context.Context, tx survey.Tx) (err error) {
				moved, err = tx.SetStudyState(ctx, id, from, to)
				return err
			})
			return moved
		}
		if !move(w.study.ID, survey.StudyOpen, survey.StudyClosed) || move(w.study.ID, survey.StudyOpen, survey.StudyClosed) {
			t.Error("want the first move to count and the second not to")
		}
		if move("nobody", survey.StudyOpen, survey.StudyClosed) {
			t.Error("a study that is not there was moved")
		}
		got, err := s.Study(t.Context(), w.study.ID)
		noError(t, err)
		if got.State != survey.StudyClosed {
			t.Errorf("the study is %s, want closed", got.State)
		}
	})
	t.Run("taken keys are duplicates", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		sameKey, sameID := w.study, w.study
		sameKey.ID, sameID.Key = newID[survey.StudyID](), newKey()
		arm, wave := w.course, w.pre
		arm.ID, wave.ID = newID[survey.ArmID](), newID[survey.WaveID]()
		for name, fn := range map[string]func(context.Context, survey.Tx) error{
			"study key": func(ctx context.Context, tx survey.Tx) error { return tx.CreateStudy(ctx, sameKey) },
			"study id":  func(ctx context.Context, tx survey.Tx) error { return tx.CreateStudy(ctx, sameID) },
			"arm key":   func(ctx context.Context, tx survey.Tx) error { return tx.CreateArm(ctx, arm) },
			"wave key":  func(ctx context.Context, tx survey.Tx) error { return tx.CreateWave(ctx, wave) },
			"run id":    func(ctx context.Context, tx survey.Tx) error { return tx.CreateRun(ctx, w.run) },
		} {
			t.Run(name, func(t *testing.T) { wantError(t, do(t, s, fn), survey.ErrDuplicate) })
		}
	})
	t.Run("references lead somewhere, in the same study", func(t *testing.T) {
		t.Parallel()
		w, elsewhere := newWorld(t, s, 0), newWorld(t, s, 0)
		arm := survey.Arm{ID: newID[survey.ArmID](), StudyID: "nobody", Key: "a", Name: "A", Share: 1}
		unknownSet := w.wave("x1", survey.WavePre, 9, 0, "", "nobody")
		foreignArm := w.wave("x2", survey.WavePre, 9, 0, elsewhere.course.ID)
		run := w.newRun("2026-04-01")
		run.StudyID = "nobody"
		text := w.consentText(9)
		text.StudyID = "nobody"
		for name, fn := range map[string]func(context.Context, survey.Tx) error{
			"arm":             func(ctx context.Context, tx survey.Tx) error { return tx.CreateArm(ctx, arm) },
			"wave instrument": func(ctx context.Context, tx survey.Tx) error { return tx.CreateWave(ctx, unknownSet) },
			"wave arm":        func(ctx context.Context, tx survey.Tx) error { return tx.CreateWave(ctx, foreignArm) },
			"run":             func(ctx context.Context, tx survey.Tx) error { return tx.CreateRun(ctx, run) },
			"consent text":    func(ctx context.Context, tx survey.Tx) error { return tx.CreateConsentText(ctx, text) },
		} {
			t.Run(name, func(t *testing.T) { wantError(t, do(t, s, fn), survey.ErrReference) })
		}
	})
}

func testInstruments(t *testing.T, s survey.Store) {
	create := func(t *testing.T, v survey.InstrumentVersion) error {
		t.Helper()
		return do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.CreateInstrumentVersion(ctx, v) })
	}
	t.Run("a version is read as it was written", func(t *testing.T) {
		t.Parallel()
		v := newInstrument(t)
		noError(t, create(t, v))
		for range 2 {
			got, err := s.InstrumentVersion(t.Context(), v.ID)
			noError(t, err)
			same(t, got, v)
			got, err = s.InstrumentVersionByKey(t.Context(), v.Definition.Key, v.Definition.Version)
			noError(t, err)
			same(t, got, v)
		}
	})
	t.Run("a version that is not there is not found", func(t *testing.T) {
		t.Parallel()
		v := newInstrument(t)
		_, err := s.InstrumentVersion(t.Context(), v.ID)
		wantError(t, err, survey.ErrNotFound)
		_, err = s.InstrumentVersionByKey(t.Context(), v.Definition.Key, v.Definition.Version)
		wantError(t, err, survey.ErrNotFound)
	})
	t.Run("the same version cannot be registered again, even with other content", func(t *testing.T) {
		t.Parallel()
		v := newInstrument(t)
		noError(t, create(t, v))
		other, d := v, *v.Definition
		d.Title = "Another title"
		other.ID, other.Definition, other.Hash = newID[survey.InstrumentID](), &d, d.Hash()
		wantError(t, create(t, other), survey.ErrDuplicate)
		got, err := s.InstrumentVersionByKey(t.Context(), d.Key, d.Version)
		noError(t, err)
		same(t, got, v)
	})
	t.Run("a hash of something else is refused", func(t *testing.T) {
		t.Parallel()
		v := newInstrument(t)
		v.Hash = newInstrument(t).Hash
		if create(t, v) == nil {
			t.Error("it was registered")
		}
	})
	t.Run("versions are listed by key and version", func(t *testing.T) {
		t.Parallel()
		a, d := newInstrument(t), *newInstrument(t).Definition
		d.Key, d.Version = a.Definition.Key, "0.9.0"
		b := survey.InstrumentVersion{ID: newID[survey.InstrumentID](), Hash: d.Hash(), Definition: &d, CreatedAt: noon}
		noError(t, create(t, a))
		noError(t, create(t, b))
		all, err := s.InstrumentVersions(t.Context())
		noError(t, err)
		if !slices.IsSortedFunc(all, func(a, b survey.InstrumentVersion) int {
			return slices.Compare([]string{a.Definition.Key, a.Definition.Version}, []string{b.Definition.Key, b.Definition.Version})
		}) {
			t.Error("they are not in order")
		}
		var mine []survey.InstrumentID
		for _, v := range all {
			if v.Definition.Key == d.Key {
				mine = append(mine, v.ID)
			}
		}
		same(t, mine, []survey.InstrumentID{b.ID, a.ID})
	})
	t.Run("a version whose transaction failed was never there", func(t *testing.T) {
		t.Parallel()
		v := newInstrument(t)
		err := do(t, s, func(ctx context.Context, tx survey.Tx) error {
			if err := tx.CreateInstrumentVersion(ctx, v); err != nil {
				return err
			}
			if got, err := tx.InstrumentVersion(ctx, v.ID); err != nil || got.Hash != v.Hash {
				t.Errorf("within the transaction: %v", err)
			}
			return errOnPurpose
		})
		wantError(t, err, errOnPurpose)
		_, err = s.InstrumentVersion(t.Context(), v.ID)
		wantError(t, err, survey.ErrNotFound)
	})
}
