package survey

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
)

// packSnapshot writes the document of a study, compressed, and completes s with
// what is known of it only then. r must show one state of the database.
func packSnapshot(ctx context.Context, r DataReader, s *Snapshot, w io.Writer) error {
	zip := gzip.NewWriter(&counting{w: w, n: &s.Packed})
	sum := sha256.New()
	lines := bufio.NewWriterSize(&counting{w: io.MultiWriter(zip, sum), n: &s.Bytes}, 64<<10)
	p := &packer{json: json.NewEncoder(lines), study: s.StudyID}
	p.json.SetEscapeHTML(false)
	if err := p.write(ctx, r, s); err != nil {
		return err
	}
	if err := lines.Flush(); err != nil {
		return err
	}
	if err := zip.Close(); err != nil {
		return err
	}
	s.Hash, s.Counts = hex.EncodeToString(sum.Sum(nil)), p.counts
	return nil
}

// counting counts what passes.
type counting struct {
	w io.Writer
	n *int64
}

func (c *counting) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	*c.n += int64(n)
	return n, err
}

// packer writes the lines of one document.
type packer struct {
	json   *json.Encoder
	study  StudyID
	person map[EnrolmentID]int
	counts SnapshotCounts
}

func (p *packer) write(ctx context.Context, r DataReader, s *Snapshot) error {
	design, err := r.Design(ctx, p.study)
	if err != nil {
		return err
	}
	err = p.json.Encode(frozenLine{Head: &frozenHead{
		Schema: SnapshotSchema, Study: freezeStudy(design.Study), TakenAt: toMillis(s.TakenAt), Program: s.Program,
		PlanVersion: s.PlanVersion, PlanHash: s.PlanHash,
	}})
	if err != nil {
		return err
	}
	if err := p.design(design); err != nil {
		return err
	}
	if err := p.people(ctx, r); err != nil {
		return err
	}
	if err := p.attendance(ctx, r); err != nil {
		return err
	}
	if err := p.assessments(ctx, r); err != nil {
		return err
	}
	return p.json.Encode(frozenLine{End: &p.counts})
}

func (p *packer) design(d StudyDesign) error {
	for _, a := range d.Arms {
		if err := p.json.Encode(frozenLine{Arm: &frozenArm{a.ID, a.Key, a.Name, a.Position, a.Control, a.Share}}); err != nil {
			return err
		}
	}
	instruments := slices.SortedFunc(maps.Values(d.Instruments), func(a, b InstrumentVersion) int {
		return cmp.Or(strings.Compare(a.Definition.Key, b.Definition.Key), strings.Compare(string(a.ID), string(b.ID)))
	})
	for _, v := range instruments {
		definition, err := v.Definition.Canonical()
		if err != nil {
			return err
		}
		err = p.json.Encode(frozenLine{Instrument: &frozenInstrument{v.ID, v.Hash, toMillis(v.CreatedAt), definition}})
		if err != nil {
			return err
		}
	}
	for _, w := range d.Waves {
		err := p.json.Encode(frozenLine{Wave: &frozenWave{
			w.ID, w.Key, w.Name, w.ShortName, w.Kind, w.Position, w.Rule.OpensDay, w.Rule.ClosesDay, w.ArmID, w.Sets,
			w.Rule.Anchor, w.Rule.Meeting, w.Rule.Wave, w.Rule.Months, w.Rule.Timed, w.Rule.OpensMinute, w.Rule.ClosesMinute,
			w.Rule.GraceDays, w.Rule.GraceMinutes, w.Rule.LateDays,
		}})
		if err != nil {
			return err
		}
	}
	for _, old := range d.Former {
		err := p.json.Encode(frozenLine{Former: &frozenFormer{old.WaveID, old.InstrumentID, old.ReplacedBy, toMillis(old.ReplacedAt)}})
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *packer) people(ctx context.Context, r DataReader) error {
	runs, err := r.Runs(ctx, p.study)
	if err != nil {
		return err
	}
	for _, s := range runs {
		err := p.json.Encode(frozenLine{Run: &frozenRun{
			s.Run.ID, s.Run.Name, s.Run.CourseKey, s.Run.CourseVersion, s.Run.StartsOn.String(), s.Run.TimeZone,
			toMillis(s.Run.CreatedAt), s.Enrolled, s.Withdrawn, s.Erased, s.Run.MeetingTime, s.Run.Breaks, s.Run.Moved,
		}})
		if err != nil {
			return err
		}
	}
	people, err := r.Enrolments(ctx, p.study)
	if err != nil {
		return err
	}
	choices, err := r.StudyChoices(ctx, p.study)
	if err != nil {
		return err
	}
	p.person = make(map[EnrolmentID]int, len(people))
	for i, e := range people {
		p.person[e.ID] = i
		err := p.json.Encode(frozenLine{Person: &frozenPerson{
			e.ID, e.ParticipantID, e.Code, e.RunID, e.ArmID, e.Assigned, toMillis(e.EnrolledAt), toMillis(e.WithdrawnAt),
			toMillis(e.DeclinedAt), e.CrossedTo, toMillis(e.CrossedAt), toMillis(e.RunSince), choices[e.ID],
		}})
		if err != nil {
			return err
		}
	}
	p.counts.People = len(people)
	return nil
}

func (p *packer) attendance(ctx context.Context, r DataReader) error {
	notes, err := r.StudyAttendance(ctx, p.study)
	if err != nil {
		return err
	}
	p.counts.Attendance = len(notes)
	for len(notes) > 0 {
		line := frozenAttendance{Person: p.person[notes[0].EnrolmentID]}
		n := 0
		for n < len(notes) && notes[n].EnrolmentID == notes[0].EnrolmentID {
			line.Meetings, line.Present = append(line.Meetings, notes[n].Meeting), append(line.Present, notes[n].Present)
			n++
		}
		notes = notes[n:]
		if err := p.json.Encode(frozenLine{Attendance: &line}); err != nil {
			return err
		}
	}
	return nil
}

// sitting names an assessment as scores do.
type sitting struct {
	enrolment  EnrolmentID
	wave       WaveID
	instrument InstrumentID
}

// assessments writes each assessment with its answers, which come in the same
// order, and its scores, which come in none and are held.
func (p *packer) assessments(ctx context.Context, r DataReader) error {
	var all []Assessment
	if err := r.EachAssessment(ctx, p.study, func(a *Assessment) error { all = append(all, *a); return nil }); err != nil {
		return err
	}
	scores := map[sitting][]frozenScore{}
	err := r.EachScore(ctx, p.study, nil, func(s *ScoreRow) error {
		f := frozenScore{Scale: s.Scale, Answered: s.Answered, Items: s.Items, Rule: s.Rule}
		if s.Valid {
			value := s.Value
			f.Value = &value
		}
		at := sitting{s.EnrolmentID, s.WaveID, s.InstrumentID}
		scores[at] = append(scores[at], f)
		return nil
	})
	if err != nil {
		return err
	}
	next := 0
	answers := &answerColumns{}
	// until writes the assessments before the one that is being answered.
	until := func(id AssessmentID) error {
		for next < len(all) && all[next].ID != id {
			a := all[next]
			next++
			if err := p.assessment(a, answers, scores[sitting{a.EnrolmentID, a.WaveID, a.InstrumentID}]); err != nil {
				return err
			}
			answers = &answerColumns{}
		}
		if next == len(all) && id != "" {
			return fmt.Errorf("an answer to assessment %s comes out of order", id)
		}
		return nil
	}
	current := AssessmentID("")
	err = r.EachResponse(ctx, p.study, func(row *ResponseRow) error {
		if row.AssessmentID != current {
			if err := until(row.AssessmentID); err != nil {
				return err
			}
			current = row.AssessmentID
		}
		answers.add(row)
		p.counts.Responses++
		return nil
	})
	if err != nil {
		return err
	}
	return until("")
}

// answerColumns are the answers of one assessment.
type answerColumns struct {
	items   []string
	values  numbers
	texts   map[string]string
	missing map[string]MissingCode
	sources map[string]Source
	at      []int64
}

func (c *answerColumns) add(r *ResponseRow) {
	value := r.Value
	if r.Text != "" {
		value = math.NaN()
		if c.texts == nil {
			c.texts = map[string]string{}
		}
		c.texts[r.Item] = r.Text
	}
	if r.Missing != NotMissing {
		value = math.NaN()
		if c.missing == nil {
			c.missing = map[string]MissingCode{}
		}
		c.missing[r.Item] = r.Missing
	}
	if r.Source != SourcePerson {
		if c.sources == nil {
			c.sources = map[string]Source{}
		}
		c.sources[r.Item] = r.Source
	}
	c.items, c.values = append(c.items, r.Item), append(c.values, value)
	c.at = append(c.at, int64(toMillis(r.AnsweredAt)))
}

func (p *packer) assessment(a Assessment, c *answerColumns, scores []frozenScore) error {
	person, known := p.person[a.EnrolmentID]
	if !known {
		return fmt.Errorf("assessment %s is nobody's: %w", a.ID, ErrReference)
	}
	slices.SortFunc(scores, func(a, b frozenScore) int { return strings.Compare(a.Scale, b.Scale) })
	line := frozenAssessment{
		ID: a.ID, Person: person, Wave: a.WaveID, Instrument: a.InstrumentID, Position: a.Position,
		StartedAt: toMillis(a.StartedAt), SavedAt: toMillis(a.SavedAt), SubmittedAt: toMillis(a.SubmittedAt),
		Values: c.values, Texts: c.texts, Missing: c.missing, Sources: c.sources, AnsweredAt: c.at, Scores: scores,
	}
	if len(c.items) > 0 {
		items, err := json.Marshal(c.items)
		if err != nil {
			return err
		}
		line.Items = items
	}
	p.counts.Assessments++
	p.counts.Scores += len(scores)
	return p.json.Encode(frozenLine{Assessment: &line})
}
