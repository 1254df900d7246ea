-- Codes that people make themselves, on PostgreSQL. The file of the same name for
-- SQLite makes the same tables and explains them.

-- +goose Up
-- What the codes of a study are made of, chosen while it was a draft; without a row
-- there are none.
CREATE TABLE self_code_setting (
    study_id text COLLATE "C"    NOT NULL PRIMARY KEY,
    parts    text    NOT NULL CHECK (length(parts) BETWEEN 1 AND 400), -- keys of parts, with commas
    saved_at timestamptz NOT NULL,
    saved_by text    NOT NULL,
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
);

-- The code of one person: a keyed hash, by which the same code is found, and the parts
-- sealed, so that codes can be compared part by part.
CREATE TABLE self_code (
    study_id     text COLLATE "C"    NOT NULL,
    enrolment_id text COLLATE "C"    NOT NULL,
    code_hash    text COLLATE "C"    NOT NULL CHECK (length(code_hash) BETWEEN 1 AND 256),
    key_id       text COLLATE "C"    NOT NULL CHECK (length(key_id) BETWEEN 1 AND 64),
    sealed       bytea    NOT NULL,
    made_at      timestamptz NOT NULL,
    PRIMARY KEY (study_id, enrolment_id),
    CONSTRAINT self_code_unique UNIQUE (study_id, code_hash),
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
);

-- The participation that this one turned out to be the same person as; null: it stands
-- for itself. One that is linked is in no count, list or export.
ALTER TABLE enrolment ADD COLUMN linked_to text COLLATE "C";
CREATE INDEX enrolment_linked ON enrolment (study_id, linked_to) WHERE linked_to IS NOT NULL;

-- What somebody decided about two participations whose codes are near.
CREATE TABLE self_code_decision (
    study_id    text COLLATE "C"    NOT NULL,
    id          text COLLATE "C"    NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    first_id    text COLLATE "C"    NOT NULL, -- the earlier participation
    second_id   text COLLATE "C"    NOT NULL,
    verdict     text COLLATE "C"    NOT NULL CHECK (verdict IN ('linked', 'apart')),
    reason      text    NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    decided_at  timestamptz NOT NULL,
    decided_by  text    NOT NULL,
    undone_at   timestamptz,
    undone_by   text,
    undone_why  text    CHECK (length(undone_why) BETWEEN 1 AND 500),
    PRIMARY KEY (study_id, id),
    CHECK (first_id <> second_id),
    CHECK ((undone_at IS NULL) = (undone_by IS NULL) AND (undone_at IS NULL) = (undone_why IS NULL)),
    FOREIGN KEY (study_id, first_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, second_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX self_code_decision_pair ON self_code_decision (study_id, first_id, second_id) WHERE undone_at IS NULL;
CREATE INDEX self_code_decision_second ON self_code_decision (study_id, second_id);

-- Which questionnaires a link has exchanged between two participations, so that it can
-- be undone.
CREATE TABLE self_code_swap (
    study_id          text COLLATE "C" NOT NULL,
    decision_id       text COLLATE "C" NOT NULL,
    first_assessment  text COLLATE "C" NOT NULL, -- that of the earlier participation, before
    second_assessment text COLLATE "C" NOT NULL,
    PRIMARY KEY (study_id, decision_id, first_assessment),
    FOREIGN KEY (study_id, decision_id) REFERENCES self_code_decision (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, first_assessment) REFERENCES assessment (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, second_assessment) REFERENCES assessment (study_id, id) ON DELETE RESTRICT
);
CREATE INDEX self_code_swap_first ON self_code_swap (study_id, first_assessment);
CREATE INDEX self_code_swap_second ON self_code_swap (study_id, second_assessment);

-- Two questionnaires are exchanged by way of a participation that there is not, within
-- one transaction.
ALTER TABLE assessment ALTER CONSTRAINT assessment_study_id_enrolment_id_fkey DEFERRABLE INITIALLY IMMEDIATE;

-- Erased together with the participation that it was linked to: no person more.
ALTER TABLE erasure ADD COLUMN linked boolean NOT NULL DEFAULT false;
