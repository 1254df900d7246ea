-- Questionnaires that are being written, on PostgreSQL. The file of the same name
-- for SQLite makes the same tables.

-- +goose Up
-- A questionnaire in the making. revision is the one that stands; latest counts all
-- that were kept, those beside it included.
CREATE TABLE questionnaire_draft (
    id           text COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
    title        text NOT NULL,
    revision     integer NOT NULL CHECK (revision >= 1),
    latest       integer NOT NULL CHECK (latest >= revision),
    edited_from  text COLLATE "C", -- the version of another questionnaire that it began as
    source       text NOT NULL, -- name of a file; may be empty
    created_at   timestamptz NOT NULL,
    created_kind text NOT NULL CHECK (created_kind IN ('participant', 'user', 'system')),
    created_id   text NOT NULL,
    created_name text NOT NULL,
    updated_at   timestamptz NOT NULL,
    published_as text COLLATE "C", -- null: it is still being written
    FOREIGN KEY (edited_from) REFERENCES instrument_version (id) ON DELETE RESTRICT,
    FOREIGN KEY (published_as) REFERENCES instrument_version (id) ON DELETE RESTRICT
);

-- What was kept of a draft, save by save. aside: somebody else had saved meanwhile,
-- so it stands beside.
CREATE TABLE questionnaire_draft_revision (
    draft_id   text COLLATE "C" NOT NULL,
    number     integer NOT NULL CHECK (number >= 1),
    base       integer NOT NULL CHECK (base >= 0 AND base < number), -- 0: the first
    aside      boolean NOT NULL,
    what       text NOT NULL, -- was changed
    content    text NOT NULL, -- JSON
    saved_at   timestamptz NOT NULL,
    saved_kind text NOT NULL CHECK (saved_kind IN ('participant', 'user', 'system')),
    saved_id   text NOT NULL,
    saved_name text NOT NULL,
    PRIMARY KEY (draft_id, number),
    FOREIGN KEY (draft_id) REFERENCES questionnaire_draft (id) ON DELETE RESTRICT
);
