package store

import (
	"context"
	"time"

	"tidemark/survey"
)

const snapshotColumns = `study_id, id, number, name, note, taken_at, taken_kind, taken_id, taken_name, program, form,
	hash, bytes, packed, chunks, people, attendance, assessments, responses, scores, plan_version, plan_hash,
	removed_at, removed_kind, removed_id, removed_name, removed_reason`

type snapshotRow struct {
	StudyID                                    string
	ID                                         string
	Number                                     int
	Name                                       string
	Note                                       string
	TakenAt                                    instant
	TakenKind                                  string
	TakenID                                    string
	TakenName                                  string
	Program                                    string
	Form                                       string
	Hash                                       string
	Bytes, Packed                              int64
	Chunks                                     int
	People, Attendance, Assessments, Responses int
	Scores                                     int
	PlanVersion                                int
	PlanHash                                   string
	RemovedAt                                  instant
	RemovedKind                                optional
	RemovedID, RemovedName, RemovedReason      string
}

func (r snapshotRow) snapshot() survey.Snapshot {
	s := survey.Snapshot{
		ID: survey.SnapshotID(r.ID), StudyID: survey.StudyID(r.StudyID), Number: r.Number, Name: r.Name, Note: r.Note,
		TakenAt: r.TakenAt.time(), TakenBy: author(r.TakenKind, r.TakenID, r.TakenName), Program: r.Program,
		Schema: r.Form, Hash: r.Hash, Bytes: r.Bytes, Packed: r.Packed, Chunks: r.Chunks,
		Counts: survey.SnapshotCounts{
			People: r.People, Attendance: r.Attendance, Assessments: r.Assessments, Responses: r.Responses, Scores: r.Scores,
		},
		PlanVersion: r.PlanVersion, PlanHash: r.PlanHash,
	}
	if !r.RemovedAt.time().IsZero() {
		s.Removed = &survey.SnapshotRemoval{
			At: r.RemovedAt.time(), By: author(string(r.RemovedKind), r.RemovedID, r.RemovedName), Reason: r.RemovedReason,
		}
	}
	return s
}

const sealedOf = `FROM snapshot WHERE study_id = ? AND sealed_at IS NOT NULL`

// Snapshots lists those of a study.
func (r reader) Snapshots(ctx context.Context, study survey.StudyID) ([]survey.Snapshot, error) {
	list, err := listOf(ctx, r, snapshotRow.snapshot, `SELECT `+snapshotColumns+` `+sealedOf+` ORDER BY number DESC`, string(study))
	return list, wrap(err, "snapshots of study %s", study)
}

// Snapshot reads what is known of one.
func (r reader) Snapshot(ctx context.Context, study survey.StudyID, number int) (survey.Snapshot, error) {
	s, err := oneOf(ctx, r, snapshotRow.snapshot, `SELECT `+snapshotColumns+` `+sealedOf+` AND number = ?`, string(study), number)
	return s, wrap(err, "snapshot %d of study %s", number, study)
}

// EachSnapshotChunk gives the packed content, piece by piece.
func (r reader) EachSnapshotChunk(ctx context.Context, study survey.StudyID, id survey.SnapshotID, f func([]byte) error) error {
	var content []byte
	err := r.stream(ctx, []any{&content}, func() error { return f(content) }, `SELECT c.content
		FROM snapshot s JOIN snapshot_chunk c ON c.study_id = s.study_id AND c.snapshot_id = s.id
		WHERE s.study_id = ? AND s.id = ? AND s.sealed_at IS NOT NULL
		ORDER BY c.position`, string(study), string(id))
	return wrap(err, "content of snapshot %s", id)
}

// BeginSnapshot writes a snapshot that nobody sees yet.
func (t *transaction) BeginSnapshot(ctx context.Context, s survey.Snapshot) (int, error) {
	number := 0
	err := t.one(ctx, []any{&number}, `SELECT coalesce(max(number), 0) + 1 FROM snapshot WHERE study_id = ?`, string(s.StudyID))
	if err != nil {
		return 0, wrap(err, "begin snapshot %s", s.ID)
	}
	// At once, since a number that is taken must be told here.
	_, err = t.change(ctx, `INSERT INTO snapshot (study_id, id, number, name, note, taken_at, taken_kind, taken_id, taken_name,
		program, form, hash, bytes, packed, chunks, people, attendance, assessments, responses, scores, plan_version, plan_hash,
		removed_id, removed_name, removed_reason)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0, 0, 0, 0, 0, 0, 0, 0, 0, '', '', '', '')`,
		string(s.StudyID), string(s.ID), number, s.Name, s.Note, t.at(s.TakenAt),
		string(s.TakenBy.Kind), s.TakenBy.ID, s.TakenBy.Name, s.Program, s.Schema)
	return number, wrap(err, "begin snapshot %s", s.ID)
}

// AddSnapshotChunk writes a piece of the content.
func (t *transaction) AddSnapshotChunk(ctx context.Context, study survey.StudyID, id survey.SnapshotID, n int, data []byte) error {
	_, err := t.change(ctx, `INSERT INTO snapshot_chunk (study_id, snapshot_id, position, content) VALUES (?, ?, ?, ?)`,
		string(study), string(id), n, data)
	return wrap(err, "piece %d of snapshot %s", n, id)
}

// SealSnapshot completes a snapshot.
func (t *transaction) SealSnapshot(ctx context.Context, s survey.Snapshot) (bool, error) {
	c := s.Counts
	n, err := t.change(ctx, `UPDATE snapshot SET sealed_at = ?, hash = ?, bytes = ?, packed = ?, chunks = ?,
		people = ?, attendance = ?, assessments = ?, responses = ?, scores = ?, plan_version = ?, plan_hash = ?
		WHERE study_id = ? AND id = ? AND sealed_at IS NULL`,
		t.at(s.TakenAt), s.Hash, s.Bytes, s.Packed, s.Chunks, c.People, c.Attendance, c.Assessments, c.Responses, c.Scores,
		s.PlanVersion, s.PlanHash, string(s.StudyID), string(s.ID))
	return n > 0, wrap(err, "seal snapshot %s", s.ID)
}

// RemoveSnapshot removes the content and notes it. The note comes first: the
// database lets nothing go from a snapshot that is not noted as removed.
func (t *transaction) RemoveSnapshot(ctx context.Context, study survey.StudyID, id survey.SnapshotID, note survey.SnapshotRemoval) (bool, error) {
	n, err := t.change(ctx, `UPDATE snapshot SET removed_at = ?, removed_kind = ?, removed_id = ?, removed_name = ?, removed_reason = ?
		WHERE study_id = ? AND id = ? AND sealed_at IS NOT NULL AND removed_at IS NULL`,
		t.at(note.At), string(note.By.Kind), note.By.ID, note.By.Name, note.Reason, string(study), string(id))
	if err != nil || n == 0 {
		return false, wrap(err, "remove snapshot %s", id)
	}
	_, err = t.change(ctx, `DELETE FROM snapshot_chunk WHERE study_id = ? AND snapshot_id = ?`, string(study), string(id))
	if err == nil {
		_, err = t.dropFiles(ctx, study, note.At, survey.FileGoneRemoved,
			` AND f.snapshot = (SELECT s.number FROM snapshot s WHERE s.study_id = f.study_id AND s.id = ?)`, string(id))
	}
	return err == nil, wrap(err, "remove snapshot %s", id)
}

// DropUnsealed removes what was begun and never sealed.
func (t *transaction) DropUnsealed(ctx context.Context, study survey.StudyID, before time.Time) error {
	_, err := t.change(ctx, `DELETE FROM snapshot_chunk WHERE study_id = ? AND snapshot_id IN (
		SELECT id FROM snapshot WHERE study_id = ? AND sealed_at IS NULL AND taken_at < ?)`,
		string(study), string(study), t.at(before))
	if err == nil {
		_, err = t.change(ctx, `DELETE FROM snapshot WHERE study_id = ? AND sealed_at IS NULL AND taken_at < ?`,
			string(study), t.at(before))
	}
	return wrap(err, "remove unfinished snapshots of study %s", study)
}
