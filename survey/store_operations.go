package survey

import (
	"context"
	"time"
)

// Replica is a server of the installation, as it tells of itself.
type Replica struct {
	ID        string
	Host      string
	Version   string
	StartedAt time.Time
	SeenAt    time.Time
	Draining  bool // it is about to end
	// Faults counts what went wrong since it was started, by kind.
	Faults map[string]FaultCount
}

// FaultCount is how often something of a kind went wrong, and when last.
type FaultCount struct {
	Count  int64     `json:"count"`
	LastAt time.Time `json:"last_at"`
}

// Backlog is what waits to be done.
type Backlog struct {
	Messages Outgoing
	// Files that somebody asked for and that are not ready, and since when the first is.
	Files    int
	FileFrom time.Time
	// Lines of the audit trail that have no place in their chain yet.
	Audit     int
	AuditFrom time.Time
	// Alerts that nobody has taken on.
	Alerts int
}

// Setting is one of the database's.
type Setting struct{ Name, Value string }

// Database is what is known of the database itself.
type Database struct {
	Engine   string // "SQLite" or "PostgreSQL"
	Version  string
	Schema   int64     // as it is
	Wanted   int64     // as this program needs it
	Size     int64     // bytes
	Clock    time.Time // of its machine; zero: it has none of its own
	ReadOnly bool      // it takes no writes at all: a standby
	Settings []Setting
}

// OperationReader reads how an installation does.
type OperationReader interface {
	// ReadOnlyMode is what was said last; the zero value when nothing ever was.
	ReadOnlyMode(ctx context.Context) (ReadOnly, error)
	// Replicas lists the servers, the longest running first.
	Replicas(ctx context.Context) ([]Replica, error)
	// Backlog counts what waits, messages excepted: see Outgoing.
	Backlog(ctx context.Context) (Backlog, error)
	// Database tells of the database itself.
	Database(ctx context.Context) (Database, error)
	// Unsound looks through the whole database and lists what is not as it should be,
	// without values; none: it is sound. It may take minutes.
	Unsound(ctx context.Context) ([]string, error)
}

// OperationWriter writes it.
type OperationWriter interface {
	// SetReadOnlyMode replaces what was said.
	SetReadOnlyMode(ctx context.Context, m ReadOnly) error
	// PutReplica writes a server's row, in place of the one before.
	PutReplica(ctx context.Context, r Replica) error
	// RemoveReplica takes it away; there may be none.
	RemoveReplica(ctx context.Context, id string) error
	// RemoveReplicasBefore takes away servers that were not seen since.
	RemoveReplicasBefore(ctx context.Context, t time.Time) error
}
