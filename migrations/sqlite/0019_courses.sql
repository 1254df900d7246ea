-- Course templates of an installation, on SQLite. The file of the same name for
-- PostgreSQL makes the same tables.

-- +goose Up
-- One version of a course. Course runs keep the version that they began with, so
-- nothing here ever changes but retired_at.
CREATE TABLE course_version (
    key        TEXT    NOT NULL CHECK (length(key) BETWEEN 1 AND 40),
    version    TEXT    NOT NULL CHECK (length(version) BETWEEN 5 AND 20),
    title      TEXT    NOT NULL,
    language   TEXT    NOT NULL,
    weeks      INTEGER NOT NULL CHECK (weeks BETWEEN 1 AND 52),
    hash       TEXT    NOT NULL CHECK (length(hash) = 64),
    definition TEXT    NOT NULL, -- JSON
    origin     TEXT    NOT NULL, -- another version, or the name of a file; may be empty
    note       TEXT    NOT NULL, -- what was changed; may be empty
    added_at   INTEGER NOT NULL,
    added_kind TEXT    NOT NULL CHECK (added_kind IN ('participant', 'user', 'system')),
    added_id   TEXT    NOT NULL,
    added_name TEXT    NOT NULL,
    retired_at INTEGER, -- null: new course runs may follow it
    PRIMARY KEY (key, version)
) STRICT;

-- A course that is being written, of which revision counts the saves.
CREATE TABLE course_draft (
    key        TEXT    NOT NULL PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 40),
    title      TEXT    NOT NULL,
    origin     TEXT    NOT NULL,
    revision   INTEGER NOT NULL CHECK (revision >= 1),
    content    TEXT    NOT NULL, -- JSON
    saved_at   INTEGER NOT NULL,
    saved_kind TEXT    NOT NULL CHECK (saved_kind IN ('participant', 'user', 'system')),
    saved_id   TEXT    NOT NULL,
    saved_name TEXT    NOT NULL
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER course_version_no_update BEFORE UPDATE ON course_version
WHEN (NEW.key, NEW.version, NEW.title, NEW.language, NEW.weeks, NEW.hash, NEW.definition, NEW.origin, NEW.note,
      NEW.added_at, NEW.added_kind, NEW.added_id, NEW.added_name)
    IS NOT (OLD.key, OLD.version, OLD.title, OLD.language, OLD.weeks, OLD.hash, OLD.definition, OLD.origin, OLD.note,
      OLD.added_at, OLD.added_kind, OLD.added_id, OLD.added_name)
BEGIN
    SELECT RAISE(ABORT, 'a version of a course never changes');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER course_version_no_delete BEFORE DELETE ON course_version
BEGIN
    SELECT RAISE(ABORT, 'a version of a course is never removed');
END;
-- +goose StatementEnd
