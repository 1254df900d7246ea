package survey

import (
	"context"
	"time"
)

// BackupReader reads what became of backups.
type BackupReader interface {
	// Backups lists the last ones, the newest first.
	Backups(ctx context.Context, limit int) ([]Backup, error)
}

// BackupWriter notes what became of backups.
type BackupWriter interface {
	// TakeBackupTurn gives the turn to somebody until an instant, or goes on giving
	// it. False: another has it.
	TakeBackupTurn(ctx context.Context, holder BackupID, now, until time.Time) (bool, error)
	// EndBackupTurn gives it back, if it is still theirs.
	EndBackupTurn(ctx context.Context, holder BackupID) error
	CreateBackup(ctx context.Context, b Backup) error
	// EndBackup writes what became of it. ErrNotFound when there is none.
	EndBackup(ctx context.Context, b Backup) error
	// DropBackupsBefore removes notes of backups that began before an instant.
	DropBackupsBefore(ctx context.Context, at time.Time) error
}
