package store

import (
	"context"
	"time"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

const runColumns = `r.study_id, r.id, r.name, r.course_key, r.course_version, r.starts_on, r.meeting_time,
	r.time_zone, r.location, r.created_at`

// targets are where runColumns go.
func (r *courseRunRow) targets() []any {
	return []any{
		&r.StudyID, &r.ID, &r.Name, &r.CourseKey, &r.CourseVersion, &r.StartsOn, &r.MeetingTime,
		&r.TimeZone, &r.Location, &r.Created,
	}
}

// Runs lists the runs of a study with their head counts.
func (r reader) Runs(ctx context.Context, study survey.StudyID) ([]survey.RunSummary, error) {
	var row courseRunRow
	var enrolled, withdrawn int
	runs := []survey.RunSummary{}
	err := r.each(ctx, append(row.targets(), &enrolled, &withdrawn), func() error {
		runs = append(runs, survey.RunSummary{Run: row.run(), Enrolled: enrolled, Withdrawn: withdrawn})
		return nil
	}, `SELECT `+runColumns+`, count(e.id), count(e.withdrawn_at)
		FROM course_run r LEFT JOIN enrolment e ON e.study_id = r.study_id AND e.run_id = r.id
		WHERE r.study_id = ? GROUP BY r.study_id, r.id
		ORDER BY r.starts_on DESC, r.created_at DESC, r.id DESC`, string(study))
	if err == nil {
		err = r.countErased(ctx, study, runs)
	}
	return runs, wrap(err, "runs of study %s", study)
}

// countErased adds the people whose data were erased to the head counts.
func (r reader) countErased(ctx context.Context, study survey.StudyID, runs []survey.RunSummary) error {
	place := make(map[string]int, len(runs))
	for i := range runs {
		place[string(runs[i].Run.ID)] = i
	}
	var run, arm string
	n := 0
	return r.each(ctx, []any{&run, &arm, &n}, func() error {
		s := &runs[place[run]]
		s.Enrolled += n
		s.Erased = append(s.Erased, survey.ErasedCount{ArmID: survey.ArmID(arm), N: n})
		return nil
	}, `SELECT run_id, arm_id, count(*) FROM erasure WHERE study_id = ? GROUP BY run_id, arm_id ORDER BY run_id, arm_id`, string(study))
}

// Run reads one run.
func (r reader) Run(ctx context.Context, study survey.StudyID, id survey.RunID) (survey.CourseRun, error) {
	var row courseRunRow
	err := r.one(ctx, row.targets(), `SELECT `+runColumns+` FROM course_run r WHERE r.study_id = ? AND r.id = ?`,
		string(study), string(id))
	if err != nil {
		return survey.CourseRun{}, wrap(err, "run %s", id)
	}
	return row.run(), nil
}

// Roster lists everyone enrolled in a run.
func (r reader) Roster(ctx context.Context, study survey.StudyID, run survey.RunID) ([]survey.Enrolment, error) {
	people, err := r.enrolments(ctx, `WHERE e.study_id = ? AND e.run_id = ? ORDER BY e.enrolled_at, e.id`,
		string(study), string(run))
	return people, wrap(err, "roster of run %s", run)
}

// Contacts are the contact data of a run's people.
func (r reader) Contacts(ctx context.Context, study survey.StudyID, run survey.RunID) (map[survey.ParticipantID]survey.Contact, error) {
	contacts := map[survey.ParticipantID]survey.Contact{}
	var id, name, email string
	err := r.each(ctx, []any{&id, &name, &email}, func() error {
		p := survey.ParticipantID(id)
		contacts[p] = survey.Contact{ParticipantID: p, StudyID: study, Name: name, Email: email}
		return nil
	}, `SELECT c.participant_id, c.name, c.email
		FROM enrolment e JOIN contact c ON c.study_id = e.study_id AND c.participant_id = e.participant_id
		WHERE e.study_id = ? AND e.run_id = ?`, string(study), string(run))
	return contacts, wrap(err, "contacts of run %s", run)
}

const linkColumns = `l.study_id, l.enrolment_id, l.generation, l.token_hash, l.expires_at, l.revoked_at`

// targets are where linkColumns go.
func (r *personalLinkRow) targets() []any {
	return []any{&r.StudyID, &r.EnrolmentID, &r.Generation, &r.TokenHash, &r.ExpiresAt, &r.RevokedAt}
}

// Links are the newest links of a run's people.
func (r reader) Links(ctx context.Context, study survey.StudyID, run survey.RunID) (map[survey.EnrolmentID]survey.PersonalLink, error) {
	links := map[survey.EnrolmentID]survey.PersonalLink{}
	var row personalLinkRow
	err := r.each(ctx, row.targets(), func() error {
		links[survey.EnrolmentID(row.EnrolmentID)] = row.link() // later generations come later
		return nil
	}, `SELECT `+linkColumns+`
		FROM enrolment e JOIN personal_link l ON l.study_id = e.study_id AND l.enrolment_id = e.id
		WHERE e.study_id = ? AND e.run_id = ? ORDER BY l.enrolment_id, l.generation`, string(study), string(run))
	return links, wrap(err, "links of run %s", run)
}

// Progress is how far everyone in a run has come in every wave.
func (r reader) Progress(ctx context.Context, study survey.StudyID, run survey.RunID) ([]survey.WaveProgress, error) {
	p, err := r.progress(ctx, `FROM enrolment e JOIN assessment a ON a.study_id = e.study_id AND a.enrolment_id = e.id
		WHERE e.study_id = ? AND e.run_id = ?`, string(study), string(run))
	return p, wrap(err, "progress of run %s", run)
}

// progress counts questionnaires by person and wave.
func (r reader) progress(ctx context.Context, from string, args ...any) ([]survey.WaveProgress, error) {
	all := []survey.WaveProgress{}
	var enrolment, wave string
	var p survey.WaveProgress
	err := r.each(ctx, []any{&enrolment, &wave, &p.Sets, &p.Started, &p.Submitted}, func() error {
		p.EnrolmentID, p.WaveID = survey.EnrolmentID(enrolment), survey.WaveID(wave)
		all = append(all, p)
		return nil
	}, `SELECT a.enrolment_id, a.wave_id, count(*),
		count(CASE WHEN a.started_at IS NOT NULL OR a.submitted_at IS NOT NULL THEN 1 END), count(a.submitted_at) `+
		from+` GROUP BY a.enrolment_id, a.wave_id ORDER BY a.enrolment_id, a.wave_id`, args...)
	return all, err
}

// Attendance lists who was noted at which meeting.
func (r reader) Attendance(ctx context.Context, study survey.StudyID, run survey.RunID) ([]survey.Attendance, error) {
	notes, err := r.attendance(ctx, `SELECT enrolment_id, meeting, present FROM attendance
		WHERE study_id = ? AND run_id = ? ORDER BY enrolment_id, meeting`, string(study), string(run))
	return notes, wrap(err, "attendance of run %s", run)
}

func (r reader) attendance(ctx context.Context, query string, args ...any) ([]survey.Attendance, error) {
	notes := []survey.Attendance{}
	var enrolment string
	var note survey.Attendance
	err := r.stream(ctx, []any{&enrolment, &note.Meeting, &note.Present}, func() error {
		note.EnrolmentID = survey.EnrolmentID(enrolment)
		notes = append(notes, note)
		return nil
	}, query, args...)
	return notes, err
}

// Moves are the instants at which a run was moved.
func (r reader) Moves(ctx context.Context, study survey.StudyID, run survey.RunID) ([]time.Time, error) {
	moves := []time.Time{}
	var at instant
	err := r.each(ctx, []any{&at}, func() error {
		moves = append(moves, at.time())
		return nil
	}, `SELECT at FROM audit_event WHERE study_id = ? AND object_id = ? AND action = 'run.moved' ORDER BY at`,
		string(study), string(run))
	return moves, wrap(err, "moves of run %s", run)
}

// Moments summarises a scale by wave. The sums are updated value by value
// (Welford 1962, Technometrics 4:419–420), which loses no digits to the
// difference of two large sums.
func (r reader) Moments(ctx context.Context, study survey.StudyID, run survey.RunID, arm survey.ArmID, scale string) ([]survey.WaveMoments, error) {
	query := `SELECT a.wave_id, a.submitted_at, s.value
		FROM enrolment e
		JOIN assessment a ON a.study_id = e.study_id AND a.enrolment_id = e.id AND a.submitted_at IS NOT NULL
		JOIN wave w ON w.study_id = a.study_id AND w.id = a.wave_id
		JOIN score s ON s.study_id = a.study_id AND s.assessment_id = a.id AND s.scale = ? AND s.value IS NOT NULL
		WHERE e.study_id = ? AND e.run_id = ?`
	args := []any{scale, string(study), string(run)}
	if arm != "" {
		query += ` AND e.arm_id = ?`
		args = append(args, string(arm))
	}
	moments := []survey.WaveMoments{}
	var wave string
	var submitted instant
	var value float64
	err := r.each(ctx, []any{&wave, &submitted, &value}, func() error {
		at := submitted.time()
		if n := len(moments); n == 0 || moments[n-1].WaveID != survey.WaveID(wave) {
			moments = append(moments, survey.WaveMoments{WaveID: survey.WaveID(wave), First: at, Last: at})
		}
		m := &moments[len(moments)-1]
		m.N++
		if at.Before(m.First) {
			m.First = at
		}
		if at.After(m.Last) {
			m.Last = at
		}
		deviation := value - m.Mean
		m.Mean += deviation / float64(m.N)
		m.SumSquares += deviation * (value - m.Mean)
		return nil
	}, query+` ORDER BY w.position, w.id, e.enrolled_at, e.id`, args...)
	return moments, wrap(err, "moments of %s in run %s", scale, run)
}

// CreateRun writes a run.
func (t *transaction) CreateRun(ctx context.Context, r survey.CourseRun) error {
	return wrap(t.create(ctx, "course_run", runToRow(r)), "create run %s", r.ID)
}

// LockRun holds a run until the transaction ends.
func (t *transaction) LockRun(ctx context.Context, study survey.StudyID, run survey.RunID) error {
	var id string
	err := t.one(ctx, []any{&id}, `SELECT id FROM course_run WHERE study_id = ? AND id = ?`+
		lockClause(t.db.Dialector.Name()), string(study), string(run))
	return wrap(err, "lock run %s", run)
}

// MoveRun changes the day of the first meeting.
func (t *transaction) MoveRun(ctx context.Context, study survey.StudyID, run survey.RunID, startsOn schedule.Date) error {
	err := t.changeOne(ctx, `UPDATE course_run SET starts_on = ? WHERE study_id = ? AND id = ?`,
		startsOn.String(), string(study), string(run))
	return wrap(err, "move run %s", run)
}

// PutAttendance notes who came.
func (t *transaction) PutAttendance(ctx context.Context, study survey.StudyID, run survey.RunID, notes []survey.Attendance) error {
	type place struct {
		enrolment survey.EnrolmentID
		meeting   int
	}
	notes = lastOfEach(notes, func(a survey.Attendance) place { return place{a.EnrolmentID, a.Meeting} })
	err := insertion{
		head:    `INSERT INTO attendance (study_id, run_id, enrolment_id, meeting, present)`,
		tail:    ` ON CONFLICT (study_id, run_id, enrolment_id, meeting) DO UPDATE SET present = excluded.present`,
		columns: 5,
	}.run(ctx, t, len(notes), func(args []any, i int) []any {
		n := notes[i]
		return append(args, string(study), string(run), string(n.EnrolmentID), n.Meeting, n.Present)
	})
	return wrap(err, "note attendance in run %s", run)
}
