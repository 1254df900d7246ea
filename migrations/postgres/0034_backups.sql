-- What became of backups, on PostgreSQL. The file of the same name for SQLite makes
-- the same tables.

-- +goose Up
-- A backup that was made or tried. Where it is kept knows better what there still is.
CREATE TABLE backup (
    id        text COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
    why       text   NOT NULL CHECK (why IN ('schedule', 'command', 'upgrade')),
    place     text   NOT NULL CHECK (length(place) BETWEEN 1 AND 1024),
    name      text   NOT NULL CHECK (length(name) <= 256), -- empty: none was made
    begun_at  timestamptz NOT NULL,
    ended_at  timestamptz,
    bytes     bigint NOT NULL CHECK (bytes >= 0),
    row_count bigint NOT NULL CHECK (row_count >= 0),
    sha256    text   NOT NULL, -- of the canonical export
    proved_at timestamptz, -- when it was restored and compared
    fault     text   NOT NULL CHECK (length(fault) <= 1000), -- why it failed, or was not proved
    minutes   bigint NOT NULL CHECK (minutes >= 0), -- to the next; 0: none is planned
    keep_days bigint NOT NULL CHECK (keep_days >= 0) -- how old it may become; 0: nobody said
);
CREATE INDEX backup_begun ON backup (begun_at, id);

-- Whose turn it is: of any number of servers one makes a backup at a time.
CREATE TABLE backup_turn (
    id           text COLLATE "C" NOT NULL PRIMARY KEY CHECK (id = 'one'),
    holder       text   NOT NULL CHECK (length(holder) BETWEEN 1 AND 64),
    leased_to_at timestamptz NOT NULL
);
