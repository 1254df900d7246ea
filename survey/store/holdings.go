package store

import (
	"context"
	"database/sql"
	"time"

	"tidemark/survey"
)

// ErasurePolicy is what a study allows.
func (r reader) ErasurePolicy(ctx context.Context, study survey.StudyID) (survey.ErasurePolicy, error) {
	var p string
	err := r.one(ctx, []any{&p}, `SELECT erasure FROM study WHERE id = ?`, string(study))
	return survey.ErasurePolicy(p), wrap(err, "erasure policy of study %s", study)
}

// SetErasurePolicy says what a study allows.
func (t *transaction) SetErasurePolicy(ctx context.Context, study survey.StudyID, p survey.ErasurePolicy) error {
	return wrap(t.changeOne(ctx, `UPDATE study SET erasure = ? WHERE id = ?`, string(p), string(study)), "erasure policy of study %s", study)
}

// Scores are those of one assessment.
func (r reader) Scores(ctx context.Context, study survey.StudyID, id survey.AssessmentID) ([]survey.ScoreRow, error) {
	scores := []survey.ScoreRow{}
	var row survey.ScoreRow
	var enrolment, wave, instrument string
	var value sql.NullFloat64
	err := r.each(ctx, []any{&enrolment, &wave, &instrument, &row.Scale, &value, &row.Answered, &row.Items, &row.Rule}, func() error {
		row.EnrolmentID, row.WaveID = survey.EnrolmentID(enrolment), survey.WaveID(wave)
		row.InstrumentID = survey.InstrumentID(instrument)
		row.Value, row.Valid = value.Float64, value.Valid
		scores = append(scores, row)
		return nil
	}, `SELECT a.enrolment_id, a.wave_id, a.instrument_id, s.scale, s.value, s.answered, s.items, s.rule
		FROM assessment a JOIN score s ON s.study_id = a.study_id AND s.assessment_id = a.id
		WHERE a.study_id = ? AND a.id = ? ORDER BY s.scale`, string(study), string(id))
	return scores, wrap(err, "scores of assessment %s", id)
}

// PersonAttendance is what was noted of one person.
func (r reader) PersonAttendance(ctx context.Context, study survey.StudyID, id survey.EnrolmentID) ([]survey.Attendance, error) {
	notes, err := r.attendance(ctx, `SELECT enrolment_id, meeting, present FROM attendance
		WHERE study_id = ? AND enrolment_id = ? ORDER BY meeting`, string(study), string(id))
	return notes, wrap(err, "attendance of %s", id)
}

// KnownDevice reports whether a browser is one of the person's own.
func (r reader) KnownDevice(ctx context.Context, study survey.StudyID, id survey.EnrolmentID, tokenHash string) (bool, error) {
	n := 0
	err := r.one(ctx, []any{&n}, `SELECT count(*) FROM participant_device WHERE study_id = ? AND enrolment_id = ? AND token_hash = ?`,
		string(study), string(id), tokenHash)
	return n > 0, wrap(err, "devices of %s", id)
}

// AccessCode is the code last sent to a person.
func (r reader) AccessCode(ctx context.Context, study survey.StudyID, id survey.EnrolmentID) (survey.AccessCode, error) {
	var c survey.AccessCode
	var created, expires instant
	err := r.one(ctx, []any{&c.Hash, &created, &expires, &c.Tries}, `SELECT code_hash, created_at, expires_at, tries
		FROM access_code WHERE study_id = ? AND enrolment_id = ?`, string(study), string(id))
	if err != nil {
		return survey.AccessCode{}, wrap(err, "access code of %s", id)
	}
	c.CreatedAt, c.ExpiresAt = created.time(), expires.time()
	return c, nil
}

const erasureColumns = `study_id, enrolment_id, run_id, arm_id, assigned, erased_at, by_kind, receipt_hash, exports, code, settled_at, linked`

type erasureRow struct {
	StudyID, EnrolmentID, RunID, ArmID string
	Assigned                           bool
	ErasedAt                           instant
	ByKind                             string
	ReceiptHash                        string
	Exports                            int
	Code                               string
	SettledAt                          instant
	Linked                             bool
}

func (r erasureRow) erasure() survey.Erasure {
	return survey.Erasure{
		StudyID: survey.StudyID(r.StudyID), EnrolmentID: survey.EnrolmentID(r.EnrolmentID), RunID: survey.RunID(r.RunID),
		ArmID: survey.ArmID(r.ArmID), Assigned: r.Assigned, At: r.ErasedAt.time(), By: survey.ActorKind(r.ByKind),
		ReceiptHash: r.ReceiptHash, Exports: r.Exports, Code: r.Code, SettledAt: r.SettledAt.time(), Linked: r.Linked,
	}
}

// Erasures lists those of a study.
func (r reader) Erasures(ctx context.Context, study survey.StudyID) ([]survey.Erasure, error) {
	list, err := listOf(ctx, r, erasureRow.erasure, `SELECT `+erasureColumns+` FROM erasure
		WHERE study_id = ? ORDER BY erased_at DESC, enrolment_id DESC`, string(study))
	return list, wrap(err, "erasures of study %s", study)
}

// ErasureByReceipt finds one by what the person holds.
func (r reader) ErasureByReceipt(ctx context.Context, receiptHash string) (survey.Erasure, error) {
	e, err := oneOf(ctx, r, erasureRow.erasure, `SELECT `+erasureColumns+` FROM erasure WHERE receipt_hash = ?`, receiptHash)
	return e, wrap(err, "erasure by receipt")
}

// AllErasures are those of the whole installation.
func (r reader) AllErasures(ctx context.Context) ([]survey.Erasure, error) {
	list, err := listOf(ctx, r, erasureRow.erasure, `SELECT `+erasureColumns+` FROM erasure ORDER BY study_id, enrolment_id`)
	return list, wrap(err, "erasures")
}

// CopiesSince counts the exports of a study's data.
func (r reader) CopiesSince(ctx context.Context, study survey.StudyID, from time.Time) (int, error) {
	n := 0
	err := r.one(ctx, []any{&n}, `SELECT count(*) FROM audit_event WHERE study_id = ? AND action = ? AND at >= ?`,
		string(study), string(survey.ActionExported), r.at(from))
	return n, wrap(err, "exports of study %s", study)
}

// HoldStudy holds a study until the transaction ends.
func (t *transaction) HoldStudy(ctx context.Context, study survey.StudyID) error {
	var id string
	err := t.one(ctx, []any{&id}, `SELECT id FROM study WHERE id = ?`+lockClause(t.db.Dialector.Name()), string(study))
	return wrap(err, "hold study %s", study)
}

// Pause notes since when a person wants no messages.
func (t *transaction) Pause(ctx context.Context, study survey.StudyID, id survey.EnrolmentID, at time.Time) error {
	err := t.changeOne(ctx, `UPDATE enrolment SET paused_at = ? WHERE study_id = ? AND id = ?`, t.at(at), string(study), string(id))
	return wrap(err, "pause %s", id)
}

// AddDevice notes a browser as a person's own.
func (t *transaction) AddDevice(ctx context.Context, study survey.StudyID, id survey.EnrolmentID, tokenHash string, at time.Time) error {
	err := t.soon(ctx, `INSERT INTO participant_device (study_id, enrolment_id, token_hash, created_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (study_id, enrolment_id, token_hash) DO NOTHING`, string(study), string(id), tokenHash, t.at(at))
	return wrap(err, "note a device of %s", id)
}

// RemoveDevice forgets a browser.
func (t *transaction) RemoveDevice(ctx context.Context, study survey.StudyID, id survey.EnrolmentID, tokenHash string) error {
	err := t.soon(ctx, `DELETE FROM participant_device WHERE study_id = ? AND enrolment_id = ? AND token_hash = ?`,
		string(study), string(id), tokenHash)
	return wrap(err, "forget a device of %s", id)
}

// PutAccessCode replaces the code of a person.
func (t *transaction) PutAccessCode(ctx context.Context, study survey.StudyID, id survey.EnrolmentID, c survey.AccessCode) error {
	_, err := t.change(ctx, `INSERT INTO access_code (study_id, enrolment_id, code_hash, created_at, expires_at, tries)
		VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (study_id, enrolment_id) DO UPDATE SET code_hash = excluded.code_hash,
		created_at = excluded.created_at, expires_at = excluded.expires_at, tries = excluded.tries`,
		string(study), string(id), c.Hash, t.at(c.CreatedAt), t.at(c.ExpiresAt), c.Tries)
	return wrap(err, "access code of %s", id)
}

// TryAccessCode counts a try: of many at once each is counted.
func (t *transaction) TryAccessCode(ctx context.Context, study survey.StudyID, id survey.EnrolmentID, now time.Time, allowed int) (bool, error) {
	n, err := t.change(ctx, `UPDATE access_code SET tries = tries + 1
		WHERE study_id = ? AND enrolment_id = ? AND expires_at > ? AND tries < ?`, string(study), string(id), t.at(now), allowed)
	return n > 0, wrap(err, "try an access code of %s", id)
}

// holdPart keeps an enrolment as it is until the transaction ends. SQLite has one
// writer, so whoever writes holds everything already.
func (t *transaction) holdPart(ctx context.Context, study survey.StudyID, id survey.EnrolmentID) error {
	clause := shareClause(t.db.Dialector.Name())
	if clause == "" || matchesNothing([]any{string(study), string(id)}) {
		return nil
	}
	return t.soon(ctx, `SELECT 1 FROM enrolment WHERE study_id = ? AND id = ?`+clause, string(study), string(id))
}

// HoldPart keeps an enrolment as it is, and reports whether the person is in.
func (t *transaction) HoldPart(ctx context.Context, study survey.StudyID, id survey.EnrolmentID) (bool, error) {
	if err := t.holdPart(ctx, study, id); err != nil {
		return false, wrap(err, "hold %s", id)
	}
	n := 0
	err := t.one(ctx, []any{&n}, `SELECT count(*) FROM enrolment WHERE study_id = ? AND id = ? AND withdrawn_at IS NULL`,
		string(study), string(id))
	return n > 0, wrap(err, "hold %s", id)
}

// SettleErasure notes that everything is done.
func (t *transaction) SettleErasure(ctx context.Context, study survey.StudyID, id survey.EnrolmentID, at time.Time) error {
	_, err := t.change(ctx, `UPDATE erasure SET settled_at = ? WHERE study_id = ? AND enrolment_id = ? AND settled_at IS NULL`,
		t.at(at), string(study), string(id))
	return wrap(err, "settle the erasure of %s", id)
}

// ClearErasureCode forgets a participant code.
func (t *transaction) ClearErasureCode(ctx context.Context, study survey.StudyID, id survey.EnrolmentID) (bool, error) {
	n, err := t.change(ctx, `UPDATE erasure SET code = '' WHERE study_id = ? AND enrolment_id = ? AND code <> ''`, string(study), string(id))
	return n > 0, wrap(err, "clear the erasure of %s", id)
}
