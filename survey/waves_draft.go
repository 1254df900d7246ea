package survey

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tidemark/survey/schedule"
)

// AddWave adds an occasion to a draft study, at its place in time, that is like another
// one: it asks the same questionnaires until others are chosen. Researchers of the study and
// administrators may. A study that has opened is ErrConflict: its people have been told
// what they are asked. Faults are FieldErrors.
func (u *Studies) AddWave(ctx context.Context, a Actor, id StudyID, like WaveID, f WaveForm) (Wave, error) {
	if !a.MayAnalyse(id) && !a.IsAdministrator() {
		return Wave{}, ErrForbidden
	}
	now := u.env.now()
	var added Wave
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		d, old, err := draftWave(ctx, tx, id, like)
		if err != nil {
			return err
		}
		added, err = f.wave(d, Wave{ID: WaveID(u.env.NewID()), StudyID: id, Sets: old.Sets})
		if err != nil {
			return err
		}
		added.Key = newWaveKey(d, added.Name)
		before := d.lastBefore(added)
		added.Position = before + 1
		d.Waves = append(d.Waves, added)
		if err := u.fits(ctx, tx, d, added); err != nil {
			return err
		}
		if err := tx.MakeRoomForWave(ctx, id, before); err != nil {
			return err
		}
		if err := tx.CreateWave(ctx, added); err != nil {
			return err
		}
		e := u.env.event(a, id, now, ActionWaveAdded, "study", string(id))
		e.Detail = added.Key + ": " + added.Name
		return tx.AppendAudit(ctx, e)
	})
	if err != nil {
		return Wave{}, fmt.Errorf("add a wave to study %s: %w", id, err)
	}
	return added, nil
}

// RemoveWave takes an occasion from a draft study, with its names in other languages.
// Who may, and when, is as for AddWave. An occasion that something else needs is kept,
// with a FieldErrors that says what: another occasion follows it, the analysis plan
// names it, no other measures before or after the course, or no other asks the main
// outcome.
func (u *Studies) RemoveWave(ctx context.Context, a Actor, id StudyID, wave WaveID) error {
	if !a.MayAnalyse(id) && !a.IsAdministrator() {
		return ErrForbidden
	}
	now := u.env.now()
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		d, old, err := draftWave(ctx, tx, id, wave)
		if err != nil {
			return err
		}
		plans, err := tx.Plans(ctx, id)
		if err != nil {
			return err
		}
		if fault := needed(d, old, plans); fault != "" {
			return FieldErrors{"wave": fault}
		}
		if err := tx.DeleteWave(ctx, old); err != nil {
			return err
		}
		e := u.env.event(a, id, now, ActionWaveRemoved, "study", string(id))
		e.Detail = old.Key + ": " + old.Name
		return tx.AppendAudit(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("remove wave %s: %w", wave, err)
	}
	return nil
}

// draftWave is a wave of a draft study, which is held until the transaction ends so
// that it does not open meanwhile.
func draftWave(ctx context.Context, tx Tx, id StudyID, wave WaveID) (StudyDesign, Wave, error) {
	if err := tx.HoldStudy(ctx, id); err != nil {
		return StudyDesign{}, Wave{}, err
	}
	d, err := tx.Design(ctx, id)
	if err != nil {
		return d, Wave{}, err
	}
	if d.Study.State != StudyDraft {
		return d, Wave{}, ErrConflict
	}
	i := slices.IndexFunc(d.Waves, func(w Wave) bool { return w.ID == wave })
	if i < 0 {
		return d, Wave{}, ErrNotFound
	}
	return d, d.Waves[i], nil
}

// lastBefore is the position of the last wave that is not later than another; 0: none.
func (d StudyDesign) lastBefore(w Wave) int {
	waves := ScheduleWaves(append(slices.Clone(d.Waves), w))
	at, position := schedule.Middle(w.Rule, waves), 0
	for _, other := range d.Waves {
		if schedule.Middle(other.Rule, waves) <= at {
			position = max(position, other.Position)
		}
	}
	return position
}

// needed says what else needs a wave; empty: nothing does.
func needed(d StudyDesign, old Wave, plans []Plan) string {
	rest := d
	rest.Waves = slices.DeleteFunc(slices.Clone(d.Waves), func(w Wave) bool { return w.ID == old.ID })
	if slices.ContainsFunc(rest.Waves, func(w Wave) bool { return w.Rule.Anchor == schedule.AnchorWave && w.Rule.Wave == old.Key }) {
		return "wave.followed"
	}
	if len(plans) > 0 {
		content := plans[0].Content // the newest
		for _, o := range slices.Concat(content.Primary, content.Secondary) {
			if o.Pre == old.Key || o.Post == old.Key {
				return "wave.in_plan"
			}
		}
	}
	if _, another := rest.WaveOfKind(old.Kind); !another && (old.Kind == WavePre || old.Kind == WavePost) {
		return "wave.only_one"
	}
	if asksScale(d) && !asksScale(rest) {
		return "wave.main_outcome"
	}
	return ""
}

// newWaveKey makes a key of a name that no wave of the study has; it goes into the
// names of variables, so that it begins with a letter.
func newWaveKey(d StudyDesign, name string) string {
	key := strings.ReplaceAll(keyFrom(name), "-", "_")
	if key == "" || key[0] < 'a' {
		key = strings.TrimSuffix("wave_"+key, "_")
	}
	key = strings.TrimRight(key[:min(len(key), 40)], "_")
	taken := func(k string) bool { return slices.ContainsFunc(d.Waves, func(w Wave) bool { return w.Key == k }) }
	unique := key
	for n := 2; taken(unique); n++ {
		unique = key + "_" + strconv.Itoa(n)
	}
	return unique
}
