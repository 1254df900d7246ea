package survey

import "time"

// Snapshot is a study's data frozen for an analysis. Everything but its content
// is in this value; the content is read with [Snapshots.Open].
type Snapshot struct {
	ID      SnapshotID
	StudyID StudyID
	Number  int // within the study, from 1
	Name    string
	Note    string
	TakenAt time.Time
	TakenBy Author
	Program string // version of the program
	// Schema names the form of the document.
	Schema string
	// Hash is the SHA-256 of the document, in hexadecimal. Bytes is its length
	// and Packed that of what is stored, compressed, in so many Chunks.
	Hash          string
	Bytes, Packed int64
	Chunks        int
	Counts        SnapshotCounts
	// PlanVersion is the locked plan then in force; 0: none.
	PlanVersion int
	PlanHash    string
	Removed     *SnapshotRemoval // nil: the content is there
}

// SnapshotCounts are the rows of a snapshot.
type SnapshotCounts struct {
	People      int `json:"people"`
	Attendance  int `json:"attendance"`
	Assessments int `json:"assessments"`
	Responses   int `json:"responses"`
	Scores      int `json:"scores"`
}

// SnapshotRemoval says why the content of a snapshot is gone, as after a person
// in it asked for erasure.
type SnapshotRemoval struct {
	At     time.Time
	By     Author
	Reason string
}
