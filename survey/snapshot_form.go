package survey

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"tidemark/survey/schedule"
)

// SnapshotSchema names the form of a snapshot's document.
//
// The document is UTF-8 text with one JSON object on each line, each with one
// name that says what it is: the head, then "arm", "instrument", "wave", "run",
// "person", "attendance" and "assessment" in a fixed order, and "end" with the
// number of rows. Instants are milliseconds since 1970 in UTC, left out when there
// are none. People and what belongs to them refer by position, from 0. The same
// data, frozen at the same instant by the same program, give the same bytes; the
// hash is of these bytes, before compression.
//
// It holds no names, addresses or links of people, nor where a course meets.
const SnapshotSchema = "tidemark.snapshot/1"

// millis is an instant in a document.
type millis int64

func toMillis(t time.Time) millis {
	if t.IsZero() {
		return 0
	}
	return millis(t.UnixMilli())
}

func (m millis) time() time.Time {
	if m == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(m)).UTC()
}

// frozenLine is a line of the document; one field is set.
type frozenLine struct {
	Head       *frozenHead       `json:"snapshot,omitempty"`
	Arm        *frozenArm        `json:"arm,omitempty"`
	Instrument *frozenInstrument `json:"instrument,omitempty"`
	Wave       *frozenWave       `json:"wave,omitempty"`
	Former     *frozenFormer     `json:"former,omitempty"`
	Run        *frozenRun        `json:"run,omitempty"`
	Person     *frozenPerson     `json:"person,omitempty"`
	Attendance *frozenAttendance `json:"attendance,omitempty"`
	Assessment *frozenAssessment `json:"assessment,omitempty"`
	End        *SnapshotCounts   `json:"end,omitempty"`
}

// frozenFormer is a questionnaire that a wave asked until it was replaced.
type frozenFormer struct {
	Wave       WaveID       `json:"wave"`
	Instrument InstrumentID `json:"instrument"`
	ReplacedBy InstrumentID `json:"replaced_by"`
	ReplacedAt millis       `json:"replaced_at"`
}

type frozenHead struct {
	Schema      string      `json:"schema"`
	Study       frozenStudy `json:"study"`
	TakenAt     millis      `json:"taken_at"`
	Program     string      `json:"program"`
	PlanVersion int         `json:"plan_version,omitempty"`
	PlanHash    string      `json:"plan_hash,omitempty"`
}

type frozenStudy struct {
	ID             StudyID    `json:"id"`
	Key            string     `json:"key"`
	Title          string     `json:"title"`
	State          StudyState `json:"state"`
	Simulated      bool       `json:"simulated"`
	Language       string     `json:"language"`
	TimeZone       string     `json:"time_zone"`
	ConsentVersion int        `json:"consent_version"`
	TrendMinimum   int        `json:"trend_minimum"`
	PrimaryScale   string     `json:"primary_scale"`
	Feedback       Feedback   `json:"feedback,omitempty"`
	CreatedAt      millis     `json:"created_at"`
}

type frozenArm struct {
	ID       ArmID  `json:"id"`
	Key      string `json:"key"`
	Name     string `json:"name"`
	Position int    `json:"position"`
	Control  bool   `json:"control"`
	Share    int    `json:"share"`
}

type frozenInstrument struct {
	ID         InstrumentID    `json:"id"`
	Hash       string          `json:"hash"`
	CreatedAt  millis          `json:"created_at"`
	Definition json.RawMessage `json:"definition"`
}

type frozenWave struct {
	ID        WaveID         `json:"id"`
	Key       string         `json:"key"`
	Name      string         `json:"name"`
	ShortName string         `json:"short_name"`
	Kind      WaveKind       `json:"kind"`
	Position  int            `json:"position"`
	OpensDay  int            `json:"opens_day"`
	ClosesDay int            `json:"closes_day"`
	Arm       ArmID          `json:"arm,omitempty"`
	Sets      []InstrumentID `json:"instruments"`
	// What the days are counted from, and the rest of the rule; see schedule.Rule.
	Anchor       schedule.Anchor `json:"anchor,omitempty"`
	Meeting      int             `json:"meeting,omitempty"`
	Follows      string          `json:"follows,omitempty"`
	Months       int             `json:"months,omitempty"`
	Timed        bool            `json:"timed,omitempty"`
	OpensMinute  int             `json:"opens_minute,omitempty"`
	ClosesMinute int             `json:"closes_minute,omitempty"`
	GraceDays    int             `json:"grace_days,omitempty"`
	GraceMinutes int             `json:"grace_minutes,omitempty"`
	LateDays     int             `json:"late_days,omitempty"`
}

type frozenRun struct {
	ID            RunID  `json:"id"`
	Name          string `json:"name"`
	CourseKey     string `json:"course"`
	CourseVersion string `json:"course_version"`
	StartsOn      string `json:"starts_on"`
	TimeZone      string `json:"time_zone"`
	CreatedAt     millis `json:"created_at"`
	Enrolled      int    `json:"enrolled"`
	Withdrawn     int    `json:"withdrawn"`
	// Erased are people of whom nothing is left, counted in Enrolled.
	Erased []ErasedCount `json:"erased,omitempty"`
	// When its meetings begin, and how its days differ from one meeting a week.
	MeetingTime string           `json:"meeting_time,omitempty"`
	Breaks      []schedule.Break `json:"breaks,omitempty"`
	Moved       map[int]int      `json:"moved,omitempty"`
}

type frozenPerson struct {
	ID          EnrolmentID   `json:"id"`
	Participant ParticipantID `json:"participant"`
	Code        string        `json:"code"`
	Run         RunID         `json:"run"`
	Arm         ArmID         `json:"arm"`
	Assigned    bool          `json:"assigned"`
	EnrolledAt  millis        `json:"enrolled_at"`
	WithdrawnAt millis        `json:"withdrawn_at,omitempty"`
	DeclinedAt  millis        `json:"declined_at,omitempty"`
	CrossedTo   RunID         `json:"crossed_to,omitempty"`
	CrossedAt   millis        `json:"crossed_at,omitempty"`
	RunSince    millis        `json:"run_since,omitempty"`
	// Choices are what the person said to the optional consents.
	Choices ConsentChoices `json:"choices,omitempty"`
}

// frozenAttendance is what was noted of one person.
type frozenAttendance struct {
	Person   int    `json:"person"`
	Meetings []int  `json:"meetings"`
	Present  []bool `json:"present"`
}

// frozenAssessment is one questionnaire of one person with its answers and
// scores, each a column.
type frozenAssessment struct {
	ID          AssessmentID `json:"id"`
	Person      int          `json:"person"`
	Wave        WaveID       `json:"wave"`
	Instrument  InstrumentID `json:"instrument"`
	Position    int          `json:"position"`
	StartedAt   millis       `json:"started_at,omitempty"`
	SavedAt     millis       `json:"saved_at,omitempty"`
	SubmittedAt millis       `json:"submitted_at,omitempty"`
	// Items are the codes of the answered and skipped items as a JSON list,
	// sorted. A value that is null has its words in Texts, or its reason in Missing.
	Items      json.RawMessage        `json:"items,omitempty"`
	Values     numbers                `json:"values,omitempty"`
	Texts      map[string]string      `json:"texts,omitempty"`
	Missing    map[string]MissingCode `json:"missing,omitempty"`
	Sources    map[string]Source      `json:"sources,omitempty"`
	AnsweredAt []int64                `json:"answered_at,omitempty"`
	Scores     []frozenScore          `json:"scores,omitempty"`
}

// frozenScore is one score; Value nil: it could not be computed.
type frozenScore struct {
	Scale    string   `json:"scale"`
	Value    *float64 `json:"value"`
	Answered int      `json:"answered"`
	Items    int      `json:"items"`
	Rule     string   `json:"rule"`
}

// numbers is a JSON list of numbers and nulls; NaN stands for null. It is most of
// a document, so it is written and read without reflection.
type numbers []float64

// MarshalJSON writes the list.
func (n numbers) MarshalJSON() ([]byte, error) {
	b := append(make([]byte, 0, 4*len(n)+2), '[')
	for i, v := range n {
		if i > 0 {
			b = append(b, ',')
		}
		switch {
		case math.IsNaN(v):
			b = append(b, "null"...)
		case math.IsInf(v, 0):
			return nil, errors.New("an infinite value cannot be kept")
		case v == math.Trunc(v) && math.Abs(v) < 1e15:
			b = strconv.AppendInt(b, int64(v), 10)
		default:
			b = strconv.AppendFloat(b, v, 'g', -1, 64)
		}
	}
	return append(b, ']'), nil
}

// UnmarshalJSON reads the list.
func (n *numbers) UnmarshalJSON(data []byte) error {
	data = bytes.TrimSpace(data)
	if len(data) < 2 || data[0] != '[' || data[len(data)-1] != ']' {
		return errors.New("not a list of numbers")
	}
	data = data[1 : len(data)-1]
	*n = make(numbers, 0, bytes.Count(data, []byte{','})+1)
	for len(data) > 0 {
		cell, rest, _ := bytes.Cut(data, []byte{','})
		data = rest
		if string(cell) == "null" {
			*n = append(*n, math.NaN())
			continue
		}
		v, err := strconv.ParseFloat(string(cell), 64)
		if err != nil {
			return fmt.Errorf("not a number: %w", err)
		}
		*n = append(*n, v)
	}
	return nil
}

func freezeStudy(s Study) frozenStudy {
	return frozenStudy{
		s.ID, s.Key, s.Title, s.State, s.Simulated, s.Language, s.TimeZone, s.ConsentVersion, s.TrendMinimum, s.PrimaryScale, s.Feedback,
		toMillis(s.CreatedAt),
	}
}

func (s frozenStudy) study() Study {
	return Study{
		s.ID, s.Key, s.Title, s.State, s.Simulated, s.Language, s.TimeZone, s.ConsentVersion, s.TrendMinimum, s.PrimaryScale, s.Feedback,
		s.CreatedAt.time(),
	}
}

func (w frozenWave) wave(study StudyID) Wave {
	return Wave{
		ID: w.ID, StudyID: study, Key: w.Key, Name: w.Name, ShortName: w.ShortName, Kind: w.Kind, Position: w.Position,
		Rule: schedule.Rule{
			Anchor: w.Anchor, Meeting: w.Meeting, Wave: w.Follows, Months: w.Months, OpensDay: w.OpensDay, ClosesDay: w.ClosesDay,
			Timed: w.Timed, OpensMinute: w.OpensMinute, ClosesMinute: w.ClosesMinute,
			GraceDays: w.GraceDays, GraceMinutes: w.GraceMinutes, LateDays: w.LateDays,
		}, ArmID: w.Arm, Sets: w.Sets,
	}
}

func (r frozenRun) run(study StudyID) (RunSummary, error) {
	starts, err := schedule.ParseDate(r.StartsOn)
	return RunSummary{Run: CourseRun{
		ID: r.ID, StudyID: study, Name: r.Name, CourseKey: r.CourseKey, CourseVersion: r.CourseVersion,
		StartsOn: starts, TimeZone: r.TimeZone, CreatedAt: r.CreatedAt.time(),
		MeetingTime: r.MeetingTime, Breaks: r.Breaks, Moved: r.Moved,
	}, Enrolled: r.Enrolled, Withdrawn: r.Withdrawn, Erased: r.Erased}, err
}

func (p frozenPerson) enrolment(study StudyID) Enrolment {
	return Enrolment{
		ID: p.ID, StudyID: study, ParticipantID: p.Participant, Code: p.Code, RunID: p.Run, ArmID: p.Arm,
		Assigned: p.Assigned, EnrolledAt: p.EnrolledAt.time(), WithdrawnAt: p.WithdrawnAt.time(),
		DeclinedAt: p.DeclinedAt.time(), CrossedTo: p.CrossedTo, CrossedAt: p.CrossedAt.time(),
		RunSince: p.RunSince.time(),
	}
}
