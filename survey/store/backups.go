package store

import (
	"context"
	"time"

	"tidemark/survey"
)

// Backups lists the last ones.
func (r reader) Backups(ctx context.Context, limit int) ([]survey.Backup, error) {
	var list []survey.Backup
	var b survey.Backup
	var id, why string
	var begun, ended, proved instant
	var size, rows, every int
	err := r.each(ctx, []any{&id, &why, &b.Place, &b.Name, &begun, &ended, &size, &rows, &b.SHA256, &proved, &b.Fault, &every, &b.KeepDays},
		func() error {
			b.ID, b.Why, b.BegunAt, b.EndedAt, b.ProvedAt = survey.BackupID(id), survey.BackupWhy(why), begun.time(), ended.time(), proved.time()
			b.Bytes, b.Rows, b.Every = int64(size), int64(rows), time.Duration(every)*time.Minute
			list = append(list, b)
			return nil
		}, `SELECT id, why, place, name, begun_at, ended_at, bytes, row_count, sha256, proved_at, fault, minutes, keep_days
			FROM backup ORDER BY begun_at DESC, id DESC LIMIT ?`, limit)
	return list, wrap(err, "backups")
}

// TakeBackupTurn takes the turn or goes on having it.
func (t *transaction) TakeBackupTurn(ctx context.Context, holder survey.BackupID, now, until time.Time) (bool, error) {
	n, err := t.change(ctx, `INSERT INTO backup_turn (id, holder, leased_to_at) VALUES ('one', ?, ?)
		ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, leased_to_at = excluded.leased_to_at
		WHERE backup_turn.holder = excluded.holder OR backup_turn.leased_to_at <= ?`, string(holder), t.at(until), t.at(now))
	return n > 0, wrap(err, "take the turn of backups")
}

// EndBackupTurn gives it back.
func (t *transaction) EndBackupTurn(ctx context.Context, holder survey.BackupID) error {
	_, err := t.change(ctx, `DELETE FROM backup_turn WHERE holder = ?`, string(holder))
	return wrap(err, "end the turn of backups")
}

// CreateBackup notes that one begins.
func (t *transaction) CreateBackup(ctx context.Context, b survey.Backup) error {
	_, err := t.change(ctx, `INSERT INTO backup (id, why, place, name, begun_at, bytes, row_count, sha256, fault, minutes, keep_days)
		VALUES (?, ?, ?, '', ?, 0, 0, '', '', ?, ?)`,
		string(b.ID), string(b.Why), b.Place, t.at(b.BegunAt), int(b.Every/time.Minute), b.KeepDays)
	return wrap(err, "note a backup")
}

// EndBackup notes what became of it.
func (t *transaction) EndBackup(ctx context.Context, b survey.Backup) error {
	err := t.changeOne(ctx, `UPDATE backup SET name = ?, ended_at = ?, bytes = ?, row_count = ?, sha256 = ?, proved_at = ?, fault = ? WHERE id = ?`,
		b.Name, t.at(b.EndedAt), b.Bytes, b.Rows, b.SHA256, t.at(b.ProvedAt), b.Fault, string(b.ID))
	return wrap(err, "note what became of backup %s", b.ID)
}

// DropBackupsBefore forgets old ones.
func (t *transaction) DropBackupsBefore(ctx context.Context, at time.Time) error {
	_, err := t.change(ctx, `DELETE FROM backup WHERE begun_at < ?`, t.at(at))
	return wrap(err, "forget old backups")
}
