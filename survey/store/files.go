package store

import (
	"context"
	"strings"
	"time"

	"tidemark/survey"
)

const fileColumns = `study_id, id, what, format, snapshot, profile, leave_out, name, media, asked_at, asked_kind, asked_id,
	asked_name, leased_to_at, start_at, tries, bytes, row_count, sha256, ended_at, reason`

func (r reader) files(ctx context.Context, rest string, args ...any) ([]survey.PreparedFile, error) {
	files := []survey.PreparedFile{}
	var f survey.PreparedFile
	var study, id, out, kind, by, name string
	length := 0
	var asked, leased, start, ended instant
	targets := []any{
		&study, &id, &f.What, &f.Format, &f.Snapshot, &f.Profile, &out, &f.Name, &f.Media, &asked, &kind, &by,
		&name, &leased, &start, &f.Tries, &length, &f.Rows, &f.SHA256, &ended, &f.Reason,
	}
	err := r.each(ctx, targets, func() error {
		f.StudyID, f.ID, f.LeaveOut = survey.StudyID(study), survey.FileID(id), strings.Fields(out)
		f.Bytes = int64(length)
		f.AskedAt, f.AskedBy = asked.time(), author(kind, by, name)
		f.LeasedTo, f.StartAt, f.EndedAt = leased.time(), start.time(), ended.time()
		files = append(files, f)
		return nil
	}, `SELECT `+fileColumns+` FROM prepared_file `+rest, args...)
	return files, err
}

// Files lists those of a study.
func (r reader) Files(ctx context.Context, study survey.StudyID) ([]survey.PreparedFile, error) {
	files, err := r.files(ctx, `WHERE study_id = ? ORDER BY asked_at DESC, id DESC`, string(study))
	return files, wrap(err, "files of study %s", study)
}

// File reads one.
func (r reader) File(ctx context.Context, study survey.StudyID, id survey.FileID) (survey.PreparedFile, error) {
	files, err := r.files(ctx, `WHERE study_id = ? AND id = ?`, string(study), string(id))
	if err == nil && len(files) == 0 {
		err = survey.ErrNotFound
	}
	if err != nil {
		return survey.PreparedFile{}, wrap(err, "file %s", id)
	}
	return files[0], nil
}

// DueFiles lists those that can be begun.
func (r reader) DueFiles(ctx context.Context, now time.Time, limit int) ([]survey.PreparedFile, error) {
	files, err := r.files(ctx, `WHERE ended_at IS NULL AND start_at <= ? AND (leased_to_at IS NULL OR leased_to_at <= ?)
		ORDER BY start_at, id LIMIT ?`, r.at(now), r.at(now), limit)
	return files, wrap(err, "files that are due")
}

// ExpiredFiles lists those that ended long ago and are still there.
func (r reader) ExpiredFiles(ctx context.Context, before time.Time, limit int) ([]survey.PreparedFile, error) {
	files, err := r.files(ctx, `WHERE ended_at IS NOT NULL AND reason = '' AND ended_at < ? ORDER BY ended_at, id LIMIT ?`, r.at(before), limit)
	return files, wrap(err, "expired files")
}

// FilePiece reads a piece of the content.
func (r reader) FilePiece(ctx context.Context, study survey.StudyID, id survey.FileID, n int) ([]byte, error) {
	var content []byte
	err := r.one(ctx, []any{&content}, `SELECT content FROM prepared_piece WHERE study_id = ? AND file_id = ? AND position = ?`,
		string(study), string(id), n)
	return content, wrap(err, "piece %d of file %s", n, id)
}

// CreateFile writes a file that somebody asked for.
func (t *transaction) CreateFile(ctx context.Context, f survey.PreparedFile) error {
	_, err := t.change(ctx, `INSERT INTO prepared_file (study_id, id, what, format, snapshot, profile, leave_out, name, media,
		asked_at, asked_kind, asked_id, asked_name, start_at, tries, bytes, row_count, sha256, reason)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, '', '')`,
		string(f.StudyID), string(f.ID), f.What, f.Format, f.Snapshot, f.Profile, strings.Join(f.LeaveOut, " "), f.Name, f.Media,
		t.at(f.AskedAt), string(f.AskedBy.Kind), f.AskedBy.ID, f.AskedBy.Name, t.at(f.StartAt), f.Rows)
	return wrap(err, "create file %s", f.ID)
}

// LeaseFile takes a file that is due: of two at once, the second finds its tries
// counted already.
func (t *transaction) LeaseFile(ctx context.Context, f survey.PreparedFile, now, until time.Time) (bool, error) {
	n, err := t.change(ctx, `UPDATE prepared_file SET leased_to_at = ?, tries = tries + 1, bytes = 0
		WHERE study_id = ? AND id = ? AND tries = ? AND ended_at IS NULL AND start_at <= ?
		AND (leased_to_at IS NULL OR leased_to_at <= ?)`,
		t.at(until), string(f.StudyID), string(f.ID), f.Tries, t.at(now), t.at(now))
	if err == nil && n > 0 {
		_, err = t.change(ctx, `DELETE FROM prepared_piece WHERE study_id = ? AND file_id = ?`, string(f.StudyID), string(f.ID))
	}
	return n > 0 && err == nil, wrap(err, "take file %s", f.ID)
}

// heldFile is a file that whoever counted its tries last still makes.
const heldFile = ` WHERE study_id = ? AND id = ? AND tries = ? AND ended_at IS NULL`

func (t *transaction) changeHeld(ctx context.Context, f survey.PreparedFile, set string, args ...any) (bool, error) {
	n, err := t.change(ctx, `UPDATE prepared_file SET `+set+heldFile, append(args, string(f.StudyID), string(f.ID), f.Tries)...)
	return n > 0, wrap(err, "file %s", f.ID)
}

// AddFilePiece writes a piece of the content.
func (t *transaction) AddFilePiece(ctx context.Context, f survey.PreparedFile, n int, content []byte) (bool, error) {
	ok, err := t.changeHeld(ctx, f, `bytes = ?`, f.Bytes)
	if err == nil && ok {
		_, err = t.change(ctx, `INSERT INTO prepared_piece (study_id, file_id, position, content) VALUES (?, ?, ?, ?)`,
			string(f.StudyID), string(f.ID), n, content)
	}
	return ok && err == nil, wrap(err, "piece %d of file %s", n, f.ID)
}

// HoldFile goes on holding a file.
func (t *transaction) HoldFile(ctx context.Context, f survey.PreparedFile, until time.Time) (bool, error) {
	return t.changeHeld(ctx, f, `leased_to_at = ?`, t.at(until))
}

// PostponeFile gives a file back.
func (t *transaction) PostponeFile(ctx context.Context, f survey.PreparedFile) (bool, error) {
	return t.changeHeld(ctx, f, `leased_to_at = NULL, start_at = ?`, t.at(f.StartAt))
}

// EndFile notes that a file is whole.
func (t *transaction) EndFile(ctx context.Context, f survey.PreparedFile) (bool, error) {
	return t.changeHeld(ctx, f, `leased_to_at = NULL, ended_at = ?, bytes = ?, row_count = ?, sha256 = ?, reason = ''`,
		t.at(f.EndedAt), f.Bytes, f.Rows, f.SHA256)
}

// DropFile removes the content of a file for a reason.
func (t *transaction) DropFile(ctx context.Context, study survey.StudyID, id survey.FileID, at time.Time, reason string) (bool, error) {
	n, err := t.dropFiles(ctx, study, at, reason, ` AND f.id = ?`, string(id))
	return n > 0, wrap(err, "drop file %s", id)
}

// dropFiles removes the content of some files of a study that are there or being made.
func (t *transaction) dropFiles(ctx context.Context, study survey.StudyID, at time.Time, reason, which string, args ...any) (int64, error) {
	n, err := t.change(ctx, `UPDATE prepared_file AS f SET leased_to_at = NULL, ended_at = coalesce(f.ended_at, ?), sha256 = '', reason = ?
		WHERE f.study_id = ? AND f.reason = ''`+which, append([]any{t.at(at), reason, string(study)}, args...)...)
	if err == nil && n > 0 {
		_, err = t.change(ctx, `DELETE FROM prepared_piece AS p WHERE p.study_id = ? AND EXISTS (SELECT 1 FROM prepared_file f
			WHERE f.study_id = p.study_id AND f.id = p.file_id AND f.reason <> '')`, string(study))
	}
	return n, err
}

// dropFilesOfErased removes the content of all files of a study, since somebody may be
// in them who is not to be. Those that are being made begin anew.
func (t *transaction) dropFilesOfErased(ctx context.Context, study survey.StudyID, at time.Time) error {
	_, err := t.dropFiles(ctx, study, at, survey.FileGoneErased, ` AND f.ended_at IS NOT NULL`)
	if err == nil {
		_, err = t.change(ctx, `UPDATE prepared_file SET leased_to_at = NULL, start_at = ?, tries = tries + 1, bytes = 0
			WHERE study_id = ? AND ended_at IS NULL AND leased_to_at IS NOT NULL`, t.at(at), string(study))
	}
	if err == nil {
		_, err = t.change(ctx, `DELETE FROM prepared_piece WHERE study_id = ?`, string(study))
	}
	return err
}
