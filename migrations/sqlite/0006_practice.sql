-- Practice between meetings, on SQLite. The file of the same name for PostgreSQL
-- makes the same tables.

-- +goose Up
-- What a person did at home, entry by entry. Helpfulness may be missing.
CREATE TABLE practice_log (
    study_id     TEXT    NOT NULL,
    enrolment_id TEXT    NOT NULL,
    id           TEXT    NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    day          TEXT    NOT NULL CHECK (length(day) = 10 AND day >= '0001-01-01'),
    practice     TEXT    NOT NULL CHECK (length(practice) BETWEEN 1 AND 64),
    minutes      INTEGER NOT NULL CHECK (minutes BETWEEN 1 AND 600),
    formal       INTEGER NOT NULL CHECK (formal IN (0, 1)),
    helpful      INTEGER CHECK (helpful BETWEEN 0 AND 10),
    noted_at     INTEGER NOT NULL,
    changed_at   INTEGER, -- null: as first noted
    PRIMARY KEY (study_id, enrolment_id, id),
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
) STRICT;

-- What a person wrote for themselves, sealed: the database never holds the words.
-- Who holds the key named by key_id can open a row only as the row it is.
CREATE TABLE private_note (
    study_id     TEXT    NOT NULL,
    enrolment_id TEXT    NOT NULL,
    id           TEXT    NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    kind         TEXT    NOT NULL CHECK (kind IN ('own_words', 'reflection')),
    key_id       TEXT    NOT NULL CHECK (length(key_id) BETWEEN 1 AND 64),
    sealed       BLOB    NOT NULL CHECK (length(sealed) BETWEEN 1 AND 1048576),
    written_at   INTEGER NOT NULL,
    changed_at   INTEGER, -- null: as first written
    shared_at    INTEGER, -- null: for the person alone
    PRIMARY KEY (study_id, enrolment_id, id),
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX private_note_shared ON private_note (study_id, enrolment_id, id) WHERE shared_at IS NOT NULL;
