-- Codes that people make themselves, on SQLite. The file of the same name for
-- PostgreSQL makes the same tables.

-- +goose Up
-- What the codes of a study are made of, chosen while it was a draft; without a row
-- there are none.
CREATE TABLE self_code_setting (
    study_id TEXT    NOT NULL PRIMARY KEY,
    parts    TEXT    NOT NULL CHECK (length(parts) BETWEEN 1 AND 400), -- keys of parts, with commas
    saved_at INTEGER NOT NULL,
    saved_by TEXT    NOT NULL,
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
) STRICT;

-- The code of one person: a keyed hash, by which the same code is found, and the parts
-- sealed, so that codes can be compared part by part.
CREATE TABLE self_code (
    study_id     TEXT    NOT NULL,
    enrolment_id TEXT    NOT NULL,
    code_hash    TEXT    NOT NULL CHECK (length(code_hash) BETWEEN 1 AND 256),
    key_id       TEXT    NOT NULL CHECK (length(key_id) BETWEEN 1 AND 64),
    sealed       BLOB    NOT NULL,
    made_at      INTEGER NOT NULL,
    PRIMARY KEY (study_id, enrolment_id),
    CONSTRAINT self_code_unique UNIQUE (study_id, code_hash),
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
) STRICT;

-- The participation that this one turned out to be the same person as; null: it stands
-- for itself. One that is linked is in no count, list or export.
ALTER TABLE enrolment ADD COLUMN linked_to TEXT;
CREATE INDEX enrolment_linked ON enrolment (study_id, linked_to) WHERE linked_to IS NOT NULL;

-- What somebody decided about two participations whose codes are near.
CREATE TABLE self_code_decision (
    study_id    TEXT    NOT NULL,
    id          TEXT    NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    first_id    TEXT    NOT NULL, -- the earlier participation
    second_id   TEXT    NOT NULL,
    verdict     TEXT    NOT NULL CHECK (verdict IN ('linked', 'apart')),
    reason      TEXT    NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    decided_at  INTEGER NOT NULL,
    decided_by  TEXT    NOT NULL,
    undone_at   INTEGER,
    undone_by   TEXT,
    undone_why  TEXT    CHECK (length(undone_why) BETWEEN 1 AND 500),
    PRIMARY KEY (study_id, id),
    CHECK (first_id <> second_id),
    CHECK ((undone_at IS NULL) = (undone_by IS NULL) AND (undone_at IS NULL) = (undone_why IS NULL)),
    FOREIGN KEY (study_id, first_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, second_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
) STRICT;
CREATE UNIQUE INDEX self_code_decision_pair ON self_code_decision (study_id, first_id, second_id) WHERE undone_at IS NULL;
CREATE INDEX self_code_decision_second ON self_code_decision (study_id, second_id);

-- Which questionnaires a link has exchanged between two participations, so that it can
-- be undone.
CREATE TABLE self_code_swap (
    study_id          TEXT NOT NULL,
    decision_id       TEXT NOT NULL,
    first_assessment  TEXT NOT NULL, -- that of the earlier participation, before
    second_assessment TEXT NOT NULL,
    PRIMARY KEY (study_id, decision_id, first_assessment),
    FOREIGN KEY (study_id, decision_id) REFERENCES self_code_decision (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, first_assessment) REFERENCES assessment (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, second_assessment) REFERENCES assessment (study_id, id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX self_code_swap_first ON self_code_swap (study_id, first_assessment);
CREATE INDEX self_code_swap_second ON self_code_swap (study_id, second_assessment);

-- Erased together with the participation that it was linked to: no person more.
ALTER TABLE erasure ADD COLUMN linked INTEGER NOT NULL DEFAULT 0 CHECK (linked IN (0, 1));
