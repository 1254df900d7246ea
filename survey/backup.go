package survey

import "time"

// BackupID names a backup that was made or tried.
type BackupID string

// BackupWhy says what had a backup made.
type BackupWhy string

// What has backups made.
const (
	BackupScheduled BackupWhy = "schedule"
	BackupAsked     BackupWhy = "command"
	BackupUpgrade   BackupWhy = "upgrade"
)

// Valid reports whether w is one of them.
func (w BackupWhy) Valid() bool {
	return w == BackupScheduled || w == BackupAsked || w == BackupUpgrade
}

// Backup is what became of a backup of the whole installation. The backup itself is
// kept elsewhere.
type Backup struct {
	ID       BackupID
	Why      BackupWhy
	Place    string // in words, without a password
	Name     string // empty: none was made
	BegunAt  time.Time
	EndedAt  time.Time // zero: under way, or the server died
	Bytes    int64
	Rows     int64
	SHA256   string    // of the canonical export
	ProvedAt time.Time // when it was restored and compared; zero: it was not
	Fault    string    // why it failed, or was not proved
	// Every is the time to the next; 0: none is planned.
	Every time.Duration
	// KeepDays is how old it may become by the rule it was made under; 0: nobody said.
	KeepDays int
}

// Made reports whether there is a backup.
func (b Backup) Made() bool { return b.Name != "" }

// BackupPromise is after how many days an erased person is in no backup any more.
const BackupPromise = 35

// BackupProblem is what an administrator has to know of the backups.
type BackupProblem string

// The problems, the worst first.
const (
	BackupNever     BackupProblem = "never"
	BackupFailing   BackupProblem = "failing"
	BackupTooOld    BackupProblem = "too_old"
	BackupUnproved  BackupProblem = "unproved"
	BackupKeptLong  BackupProblem = "kept_long"
	BackupUnbounded BackupProblem = "unbounded"
)

// Valid reports whether p is one of the problems.
func (p BackupProblem) Valid() bool { return p.Words() != "" }

// Words say what is wrong and what to do.
func (p BackupProblem) Words() string {
	switch p {
	case BackupNever:
		return "No backup has ever been made. If the disk fails, everything is lost. Start the server with --backup-to, or run tidemark backup."
	case BackupFailing:
		return "The last attempt to make a backup failed. What went wrong stands with it."
	case BackupTooOld:
		return "The newest backup is too old: what was saved since would be lost with the disk."
	case BackupUnproved:
		return "The newest backup was not proved: nobody has restored and compared it, so it may be of no use."
	case BackupKeptLong:
		return "Backups are kept for longer than 35 days. People are promised that what they have erased is in no backup after that. Shorten --backup-keep."
	case BackupUnbounded:
		return "Nothing removes old backups. People are promised that what they have erased is in no backup after 35 days. Run tidemark backup prune, or let the server do it with --backup-to."
	}
	return ""
}

// BackupStanding is how it stands with the backups of an installation.
type BackupStanding struct {
	Newest   *Backup // that was made
	Proved   *Backup // the newest that was proved
	Attempt  *Backup // the last, made or not
	Problems []BackupProblem
}

// unplannedAge is how old the newest backup may be where none is planned.
const unplannedAge = 48 * time.Hour

// standing judges backups, of which the newest come first.
func standing(list []Backup, now time.Time) BackupStanding {
	var s BackupStanding
	for i := range list {
		b := &list[i]
		dead := b.EndedAt.IsZero() && now.Sub(b.BegunAt) > backupLease
		if s.Attempt == nil && (dead || !b.EndedAt.IsZero()) {
			s.Attempt = b
		}
		if s.Newest == nil && b.Made() {
			s.Newest = b
		}
		if s.Proved == nil && b.Made() && !b.ProvedAt.IsZero() {
			s.Proved = b
		}
	}
	if s.Attempt != nil && !s.Attempt.Made() {
		s.Problems = append(s.Problems, BackupFailing)
	}
	if s.Newest == nil {
		s.Problems = append([]BackupProblem{BackupNever}, s.Problems...)
		return s
	}
	allowed := unplannedAge
	if s.Newest.Every > 0 {
		allowed = 2 * s.Newest.Every
	}
	if now.Sub(s.Newest.BegunAt) > allowed {
		s.Problems = append(s.Problems, BackupTooOld)
	}
	if s.Newest.ProvedAt.IsZero() {
		s.Problems = append(s.Problems, BackupUnproved)
	}
	switch {
	case s.Newest.KeepDays > BackupPromise:
		s.Problems = append(s.Problems, BackupKeptLong)
	case s.Newest.KeepDays == 0:
		s.Problems = append(s.Problems, BackupUnbounded)
	}
	return s
}
