-- Files that are prepared in the background, on PostgreSQL. The file of the same
-- name for SQLite makes the same tables.

-- +goose Up
-- A file that somebody asked for. Without ended_at it is waiting or being made; tries
-- counts who began, and whoever was overtaken finds another number there.
CREATE TABLE prepared_file (
    study_id    text COLLATE "C" NOT NULL,
    id          text COLLATE "C" NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    what        text COLLATE "C" NOT NULL,
    format      text COLLATE "C" NOT NULL,
    snapshot    integer NOT NULL CHECK (snapshot >= 0), -- its number; 0: the data as they are
    profile     text COLLATE "C" NOT NULL,
    leave_out   text COLLATE "C" NOT NULL, -- codes, with a space between
    name        text COLLATE "C" NOT NULL, -- of the file
    media       text COLLATE "C" NOT NULL,
    asked_at    timestamptz NOT NULL,
    asked_kind  text COLLATE "C" NOT NULL CHECK (asked_kind IN ('participant', 'user', 'system')),
    asked_id    text COLLATE "C" NOT NULL,
    asked_name  text COLLATE "C" NOT NULL,
    leased_to_at timestamptz,
    start_at    timestamptz NOT NULL, -- not before
    tries       integer NOT NULL CHECK (tries >= 0),
    bytes       bigint NOT NULL CHECK (bytes >= 0), -- so far
    row_count   bigint NOT NULL CHECK (row_count >= -1), -- -1: it has none
    sha256      text COLLATE "C" NOT NULL, -- empty: not whole
    ended_at    timestamptz,
    reason      text COLLATE "C" NOT NULL, -- why it could not be made, or is gone
    PRIMARY KEY (study_id, id),
    CHECK (sha256 = '' OR ended_at IS NOT NULL),
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
);
CREATE INDEX prepared_file_due ON prepared_file (start_at) WHERE ended_at IS NULL;
CREATE INDEX prepared_file_ended ON prepared_file (ended_at) WHERE ended_at IS NOT NULL AND reason = '';

-- Its content in pieces of equal length, each compressed.
CREATE TABLE prepared_piece (
    study_id text COLLATE "C" NOT NULL,
    file_id  text COLLATE "C" NOT NULL,
    position integer NOT NULL CHECK (position >= 0),
    content  bytea NOT NULL CHECK (length(content) BETWEEN 1 AND 1048576),
    PRIMARY KEY (study_id, file_id, position),
    FOREIGN KEY (study_id, file_id) REFERENCES prepared_file (study_id, id) ON DELETE RESTRICT
);
