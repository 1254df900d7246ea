-- The audit trail as a chain, on SQLite. The file of the same name for PostgreSQL makes
-- the same tables.

-- +goose Up
-- A line is written in the transaction that it tells of, without a place in its study's
-- chain: seq is null. A server gives it one within a second, with the hash of the line
-- before it and its own (survey.ChainedEvent); that is done once, and nothing of a line
-- ever changes besides. Lines that concern the installation are a chain of their own.
ALTER TABLE audit_event ADD COLUMN subject_id TEXT NOT NULL DEFAULT ''; -- enrolment with which its text is erased
ALTER TABLE audit_event ADD COLUMN text_hash TEXT NOT NULL DEFAULT ''; -- of its audit_text; empty: it has none
ALTER TABLE audit_event ADD COLUMN seq INTEGER;
ALTER TABLE audit_event ADD COLUMN sealed_at INTEGER;
ALTER TABLE audit_event ADD COLUMN prev_hash TEXT NOT NULL DEFAULT ''; -- empty: the first of its chain
ALTER TABLE audit_event ADD COLUMN hash TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX audit_event_place ON audit_event (study_id, seq) WHERE seq IS NOT NULL;
CREATE INDEX audit_event_waiting ON audit_event (study_id, at, id) WHERE seq IS NULL;

-- The end of each chain, held by whoever adds to it, and what the last check found.
CREATE TABLE audit_chain (
    study_id    TEXT    NOT NULL PRIMARY KEY,
    seq         INTEGER NOT NULL CHECK (seq >= 0),
    hash        TEXT    NOT NULL,
    checked_at  INTEGER,
    checked_seq INTEGER NOT NULL DEFAULT 0,
    faults      INTEGER NOT NULL DEFAULT 0 CHECK (faults >= 0)
) STRICT;

-- The end of each chain once a day, signed. These rows only see to it that all servers
-- write the same line; what counts is the file or the mailbox that the line goes to.
CREATE TABLE audit_head (
    study_id  TEXT    NOT NULL,
    day       TEXT    NOT NULL CHECK (length(day) = 10),
    seq       INTEGER NOT NULL CHECK (seq >= 1),
    hash      TEXT    NOT NULL,
    made_at   INTEGER NOT NULL,
    key       TEXT    NOT NULL,
    signature TEXT    NOT NULL,
    mailed_at INTEGER,
    PRIMARY KEY (study_id, day)
) STRICT;

-- What was there before, what after, and why: apart from the line, which holds only a
-- hash of it with a salt. Who is erased takes the row along, and the salt with it, so that
-- the hash tells nothing any more and the chain holds.
CREATE TABLE audit_text (
    study_id     TEXT NOT NULL,
    event_id     TEXT NOT NULL,
    enrolment_id TEXT, -- null: of nobody, never erased
    salt         TEXT NOT NULL CHECK (length(salt) = 64),
    old_value    TEXT NOT NULL,
    new_value    TEXT NOT NULL,
    reason       TEXT NOT NULL,
    PRIMARY KEY (study_id, event_id),
    FOREIGN KEY (study_id, event_id) REFERENCES audit_event (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX audit_text_person ON audit_text (study_id, enrolment_id);

DROP TRIGGER audit_event_no_update;
-- +goose StatementBegin
CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
WHEN OLD.seq IS NOT NULL OR NEW.seq IS NULL OR OLD.study_id <> NEW.study_id OR OLD.id <> NEW.id OR OLD.at <> NEW.at
    OR OLD.actor_kind <> NEW.actor_kind OR OLD.actor_id <> NEW.actor_id OR OLD.action <> NEW.action
    OR OLD.object_kind <> NEW.object_kind OR OLD.object_id <> NEW.object_id OR OLD.detail <> NEW.detail
    OR OLD.subject_id <> NEW.subject_id OR OLD.text_hash <> NEW.text_hash
BEGIN
    SELECT RAISE(ABORT, 'the audit trail never changes');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_event_begins_waiting BEFORE INSERT ON audit_event WHEN NEW.seq IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'a line of the audit trail begins without a place');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_chain_no_way_back BEFORE UPDATE ON audit_chain
WHEN NEW.study_id <> OLD.study_id OR NEW.seq < OLD.seq OR (NEW.seq = OLD.seq AND NEW.hash <> OLD.hash)
BEGIN
    SELECT RAISE(ABORT, 'a chain of the audit trail never becomes shorter');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_chain_no_delete BEFORE DELETE ON audit_chain
BEGIN
    SELECT RAISE(ABORT, 'a chain of the audit trail never ends');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_head_no_update BEFORE UPDATE ON audit_head
WHEN NEW.study_id <> OLD.study_id OR NEW.day <> OLD.day OR NEW.seq <> OLD.seq OR NEW.hash <> OLD.hash
    OR NEW.made_at <> OLD.made_at OR NEW.key <> OLD.key OR NEW.signature <> OLD.signature
BEGIN
    SELECT RAISE(ABORT, 'a signed head never changes');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head
BEGIN
    SELECT RAISE(ABORT, 'a signed head is never removed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_text_no_update BEFORE UPDATE ON audit_text
BEGIN
    SELECT RAISE(ABORT, 'the audit trail never changes');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_text_no_delete BEFORE DELETE ON audit_text WHEN OLD.enrolment_id IS NULL
BEGIN
    SELECT RAISE(ABORT, 'only the text about a person can be erased');
END;
-- +goose StatementEnd
