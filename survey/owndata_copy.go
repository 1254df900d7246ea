package survey

import (
	"cmp"
	"context"
	"errors"
	"time"

	"tidemark/survey/instrument"
)

// copying makes a copy of one state of the data.
type copying struct {
	r   Reader
	env Env
	p   Participation
	now time.Time
	own bool // the person themselves asks
	c   OwnCopy
}

func (m *copying) copy(ctx context.Context) (OwnCopy, error) {
	p := m.p
	m.c = OwnCopy{
		Schema: OwnCopySchema, MadeAt: instantText(m.now), Program: m.env.Version,
		Study: OwnStudy{Key: p.Study.Key, Title: p.Study.Title},
		Person: OwnPerson{
			Code: p.Enrolment.Code, Group: p.ArmName, CourseRun: p.Run.Name, EnrolledAt: instantText(p.Enrolment.EnrolledAt),
			LeftAt: instantText(p.Enrolment.WithdrawnAt), PausedAt: instantText(p.Enrolment.PausedAt),
		},
		Consents: []OwnConsent{}, Questionnaires: []OwnQuestionnaire{}, Attendance: []OwnAttendance{},
		Practice: []OwnPractice{}, Notes: []OwnNote{}, Records: map[string][]map[string]any{},
	}
	for _, part := range []func(context.Context) error{
		m.person, m.consents, m.questionnaires, m.attendance, m.practice, m.notes, m.records,
	} {
		if err := part(ctx); err != nil {
			return OwnCopy{}, err
		}
	}
	return m.c, nil
}

func (m *copying) person(ctx context.Context) error {
	var err error
	if m.c.Study.Erasure, err = m.r.ErasurePolicy(ctx, m.p.Study.ID); err != nil {
		return err
	}
	contact, err := m.r.Contact(ctx, m.p.Study.ID, m.p.Enrolment.ParticipantID)
	m.c.Person.TimeZone = m.p.Enrolment.TimeZone
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	m.c.Person.Name, m.c.Person.Email, m.c.Person.Phone = contact.Name, contact.Email, contact.Phone
	m.c.Person.Push, m.c.Person.Channel = contact.Push, string(contact.Channel)
	return err
}

func (m *copying) consents(ctx context.Context) error {
	list, err := m.r.Consents(ctx, m.p.Study.ID, m.p.Enrolment.ID)
	if err != nil {
		return err
	}
	for _, c := range list {
		text, err := textAgreed(ctx, m.r, c)
		if err != nil {
			return err
		}
		m.c.Consents = append(m.c.Consents, OwnConsent{
			Version: c.Version, Language: c.Language, GivenAt: instantText(c.GivenAt), WithdrawnAt: instantText(c.WithdrawnAt),
			Title: text.Text.Title, Text: text.Text.Plain(),
		})
	}
	return nil
}

func (m *copying) questionnaires(ctx context.Context) error {
	due, err := m.r.Due(ctx, m.p.Study.ID, m.p.Enrolment.ID)
	if err != nil {
		return err
	}
	m.p.ownWindows(due)
	for _, it := range due {
		v, err := m.r.InstrumentVersion(ctx, it.Instrument)
		if err != nil {
			return err
		}
		def, _ := v.Definition.In(cmp.Or(m.p.Enrolment.Language, m.p.Study.Language))
		w := it.Window
		q := OwnQuestionnaire{
			Key: def.Key, Version: def.Version, Heading: def.Heading, Language: def.Language,
			Occasion: it.Wave.Name, State: it.Assessment.StateAt(w, m.p.Enrolment.WithdrawnAt, m.now),
			OpensAt: instantText(w.Opens), ClosesAt: instantText(w.Closes),
			StartedAt: instantText(it.Assessment.StartedAt), SubmittedAt: instantText(it.Assessment.SubmittedAt),
		}
		if q.Answers, err = m.answers(ctx, it.Assessment.ID, def); err != nil {
			return err
		}
		if q.Scores, err = m.scores(ctx, it.Assessment.ID, def); err != nil {
			return err
		}
		m.c.Questionnaires = append(m.c.Questionnaires, q)
	}
	return nil
}

// answers are in the questionnaire's order, and after them whatever is stored and
// not in it: a copy leaves nothing out.
func (m *copying) answers(ctx context.Context, id AssessmentID, d *instrument.Definition) ([]OwnAnswer, error) {
	stored, err := m.r.Responses(ctx, m.p.Study.ID, id)
	if err != nil {
		return nil, err
	}
	byItem := make(map[string]Response, len(stored))
	for _, r := range stored {
		byItem[r.Item] = r
	}
	var answers []OwnAnswer
	for _, item := range d.Items {
		if r, ok := byItem[item.Code]; ok {
			answers = append(answers, ownAnswer(d, item, r))
			delete(byItem, item.Code)
		}
	}
	for _, r := range stored {
		if _, left := byItem[r.Item]; left {
			answers = append(answers, ownAnswer(d, instrument.Item{Code: r.Item}, r))
		}
	}
	return answers, nil
}

func ownAnswer(d *instrument.Definition, item instrument.Item, r Response) OwnAnswer {
	a := OwnAnswer{Item: item.Code, Question: item.Text, Missing: r.Missing, AnsweredAt: instantText(r.AnsweredAt)}
	if r.Missing != NotMissing {
		return a
	}
	a.Value = instrument.ValueOf(item.Type, r.Value, r.Text)
	if item.Range != nil {
		a.Unit = item.Range.Unit
	}
	chosen := a.Value.Choices()
	if number, ok := a.Value.Number(); ok {
		chosen = []float64{number}
	}
	options, _ := d.ItemOptions(item.Code)
	for _, v := range chosen {
		for _, o := range options {
			if o.Value == v {
				a.Labels = append(a.Labels, o.Label)
			}
		}
	}
	return a
}

func (m *copying) scores(ctx context.Context, id AssessmentID, d *instrument.Definition) ([]OwnScore, error) {
	rows, err := m.r.Scores(ctx, m.p.Study.ID, id)
	if err != nil {
		return nil, err
	}
	var scores []OwnScore
	for _, row := range rows {
		s := OwnScore{Scale: row.Scale, Name: row.Scale, Answered: row.Answered, Items: row.Items}
		if scale, ok := d.Scale(row.Scale); ok {
			s.Name = scale.Name
		}
		if row.Valid {
			value := row.Value
			s.Value = &value
		}
		scores = append(scores, s)
	}
	return scores, nil
}

func (m *copying) attendance(ctx context.Context) error {
	notes, err := m.r.PersonAttendance(ctx, m.p.Study.ID, m.p.Enrolment.ID)
	for _, n := range notes {
		m.c.Attendance = append(m.c.Attendance, OwnAttendance{Meeting: n.Meeting, Present: n.Present})
	}
	return err
}

func (m *copying) practice(ctx context.Context) error {
	entries, err := m.r.PracticeLog(ctx, m.p.Study.ID, m.p.Enrolment.ID)
	for _, e := range entries {
		m.c.Practice = append(m.c.Practice, OwnPractice{
			Day: e.Day.String(), Practice: e.Practice, Minutes: e.Minutes, Formal: e.Formal, Helpful: e.Helpful,
			NotedAt: instantText(e.NotedAt),
		})
	}
	return err
}

// notes are opened for their person and nobody else: whoever makes a copy for
// them is told only that there are some.
func (m *copying) notes(ctx context.Context) error {
	notes := &Notes{m.env}
	for _, kind := range []NoteKind{NoteOwnWords, NoteReflection} {
		sealed, err := m.r.Notes(ctx, m.p.Study.ID, m.p.Enrolment.ID, kind)
		if err != nil {
			return err
		}
		for i := range sealed {
			n, err := notes.open(&sealed[i])
			if !m.own {
				n.Texts, n.Closed = nil, true
			}
			if err != nil && !errors.Is(err, ErrSealed) {
				return err
			}
			m.c.Notes = append(m.c.Notes, OwnNote{
				Kind: kind, WrittenAt: instantText(n.WrittenAt), ChangedAt: instantText(n.ChangedAt),
				SharedAt: instantText(n.SharedAt), Texts: n.Texts, Closed: n.Closed,
			})
		}
	}
	return nil
}

func (m *copying) records(ctx context.Context) error {
	return m.r.EachRecord(ctx, m.p.Study.ID, m.p.Enrolment.ID, func(r *Record) error {
		row := make(map[string]any, len(r.Columns))
		for i, column := range r.Columns {
			row[column] = r.Values[i]
		}
		m.c.Records[r.Table] = append(m.c.Records[r.Table], row)
		return nil
	})
}
