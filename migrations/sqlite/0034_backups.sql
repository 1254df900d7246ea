-- What became of backups, on SQLite. The file of the same name for PostgreSQL makes
-- the same tables.

-- +goose Up
-- A backup that was made or tried. Where it is kept knows better what there still is.
CREATE TABLE backup (
    id        TEXT    NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
    why       TEXT    NOT NULL CHECK (why IN ('schedule', 'command', 'upgrade')),
    place     TEXT    NOT NULL CHECK (length(place) BETWEEN 1 AND 1024),
    name      TEXT    NOT NULL CHECK (length(name) <= 256), -- empty: none was made
    begun_at  INTEGER NOT NULL,
    ended_at  INTEGER,
    bytes     INTEGER NOT NULL CHECK (bytes >= 0),
    row_count INTEGER NOT NULL CHECK (row_count >= 0),
    sha256    TEXT    NOT NULL, -- of the canonical export
    proved_at INTEGER, -- when it was restored and compared
    fault     TEXT    NOT NULL CHECK (length(fault) <= 1000), -- why it failed, or was not proved
    minutes   INTEGER NOT NULL CHECK (minutes >= 0), -- to the next; 0: none is planned
    keep_days INTEGER NOT NULL CHECK (keep_days >= 0) -- how old it may become; 0: nobody said
) STRICT;
CREATE INDEX backup_begun ON backup (begun_at, id);

-- Whose turn it is: of any number of servers one makes a backup at a time.
CREATE TABLE backup_turn (
    id           TEXT    NOT NULL PRIMARY KEY CHECK (id = 'one'),
    holder       TEXT    NOT NULL CHECK (length(holder) BETWEEN 1 AND 64),
    leased_to_at INTEGER NOT NULL
) STRICT;
