package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"tidemark/survey"
)

// enrolmentColumns are read from enrolment e, participant p and crossover x.
const enrolmentColumns = `e.id, e.study_id, e.participant_id, p.code, e.run_id, e.arm_id, e.assigned,
	e.enrolled_at, e.withdrawn_at, e.paused_at, e.declined_at, coalesce(e.language, ''), coalesce(e.time_zone, ''), e.time_zone_chosen,
	coalesce(x.run_id, ''), x.crossed_at, coalesce(e.linked_to, ''), e.run_joined_at`

type enrolmentRow struct {
	ID, StudyID, ParticipantID, Code, RunID, ArmID string
	Assigned                                       bool
	EnrolledAt, WithdrawnAt, PausedAt, DeclinedAt  instant
	Language, TimeZone                             string
	ZoneChosen                                     bool
	CrossedTo                                      string
	CrossedAt                                      instant
	LinkedTo                                       string
	RunSince                                       instant
}

// targets are where enrolmentColumns go.
func (r *enrolmentRow) targets() []any {
	return []any{
		&r.ID, &r.StudyID, &r.ParticipantID, &r.Code, &r.RunID, &r.ArmID, &r.Assigned,
		&r.EnrolledAt, &r.WithdrawnAt, &r.PausedAt, &r.DeclinedAt, &r.Language,
		&r.TimeZone, &r.ZoneChosen,
		&r.CrossedTo, &r.CrossedAt, &r.LinkedTo, &r.RunSince,
	}
}

func (r *enrolmentRow) enrolment() survey.Enrolment {
	return survey.Enrolment{
		ID: survey.EnrolmentID(r.ID), StudyID: survey.StudyID(r.StudyID),
		ParticipantID: survey.ParticipantID(r.ParticipantID), Code: r.Code, RunID: survey.RunID(r.RunID),
		ArmID: survey.ArmID(r.ArmID), Assigned: r.Assigned, EnrolledAt: r.EnrolledAt.time(), WithdrawnAt: r.WithdrawnAt.time(),
		PausedAt: r.PausedAt.time(), DeclinedAt: r.DeclinedAt.time(), Language: r.Language,
		TimeZone: r.TimeZone, ZoneChosen: r.ZoneChosen,
		CrossedTo: survey.RunID(r.CrossedTo), CrossedAt: r.CrossedAt.time(),
		LinkedTo: survey.EnrolmentID(r.LinkedTo), RunSince: r.RunSince.time(),
	}
}

func (r reader) enrolments(ctx context.Context, rest string, args ...any) ([]survey.Enrolment, error) {
	people := []survey.Enrolment{}
	var row enrolmentRow
	err := r.each(ctx, row.targets(), func() error {
		people = append(people, row.enrolment())
		return nil
	}, `SELECT `+enrolmentColumns+`
		FROM enrolment e JOIN participant p ON p.study_id = e.study_id AND p.id = e.participant_id
		LEFT JOIN crossover x ON x.study_id = e.study_id AND x.enrolment_id = e.id `+rest, args...)
	return people, err
}

// participationColumns and participationTables read a whole participation; an
// enrolment e is joined to what comes before them.
const (
	participationColumns = studyColumns + `, ` + runColumns + `, ` + enrolmentColumns + `, m.key, m.name, m.control,
	coalesce((SELECT max(c.version) FROM consent c
		WHERE c.study_id = e.study_id AND c.enrolment_id = e.id AND c.withdrawn_at IS NULL), 0),
	coalesce((SELECT max(n.version) FROM consent_text n
		WHERE n.study_id = s.id AND n.version <= s.consent_version AND NOT n.wording_only), 0)`
	participationTables = `
	JOIN participant p ON p.study_id = e.study_id AND p.id = e.participant_id
	JOIN study s ON s.id = e.study_id
	JOIN course_run r ON r.study_id = e.study_id AND r.id = e.run_id
	JOIN arm m ON m.study_id = e.study_id AND m.id = e.arm_id
	LEFT JOIN crossover x ON x.study_id = e.study_id AND x.enrolment_id = e.id `
)

type participationRow struct {
	study     studyRow
	run       courseRunRow
	enrolment enrolmentRow
	armKey    string
	armName   string
	control   bool
	consent   int
	needed    int
}

func (r *participationRow) targets() []any {
	all := make([]any, 0, 48)
	all = append(all, r.study.targets()...)
	all = append(all, r.run.targets()...)
	all = append(all, r.enrolment.targets()...)
	return append(all, &r.armKey, &r.armName, &r.control, &r.consent, &r.needed)
}

func (r *participationRow) participation() survey.Participation {
	return survey.Participation{
		Study: r.study.study(), Run: r.run.run(), Enrolment: r.enrolment.enrolment(),
		ArmKey: r.armKey, ArmName: r.armName, Control: r.control, ConsentVersion: r.consent,
		ConsentNeeded: r.needed,
	}
}

// signedIn finds an enrolment e by a participant cookie, with what is put in.
func (r reader) signedIn(columns, tables, conditions string) string {
	return ` FROM (SELECT e.*` + columns + ` FROM sign_in i
		JOIN enrolment e ON e.study_id = i.study_id AND e.id = i.enrolment_id ` + tables + `
		WHERE i.token_hash = ? AND i.kind = 'participant' AND i.expires_at > ?` + conditions +
		fence(r.db.Dialector.Name()) + `) e` + participationTables
}

// ParticipationBySignIn finds whom a participant cookie belongs to.
func (r reader) ParticipationBySignIn(ctx context.Context, tokenHash string, now time.Time) (survey.Participation, error) {
	var row participationRow
	err := r.one(ctx, row.targets(), `SELECT `+participationColumns+r.signedIn("", "", ""), tokenHash, r.at(now))
	switch {
	case errors.Is(err, survey.ErrNotFound):
		return survey.Participation{}, survey.ErrNotSignedIn
	case err != nil:
		return survey.Participation{}, wrap(err, "participation by sign-in")
	}
	return row.participation(), nil
}

// followedAt is when the person e completed the wave that wave w follows; only for
// such a wave is anything looked up.
const followedAt = `CASE WHEN w.anchor = 'wave' THEN (
		SELECT CASE WHEN count(*) = count(x.submitted_at) THEN max(x.submitted_at) END
		FROM assessment x JOIN wave y ON y.study_id = x.study_id AND y.id = x.wave_id
		WHERE x.study_id = e.study_id AND x.enrolment_id = e.id AND y.key = w.follows) END`

// ParticipationAtAssessment finds whom a participant cookie belongs to, with an
// assessment of theirs.
func (r reader) ParticipationAtAssessment(ctx context.Context, tokenHash string, now time.Time, id survey.AssessmentID) (survey.Participation, survey.OpenAssessment, error) {
	var row participationRow
	var a assessmentRow
	var w waveRow
	var followed instant
	err := r.one(ctx, append(slices.Concat(row.targets(), a.targets(), w.targets()), &followed), `SELECT `+participationColumns+`,
		e.study_id, e.assessment_id, e.id, e.wave_id, e.instrument_id, e.position, e.started_at, e.saved_at, e.submitted_at, e.item_order, `+waveColumns+
		`, `+followedAt+r.signedIn(`, a.id AS assessment_id, a.wave_id, a.instrument_id, a.position, a.started_at, a.saved_at, a.submitted_at,
			a.item_order`,
		`JOIN assessment a ON a.study_id = e.study_id AND a.enrolment_id = e.id`, ` AND a.id = ?`)+`
		JOIN wave w ON w.study_id = e.study_id AND w.id = e.wave_id`, tokenHash, r.at(now), string(id))
	if err != nil {
		return survey.Participation{}, survey.OpenAssessment{}, wrap(err, "participation at assessment %s", id)
	}
	return row.participation(), survey.OpenAssessment{Assessment: a.assessment(), Wave: w.wave(), FollowedAt: followed.time()}, nil
}

const participationByLink = `SELECT ` + participationColumns + `, ` + linkColumns + `
	FROM personal_link l JOIN enrolment e ON e.study_id = l.study_id AND e.id = l.enrolment_id` + participationTables

// ParticipationByCode finds whom a code belongs to, and its link.
func (r reader) ParticipationByCode(ctx context.Context, codeHash string) (survey.Participation, survey.PersonalLink, error) {
	var row participationRow
	var link personalLinkRow
	err := r.one(ctx, append(row.targets(), link.targets()...), participationByLink+`WHERE l.code_hash = ?`, codeHash)
	if err != nil {
		return survey.Participation{}, survey.PersonalLink{}, wrap(err, "participation by code")
	}
	return row.participation(), link.link(), nil
}

// SetCode gives a link a code.
func (t *transaction) SetCode(ctx context.Context, study survey.StudyID, id survey.EnrolmentID, generation int, codeHash string) error {
	_, err := t.change(ctx, `UPDATE personal_link SET code_hash = ?
		WHERE study_id = ? AND enrolment_id = ? AND generation = ? AND code_hash IS NULL`, codeHash, string(study), string(id), generation)
	return wrap(err, "set the code of %s", id)
}

// ParticipationByLink finds whom a personal link belongs to, and the link.
func (r reader) ParticipationByLink(ctx context.Context, tokenHash string) (survey.Participation, survey.PersonalLink, error) {
	var row participationRow
	var link personalLinkRow
	err := r.one(ctx, append(row.targets(), link.targets()...), participationByLink+`WHERE l.token_hash = ?`, tokenHash)
	if err != nil {
		return survey.Participation{}, survey.PersonalLink{}, wrap(err, "participation by link")
	}
	return row.participation(), link.link(), nil
}

// Participation reads one participation.
func (r reader) Participation(ctx context.Context, study survey.StudyID, id survey.EnrolmentID) (survey.Participation, error) {
	var row participationRow
	err := r.one(ctx, row.targets(), `SELECT `+participationColumns+` FROM enrolment e`+participationTables+
		`WHERE e.study_id = ? AND e.id = ?`, string(study), string(id))
	if err != nil {
		return survey.Participation{}, wrap(err, "participation %s", id)
	}
	return row.participation(), nil
}

// Codes are all participant codes of a study.
func (r reader) Codes(ctx context.Context, study survey.StudyID) ([]string, error) {
	codes := []string{}
	var code string
	err := r.each(ctx, []any{&code}, func() error {
		codes = append(codes, code)
		return nil
	}, `SELECT code FROM participant WHERE study_id = ? ORDER BY code`, string(study))
	return codes, wrap(err, "codes of study %s", study)
}

// Enrol writes people in bulk.
func (t *transaction) Enrol(ctx context.Context, people []survey.NewPerson) error {
	for _, write := range []func(context.Context, []survey.NewPerson) error{
		t.enrolParticipants, t.enrolContacts, t.enrolEnrolments, t.enrolLinks, t.enrolAssessments,
	} {
		if err := write(ctx, people); err != nil {
			return wrap(err, "enrol %d people", len(people))
		}
	}
	return nil
}

func (t *transaction) enrolParticipants(ctx context.Context, people []survey.NewPerson) error {
	return insertion{head: `INSERT INTO participant (study_id, id, code, created_at)`, columns: 4}.run(
		ctx, t, len(people), func(args []any, i int) []any {
			p := &people[i].Participant
			return append(args, string(p.StudyID), string(p.ID), p.Code, t.at(p.CreatedAt))
		})
}

func (t *transaction) enrolEnrolments(ctx context.Context, people []survey.NewPerson) error {
	return insertion{
		head: `INSERT INTO enrolment (study_id, id, participant_id, run_id, arm_id, assigned, enrolled_at, withdrawn_at, paused_at,
			declined_at, language)`,
		columns: 11,
	}.run(ctx, t, len(people), func(args []any, i int) []any {
		e := &people[i].Enrolment
		return append(args, string(e.StudyID), string(e.ID), string(e.ParticipantID), string(e.RunID),
			string(e.ArmID), e.Assigned, t.at(e.EnrolledAt), t.at(e.WithdrawnAt), t.at(e.PausedAt),
			t.at(e.DeclinedAt), optional(e.Language))
	})
}

func (t *transaction) enrolLinks(ctx context.Context, people []survey.NewPerson) error {
	return insertion{
		head:    `INSERT INTO personal_link (study_id, enrolment_id, generation, token_hash, expires_at, revoked_at, code_hash)`,
		columns: 7,
	}.run(ctx, t, len(people), func(args []any, i int) []any {
		l := &people[i].Link
		return append(args, string(l.StudyID), string(l.EnrolmentID), l.Generation, l.TokenHash,
			t.at(l.ExpiresAt), t.at(l.RevokedAt), optional(l.CodeHash))
	})
}

func (t *transaction) enrolAssessments(ctx context.Context, people []survey.NewPerson) error {
	var all []*survey.Assessment
	for i := range people {
		for j := range people[i].Assessments {
			all = append(all, &people[i].Assessments[j])
		}
	}
	return insertion{
		head: `INSERT INTO assessment (study_id, id, enrolment_id, wave_id, instrument_id, position,
			started_at, saved_at, submitted_at)`,
		columns: 9,
	}.run(ctx, t, len(all), func(args []any, i int) []any {
		a := all[i]
		return append(args, string(a.StudyID), string(a.ID), string(a.EnrolmentID), string(a.WaveID),
			string(a.InstrumentID), a.Position, t.at(a.StartedAt), t.at(a.SavedAt), t.at(a.SubmittedAt))
	})
}

// Withdraw ends a participation and its consents.
func (t *transaction) Withdraw(ctx context.Context, study survey.StudyID, id survey.EnrolmentID, at time.Time) (bool, error) {
	ended, err := t.withdraw(ctx, study, id, at)
	return ended, wrap(err, "withdraw %s", id)
}

func (t *transaction) withdraw(ctx context.Context, study survey.StudyID, id survey.EnrolmentID, at time.Time) (bool, error) {
	n, err := t.change(ctx, `UPDATE enrolment SET withdrawn_at = ?
		WHERE study_id = ? AND id = ? AND withdrawn_at IS NULL`, t.at(at), string(study), string(id))
	if err != nil {
		return false, err
	}
	if n == 0 {
		var known string
		return false, t.one(ctx, []any{&known}, `SELECT id FROM enrolment WHERE study_id = ? AND id = ?`,
			string(study), string(id))
	}
	_, err = t.change(ctx, `UPDATE consent SET withdrawn_at = ?
		WHERE study_id = ? AND enrolment_id = ? AND withdrawn_at IS NULL`, t.at(at), string(study), string(id))
	return err == nil, err
}

// ReplaceLink revokes the person's links and writes a new one.
func (t *transaction) ReplaceLink(ctx context.Context, l survey.PersonalLink, at time.Time) error {
	_, err := t.change(ctx, `UPDATE personal_link SET revoked_at = ?
		WHERE study_id = ? AND enrolment_id = ? AND revoked_at IS NULL`,
		t.at(at), string(l.StudyID), string(l.EnrolmentID))
	if err == nil {
		err = t.create(ctx, "personal_link", linkToRow(l))
	}
	return wrap(err, "replace the link of %s", l.EnrolmentID)
}
