-- Course templates of an installation, on PostgreSQL. The file of the same name for
-- SQLite makes the same tables.

-- +goose Up
-- One version of a course. Course runs keep the version that they began with, so
-- nothing here ever changes but retired_at.
CREATE TABLE course_version (
    key        text COLLATE "C" NOT NULL CHECK (length(key) BETWEEN 1 AND 40),
    version    text COLLATE "C" NOT NULL CHECK (length(version) BETWEEN 5 AND 20),
    title      text        NOT NULL,
    language   text        NOT NULL,
    weeks      integer     NOT NULL CHECK (weeks BETWEEN 1 AND 52),
    hash       text        NOT NULL CHECK (length(hash) = 64),
    definition text        NOT NULL, -- JSON
    origin     text        NOT NULL, -- another version, or the name of a file; may be empty
    note       text        NOT NULL, -- what was changed; may be empty
    added_at   timestamptz NOT NULL,
    added_kind text        NOT NULL CHECK (added_kind IN ('participant', 'user', 'system')),
    added_id   text        NOT NULL,
    added_name text        NOT NULL,
    retired_at timestamptz, -- null: new course runs may follow it
    PRIMARY KEY (key, version)
);

-- A course that is being written, of which revision counts the saves.
CREATE TABLE course_draft (
    key        text COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 40),
    title      text        NOT NULL,
    origin     text        NOT NULL,
    revision   integer     NOT NULL CHECK (revision >= 1),
    content    text        NOT NULL, -- JSON
    saved_at   timestamptz NOT NULL,
    saved_kind text        NOT NULL CHECK (saved_kind IN ('participant', 'user', 'system')),
    saved_id   text        NOT NULL,
    saved_name text        NOT NULL
);

CREATE TRIGGER course_version_no_update BEFORE UPDATE ON course_version
    FOR EACH ROW WHEN (to_jsonb(NEW) - 'retired_at' <> to_jsonb(OLD) - 'retired_at') EXECUTE FUNCTION refuse_change();
CREATE TRIGGER course_version_no_delete BEFORE DELETE ON course_version
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER course_version_no_truncate BEFORE TRUNCATE ON course_version
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
