package store

import (
	"context"
	"strings"
	"time"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

const runColumns = `r.study_id, r.id, r.name, r.course_key, r.course_version, r.starts_on, r.meeting_time,
	r.time_zone, r.location, r.created_at, r.calendar`

// targets are where runColumns go.
func (r *courseRunRow) targets() []any {
	return []any{
		&r.StudyID, &r.ID, &r.Name, &r.CourseKey, &r.CourseVersion, &r.StartsOn, &r.MeetingTime,
		&r.TimeZone, &r.Location, &r.Created, &r.Calendar,
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
		FROM course_run r LEFT JOIN enrolment e ON e.study_id = r.study_id AND e.run_id = r.id AND e.linked_to IS NULL
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
	}, `SELECT run_id, arm_id, count(*) FROM erasure WHERE study_id = ? AND NOT linked GROUP BY run_id, arm_id ORDER BY run_id, arm_id`, string(study))
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
	people := []survey.Enrolment{}
	var row enrolmentRow
	err := r.each(ctx, row.targets(), func() error {
		people = append(people, row.enrolment())
		return nil
	}, `SELECT `+rosterColumns+` FROM enrolment e WHERE e.study_id = ? AND e.run_id = ? AND e.linked_to IS NULL ORDER BY e.enrolled_at, e.id`,
		string(study), string(run))
	return people, wrap(err, "roster of run %s", run)
}

// rosterColumns are enrolmentColumns with what is elsewhere looked up person by person. Right
// after many people were added PostgreSQL does not know yet how many they are, and
// would join each of them with everybody of the study: 500 people took it 40 ms.
var rosterColumns = strings.NewReplacer(
	"p.code", "(SELECT p.code FROM participant p WHERE p.study_id = e.study_id AND p.id = e.participant_id)",
	"x.run_id", "(SELECT x.run_id FROM crossover x WHERE x.study_id = e.study_id AND x.enrolment_id = e.id)",
	"x.crossed_at", "(SELECT x.crossed_at FROM crossover x WHERE x.study_id = e.study_id AND x.enrolment_id = e.id)",
).Replace(enrolmentColumns)

const linkColumns = `l.study_id, l.enrolment_id, l.generation, l.token_hash, l.expires_at, l.revoked_at, l.code_hash`

// targets are where linkColumns go.
func (r *personalLinkRow) targets() []any {
	return []any{&r.StudyID, &r.EnrolmentID, &r.Generation, &r.TokenHash, &r.ExpiresAt, &r.RevokedAt, &r.CodeHash}
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
		WHERE e.study_id = ? AND e.run_id = ? AND e.linked_to IS NULL GROUP BY a.enrolment_id, a.wave_id`, string(study), string(run))
	return p, wrap(err, "progress of run %s", run)
}

// progress counts questionnaires by person and wave; from ends with the grouping.
func (r reader) progress(ctx context.Context, from string, args ...any) ([]survey.WaveProgress, error) {
	all := []survey.WaveProgress{}
	var enrolment, wave string
	var p survey.WaveProgress
	var last instant
	err := r.each(ctx, []any{&enrolment, &wave, &p.Sets, &p.Started, &p.Submitted, &last}, func() error {
		p.EnrolmentID, p.WaveID, p.LastAt = survey.EnrolmentID(enrolment), survey.WaveID(wave), last.time()
		all = append(all, p)
		return nil
	}, `SELECT a.enrolment_id, a.wave_id, count(*),
		count(CASE WHEN a.started_at IS NOT NULL OR a.submitted_at IS NOT NULL THEN 1 END), count(a.submitted_at),
		max(a.submitted_at) `+
		from, args...)
	return all, err
}

// Attendance lists who was noted at which meeting.
func (r reader) Attendance(ctx context.Context, study survey.StudyID, run survey.RunID) ([]survey.Attendance, error) {
	notes := []survey.Attendance{}
	var enrolment string
	var note survey.Attendance
	var noted instant
	err := r.each(ctx, []any{&enrolment, &note.Meeting, &note.Present, &noted}, func() error {
		note.EnrolmentID, note.NotedAt = survey.EnrolmentID(enrolment), noted.time()
		notes = append(notes, note)
		return nil
	}, `SELECT enrolment_id, meeting, present, noted_at FROM attendance
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

// Moves are the instants at which a run's windows may have moved: its start, a break,
// a meeting, or the rule of a wave in its study.
func (r reader) Moves(ctx context.Context, study survey.StudyID, run survey.RunID) ([]time.Time, error) {
	moves := []time.Time{}
	var at instant
	err := r.each(ctx, []any{&at}, func() error {
		moves = append(moves, at.time())
		return nil
	}, `SELECT at FROM audit_event WHERE study_id = ? AND object_id IN (?, ?)
		AND action IN ('run.moved', 'run.paused', 'run.meeting_moved', 'study.wave_changed') ORDER BY at`,
		string(study), string(run), string(study))
	return moves, wrap(err, "moves of run %s", run)
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

// SetRunDetails writes what a run is called, and at what hour and where it meets.
func (t *transaction) SetRunDetails(ctx context.Context, study survey.StudyID, run survey.RunID, d survey.RunDetails) error {
	err := t.changeOne(ctx, `UPDATE course_run SET name = ?, meeting_time = ?, time_zone = ?, location = ? WHERE study_id = ? AND id = ?`,
		d.Name, d.MeetingTime, d.TimeZone, d.Location, string(study), string(run))
	return wrap(err, "set the details of run %s", run)
}

// SetCalendar writes the breaks of a run and its meetings on other days.
func (t *transaction) SetCalendar(ctx context.Context, study survey.StudyID, run survey.RunID, breaks []schedule.Break, moved map[int]int) error {
	text, err := calendar{breaks, moved}.text()
	if err == nil {
		err = t.changeOne(ctx, `UPDATE course_run SET calendar = ? WHERE study_id = ? AND id = ?`, text, string(study), string(run))
	}
	return wrap(err, "set the calendar of run %s", run)
}

// PutAttendance notes who came.
func (t *transaction) PutAttendance(ctx context.Context, study survey.StudyID, run survey.RunID, notes []survey.Attendance) error {
	notes = lastNotes(notes)
	err := insertion{
		head: `INSERT INTO attendance (study_id, run_id, enrolment_id, meeting, present, noted_at)`,
		tail: ` ON CONFLICT (study_id, run_id, enrolment_id, meeting) DO UPDATE SET present = excluded.present,
			noted_at = excluded.noted_at`,
		columns: 6,
	}.run(ctx, t, len(notes), func(args []any, i int) []any {
		n := notes[i]
		return append(args, string(study), string(run), string(n.EnrolmentID), n.Meeting, n.Present, t.at(n.NotedAt))
	})
	return wrap(err, "note attendance in run %s", run)
}

// lastNotes keeps the last note on each person and meeting.
func lastNotes(notes []survey.Attendance) []survey.Attendance {
	type place struct {
		enrolment survey.EnrolmentID
		meeting   int
	}
	return lastOfEach(notes, func(a survey.Attendance) place { return place{a.EnrolmentID, a.Meeting} })
}

// TapAttendance notes one person, unless a later note stands.
func (t *transaction) TapAttendance(ctx context.Context, study survey.StudyID, run survey.RunID, note survey.Attendance) (survey.Attendance, bool, error) {
	n, err := t.change(ctx, `INSERT INTO attendance (study_id, run_id, enrolment_id, meeting, present, noted_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (study_id, run_id, enrolment_id, meeting) DO UPDATE SET present = excluded.present, noted_at = excluded.noted_at
		WHERE attendance.noted_at IS NULL OR attendance.noted_at <= excluded.noted_at`,
		string(study), string(run), string(note.EnrolmentID), note.Meeting, note.Present, t.at(note.NotedAt))
	if err != nil || n > 0 {
		return note, n > 0, wrap(err, "note attendance of %s", note.EnrolmentID)
	}
	stands, err := t.Attended(ctx, study, run, note.EnrolmentID, note.Meeting)
	return stands, false, err
}

// Attended is what was noted of one person at one meeting.
func (r reader) Attended(ctx context.Context, study survey.StudyID, run survey.RunID, id survey.EnrolmentID, meeting int) (survey.Attendance, error) {
	note := survey.Attendance{EnrolmentID: id, Meeting: meeting}
	var noted instant
	err := r.one(ctx, []any{&note.Present, &noted}, `SELECT present, noted_at FROM attendance
		WHERE study_id = ? AND run_id = ? AND enrolment_id = ? AND meeting = ?`, string(study), string(run), string(id), meeting)
	note.NotedAt = noted.time()
	return note, wrap(err, "attendance of %s", id)
}
