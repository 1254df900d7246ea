-- A person's own say over what is stored of them, on SQLite: pausing messages,
-- proving who one is before a copy is handed out, and erasure. The file of the
-- same name for PostgreSQL makes the same tables.

-- +goose Up
-- Whether people of the study may have what they gave erased: at any time, until
-- data are frozen under a locked analysis plan, or not at all.
ALTER TABLE study ADD COLUMN erasure TEXT NOT NULL DEFAULT 'allowed' CHECK (erasure IN ('allowed', 'until_analysis', 'never'));

-- Since when no messages are wanted; null: they are.
ALTER TABLE enrolment ADD COLUMN paused_at INTEGER;

-- Browsers that a person has used since they agreed to take part. A copy of what
-- is stored is handed out on these, or for a code sent to the stored address: the
-- personal link alone, which others may find, shows no answers.
CREATE TABLE participant_device (
    study_id     TEXT    NOT NULL,
    enrolment_id TEXT    NOT NULL,
    token_hash   TEXT    NOT NULL CHECK (length(token_hash) BETWEEN 1 AND 256),
    created_at   INTEGER NOT NULL,
    PRIMARY KEY (study_id, enrolment_id, token_hash),
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
) STRICT;

-- The code last sent to a person, and how often a wrong one was tried since.
CREATE TABLE access_code (
    study_id     TEXT    NOT NULL,
    enrolment_id TEXT    NOT NULL,
    code_hash    TEXT    NOT NULL CHECK (length(code_hash) BETWEEN 1 AND 256),
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    tries        INTEGER NOT NULL CHECK (tries >= 0),
    PRIMARY KEY (study_id, enrolment_id),
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
) STRICT;

-- What is left of somebody whose data were erased: that there was a person in an
-- arm of a run, and the identifier by which the erasure is done again when an
-- older copy of the database is put back. It refers to no person: that row is gone.
-- The code is kept only while copies handed out to researchers are to be cleared.
CREATE TABLE erasure (
    study_id     TEXT    NOT NULL,
    enrolment_id TEXT    NOT NULL CHECK (length(enrolment_id) BETWEEN 1 AND 64),
    run_id       TEXT    NOT NULL,
    arm_id       TEXT    NOT NULL,
    assigned     INTEGER NOT NULL CHECK (assigned IN (0, 1)),
    erased_at    INTEGER NOT NULL,
    by_kind      TEXT    NOT NULL CHECK (by_kind IN ('participant', 'user', 'system')),
    receipt_hash TEXT    NOT NULL CHECK (length(receipt_hash) BETWEEN 1 AND 256),
    exports      INTEGER NOT NULL CHECK (exports >= 0), -- copies handed out while the person took part
    code         TEXT    NOT NULL,
    settled_at   INTEGER, -- frozen data and freed space are cleared too; null: still to do
    PRIMARY KEY (study_id, enrolment_id),
    CONSTRAINT erasure_receipt_unique UNIQUE (receipt_hash),
    FOREIGN KEY (study_id, run_id) REFERENCES course_run (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, arm_id) REFERENCES arm (study_id, id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX erasure_unsettled ON erasure (study_id, enrolment_id) WHERE settled_at IS NULL;
