package store

import (
	"context"

	"tidemark/survey"
)

// Crossed lists the people of other runs who take the course in this one.
func (r reader) Crossed(ctx context.Context, study survey.StudyID, run survey.RunID) ([]survey.CrossedPerson, error) {
	people := []survey.CrossedPerson{}
	var row enrolmentRow
	var c contactRow
	var contacts []contactRow
	err := r.each(ctx, append(row.targets(), c.targets()...), func() error {
		e := row.enrolment()
		c.participant = e.ParticipantID
		people, contacts = append(people, survey.CrossedPerson{Enrolment: e}), append(contacts, c)
		return nil
	}, `SELECT `+enrolmentColumns+`, `+contactFields+`
		FROM crossover x
		JOIN enrolment e ON e.study_id = x.study_id AND e.id = x.enrolment_id
		JOIN participant p ON p.study_id = e.study_id AND p.id = e.participant_id`+r.withContact()+
		`WHERE x.study_id = ? AND x.run_id = ? AND e.linked_to IS NULL ORDER BY p.code`, string(study), string(run))
	for i := 0; err == nil && i < len(people); i++ {
		people[i].Name, err = r.openName(ctx, study, &contacts[i])
	}
	return people, wrap(err, "crossed over to run %s", run)
}

// CrossoverAttendance lists which of them was noted at which meeting.
func (r reader) CrossoverAttendance(ctx context.Context, study survey.StudyID, run survey.RunID) ([]survey.Attendance, error) {
	notes, err := r.attendance(ctx, `SELECT enrolment_id, meeting, present FROM crossover_attendance
		WHERE study_id = ? AND run_id = ? ORDER BY enrolment_id, meeting`, string(study), string(run))
	return notes, wrap(err, "attendance of people crossed over to run %s", run)
}

// CrossOver lets people take the course in a later run.
func (t *transaction) CrossOver(ctx context.Context, study survey.StudyID, run survey.RunID, crossings []survey.Crossing) error {
	err := insertion{head: `INSERT INTO crossover (study_id, enrolment_id, run_id, crossed_at)`, columns: 4}.run(
		ctx, t, len(crossings), func(args []any, i int) []any {
			return append(args, string(study), string(crossings[i].EnrolmentID), string(run), t.at(crossings[i].At))
		})
	for i := 0; err == nil && i < len(crossings); i++ {
		c := crossings[i]
		err = t.soon(ctx, `UPDATE personal_link SET expires_at = ? WHERE study_id = ? AND enrolment_id = ? AND revoked_at IS NULL AND expires_at < ?`,
			t.at(c.LinkUntil), string(study), string(c.EnrolmentID), t.at(c.LinkUntil))
	}
	return wrap(err, "cross over to run %s", run)
}

// PutCrossoverAttendance notes who of them came.
func (t *transaction) PutCrossoverAttendance(ctx context.Context, study survey.StudyID, run survey.RunID, notes []survey.Attendance) error {
	notes = lastNotes(notes)
	err := insertion{
		head:    `INSERT INTO crossover_attendance (study_id, run_id, enrolment_id, meeting, present)`,
		tail:    ` ON CONFLICT (study_id, run_id, enrolment_id, meeting) DO UPDATE SET present = excluded.present`,
		columns: 5,
	}.run(ctx, t, len(notes), func(args []any, i int) []any {
		n := notes[i]
		return append(args, string(study), string(run), string(n.EnrolmentID), n.Meeting, n.Present)
	})
	return wrap(err, "note attendance in run %s", run)
}
