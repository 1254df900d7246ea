package store

import (
	"context"

	"tidemark/survey"
)

const (
	studyColumns = `s.id, s.key, s.title, s.state, s.simulated, s.language, s.time_zone, s.consent_version,
	s.trend_minimum, s.primary_scale, s.feedback, s.created_at`
	fromStudy = `SELECT ` + studyColumns + ` FROM study s `
)

// targets are where studyColumns go.
func (r *studyRow) targets() []any {
	return []any{
		&r.ID, &r.Key, &r.Title, &r.State, &r.Simulated, &r.Language, &r.TimeZone, &r.ConsentVersion,
		&r.TrendMinimum, &r.PrimaryScale, &r.Feedback, &r.Created,
	}
}

// Studies lists all studies, newest first.
func (r reader) Studies(ctx context.Context) ([]survey.Study, error) {
	studies, err := listOf(ctx, r, studyRow.study, fromStudy+"ORDER BY s.created_at DESC, s.id DESC")
	return studies, wrap(err, "list studies")
}

// Study reads one study.
func (r reader) Study(ctx context.Context, id survey.StudyID) (survey.Study, error) {
	s, err := oneOf(ctx, r, studyRow.study, fromStudy+"WHERE s.id = ?", string(id))
	return s, wrap(err, "study %s", id)
}

// StudyByKey reads one study by its short name.
func (r reader) StudyByKey(ctx context.Context, key string) (survey.Study, error) {
	s, err := oneOf(ctx, r, studyRow.study, fromStudy+"WHERE s.key = ?", key)
	return s, wrap(err, "study %s", key)
}

// Design is the study with its protocol, in five queries, or four when its
// instruments are known already.
func (r reader) Design(ctx context.Context, id survey.StudyID) (survey.StudyDesign, error) {
	d, err := r.design(ctx, id)
	return d, wrap(err, "design of study %s", id)
}

func (r reader) design(ctx context.Context, id survey.StudyID) (survey.StudyDesign, error) {
	var d survey.StudyDesign
	var err error
	if d.Study, err = r.Study(ctx, id); err != nil {
		return d, err
	}
	d.Arms, err = listOf(ctx, r, armRow.arm, `SELECT study_id, id, key, name, position, control, share
		FROM arm WHERE study_id = ? ORDER BY position, id`, string(id))
	if err != nil {
		return d, err
	}
	d.Waves, err = listOf(ctx, r, waveRow.wave, `SELECT `+waveColumns+`
		FROM wave w WHERE w.study_id = ? ORDER BY w.position, w.id`, string(id))
	if err != nil {
		return d, err
	}
	if err := r.sets(ctx, id, &d); err != nil {
		return d, err
	}
	d.Instruments, err = r.instrumentsOf(ctx, d)
	return d, err
}

// sets fills in which instruments each wave asks, and which it asked before.
func (r reader) sets(ctx context.Context, id survey.StudyID, d *survey.StudyDesign) error {
	place := make(map[string]int, len(d.Waves))
	for i, w := range d.Waves {
		place[string(w.ID)] = i
	}
	var wave, instrument, replacedBy string
	var position int
	var at instant
	return r.each(ctx, []any{&wave, &instrument, &position, &replacedBy, &at}, func() error {
		if replacedBy != "" {
			d.Former = append(d.Former, survey.FormerSet{
				WaveID: survey.WaveID(wave), InstrumentID: survey.InstrumentID(instrument),
				ReplacedBy: survey.InstrumentID(replacedBy), ReplacedAt: at.time(),
			})
			return nil
		}
		w := &d.Waves[place[wave]]
		w.Sets = append(w.Sets, survey.InstrumentID(instrument))
		return nil
	}, `SELECT wave_id, instrument_id, position, '' AS replaced_by, NULL AS replaced_at FROM wave_set WHERE study_id = ?
		UNION ALL
		SELECT wave_id, instrument_id, 0, replaced_by, replaced_at FROM wave_set_former WHERE study_id = ?
		ORDER BY 5, 1, 3, 2`, string(id), string(id))
}

func (r reader) instrumentsOf(ctx context.Context, d survey.StudyDesign) (map[survey.InstrumentID]survey.InstrumentVersion, error) {
	all := map[survey.InstrumentID]survey.InstrumentVersion{}
	var unknown []string
	take := func(id survey.InstrumentID) {
		if _, seen := all[id]; seen {
			return
		}
		v, known := r.definitions.get(id)
		if !known {
			unknown = append(unknown, string(id))
		}
		all[id] = v
	}
	for _, w := range d.Waves {
		for _, id := range w.Sets {
			take(id)
		}
	}
	for _, f := range d.Former {
		take(f.InstrumentID)
		take(f.ReplacedBy)
	}
	if len(unknown) == 0 {
		return all, nil
	}
	versions, err := r.instruments(ctx, "WHERE id IN ?", unknown)
	for _, v := range versions {
		all[v.ID] = v
	}
	return all, err
}

// CreateStudy writes a study.
func (t *transaction) CreateStudy(ctx context.Context, s survey.Study) error {
	return wrap(t.create(ctx, "study", studyToRow(s)), "create study %s", s.Key)
}

// CreateArm writes an arm.
func (t *transaction) CreateArm(ctx context.Context, a survey.Arm) error {
	return wrap(t.create(ctx, "arm", armToRow(a)), "create arm %s", a.Key)
}

// CreateWave writes a wave and what it asks.
func (t *transaction) CreateWave(ctx context.Context, w survey.Wave) error {
	if err := t.create(ctx, "wave", waveToRow(w)); err != nil {
		return wrap(err, "create wave %s", w.Key)
	}
	if len(w.Sets) == 0 {
		return nil
	}
	rows := make([]waveSetRow, len(w.Sets))
	for i, id := range w.Sets {
		rows[i] = waveSetRow{StudyID: string(w.StudyID), WaveID: string(w.ID), Position: i + 1, InstrumentID: string(id)}
	}
	return wrap(t.create(ctx, "wave_set", &rows), "create wave %s", w.Key)
}

// ChangeWave writes what may change of a wave.
func (t *transaction) ChangeWave(ctx context.Context, w survey.Wave) error {
	r := waveToRow(w)
	err := t.changeOne(ctx, `UPDATE wave SET name = ?, short_name = ?, kind = ?, opens_day = ?, closes_day = ?, arm_id = ?, anchor = ?,
		meeting = ?, follows = ?, months = ?, timed = ?, opens_minute = ?, closes_minute = ?, grace_days = ?, grace_minutes = ?,
		late_days = ? WHERE study_id = ? AND id = ?`,
		r.Name, r.ShortName, r.Kind, r.OpensDay, r.ClosesDay, r.ArmID, r.Anchor,
		r.Meeting, r.Follows, r.Months, r.Timed, r.OpensMinute, r.ClosesMinute, r.GraceDays, r.GraceMinutes,
		r.LateDays, r.StudyID, r.ID)
	return wrap(err, "change wave %s", w.Key)
}

// MakeRoomForWave moves the waves behind a position one further.
func (t *transaction) MakeRoomForWave(ctx context.Context, study survey.StudyID, position int) error {
	_, err := t.change(ctx, `UPDATE wave SET position = position + 1 WHERE study_id = ? AND position > ?`, string(study), position)
	return wrap(err, "make room for a wave in study %s", study)
}

// DeleteWave removes a wave; the database refuses one that somebody was asked.
func (t *transaction) DeleteWave(ctx context.Context, w survey.Wave) error {
	for _, s := range []struct {
		statement string
		what      string
	}{
		{`DELETE FROM wave_set WHERE study_id = ? AND wave_id = ?`, string(w.ID)},
		{`DELETE FROM study_text WHERE study_id = ? AND key = ?`, survey.WaveText(w.Key)},
	} {
		if _, err := t.change(ctx, s.statement, string(w.StudyID), s.what); err != nil {
			return wrap(err, "delete wave %s", w.Key)
		}
	}
	return wrap(t.changeOne(ctx, `DELETE FROM wave WHERE study_id = ? AND id = ?`, string(w.StudyID), string(w.ID)), "delete wave %s", w.Key)
}

// SetStudyState moves a study from one state to another.
func (t *transaction) SetStudyState(ctx context.Context, id survey.StudyID, from, to survey.StudyState) (bool, error) {
	n, err := t.change(ctx, `UPDATE study SET state = ? WHERE id = ? AND state = ?`, string(to), string(id), string(from))
	return n > 0, wrap(err, "set the state of study %s", id)
}
