package store

import (
	"context"
	"errors"
	"strings"

	"tidemark/survey"
	"tidemark/survey/reminding"
)

const messagingColumns = `g.study_id, g.enabled, g.reminder_days, g.most, g.quiet_from, g.quiet_to, g.thanks, g.meeting,
	g.revision, g.changed_at, g.changed_name`

type messagingRow struct {
	StudyID, Days string
	Rules         reminding.Rules
	Revision      int
	ChangedAt     instant
	ChangedBy     string
}

// targets are where messagingColumns go.
func (r *messagingRow) targets() []any {
	return []any{
		&r.StudyID, &r.Rules.On, &r.Days, &r.Rules.Cap, &r.Rules.Quiet.From, &r.Rules.Quiet.To, &r.Rules.Thanks,
		&r.Rules.Meeting, &r.Revision, &r.ChangedAt, &r.ChangedBy,
	}
}

func (r *messagingRow) messaging() survey.Messaging {
	m := survey.Messaging{
		StudyID: survey.StudyID(r.StudyID), Rules: r.Rules, Revision: r.Revision,
		ChangedAt: r.ChangedAt.time(), ChangedBy: r.ChangedBy,
	}
	m.Rules.ReminderDays, _ = survey.ParseDays(r.Days) // written by PutMessaging
	return m
}

// Messaging is what a study has set.
func (r reader) Messaging(ctx context.Context, study survey.StudyID) (survey.Messaging, error) {
	var row messagingRow
	err := r.one(ctx, row.targets(), `SELECT `+messagingColumns+` FROM messaging g WHERE g.study_id = ?`, string(study))
	if errors.Is(err, survey.ErrNotFound) {
		return survey.Messaging{StudyID: study, Rules: reminding.DefaultRules()}, nil
	}
	if err != nil {
		return survey.Messaging{}, wrap(err, "messaging of study %s", study)
	}
	return row.messaging(), nil
}

// MessagingStudies lists the open studies that send messages.
func (r reader) MessagingStudies(ctx context.Context) ([]survey.MessagingStudy, error) {
	var row messagingRow
	var study studyRow
	all := []survey.MessagingStudy{}
	err := r.each(ctx, append(study.targets(), row.targets()...), func() error {
		all = append(all, survey.MessagingStudy{Study: study.study(), Messaging: row.messaging()})
		return nil
	}, `SELECT `+studyColumns+`, `+messagingColumns+` FROM messaging g JOIN study s ON s.id = g.study_id
		WHERE g.enabled AND s.state = 'open' ORDER BY s.id`)
	return all, wrap(err, "studies that send messages")
}

// PutMessaging writes what a study has set.
func (t *transaction) PutMessaging(ctx context.Context, m survey.Messaging) (bool, error) {
	q := m.Rules
	args := []any{
		q.On, survey.FormatDays(q.ReminderDays), q.Cap, q.Quiet.From, q.Quiet.To, q.Thanks, q.Meeting,
		m.Revision, t.at(m.ChangedAt), m.ChangedBy, string(m.StudyID),
	}
	statement := `INSERT INTO messaging (enabled, reminder_days, most, quiet_from, quiet_to, thanks, meeting, revision,
		changed_at, changed_name, study_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (study_id) DO NOTHING`
	if m.Revision > 1 {
		statement = `UPDATE messaging SET enabled = ?, reminder_days = ?, most = ?, quiet_from = ?, quiet_to = ?, thanks = ?,
			meeting = ?, revision = ?, changed_at = ?, changed_name = ? WHERE study_id = ? AND revision = ?`
		args = append(args, m.Revision-1)
	}
	n, err := t.change(ctx, statement, args...)
	return n > 0, wrap(err, "messaging of study %s", m.StudyID)
}

const textColumns = `x.kind, x.language, x.revision, x.subject, x.body, x.written_at, x.written_name`

func (r reader) messageTexts(ctx context.Context, study survey.StudyID, rest string, args ...any) ([]survey.MessageText, error) {
	texts := []survey.MessageText{}
	x := survey.MessageText{StudyID: study}
	var kind string
	var at instant
	err := r.each(ctx, []any{&kind, &x.Language, &x.Revision, &x.Text.Subject, &x.Text.Body, &at, &x.WrittenBy}, func() error {
		x.Kind, x.WrittenAt = reminding.Kind(kind), at.time()
		texts = append(texts, x)
		return nil
	}, `SELECT `+textColumns+` FROM message_text x WHERE x.study_id = ? `+rest, append([]any{string(study)}, args...)...)
	return texts, err
}

// MessageTexts are the newest words of a study.
func (r reader) MessageTexts(ctx context.Context, study survey.StudyID) (survey.MessageTexts, error) {
	texts, err := r.messageTexts(ctx, study, `AND x.revision = (SELECT max(n.revision) FROM message_text n
		WHERE n.study_id = x.study_id AND n.kind = x.kind AND n.language = x.language) ORDER BY x.kind, x.language`)
	return texts, wrap(err, "words of study %s", study)
}

// MessageTextHistory lists all revisions.
func (r reader) MessageTextHistory(ctx context.Context, study survey.StudyID, kind reminding.Kind, language string) ([]survey.MessageText, error) {
	texts, err := r.messageTexts(ctx, study, `AND x.kind = ? AND x.language = ? ORDER BY x.revision DESC`, string(kind), language)
	return texts, wrap(err, "words of study %s", study)
}

// PutMessageText adds a revision of words.
func (t *transaction) PutMessageText(ctx context.Context, x survey.MessageText) (bool, error) {
	n, err := t.change(ctx, `INSERT INTO message_text (study_id, kind, language, revision, subject, body, written_at, written_name)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (study_id, kind, language, revision) DO NOTHING`,
		string(x.StudyID), string(x.Kind), x.Language, x.Revision, x.Text.Subject, x.Text.Body, t.at(x.WrittenAt), x.WrittenBy)
	return n > 0, wrap(err, "words of study %s", x.StudyID)
}

// RunsOfStudies are the runs of several studies.
func (r reader) RunsOfStudies(ctx context.Context, studies []survey.StudyID) ([]survey.CourseRun, error) {
	runs := []survey.CourseRun{}
	if len(studies) == 0 {
		return runs, nil
	}
	var row courseRunRow
	marks, args := list(studies)
	err := r.each(ctx, row.targets(), func() error { runs = append(runs, row.run()); return nil },
		`SELECT `+runColumns+` FROM course_run r WHERE r.study_id IN (`+marks+`) ORDER BY r.study_id, r.id`, args...)
	return runs, wrap(err, "runs of %d studies", len(studies))
}

// WavesOfStudies are the waves of several studies.
func (r reader) WavesOfStudies(ctx context.Context, studies []survey.StudyID) ([]survey.Wave, error) {
	waves := []survey.Wave{}
	if len(studies) == 0 {
		return waves, nil
	}
	marks, args := list(studies)
	waves, err := listOf(ctx, r, waveRow.wave, `SELECT `+waveColumns+` FROM wave w
		WHERE w.study_id IN (`+marks+`) ORDER BY w.study_id, w.position, w.id`, args...)
	return waves, wrap(err, "waves of %d studies", len(studies))
}

// list is a list of identifiers for IN, as marks and arguments.
func list[T ~string](ids []T) (marks string, args []any) {
	for _, id := range ids {
		args = append(args, string(id))
	}
	return strings.TrimSuffix(strings.Repeat("?, ", len(ids)), ", "), args
}
