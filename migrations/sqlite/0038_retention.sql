-- How long a study keeps what it knows of its people, on SQLite. The file of the same
-- name for PostgreSQL makes the same tables.

-- +goose Up
-- A study without a row was there before there were such rules: nothing is removed until
-- somebody decides. While held_at is set nothing is removed either.
CREATE TABLE retention (
    study_id     TEXT    NOT NULL PRIMARY KEY REFERENCES study (id) ON DELETE RESTRICT,
    revision     INTEGER NOT NULL CHECK (revision >= 0), -- 0: no rules were chosen yet
    held_at      INTEGER,
    held_by      TEXT    NOT NULL DEFAULT '' CHECK (length(held_by) <= 64),
    held_reason  TEXT    NOT NULL DEFAULT '' CHECK (length(held_reason) <= 2000),
    leased_to_at INTEGER, -- by the server that removes what is due
    swept_at     INTEGER,
    CHECK ((held_at IS NULL) = (held_reason = ''))
) STRICT;

-- A kind without a row is kept.
CREATE TABLE retention_rule (
    study_id TEXT    NOT NULL REFERENCES retention (study_id) ON DELETE RESTRICT,
    kind     TEXT    NOT NULL CHECK (kind IN ('contact', 'notes', 'messages', 'sign_ins', 'answers')),
    anchor   TEXT    NOT NULL CHECK (anchor IN ('last_wave', 'closed')),
    days     INTEGER NOT NULL CHECK (days BETWEEN 0 AND 36525),
    PRIMARY KEY (study_id, kind)
) STRICT, WITHOUT ROWID;
