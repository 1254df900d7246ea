-- Analysis plans and frozen data, on SQLite. The file of the same name for
-- PostgreSQL makes the same tables.

-- +goose Up
-- Versions of a study's analysis plan. A row without locked_at is a draft, of
-- which a study has at most one; a locked row never changes.
CREATE TABLE analysis_plan (
    study_id       TEXT    NOT NULL,
    version        INTEGER NOT NULL CHECK (version >= 1),
    revision       INTEGER NOT NULL CHECK (revision >= 1),
    reason         TEXT    NOT NULL,
    content        TEXT    NOT NULL, -- canonical JSON
    saved_at       INTEGER NOT NULL,
    saved_kind     TEXT    NOT NULL CHECK (saved_kind IN ('participant', 'user', 'system')),
    saved_id       TEXT    NOT NULL,
    saved_name     TEXT    NOT NULL,
    locked_at      INTEGER,
    locked_kind    TEXT    CHECK (locked_kind IN ('participant', 'user', 'system')),
    locked_id      TEXT    NOT NULL,
    locked_name    TEXT    NOT NULL,
    hash           TEXT    NOT NULL, -- SHA-256 of the content; empty: a draft
    program        TEXT    NOT NULL,
    post_submitted INTEGER NOT NULL CHECK (post_submitted >= 0),
    post_people    INTEGER NOT NULL CHECK (post_people >= 0),
    reports_opened INTEGER NOT NULL CHECK (reports_opened >= 0),
    exports        INTEGER NOT NULL CHECK (exports >= 0),
    PRIMARY KEY (study_id, version),
    CHECK ((locked_at IS NULL) = (hash = '')),
    CHECK ((locked_at IS NULL) = (locked_kind IS NULL)),
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
) STRICT;
CREATE UNIQUE INDEX analysis_plan_draft ON analysis_plan (study_id) WHERE locked_at IS NULL;

-- A study's data as they were. A row without sealed_at is being written. Once
-- sealed it never changes but for one thing: its content can be removed, which
-- is noted in the row.
CREATE TABLE snapshot (
    study_id        TEXT    NOT NULL,
    id              TEXT    NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    number          INTEGER NOT NULL CHECK (number >= 1),
    name            TEXT    NOT NULL,
    note            TEXT    NOT NULL,
    taken_at        INTEGER NOT NULL,
    taken_kind      TEXT    NOT NULL CHECK (taken_kind IN ('participant', 'user', 'system')),
    taken_id        TEXT    NOT NULL,
    taken_name      TEXT    NOT NULL,
    program         TEXT    NOT NULL,
    form            TEXT    NOT NULL, -- of the document
    hash            TEXT    NOT NULL, -- SHA-256 of the document; empty: not sealed
    bytes           INTEGER NOT NULL CHECK (bytes >= 0),
    packed          INTEGER NOT NULL CHECK (packed >= 0),
    chunks          INTEGER NOT NULL CHECK (chunks >= 0),
    people          INTEGER NOT NULL CHECK (people >= 0),
    attendance      INTEGER NOT NULL CHECK (attendance >= 0),
    assessments     INTEGER NOT NULL CHECK (assessments >= 0),
    responses       INTEGER NOT NULL CHECK (responses >= 0),
    scores          INTEGER NOT NULL CHECK (scores >= 0),
    plan_version    INTEGER NOT NULL CHECK (plan_version >= 0),
    plan_hash       TEXT    NOT NULL,
    sealed_at       INTEGER,
    removed_at      INTEGER,
    removed_kind    TEXT    CHECK (removed_kind IN ('participant', 'user', 'system')),
    removed_id      TEXT    NOT NULL,
    removed_name    TEXT    NOT NULL,
    removed_reason  TEXT    NOT NULL,
    PRIMARY KEY (study_id, id),
    CONSTRAINT snapshot_number_unique UNIQUE (study_id, number),
    CHECK ((sealed_at IS NULL) = (hash = '')),
    CHECK ((removed_at IS NULL) = (removed_kind IS NULL)),
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
) STRICT;

-- The document, compressed, in pieces that no writer waits long for.
CREATE TABLE snapshot_chunk (
    study_id    TEXT    NOT NULL,
    snapshot_id TEXT    NOT NULL,
    position    INTEGER NOT NULL CHECK (position >= 0),
    content     BLOB    NOT NULL CHECK (length(content) BETWEEN 1 AND 1048576),
    PRIMARY KEY (study_id, snapshot_id, position),
    FOREIGN KEY (study_id, snapshot_id) REFERENCES snapshot (study_id, id) ON DELETE RESTRICT
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER analysis_plan_no_update BEFORE UPDATE ON analysis_plan
WHEN OLD.locked_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'a locked plan never changes');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER analysis_plan_no_delete BEFORE DELETE ON analysis_plan
WHEN OLD.locked_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'a locked plan is never removed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER snapshot_no_update BEFORE UPDATE ON snapshot
WHEN OLD.sealed_at IS NOT NULL AND (
    OLD.removed_at IS NOT NULL OR NEW.removed_at IS NULL
    OR (NEW.study_id, NEW.id, NEW.number, NEW.name, NEW.note, NEW.taken_at, NEW.taken_kind, NEW.taken_id, NEW.taken_name,
        NEW.program, NEW.form, NEW.hash, NEW.bytes, NEW.packed, NEW.chunks, NEW.people, NEW.attendance, NEW.assessments,
        NEW.responses, NEW.scores, NEW.plan_version, NEW.plan_hash, NEW.sealed_at)
    IS NOT (OLD.study_id, OLD.id, OLD.number, OLD.name, OLD.note, OLD.taken_at, OLD.taken_kind, OLD.taken_id, OLD.taken_name,
        OLD.program, OLD.form, OLD.hash, OLD.bytes, OLD.packed, OLD.chunks, OLD.people, OLD.attendance, OLD.assessments,
        OLD.responses, OLD.scores, OLD.plan_version, OLD.plan_hash, OLD.sealed_at))
BEGIN
    SELECT RAISE(ABORT, 'a snapshot never changes');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER snapshot_no_delete BEFORE DELETE ON snapshot
WHEN OLD.sealed_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'what is known of a snapshot is never removed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER snapshot_chunk_no_insert BEFORE INSERT ON snapshot_chunk
WHEN EXISTS (SELECT 1 FROM snapshot s WHERE s.study_id = NEW.study_id AND s.id = NEW.snapshot_id AND s.sealed_at IS NOT NULL)
BEGIN
    SELECT RAISE(ABORT, 'a snapshot never changes');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER snapshot_chunk_no_update BEFORE UPDATE ON snapshot_chunk
BEGIN
    SELECT RAISE(ABORT, 'a snapshot never changes');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER snapshot_chunk_no_delete BEFORE DELETE ON snapshot_chunk
WHEN EXISTS (SELECT 1 FROM snapshot s WHERE s.study_id = OLD.study_id AND s.id = OLD.snapshot_id
    AND s.sealed_at IS NOT NULL AND s.removed_at IS NULL)
BEGIN
    SELECT RAISE(ABORT, 'a snapshot never changes');
END;
-- +goose StatementEnd
