-- Questionnaires that are being written, on SQLite. The file of the same name for
-- PostgreSQL makes the same tables.

-- +goose Up
-- A questionnaire in the making. revision is the one that stands; latest counts all
-- that were kept, those beside it included.
CREATE TABLE questionnaire_draft (
    id           TEXT    NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
    title        TEXT    NOT NULL,
    revision     INTEGER NOT NULL CHECK (revision >= 1),
    latest       INTEGER NOT NULL CHECK (latest >= revision),
    edited_from  TEXT, -- the version of another questionnaire that it began as
    source       TEXT    NOT NULL, -- name of a file; may be empty
    created_at   INTEGER NOT NULL,
    created_kind TEXT    NOT NULL CHECK (created_kind IN ('participant', 'user', 'system')),
    created_id   TEXT    NOT NULL,
    created_name TEXT    NOT NULL,
    updated_at   INTEGER NOT NULL,
    published_as TEXT, -- null: it is still being written
    FOREIGN KEY (edited_from) REFERENCES instrument_version (id) ON DELETE RESTRICT,
    FOREIGN KEY (published_as) REFERENCES instrument_version (id) ON DELETE RESTRICT
) STRICT;

-- What was kept of a draft, save by save. aside: somebody else had saved meanwhile,
-- so it stands beside.
CREATE TABLE questionnaire_draft_revision (
    draft_id   TEXT    NOT NULL,
    number     INTEGER NOT NULL CHECK (number >= 1),
    base       INTEGER NOT NULL CHECK (base >= 0 AND base < number), -- 0: the first
    aside      INTEGER NOT NULL CHECK (aside IN (0, 1)),
    what       TEXT    NOT NULL, -- was changed
    content    TEXT    NOT NULL, -- JSON
    saved_at   INTEGER NOT NULL,
    saved_kind TEXT    NOT NULL CHECK (saved_kind IN ('participant', 'user', 'system')),
    saved_id   TEXT    NOT NULL,
    saved_name TEXT    NOT NULL,
    PRIMARY KEY (draft_id, number),
    FOREIGN KEY (draft_id) REFERENCES questionnaire_draft (id) ON DELETE RESTRICT
) STRICT;
