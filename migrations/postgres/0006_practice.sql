-- Practice between meetings, on PostgreSQL. The file of the same name for SQLite
-- makes the same tables and explains them.

-- +goose Up
CREATE TABLE practice_log (
    study_id     text COLLATE "C" NOT NULL,
    enrolment_id text COLLATE "C" NOT NULL,
    id           text COLLATE "C" NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    day          text COLLATE "C" NOT NULL CHECK (length(day) = 10 AND day >= '0001-01-01'),
    practice     text             NOT NULL CHECK (length(practice) BETWEEN 1 AND 64),
    minutes      integer          NOT NULL CHECK (minutes BETWEEN 1 AND 600),
    formal       boolean          NOT NULL,
    helpful      integer          CHECK (helpful BETWEEN 0 AND 10),
    noted_at     timestamptz      NOT NULL,
    changed_at   timestamptz, -- null: as first noted
    PRIMARY KEY (study_id, enrolment_id, id),
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
);

CREATE TABLE private_note (
    study_id     text COLLATE "C" NOT NULL,
    enrolment_id text COLLATE "C" NOT NULL,
    id           text COLLATE "C" NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    kind         text             NOT NULL CHECK (kind IN ('own_words', 'reflection')),
    key_id       text             NOT NULL CHECK (length(key_id) BETWEEN 1 AND 64),
    sealed       bytea            NOT NULL CHECK (length(sealed) BETWEEN 1 AND 1048576),
    written_at   timestamptz      NOT NULL,
    changed_at   timestamptz, -- null: as first written
    shared_at    timestamptz, -- null: for the person alone
    PRIMARY KEY (study_id, enrolment_id, id),
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
);
CREATE INDEX private_note_shared ON private_note (study_id, enrolment_id, id) WHERE shared_at IS NOT NULL;
