-- People who are added to a run before its study opens, on SQLite. The file of the same
-- name for PostgreSQL makes the same table.

-- +goose Up
-- Who it is is sealed, and tells nobody who has the database alone. When the study
-- opens they are enrolled, and their rows are gone.
CREATE TABLE planned_person (
    study_id TEXT    NOT NULL,
    id       TEXT    NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    run_id   TEXT    NOT NULL,
    position INTEGER NOT NULL CHECK (position >= 1), -- in which they are enrolled
    added_at INTEGER NOT NULL,
    key_id   TEXT    NOT NULL CHECK (length(key_id) BETWEEN 1 AND 64),
    sealed   BLOB    NOT NULL CHECK (length(sealed) BETWEEN 1 AND 16384),
    PRIMARY KEY (study_id, id),
    UNIQUE (study_id, position),
    FOREIGN KEY (study_id, run_id) REFERENCES course_run (study_id, id) ON DELETE RESTRICT
) STRICT;
