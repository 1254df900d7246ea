-- How long a study keeps what it knows of its people, on PostgreSQL. The file of the same
-- name for SQLite makes the same tables.

-- +goose Up
-- A study without a row was there before there were such rules: nothing is removed until
-- somebody decides. While held_at is set nothing is removed either.
CREATE TABLE retention (
    study_id     text COLLATE "C" NOT NULL PRIMARY KEY REFERENCES study (id) ON DELETE RESTRICT,
    revision     integer     NOT NULL CHECK (revision >= 0), -- 0: no rules were chosen yet
    held_at      timestamptz,
    held_by      text        NOT NULL DEFAULT '' CHECK (length(held_by) <= 64),
    held_reason  text        NOT NULL DEFAULT '' CHECK (length(held_reason) <= 2000),
    leased_to_at timestamptz, -- by the server that removes what is due
    swept_at     timestamptz,
    CHECK ((held_at IS NULL) = (held_reason = ''))
);

-- A kind without a row is kept.
CREATE TABLE retention_rule (
    study_id text COLLATE "C" NOT NULL REFERENCES retention (study_id) ON DELETE RESTRICT,
    kind     text COLLATE "C" NOT NULL CHECK (kind IN ('contact', 'notes', 'messages', 'sign_ins', 'answers')),
    anchor   text        NOT NULL CHECK (anchor IN ('last_wave', 'closed')),
    days     integer     NOT NULL CHECK (days BETWEEN 0 AND 36525),
    PRIMARY KEY (study_id, kind)
);
