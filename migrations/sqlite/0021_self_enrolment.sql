-- People who enrol themselves, on SQLite. The file of the same name for PostgreSQL
-- makes the same tables.

-- +goose Up
-- Whether and how people of a run may enrol themselves. The key is in the address on
-- the poster; it is no secret.
CREATE TABLE run_entry (
    study_id  TEXT    NOT NULL,
    run_id    TEXT    NOT NULL,
    key       TEXT    NOT NULL CHECK (length(key) BETWEEN 1 AND 64),
    allowed   INTEGER NOT NULL CHECK (allowed IN (0, 1)),
    capacity  INTEGER CHECK (capacity >= 1), -- null: as many as come
    opens_on  TEXT    CHECK (length(opens_on) = 10 AND opens_on >= '0001-01-01'),
    closes_on TEXT    CHECK (length(closes_on) = 10 AND closes_on >= '0001-01-01'),
    ask_email TEXT    NOT NULL CHECK (ask_email IN ('no', 'optional', 'required')),
    PRIMARY KEY (study_id, run_id),
    CONSTRAINT run_entry_key_unique UNIQUE (key),
    FOREIGN KEY (study_id, run_id) REFERENCES course_run (study_id, id) ON DELETE RESTRICT
) STRICT;

-- Somebody who enrolled themselves, or waits for a place: then there is no enrolment,
-- and name and address are kept here. With a place they are removed from here.
CREATE TABLE entry_ticket (
    study_id     TEXT    NOT NULL,
    id           TEXT    NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    run_id       TEXT    NOT NULL,
    token_hash   TEXT    NOT NULL CHECK (length(token_hash) BETWEEN 1 AND 256),
    name         TEXT    NOT NULL,
    email        TEXT    NOT NULL,
    language     TEXT,
    asked_at     INTEGER NOT NULL,
    enrolment_id TEXT,
    PRIMARY KEY (study_id, id),
    CHECK (enrolment_id IS NULL OR (name = '' AND email = '')),
    CONSTRAINT entry_ticket_token_unique UNIQUE (token_hash),
    FOREIGN KEY (study_id, run_id) REFERENCES course_run (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX entry_ticket_run ON entry_ticket (study_id, run_id, asked_at, id);
CREATE INDEX entry_ticket_enrolment ON entry_ticket (study_id, enrolment_id);
-- Nobody waits twice.
CREATE UNIQUE INDEX entry_ticket_email ON entry_ticket (study_id, run_id, email) WHERE email <> '';
