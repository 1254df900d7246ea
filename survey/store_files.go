package survey

import (
	"context"
	"time"
)

// FileReader reads prepared files.
type FileReader interface {
	// Files lists those of a study, the newest first.
	Files(ctx context.Context, study StudyID) ([]PreparedFile, error)
	File(ctx context.Context, study StudyID, id FileID) (PreparedFile, error)
	// FilePiece is a piece of the content, as it was written; ErrNotFound when
	// there is none.
	FilePiece(ctx context.Context, study StudyID, id FileID, n int) ([]byte, error)
	// DueFiles lists files of all studies that can be begun, or have expired: those
	// that ended before an instant and still have their content. The oldest come
	// first.
	DueFiles(ctx context.Context, now time.Time, limit int) ([]PreparedFile, error)
	ExpiredFiles(ctx context.Context, before time.Time, limit int) ([]PreparedFile, error)
}

// FileWriter writes prepared files. Whoever makes one holds it by the number of its
// tries: when another has begun meanwhile, what the first still writes is refused.
type FileWriter interface {
	CreateFile(ctx context.Context, f PreparedFile) error
	// LeaseFile takes a file that is due, counts the try, and removes what earlier
	// tries wrote. False: another was faster.
	LeaseFile(ctx context.Context, f PreparedFile, now, until time.Time) (bool, error)
	// AddFilePiece writes the n-th piece and how long the file is with it. False: the
	// file is no longer held.
	AddFilePiece(ctx context.Context, f PreparedFile, n int, content []byte) (bool, error)
	// HoldFile goes on holding. False: the file is no longer held.
	HoldFile(ctx context.Context, f PreparedFile, until time.Time) (bool, error)
	// PostponeFile gives it back, to be begun from StartAt on; EndFile notes what
	// became of it. False: the file is no longer held.
	PostponeFile(ctx context.Context, f PreparedFile) (bool, error)
	EndFile(ctx context.Context, f PreparedFile) (bool, error)
	// DropFile removes the content for a reason. False: there is no such file, or
	// it is gone already.
	DropFile(ctx context.Context, study StudyID, id FileID, at time.Time, reason string) (bool, error)
}
