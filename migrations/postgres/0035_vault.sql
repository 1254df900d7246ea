-- Names, addresses and notes are sealed under a key for each person, on PostgreSQL.
-- The file of the same name for SQLite makes the same tables and explains them.

-- +goose Up
CREATE TABLE vault_key (
    id        text COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
    master_id text             NOT NULL CHECK (length(master_id) BETWEEN 1 AND 64), -- which tells nothing of it
    wrapped   bytea            NOT NULL CHECK (length(wrapped) BETWEEN 1 AND 65536),
    in_use    boolean          NOT NULL, -- for new people
    made_at   timestamptz      NOT NULL
);
CREATE UNIQUE INDEX vault_key_in_use ON vault_key (in_use) WHERE in_use;

CREATE TABLE person_key (
    study_id       text COLLATE "C" NOT NULL,
    participant_id text COLLATE "C" NOT NULL,
    key_id         text COLLATE "C" NOT NULL,
    wrapped        bytea            NOT NULL CHECK (length(wrapped) BETWEEN 1 AND 1024),
    PRIMARY KEY (study_id, participant_id),
    FOREIGN KEY (study_id, participant_id) REFERENCES participant (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (key_id) REFERENCES vault_key (id) ON DELETE RESTRICT
);
CREATE INDEX person_key_wrapped_by ON person_key (key_id);

CREATE TABLE unsealed_contact (
    study_id       text COLLATE "C" NOT NULL,
    participant_id text COLLATE "C" NOT NULL,
    name           text             NOT NULL,
    email          text             NOT NULL,
    phone          text             NOT NULL,
    bounced_at     timestamptz,
    PRIMARY KEY (study_id, participant_id),
    FOREIGN KEY (study_id, participant_id) REFERENCES participant (study_id, id) ON DELETE RESTRICT
);
INSERT INTO unsealed_contact SELECT study_id, participant_id, name, email, phone, bounced_at FROM contact;
DROP TABLE contact;
CREATE TABLE contact (
    study_id       text COLLATE "C" NOT NULL,
    participant_id text COLLATE "C" NOT NULL,
    name           bytea,
    email          bytea,
    phone          bytea,
    email_index    bytea,
    bounced_at     timestamptz,
    PRIMARY KEY (study_id, participant_id),
    CHECK ((email IS NULL) = (email_index IS NULL)),
    FOREIGN KEY (study_id, participant_id) REFERENCES person_key (study_id, participant_id) ON DELETE RESTRICT
);
CREATE INDEX contact_email ON contact (study_id, email_index) WHERE email_index IS NOT NULL;

CREATE TABLE unsealed_ticket (
    study_id  text COLLATE "C" NOT NULL,
    ticket_id text COLLATE "C" NOT NULL,
    name      text             NOT NULL,
    email     text             NOT NULL,
    PRIMARY KEY (study_id, ticket_id)
);
INSERT INTO unsealed_ticket SELECT study_id, id, name, email FROM entry_ticket WHERE name <> '' OR email <> '';
-- A new table: a column that is dropped stays in the rows that are there.
CREATE TABLE entry_ticket_new (
    study_id     text COLLATE "C" NOT NULL,
    id           text COLLATE "C" NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    run_id       text COLLATE "C" NOT NULL,
    token_hash   text COLLATE "C" NOT NULL CHECK (length(token_hash) BETWEEN 1 AND 256),
    key_id       text COLLATE "C",
    wrapped      bytea            CHECK (length(wrapped) BETWEEN 1 AND 1024),
    name         bytea,
    email        bytea,
    email_index  bytea,
    language     text,
    asked_at     timestamptz      NOT NULL,
    enrolment_id text COLLATE "C",
    PRIMARY KEY (study_id, id),
    CHECK (enrolment_id IS NULL OR (wrapped IS NULL AND name IS NULL AND email IS NULL)),
    CHECK ((key_id IS NULL) = (wrapped IS NULL)),
    CHECK ((email IS NULL) = (email_index IS NULL)),
    CONSTRAINT entry_ticket_new_token_unique UNIQUE (token_hash),
    FOREIGN KEY (study_id, run_id) REFERENCES course_run (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (key_id) REFERENCES vault_key (id) ON DELETE RESTRICT
);
INSERT INTO entry_ticket_new (study_id, id, run_id, token_hash, language, asked_at, enrolment_id)
    SELECT study_id, id, run_id, token_hash, language, asked_at, enrolment_id FROM entry_ticket;
DROP TABLE entry_ticket;
ALTER TABLE entry_ticket_new RENAME TO entry_ticket;
ALTER TABLE entry_ticket RENAME CONSTRAINT entry_ticket_new_pkey TO entry_ticket_pkey;
ALTER TABLE entry_ticket RENAME CONSTRAINT entry_ticket_new_token_unique TO entry_ticket_token_unique;
CREATE INDEX entry_ticket_run ON entry_ticket (study_id, run_id, asked_at, id);
CREATE INDEX entry_ticket_enrolment ON entry_ticket (study_id, enrolment_id);
CREATE INDEX entry_ticket_wrapped_by ON entry_ticket (key_id) WHERE key_id IS NOT NULL;
-- Nobody waits twice.
CREATE UNIQUE INDEX entry_ticket_email ON entry_ticket (study_id, run_id, email_index) WHERE email_index IS NOT NULL;

CREATE TABLE unsealed_note (
    study_id     text COLLATE "C" NOT NULL,
    enrolment_id text COLLATE "C" NOT NULL,
    id           text COLLATE "C" NOT NULL,
    run_id       text             NOT NULL,
    author_id    text             NOT NULL,
    author_name  text             NOT NULL,
    written_at   timestamptz      NOT NULL,
    text         text             NOT NULL,
    PRIMARY KEY (study_id, enrolment_id, id),
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
);
INSERT INTO unsealed_note SELECT study_id, enrolment_id, id, run_id, author_id, author_name, written_at, text FROM person_note;
DROP TABLE person_note;
CREATE TABLE person_note (
    study_id     text COLLATE "C" NOT NULL,
    enrolment_id text COLLATE "C" NOT NULL,
    id           text COLLATE "C" NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    run_id       text COLLATE "C" NOT NULL, -- whose facilitators may read it
    author_id    text             NOT NULL,
    author_name  text             NOT NULL,
    written_at   timestamptz      NOT NULL,
    sealed       bytea            NOT NULL CHECK (length(sealed) BETWEEN 1 AND 8192),
    PRIMARY KEY (study_id, enrolment_id, id),
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, run_id) REFERENCES course_run (study_id, id) ON DELETE RESTRICT
);
CREATE TRIGGER person_note_no_update BEFORE UPDATE ON person_note
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE private_note ADD COLUMN by_person boolean NOT NULL DEFAULT false;
CREATE INDEX private_note_unsealed ON private_note (study_id, enrolment_id) WHERE NOT by_person;

CREATE TRIGGER unsealed_contact_no_insert BEFORE INSERT ON unsealed_contact
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER unsealed_ticket_no_insert BEFORE INSERT ON unsealed_ticket
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER unsealed_note_no_insert BEFORE INSERT ON unsealed_note
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
