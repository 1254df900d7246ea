-- Names, addresses and notes are sealed under a key for each person, on SQLite. The
-- file of the same name for PostgreSQL makes the same tables.
--
-- The keys are not at hand while SQL runs. What is to be sealed waits in the tables
-- unsealed_…, from which `tidemark migrate` takes it, and which take nothing more.

-- +goose Up
-- Keys that wrap the keys of people, themselves wrapped by a master key that is no
-- part of the database. More than one only while the master key is being changed.
CREATE TABLE vault_key (
    id        TEXT    NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
    master_id TEXT    NOT NULL CHECK (length(master_id) BETWEEN 1 AND 64), -- which tells nothing of it
    wrapped   BLOB    NOT NULL CHECK (length(wrapped) BETWEEN 1 AND 65536),
    in_use    INTEGER NOT NULL CHECK (in_use IN (0, 1)), -- for new people
    made_at   INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX vault_key_in_use ON vault_key (in_use) WHERE in_use = 1;

-- A person's key. With it goes all that is sealed under it.
CREATE TABLE person_key (
    study_id       TEXT NOT NULL,
    participant_id TEXT NOT NULL,
    key_id         TEXT NOT NULL,
    wrapped        BLOB NOT NULL CHECK (length(wrapped) BETWEEN 1 AND 1024),
    PRIMARY KEY (study_id, participant_id),
    FOREIGN KEY (study_id, participant_id) REFERENCES participant (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (key_id) REFERENCES vault_key (id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX person_key_wrapped_by ON person_key (key_id);

CREATE TABLE unsealed_contact (
    study_id       TEXT NOT NULL,
    participant_id TEXT NOT NULL,
    name           TEXT NOT NULL,
    email          TEXT NOT NULL,
    phone          TEXT NOT NULL,
    bounced_at     INTEGER,
    PRIMARY KEY (study_id, participant_id),
    FOREIGN KEY (study_id, participant_id) REFERENCES participant (study_id, id) ON DELETE RESTRICT
) STRICT;
INSERT INTO unsealed_contact SELECT study_id, participant_id, name, email, phone, bounced_at FROM contact;
DROP TABLE contact;
-- How somebody is reached; null: not given. The index is a keyed hash of the address.
CREATE TABLE contact (
    study_id       TEXT NOT NULL,
    participant_id TEXT NOT NULL,
    name           BLOB,
    email          BLOB,
    phone          BLOB,
    email_index    BLOB,
    bounced_at     INTEGER,
    PRIMARY KEY (study_id, participant_id),
    CHECK ((email IS NULL) = (email_index IS NULL)),
    FOREIGN KEY (study_id, participant_id) REFERENCES person_key (study_id, participant_id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX contact_email ON contact (study_id, email_index) WHERE email_index IS NOT NULL;

CREATE TABLE unsealed_ticket (
    study_id  TEXT NOT NULL,
    ticket_id TEXT NOT NULL,
    name      TEXT NOT NULL,
    email     TEXT NOT NULL,
    PRIMARY KEY (study_id, ticket_id)
) STRICT;
INSERT INTO unsealed_ticket SELECT study_id, id, name, email FROM entry_ticket WHERE name <> '' OR email <> '';
-- Somebody who enrolled themselves, or waits for a place: then there is no enrolment,
-- and name and address are kept here, under a key of their own. With a place they are
-- removed from here.
CREATE TABLE entry_ticket_new (
    study_id     TEXT    NOT NULL,
    id           TEXT    NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    run_id       TEXT    NOT NULL,
    token_hash   TEXT    NOT NULL CHECK (length(token_hash) BETWEEN 1 AND 256),
    key_id       TEXT,
    wrapped      BLOB    CHECK (length(wrapped) BETWEEN 1 AND 1024),
    name         BLOB,
    email        BLOB,
    email_index  BLOB,
    language     TEXT,
    asked_at     INTEGER NOT NULL,
    enrolment_id TEXT,
    PRIMARY KEY (study_id, id),
    CHECK (enrolment_id IS NULL OR (wrapped IS NULL AND name IS NULL AND email IS NULL)),
    CHECK ((key_id IS NULL) = (wrapped IS NULL)),
    CHECK ((email IS NULL) = (email_index IS NULL)),
    CONSTRAINT entry_ticket_token_unique UNIQUE (token_hash),
    FOREIGN KEY (study_id, run_id) REFERENCES course_run (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (key_id) REFERENCES vault_key (id) ON DELETE RESTRICT
) STRICT;
INSERT INTO entry_ticket_new (study_id, id, run_id, token_hash, language, asked_at, enrolment_id)
    SELECT study_id, id, run_id, token_hash, language, asked_at, enrolment_id FROM entry_ticket;
DROP TABLE entry_ticket;
ALTER TABLE entry_ticket_new RENAME TO entry_ticket;
CREATE INDEX entry_ticket_run ON entry_ticket (study_id, run_id, asked_at, id);
CREATE INDEX entry_ticket_enrolment ON entry_ticket (study_id, enrolment_id);
CREATE INDEX entry_ticket_wrapped_by ON entry_ticket (key_id) WHERE key_id IS NOT NULL;
-- Nobody waits twice.
CREATE UNIQUE INDEX entry_ticket_email ON entry_ticket (study_id, run_id, email_index) WHERE email_index IS NOT NULL;

CREATE TABLE unsealed_note (
    study_id     TEXT    NOT NULL,
    enrolment_id TEXT    NOT NULL,
    id           TEXT    NOT NULL,
    run_id       TEXT    NOT NULL,
    author_id    TEXT    NOT NULL,
    author_name  TEXT    NOT NULL,
    written_at   INTEGER NOT NULL,
    text         TEXT    NOT NULL,
    PRIMARY KEY (study_id, enrolment_id, id),
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
) STRICT;
INSERT INTO unsealed_note SELECT study_id, enrolment_id, id, run_id, author_id, author_name, written_at, text FROM person_note;
DROP TABLE person_note;
-- What facilitators note of a person. Notes are added to and not changed.
CREATE TABLE person_note (
    study_id     TEXT    NOT NULL,
    enrolment_id TEXT    NOT NULL,
    id           TEXT    NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    run_id       TEXT    NOT NULL, -- whose facilitators may read it
    author_id    TEXT    NOT NULL,
    author_name  TEXT    NOT NULL,
    written_at   INTEGER NOT NULL,
    sealed       BLOB    NOT NULL CHECK (length(sealed) BETWEEN 1 AND 8192),
    PRIMARY KEY (study_id, enrolment_id, id),
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, run_id) REFERENCES course_run (study_id, id) ON DELETE RESTRICT
) STRICT;
-- +goose StatementBegin
CREATE TRIGGER person_note_no_update BEFORE UPDATE ON person_note
BEGIN
    SELECT RAISE(ABORT, 'notes about people are added to and not changed');
END;
-- +goose StatementEnd

-- What a person wrote for themselves is sealed under a key of the installation; that
-- is sealed once more under the person's own.
ALTER TABLE private_note ADD COLUMN by_person INTEGER NOT NULL DEFAULT 0 CHECK (by_person IN (0, 1));
CREATE INDEX private_note_unsealed ON private_note (study_id, enrolment_id) WHERE by_person = 0;

-- +goose StatementBegin
CREATE TRIGGER unsealed_contact_no_insert BEFORE INSERT ON unsealed_contact
BEGIN
    SELECT RAISE(ABORT, 'names and addresses are stored sealed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER unsealed_ticket_no_insert BEFORE INSERT ON unsealed_ticket
BEGIN
    SELECT RAISE(ABORT, 'names and addresses are stored sealed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER unsealed_note_no_insert BEFORE INSERT ON unsealed_note
BEGIN
    SELECT RAISE(ABORT, 'notes about people are stored sealed');
END;
-- +goose StatementEnd
