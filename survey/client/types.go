package client

import "time"

// Page is a part of a list.
type Page[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next" doc:"The cursor of the next page; null on the last."`
}

// Token is the token that asks.
type Token struct {
	Name      string    `json:"name"`
	Prefix    string    `json:"prefix" doc:"Its first characters."`
	Study     string    `json:"study" doc:"Short name of the study that it is for."`
	Scopes    []string  `json:"scopes" enum:"read:metadata,read:people,read:answers,write:people,write:answers" doc:"What it is for, as far as its person has a role for it now."`
	ExpiresAt time.Time `json:"expires_at"`
}

// Study is a study.
type Study struct {
	Key          string    `json:"key"`
	Title        string    `json:"title"`
	State        string    `json:"state" enum:"draft,open,closed"`
	Simulated    bool      `json:"simulated" doc:"A rehearsal: its people do not exist."`
	Language     string    `json:"language" doc:"BCP 47."`
	TimeZone     string    `json:"time_zone" doc:"IANA name."`
	PrimaryScale string    `json:"primary_scale" doc:"Key of the scale that the study is about."`
	CreatedAt    time.Time `json:"created_at"`
}

// Arm is a group.
type Arm struct {
	Key     string `json:"key"`
	Name    string `json:"name"`
	Control bool   `json:"control" doc:"The group that the course is compared with."`
	Share   int    `json:"share" doc:"Parts of the allocation ratio."`
}

// Wave is an occasion of measurement.
type Wave struct {
	Key         string   `json:"key"`
	Name        string   `json:"name"`
	ShortName   string   `json:"short_name"`
	Kind        string   `json:"kind" enum:"pre,during,post,followup"`
	Position    int      `json:"position"`
	Arm         *string  `json:"arm" doc:"Only this arm is asked; null: everyone."`
	Instruments []string `json:"instruments" doc:"Keys of the questionnaires, in order."`
}

// Instrument is a version of a questionnaire.
type Instrument struct {
	Key      string  `json:"key"`
	Version  string  `json:"version"`
	Title    string  `json:"title"`
	Language string  `json:"language"`
	Status   string  `json:"status"`
	Terms    string  `json:"terms"`
	Citation string  `json:"citation"`
	SHA256   string  `json:"sha256" doc:"Hash of its definition."`
	Items    []Item  `json:"items"`
	Scales   []Scale `json:"scales"`
}

// Item is a question.
type Item struct {
	Code    string   `json:"code"`
	Type    string   `json:"type" enum:"single,multiple,number,slider,text,long_text,date,yes_no,information"`
	Text    string   `json:"text"`
	Options []Option `json:"options" doc:"Answers to choose from; empty where there are none."`
	Min     *float64 `json:"min" doc:"Of a number; null where there is no bound."`
	Max     *float64 `json:"max"`
}

// Option is an answer to choose.
type Option struct {
	Value float64 `json:"value"`
	Label string  `json:"label"`
}

// Scale is a score.
type Scale struct {
	Key         string   `json:"key"`
	Name        string   `json:"name"`
	Items       []string `json:"items"`
	Reversed    []string `json:"reversed"`
	Method      string   `json:"method" enum:"mean,sum,mean_of_scales"`
	MinAnswered int      `json:"min_answered"`
	Direction   string   `json:"direction" enum:"higher_better,lower_better,neutral"`
}

// Variable is a column of the wide table.
type Variable struct {
	Name       string   `json:"name"`
	Label      string   `json:"label"`
	Part       string   `json:"part" enum:"item,choice,score,submitted,version,source"`
	Wave       string   `json:"wave"`
	Instrument string   `json:"instrument"`
	Code       *string  `json:"code" doc:"Of the item or the scale."`
	Option     *float64 `json:"option" doc:"Of a choice: the option that was chosen or not."`
	Kind       string   `json:"kind" enum:"number,text,day,instant"`
	Measure    string   `json:"measure" enum:"id,nominal,ordinal,scale"`
	Min        *float64 `json:"min"`
	Max        *float64 `json:"max"`
	Values     []Option `json:"values" doc:"What values mean."`
	Missing    []string `json:"missing" doc:"Why a value may be missing."`
}

// Run is a course run.
type Run struct {
	ID            string `json:"id"`
	Name          string `json:"name"`
	Course        string `json:"course"`
	CourseVersion string `json:"course_version"`
	StartsOn      string `json:"starts_on" format:"date"`
	MeetingTime   string `json:"meeting_time" doc:"By the clock of time_zone."`
	TimeZone      string `json:"time_zone"`
	Meetings      int    `json:"meetings"`
}

// Calendar is when a run meets and asks.
type Calendar struct {
	Run      Run          `json:"run"`
	Meetings []Meeting    `json:"meetings"`
	Waves    []WaveWindow `json:"waves"`
}

// Meeting is one of a run.
type Meeting struct {
	Number   int       `json:"number"`
	StartsAt time.Time `json:"starts_at"`
}

// WaveWindow is when an occasion is open.
type WaveWindow struct {
	Wave    string     `json:"wave"`
	Opens   *time.Time `json:"opens" doc:"null: each person has a window of their own."`
	Closes  *time.Time `json:"closes" doc:"The instant at which the last day has ended."`
	Expires *time.Time `json:"expires" doc:"Until when answers are taken."`
}

// NewPeople are people to be enrolled.
type NewPeople struct {
	People []NewPerson `json:"people" minItems:"1" maxItems:"5000"`
}

// NewPerson is somebody to be enrolled.
type NewPerson struct {
	Name     string `json:"name,omitempty"`
	Email    string `json:"email,omitempty"`
	Language string `json:"language,omitempty" doc:"BCP 47."`
}

// Added are people who were enrolled.
type Added struct {
	Participants []string `json:"participants" doc:"Their codes, in the order in which they were given."`
}

// Enrolment is a person in the study.
type Enrolment struct {
	Participant string     `json:"participant" doc:"Code of the person."`
	Run         string     `json:"run" doc:"Identifier of the course run."`
	Arm         string     `json:"arm"`
	EnrolledAt  time.Time  `json:"enrolled_at"`
	WithdrawnAt *time.Time `json:"withdrawn_at"`
	DeclinedAt  *time.Time `json:"declined_at"`
	CrossedTo   *string    `json:"crossed_to" doc:"Later run in which somebody who waited takes the course."`
	CrossedAt   *time.Time `json:"crossed_at"`
}

// Assessment is a questionnaire that a person is asked.
type Assessment struct {
	ID                string     `json:"id"`
	Participant       string     `json:"participant"`
	Wave              string     `json:"wave"`
	Instrument        string     `json:"instrument"`
	InstrumentVersion string     `json:"instrument_version"`
	StartedAt         *time.Time `json:"started_at"`
	SavedAt           *time.Time `json:"saved_at"`
	SubmittedAt       *time.Time `json:"submitted_at"`
}

// Response is an answer.
type Response struct {
	Assessment        string     `json:"assessment"`
	Participant       string     `json:"participant"`
	Wave              string     `json:"wave"`
	Instrument        string     `json:"instrument"`
	InstrumentVersion string     `json:"instrument_version"`
	Item              string     `json:"item"`
	Variable          *string    `json:"variable" doc:"Its column in the wide table; null where it has none or several."`
	Value             *float64   `json:"value"`
	Text              *string    `json:"text" doc:"A day, or the values that were chosen of several."`
	Missing           *string    `json:"missing" doc:"Why there is neither value nor text." enum:"skipped,not_shown,in_texts"`
	Source            *string    `json:"source" doc:"Where it came from; null: its person gave it here." enum:"import,paper"`
	AnsweredAt        time.Time  `json:"answered_at"`
	SubmittedAt       *time.Time `json:"submitted_at"`
}

// Score is a score.
type Score struct {
	Assessment        string   `json:"assessment"`
	Participant       string   `json:"participant"`
	Wave              string   `json:"wave"`
	Instrument        string   `json:"instrument"`
	InstrumentVersion string   `json:"instrument_version"`
	Scale             string   `json:"scale"`
	Variable          *string  `json:"variable"`
	Value             *float64 `json:"value" doc:"null: too few items were answered."`
	Answered          int      `json:"answered"`
	Items             int      `json:"items"`
	Rule              string   `json:"rule"`
}

// Snapshot is frozen data.
type Snapshot struct {
	Number      int       `json:"number"`
	Name        string    `json:"name"`
	TakenAt     time.Time `json:"taken_at"`
	SHA256      string    `json:"sha256"`
	People      int       `json:"people"`
	Assessments int       `json:"assessments"`
	Responses   int       `json:"responses"`
	Scores      int       `json:"scores"`
	Removed     bool      `json:"removed" doc:"Its content is gone."`
}

// Problem is an error as the server tells it (RFC 9457).
type Problem struct {
	Type   string            `json:"type" doc:"Always about:blank: the status says what kind it is."`
	Title  string            `json:"title"`
	Status int               `json:"status"`
	Detail string            `json:"detail,omitempty"`
	Faults map[string]string `json:"faults,omitempty" doc:"What is wrong with which part of what was sent."`
}

// Error is the title and the detail.
func (p *Problem) Error() string { return p.Title + ": " + p.Detail }
