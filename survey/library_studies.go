package survey

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"tidemark/survey/instrument"
)

// StudyQuestionnaires says what the waves of a study ask, and what they could.
type StudyQuestionnaires struct {
	Design StudyDesign
	// Choices are the newest versions of all questionnaires in use, by title, and
	// those that the study asks already.
	Choices []LibraryItem
	// Newer are newer versions of what the study asks, by the version it asks.
	Newer map[InstrumentID]LibraryItem
}

// mayDesign reports whether the actor may change what a study asks.
func (a Actor) mayDesign(study StudyID) bool { return a.IsAdministrator() || a.MayAnalyse(study) }

// InStudy gives what the waves of a study ask, and what can be changed. Its
// researchers and administrators may.
func (u *Library) InStudy(ctx context.Context, a Actor, study StudyID) (StudyQuestionnaires, error) {
	if !a.mayDesign(study) {
		return StudyQuestionnaires{}, ErrForbidden
	}
	var q StudyQuestionnaires
	var err error
	if q.Design, err = u.env.Store.Design(ctx, study); err != nil {
		return q, fmt.Errorf("questionnaires of study %s: %w", study, err)
	}
	shelves, err := u.shelves(ctx, u.env.Store)
	if err != nil {
		return q, fmt.Errorf("questionnaires of study %s: %w", study, err)
	}
	q.Newer = map[InstrumentID]LibraryItem{}
	asked := map[InstrumentID]bool{}
	for _, w := range q.Design.Waves {
		for _, id := range w.Sets {
			asked[id] = true
		}
	}
	for _, s := range shelves {
		newest := slices.IndexFunc(s.Items, func(i LibraryItem) bool { return i.RetiredAt.IsZero() })
		for i, item := range s.Items {
			if i == newest || asked[item.Version.ID] {
				q.Choices = append(q.Choices, item)
			}
			if asked[item.Version.ID] && newest >= 0 && newest < i {
				q.Newer[item.Version.ID] = s.Items[newest]
			}
		}
	}
	return q, nil
}

// WaveChoice is what a wave is to ask, in order: versions by identifier, or built-in
// instruments by key.
type WaveChoice struct {
	Wave WaveID
	Sets []string
}

// Choose sets what the waves of a draft study ask, and the scale the study is about.
// Waves that are not named stay. A study that has opened is ErrConflict. Faults are
// FieldErrors: "primary_scale", or the wave's key.
func (u *Library) Choose(ctx context.Context, a Actor, study StudyID, choices []WaveChoice, primaryScale string) error {
	if !a.mayDesign(study) {
		return ErrForbidden
	}
	now := u.env.now()
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		design, err := tx.Design(ctx, study)
		if err != nil {
			return err
		}
		if design.Study.State != StudyDraft {
			return ErrConflict
		}
		faults := FieldErrors{}
		for _, c := range choices {
			i := slices.IndexFunc(design.Waves, func(w Wave) bool { return w.ID == c.Wave })
			if i < 0 {
				return ErrNotFound
			}
			w := &design.Waves[i]
			if w.Sets, err = u.versions(ctx, tx, a, c.Sets, design.Instruments); err != nil {
				return err
			}
			if fault := clash(*w, design); fault != "" {
				faults[w.Key] = fault
			}
			if err := tx.PutWaveSets(ctx, study, w.ID, w.Sets); err != nil {
				return err
			}
		}
		if primaryScale != "" && primaryScale != design.Study.PrimaryScale {
			design.Study.PrimaryScale = primaryScale
			if err := tx.SetPrimaryScale(ctx, study, primaryScale); err != nil {
				return err
			}
		}
		if !asksScale(design) {
			faults["primary_scale"] = "library.primary_not_asked"
		}
		if err := faults.OrNil(); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, u.env.event(a, study, now, ActionWaveSetsChosen, "study", string(study)))
	})
	if err != nil {
		return fmt.Errorf("choose questionnaires of study %s: %w", study, err)
	}
	return nil
}

// versions finds the versions that are meant, and registers built-in instruments
// that no study has used.
func (u *Library) versions(ctx context.Context, tx Tx, a Actor, names []string, known map[InstrumentID]InstrumentVersion) ([]InstrumentID, error) {
	var ids []InstrumentID
	for _, name := range names {
		item, err := tx.LibraryItem(ctx, InstrumentID(name))
		if errors.Is(err, ErrNotFound) {
			if _, builtin := instrument.BuiltinByKey(name); builtin != nil {
				return nil, ErrNotFound
			}
			id, err := (&Studies{u.env}).ensureInstrument(ctx, tx, a, name, u.env.now())
			if err != nil {
				return nil, err
			}
			item, err = tx.LibraryItem(ctx, id)
			if err != nil {
				return nil, err
			}
		} else if err != nil {
			return nil, err
		}
		known[item.Version.ID] = item.Version
		if !slices.Contains(ids, item.Version.ID) {
			ids = append(ids, item.Version.ID)
		}
	}
	return ids, nil
}

// clash is what keeps questionnaires out of one wave: columns of data files are named
// by item and scale, so none may be there twice.
func clash(w Wave, d StudyDesign) string {
	taken := map[string]bool{}
	for _, id := range w.Sets {
		def := d.Instruments[id].Definition
		var names []string
		for _, item := range def.Items {
			names = append(names, item.Code)
		}
		for _, s := range def.Scales {
			names = append(names, s.Key)
		}
		for _, name := range names {
			if taken[name] {
				return "library.names_clash"
			}
		}
		for _, name := range names {
			taken[name] = true
		}
	}
	return ""
}

// asksScale reports whether some wave asks the scale that the study is about.
func asksScale(d StudyDesign) bool {
	for _, w := range d.Waves {
		for _, id := range w.Sets {
			if _, asks := d.Instruments[id].Definition.Scale(d.Study.PrimaryScale); asks {
				return true
			}
		}
	}
	return false
}

// Replaced says what came of putting a newer version in the place of another.
type Replaced struct {
	Waves int
	// Moved assessments get the new version: nobody had begun them.
	Moved int
	// Comparable: scores of both versions mean the same.
	Comparable bool
}

// Replace puts a newer version of a questionnaire in the place of the one that a
// study asks, at every wave; it is named by its identifier, or by its key if it is
// the built-in one. In a study that is open it counts from now on: whoever
// has begun keeps the version they began. A closed study is ErrConflict, and so is
// another questionnaire, or a version that the wave has asked before.
func (u *Library) Replace(ctx context.Context, a Actor, study StudyID, from InstrumentID, to string) (Replaced, error) {
	if !a.mayDesign(study) {
		return Replaced{}, ErrForbidden
	}
	now := u.env.now()
	var done Replaced
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		done = Replaced{}
		design, err := tx.Design(ctx, study)
		if err != nil {
			return err
		}
		old, err := tx.LibraryItem(ctx, from)
		if err != nil {
			return err
		}
		found, err := u.versions(ctx, tx, a, []string{to}, design.Instruments)
		if err != nil {
			return err
		}
		to := found[0]
		item, err := tx.LibraryItem(ctx, to)
		if err != nil {
			return err
		}
		if design.Study.State == StudyClosed || from == to || old.Version.Definition.Key != item.Version.Definition.Key {
			return ErrConflict
		}
		done.Comparable = Comparable(old.Version.Definition, item.Version.Definition)
		for _, w := range design.Waves {
			if !slices.Contains(w.Sets, from) {
				continue
			}
			if slices.ContainsFunc(design.FormerAt(w.ID), func(f FormerSet) bool { return f.InstrumentID == to }) {
				return ErrConflict
			}
			moved, err := u.replaceAt(ctx, tx, design.Study, w, FormerSet{WaveID: w.ID, InstrumentID: from, ReplacedBy: to, ReplacedAt: now})
			if err != nil {
				return err
			}
			done.Waves++
			done.Moved += moved
		}
		if done.Waves == 0 {
			return ErrConflict
		}
		e := u.env.event(a, study, now, ActionVersionReplaced, "instrument", string(to))
		e.Detail = old.Version.Definition.Key + " " + old.Version.Definition.Version + " → " + item.Version.Definition.Version +
			", " + strconv.Itoa(done.Moved) + " moved"
		return tx.AppendAudit(ctx, e)
	})
	if err != nil {
		return Replaced{}, fmt.Errorf("replace instrument %s in study %s: %w", from, study, err)
	}
	return done, nil
}

// replaceAt replaces at one wave. A draft study has nobody, so nothing former is
// kept.
func (u *Library) replaceAt(ctx context.Context, tx Tx, s Study, w Wave, f FormerSet) (int, error) {
	if s.State == StudyDraft {
		sets := slices.Clone(w.Sets)
		for i, id := range sets {
			if id == f.InstrumentID {
				sets[i] = f.ReplacedBy
			}
		}
		return 0, tx.PutWaveSets(ctx, s.ID, w.ID, sets)
	}
	moved, ok, err := tx.ReplaceWaveSet(ctx, s.ID, f)
	if err == nil && !ok {
		err = ErrConflict
	}
	return moved, err
}
