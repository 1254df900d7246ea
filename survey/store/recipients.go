package store

import (
	"context"
	"time"

	"tidemark/survey"
)

// scope is a condition on enrolment e.
func scope(s survey.MessageScope) (condition string, args []any) {
	marks, args := list(s.Studies)
	condition = `e.study_id IN (` + marks + `) AND e.linked_to IS NULL`
	if len(s.Runs) > 0 {
		marks, more := list(s.Runs)
		condition += ` AND e.run_id IN (` + marks + `)`
		args = append(args, more...)
	}
	if s.Enrolment != "" {
		condition += ` AND e.id = ?`
		args = append(args, string(s.Enrolment))
	}
	return condition, args
}

// Recipients are the people of a scope.
func (r reader) Recipients(ctx context.Context, s survey.MessageScope) ([]survey.Recipient, error) {
	people := []survey.Recipient{}
	if len(s.Studies) == 0 {
		return people, nil
	}
	condition, args := scope(s)
	var row enrolmentRow
	var p survey.Recipient
	var c contactRow
	var contacts []contactRow
	var until instant
	err := r.stream(ctx, append(append(row.targets(), c.targets()...), &p.Control, &until), func() error {
		p.Enrolment, p.LinkUntil = row.enrolment(), until.time()
		p.Phone = len(c.phone) > 0
		short := p.Phone || len(c.push) > 0
		p.Reachable = len(c.email) > 0 || short
		p.Bounced = !c.bounced.time().IsZero() && !short
		c.participant = p.Enrolment.ParticipantID
		people, contacts = append(people, p), append(contacts, c)
		return nil
	}, `SELECT `+rosterColumns+`, `+contactFields+`, m.control,
		(SELECT l.expires_at FROM personal_link l WHERE l.study_id = e.study_id AND l.enrolment_id = e.id
			AND l.revoked_at IS NULL ORDER BY l.generation DESC LIMIT 1)
		FROM enrolment e JOIN arm m ON m.study_id = e.study_id AND m.id = e.arm_id`+r.withContact()+
		`WHERE `+condition+` ORDER BY e.enrolled_at, e.id`, args...)
	for i := 0; err == nil && i < len(people); i++ {
		people[i].Name, err = r.openName(ctx, people[i].Enrolment.StudyID, &contacts[i])
	}
	return people, wrap(err, "recipients")
}

// Completions are the waves of a scope's people.
func (r reader) Completions(ctx context.Context, s survey.MessageScope) ([]survey.Completion, error) {
	all := []survey.Completion{}
	if len(s.Studies) == 0 {
		return all, nil
	}
	condition, args := scope(s)
	var enrolment, wave string
	var sets, started, submitted int
	var last instant
	err := r.stream(ctx, []any{&enrolment, &wave, &sets, &started, &submitted, &last}, func() error {
		c := survey.Completion{EnrolmentID: survey.EnrolmentID(enrolment), WaveID: survey.WaveID(wave), Started: started > 0}
		if submitted == sets {
			c.DoneAt = last.time()
		}
		all = append(all, c)
		return nil
	}, `SELECT a.enrolment_id, a.wave_id, count(*), count(CASE WHEN a.started_at IS NOT NULL OR a.submitted_at IS NOT NULL THEN 1 END),
		count(a.submitted_at), max(a.submitted_at)
		FROM enrolment e JOIN assessment a ON a.study_id = e.study_id AND a.enrolment_id = e.id
		WHERE `+condition+` GROUP BY a.enrolment_id, a.wave_id ORDER BY a.enrolment_id, a.wave_id`, args...)
	return all, wrap(err, "completions")
}

// WaveMessages are the messages about waves for a scope's people.
func (r reader) WaveMessages(ctx context.Context, s survey.MessageScope) ([]survey.Message, error) {
	messages := []survey.Message{}
	if len(s.Studies) == 0 {
		return messages, nil
	}
	condition, args := scope(s)
	var row messageRow
	err := r.stream(ctx, row.targets(), func() error { messages = append(messages, row.message()); return nil },
		`SELECT `+messageColumns+` FROM outbox_message o JOIN enrolment e ON e.study_id = o.study_id AND e.id = o.to_id
		WHERE o.to_kind = 'participant' AND o.number > 0 AND (e.run_joined_at IS NULL OR o.created_at >= e.run_joined_at) AND `+condition+` ORDER BY o.created_at, o.key`, args...)
	return messages, wrap(err, "messages about waves")
}

// EnrolmentByCode finds a person by their code.
func (r reader) EnrolmentByCode(ctx context.Context, study survey.StudyID, code string) (survey.Enrolment, error) {
	people, err := r.enrolments(ctx, `WHERE p.study_id = ? AND p.code = ?`, string(study), code)
	if err == nil && len(people) == 0 {
		err = survey.ErrNotFound
	}
	if err != nil {
		return survey.Enrolment{}, wrap(err, "enrolment by code")
	}
	return people[0], nil
}

// EachLoggedMessage gives the messages to a study's people.
func (r reader) EachLoggedMessage(ctx context.Context, study survey.StudyID, f func(*survey.LoggedMessage) error) error {
	var row messageRow
	var l survey.LoggedMessage
	err := r.stream(ctx, append(row.targets(), &l.Code, &l.Wave), func() error {
		l.Message = row.message()
		return f(&l)
	}, `SELECT `+messageColumns+`, p.code, coalesce(w.key, '')
		FROM outbox_message o JOIN enrolment e ON e.study_id = o.study_id AND e.id = o.to_id
		JOIN participant p ON p.study_id = e.study_id AND p.id = e.participant_id
		LEFT JOIN wave w ON w.study_id = o.study_id AND w.id = o.about
		WHERE o.study_id = ? AND o.to_kind = 'participant' ORDER BY o.created_at, o.key`, string(study))
	return wrap(err, "message log of study %s", study)
}

// PlanMessages keeps messages to be sent.
func (t *transaction) PlanMessages(ctx context.Context, messages []survey.Message) (int, error) {
	planned := 0
	for _, m := range messages {
		// The row may be one that was dropped: it is taken up again with its
		// number of tries, so that whoever dropped it cannot end it once more.
		n, err := t.change(ctx, `INSERT INTO outbox_message (study_id, key, kind, to_kind, to_id, about, number, created_at,
			send_at, attempts, leased_to_at, ended_at, outcome, last_error, reason)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, NULL, NULL, '', '', '') ON CONFLICT (study_id, key) DO UPDATE
			SET created_at = excluded.created_at, send_at = excluded.send_at, ended_at = NULL, outcome = '', last_error = '', reason = ''
			WHERE outbox_message.outcome = 'dropped'`,
			string(m.StudyID), m.Key, string(m.Kind), string(m.ToKind), m.ToID, m.About, m.Number, t.at(m.CreatedAt), t.at(m.NotBefore))
		if err != nil {
			return planned, wrap(err, "plan a message of study %s", m.StudyID)
		}
		planned += int(n)
	}
	return planned, nil
}

// SetTimeZone notes where a person is.
func (t *transaction) SetTimeZone(ctx context.Context, study survey.StudyID, id survey.EnrolmentID, zone string, chosen bool) (bool, error) {
	condition := ` AND NOT time_zone_chosen`
	if chosen {
		condition = ``
	}
	n, err := t.change(ctx, `UPDATE enrolment SET time_zone = ?, time_zone_chosen = ? WHERE study_id = ? AND id = ?`+condition,
		optional(zone), chosen && zone != "", string(study), string(id))
	return n > 0, wrap(err, "time zone of %s", id)
}

// MarkBounced notes that an address takes no letters.
func (t *transaction) MarkBounced(ctx context.Context, study survey.StudyID, id survey.ParticipantID, email string, at time.Time) (bool, error) {
	ring, err := t.opened(ctx)
	if err != nil {
		return false, wrap(err, "bounce of %s", id)
	}
	n, err := t.change(ctx, `UPDATE contact SET bounced_at = ? WHERE study_id = ? AND participant_id = ? AND email_index = ? AND bounced_at IS NULL`,
		t.at(at), string(study), string(id), ring.Index(string(study), contactEmail, email))
	return n > 0, wrap(err, "bounce of %s", id)
}
