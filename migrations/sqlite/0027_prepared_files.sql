-- Files that are prepared in the background, on SQLite. The file of the same name
-- for PostgreSQL makes the same tables.

-- +goose Up
-- A file that somebody asked for. Without ended_at it is waiting or being made; tries
-- counts who began, and whoever was overtaken finds another number there.
CREATE TABLE prepared_file (
    study_id    TEXT    NOT NULL,
    id          TEXT    NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    what        TEXT    NOT NULL,
    format      TEXT    NOT NULL,
    snapshot    INTEGER NOT NULL CHECK (snapshot >= 0), -- its number; 0: the data as they are
    profile     TEXT    NOT NULL,
    leave_out   TEXT    NOT NULL, -- codes, with a space between
    name        TEXT    NOT NULL, -- of the file
    media       TEXT    NOT NULL,
    asked_at    INTEGER NOT NULL,
    asked_kind  TEXT    NOT NULL CHECK (asked_kind IN ('participant', 'user', 'system')),
    asked_id    TEXT    NOT NULL,
    asked_name  TEXT    NOT NULL,
    leased_to_at INTEGER,
    start_at    INTEGER NOT NULL, -- not before
    tries       INTEGER NOT NULL CHECK (tries >= 0),
    bytes       INTEGER NOT NULL CHECK (bytes >= 0), -- so far
    row_count   INTEGER NOT NULL CHECK (row_count >= -1), -- -1: it has none
    sha256      TEXT    NOT NULL, -- empty: not whole
    ended_at    INTEGER,
    reason      TEXT    NOT NULL, -- why it could not be made, or is gone
    PRIMARY KEY (study_id, id),
    CHECK (sha256 = '' OR ended_at IS NOT NULL),
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX prepared_file_due ON prepared_file (start_at) WHERE ended_at IS NULL;
CREATE INDEX prepared_file_ended ON prepared_file (ended_at) WHERE ended_at IS NOT NULL AND reason = '';

-- Its content in pieces of equal length, each compressed.
CREATE TABLE prepared_piece (
    study_id TEXT    NOT NULL,
    file_id  TEXT    NOT NULL,
    position INTEGER NOT NULL CHECK (position >= 0),
    content  BLOB    NOT NULL CHECK (length(content) BETWEEN 1 AND 1048576),
    PRIMARY KEY (study_id, file_id, position),
    FOREIGN KEY (study_id, file_id) REFERENCES prepared_file (study_id, id) ON DELETE RESTRICT
) STRICT;
