package store

import (
	"cmp"
	"database/sql"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

// Rows as GORM reads and writes them. They have no associations and no hooks;
// the field names make the column names, except where a name would wake one of
// GORM's own habits (a field called CreatedAt is filled in by it when zero).

type studyRow struct {
	ID             string
	Key            string
	Title          string
	State          string
	Simulated      bool
	Language       string
	TimeZone       string
	ConsentVersion int
	TrendMinimum   int
	PrimaryScale   string
	Feedback       string
	Erasure        string  // written here, read by ErasurePolicy
	Created        instant `gorm:"column:created_at"`
}

func studyToRow(s survey.Study) *studyRow {
	return &studyRow{
		ID: string(s.ID), Key: s.Key, Title: s.Title, State: string(s.State), Simulated: s.Simulated,
		Language: s.Language, TimeZone: s.TimeZone, ConsentVersion: s.ConsentVersion,
		TrendMinimum: s.TrendMinimum, PrimaryScale: s.PrimaryScale, Feedback: string(cmp.Or(s.Feedback, survey.FeedbackNever)),
		Erasure: string(survey.ErasureAllowed), // until SetErasurePolicy says otherwise
		Created: instant(s.CreatedAt),
	}
}

func (r studyRow) study() survey.Study {
	return survey.Study{
		ID: survey.StudyID(r.ID), Key: r.Key, Title: r.Title, State: survey.StudyState(r.State),
		Simulated: r.Simulated, Language: r.Language, TimeZone: r.TimeZone,
		ConsentVersion: r.ConsentVersion, TrendMinimum: r.TrendMinimum,
		PrimaryScale: r.PrimaryScale, Feedback: survey.Feedback(r.Feedback), CreatedAt: r.Created.time(),
	}
}

type armRow struct {
	StudyID  string
	ID       string
	Key      string
	Name     string
	Position int
	Control  bool
	Share    int
}

func armToRow(a survey.Arm) *armRow {
	return &armRow{
		StudyID: string(a.StudyID), ID: string(a.ID), Key: a.Key, Name: a.Name,
		Position: a.Position, Control: a.Control, Share: a.Share,
	}
}

func (r armRow) arm() survey.Arm {
	return survey.Arm{
		ID: survey.ArmID(r.ID), StudyID: survey.StudyID(r.StudyID), Key: r.Key, Name: r.Name,
		Position: r.Position, Control: r.Control, Share: r.Share,
	}
}

type waveRow struct {
	StudyID   string
	ID        string
	Key       string
	Name      string
	ShortName string
	Kind      string
	Position  int
	OpensDay  int
	ClosesDay int
	ArmID     optional

	Anchor                    string
	Meeting                   int
	Follows                   string
	Months                    int
	Timed                     bool
	OpensMinute, ClosesMinute int
	GraceDays, GraceMinutes   int
	LateDays                  int
}

func waveToRow(w survey.Wave) *waveRow {
	r := w.Rule
	return &waveRow{
		StudyID: string(w.StudyID), ID: string(w.ID), Key: w.Key, Name: w.Name, ShortName: w.ShortName,
		Kind: string(w.Kind), Position: w.Position, OpensDay: r.OpensDay, ClosesDay: r.ClosesDay, ArmID: optional(w.ArmID),
		Anchor: cmp.Or(string(r.Anchor), anchorStart), Meeting: r.Meeting, Follows: r.Wave, Months: r.Months, Timed: r.Timed,
		OpensMinute: r.OpensMinute, ClosesMinute: r.ClosesMinute, GraceDays: r.GraceDays, GraceMinutes: r.GraceMinutes,
		LateDays: r.LateDays,
	}
}

// anchorStart is what the anchor without a name is called in a column.
const anchorStart = "start"

func (r waveRow) wave() survey.Wave {
	rule := schedule.Rule{
		Anchor: schedule.Anchor(r.Anchor), Meeting: r.Meeting, Wave: r.Follows, Months: r.Months,
		OpensDay: r.OpensDay, ClosesDay: r.ClosesDay, Timed: r.Timed, OpensMinute: r.OpensMinute, ClosesMinute: r.ClosesMinute,
		GraceDays: r.GraceDays, GraceMinutes: r.GraceMinutes, LateDays: r.LateDays,
	}
	if r.Anchor == anchorStart {
		rule.Anchor = schedule.AnchorStart
	}
	return survey.Wave{
		ID: survey.WaveID(r.ID), StudyID: survey.StudyID(r.StudyID), Key: r.Key, Name: r.Name,
		ShortName: r.ShortName, Kind: survey.WaveKind(r.Kind), Position: r.Position, Rule: rule, ArmID: survey.ArmID(r.ArmID),
	}
}

// waveColumns are read together with an assessment, in the order of
// waveRow.targets.
const waveColumns = `w.study_id, w.id, w.key, w.name, w.short_name, w.kind, w.position, w.opens_day, w.closes_day, w.arm_id,
	w.anchor, w.meeting, w.follows, w.months, w.timed, w.opens_minute, w.closes_minute, w.grace_days, w.grace_minutes, w.late_days`

func (r *waveRow) targets() []any {
	return []any{
		&r.StudyID, &r.ID, &r.Key, &r.Name, &r.ShortName, &r.Kind, &r.Position,
		&r.OpensDay, &r.ClosesDay, &r.ArmID,
		&r.Anchor, &r.Meeting, &r.Follows, &r.Months, &r.Timed, &r.OpensMinute, &r.ClosesMinute, &r.GraceDays,
		&r.GraceMinutes, &r.LateDays,
	}
}

type waveSetRow struct {
	StudyID      string
	WaveID       string
	Position     int
	InstrumentID string
}

type instrumentVersionRow struct {
	ID         string
	Key        string
	Version    string
	Hash       string
	Definition string
	Created    instant `gorm:"column:created_at"`
}

type courseRunRow struct {
	StudyID       string
	ID            string
	Name          string
	CourseKey     string
	CourseVersion string
	StartsOn      day
	MeetingTime   string
	TimeZone      string
	Location      string
	Created       instant `gorm:"column:created_at"`
	Calendar      calendar
}

func runToRow(r survey.CourseRun) *courseRunRow {
	return &courseRunRow{
		StudyID: string(r.StudyID), ID: string(r.ID), Name: r.Name, CourseKey: r.CourseKey,
		CourseVersion: r.CourseVersion, StartsOn: day(r.StartsOn), MeetingTime: r.MeetingTime,
		TimeZone: r.TimeZone, Location: r.Location, Created: instant(r.CreatedAt),
		Calendar: calendar{r.Breaks, r.Moved},
	}
}

func (r courseRunRow) run() survey.CourseRun {
	return survey.CourseRun{
		ID: survey.RunID(r.ID), StudyID: survey.StudyID(r.StudyID), Name: r.Name,
		CourseKey: r.CourseKey, CourseVersion: r.CourseVersion, StartsOn: schedule.Date(r.StartsOn),
		MeetingTime: r.MeetingTime, TimeZone: r.TimeZone, Location: r.Location,
		CreatedAt: r.Created.time(), Breaks: r.Calendar.Breaks, Moved: r.Calendar.Moved,
	}
}

type personalLinkRow struct {
	StudyID     string
	EnrolmentID string
	Generation  int
	TokenHash   string
	ExpiresAt   instant
	RevokedAt   instant
	CodeHash    optional
}

func linkToRow(l survey.PersonalLink) *personalLinkRow {
	return &personalLinkRow{
		StudyID: string(l.StudyID), EnrolmentID: string(l.EnrolmentID), Generation: l.Generation,
		TokenHash: l.TokenHash, ExpiresAt: instant(l.ExpiresAt), RevokedAt: instant(l.RevokedAt), CodeHash: optional(l.CodeHash),
	}
}

func (r personalLinkRow) link() survey.PersonalLink {
	return survey.PersonalLink{
		StudyID: survey.StudyID(r.StudyID), EnrolmentID: survey.EnrolmentID(r.EnrolmentID),
		Generation: r.Generation, TokenHash: r.TokenHash, ExpiresAt: r.ExpiresAt.time(),
		RevokedAt: r.RevokedAt.time(), CodeHash: string(r.CodeHash),
	}
}

type auditEventRow struct {
	StudyID    string
	ID         string
	At         instant
	ActorKind  string
	ActorID    string
	Action     string
	ObjectKind string
	ObjectID   string
	Detail     string
	SubjectID  string
	TextHash   string
	Seq        sql.NullInt64
	SealedAt   instant
	PrevHash   string
	Hash       string
}
