package survey

import "time"

// FileID names a file that is prepared.
type FileID string

// PreparedFile is a file of a study's data that is made in the background and kept
// for a week, for downloads that may be broken off and taken up again.
type PreparedFile struct {
	ID      FileID
	StudyID StudyID
	// What it is of and in which format; which snapshot, 0: the data as they are
	// when it is made; and whom for: see package export.
	What, Format string
	Snapshot     int
	Profile      string
	LeaveOut     []string
	Name         string // that it is saved under
	Media        string // media type
	AskedAt      time.Time
	AskedBy      Author
	// LeasedTo is until when nobody else begins to make it; StartAt when it may be
	// begun; Tries how often it was.
	LeasedTo, StartAt time.Time
	Tries             int
	Bytes             int64 // so far
	Rows              int   // -1: it has none
	SHA256            string
	EndedAt           time.Time // zero: waiting, or being made
	Reason            string    // why it could not be made, or is gone
}

// FileState is how far a prepared file is.
type FileState string

// The states of a prepared file.
const (
	FileWaiting FileState = "waiting"
	FileMaking  FileState = "making"
	FileReady   FileState = "ready"
	FileFailed  FileState = "failed" // could not be made, or is gone
)

// State is how far the file is.
func (f PreparedFile) State(now time.Time) FileState {
	switch {
	case !f.EndedAt.IsZero() && f.SHA256 != "":
		return FileReady
	case !f.EndedAt.IsZero():
		return FileFailed
	case f.LeasedTo.After(now):
		return FileMaking
	}
	return FileWaiting
}

// FileKeptFor is how long a prepared file can be downloaded.
const FileKeptFor = 7 * 24 * time.Hour

// Expires is when it will be gone.
func (f PreparedFile) Expires() time.Time { return f.EndedAt.Add(FileKeptFor) }

// FilePiece is the length of all pieces of a file but the last.
const FilePiece = 512 << 10

// Why there is no file.
const (
	FileGoneExpired = "expired"
	FileGoneErased  = "erased"  // somebody in it had their data erased
	FileGoneRemoved = "removed" // by hand, or with its snapshot
	FileTooLarge    = "too large"
	FileCannotBe    = "cannot be made"
)
