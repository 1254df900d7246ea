-- A person's own say over what is stored of them, on PostgreSQL: pausing messages,
-- proving who one is before a copy is handed out, and erasure. The file of the
-- same name for SQLite makes the same tables and explains them.

-- +goose Up
ALTER TABLE study ADD COLUMN erasure text NOT NULL DEFAULT 'allowed' CHECK (erasure IN ('allowed', 'until_analysis', 'never'));

ALTER TABLE enrolment ADD COLUMN paused_at timestamptz;

CREATE TABLE participant_device (
    study_id     text COLLATE "C" NOT NULL,
    enrolment_id text COLLATE "C" NOT NULL,
    token_hash   text COLLATE "C" NOT NULL CHECK (length(token_hash) BETWEEN 1 AND 256),
    created_at   timestamptz      NOT NULL,
    PRIMARY KEY (study_id, enrolment_id, token_hash),
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
);

CREATE TABLE access_code (
    study_id     text COLLATE "C" NOT NULL,
    enrolment_id text COLLATE "C" NOT NULL,
    code_hash    text             NOT NULL CHECK (length(code_hash) BETWEEN 1 AND 256),
    created_at   timestamptz      NOT NULL,
    expires_at   timestamptz      NOT NULL,
    tries        integer          NOT NULL CHECK (tries >= 0),
    PRIMARY KEY (study_id, enrolment_id),
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
);

CREATE TABLE erasure (
    study_id     text COLLATE "C" NOT NULL,
    enrolment_id text COLLATE "C" NOT NULL CHECK (length(enrolment_id) BETWEEN 1 AND 64),
    run_id       text COLLATE "C" NOT NULL,
    arm_id       text COLLATE "C" NOT NULL,
    assigned     boolean          NOT NULL,
    erased_at    timestamptz      NOT NULL,
    by_kind      text             NOT NULL CHECK (by_kind IN ('participant', 'user', 'system')),
    receipt_hash text COLLATE "C" NOT NULL CHECK (length(receipt_hash) BETWEEN 1 AND 256),
    exports      integer          NOT NULL CHECK (exports >= 0), -- copies handed out while the person took part
    code         text             NOT NULL,
    settled_at   timestamptz, -- frozen data and freed space are cleared too; null: still to do
    PRIMARY KEY (study_id, enrolment_id),
    CONSTRAINT erasure_receipt_unique UNIQUE (receipt_hash),
    FOREIGN KEY (study_id, run_id) REFERENCES course_run (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, arm_id) REFERENCES arm (study_id, id) ON DELETE RESTRICT
);
CREATE INDEX erasure_unsettled ON erasure (study_id, enrolment_id) WHERE settled_at IS NULL;
