-- Answers that somebody else brought in: files of past waves, and paper, on
-- PostgreSQL. The file of the same name for SQLite makes the same tables.

-- +goose Up
-- Where an answer comes from; null: the person gave it here.
ALTER TABLE response ADD COLUMN source text CHECK (source IN ('import', 'paper'));
ALTER TABLE response_history ADD COLUMN source text;

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION keep_response_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO response_history (study_id, assessment_id, item, seq, value, text, missing, answered_at, language, layout, source)
    VALUES (OLD.study_id, OLD.assessment_id, OLD.item,
        1 + coalesce((SELECT max(h.seq) FROM response_history h
            WHERE h.study_id = OLD.study_id AND h.assessment_id = OLD.assessment_id AND h.item = OLD.item), 0),
        OLD.value, OLD.text, OLD.missing, OLD.answered_at, OLD.language, OLD.layout, OLD.source);
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- One file, or one paper questionnaire. A draft is a file that was uploaded and of
-- which nothing is written yet; its content is sealed, and goes once it is applied.
CREATE TABLE import_batch (
    study_id  text COLLATE "C" NOT NULL,
    id        text COLLATE "C" NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    number    integer     NOT NULL CHECK (number >= 1),
    source    text        NOT NULL CHECK (source IN ('import', 'paper')),
    state     text        NOT NULL CHECK (state IN ('draft', 'applied', 'undone')),
    file_name text        NOT NULL,
    file_hash text        NOT NULL,
    settings  text        NOT NULL, -- JSON: what its columns are
    counts    text        NOT NULL, -- JSON: what it changed
    reason    text        NOT NULL, -- why answers were replaced
    made_at   timestamptz NOT NULL,
    made_kind text        NOT NULL CHECK (made_kind IN ('participant', 'user', 'system')),
    made_id   text        NOT NULL,
    made_name text        NOT NULL,
    applied_at timestamptz,
    undone_at timestamptz,
    key_id    text        NOT NULL, -- of the key that the content is sealed with
    PRIMARY KEY (study_id, id),
    CONSTRAINT import_batch_number_unique UNIQUE (study_id, number),
    CHECK ((state = 'draft') = (applied_at IS NULL)),
    CHECK ((state = 'undone') = (undone_at IS NOT NULL)),
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
);

CREATE TABLE import_piece (
    study_id text COLLATE "C" NOT NULL,
    batch_id text COLLATE "C" NOT NULL,
    position integer NOT NULL CHECK (position >= 0),
    content  bytea   NOT NULL CHECK (length(content) BETWEEN 1 AND 1048576),
    PRIMARY KEY (study_id, batch_id, position),
    FOREIGN KEY (study_id, batch_id) REFERENCES import_batch (study_id, id) ON DELETE RESTRICT
);

-- What a questionnaire was before a batch and after it, as JSON: by it the batch is
-- undone, and it is seen whether something was changed since.
CREATE TABLE import_change (
    study_id      text COLLATE "C" NOT NULL,
    batch_id      text COLLATE "C" NOT NULL,
    assessment_id text COLLATE "C" NOT NULL,
    line          integer NOT NULL CHECK (line >= 0),
    before        text    NOT NULL,
    after         text    NOT NULL,
    PRIMARY KEY (study_id, batch_id, assessment_id),
    FOREIGN KEY (study_id, batch_id) REFERENCES import_batch (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, assessment_id) REFERENCES assessment (study_id, id) ON DELETE RESTRICT
);
CREATE INDEX import_change_assessment ON import_change (study_id, assessment_id);

-- Who came into the study with a batch.
CREATE TABLE import_person (
    study_id     text COLLATE "C" NOT NULL,
    batch_id     text COLLATE "C" NOT NULL,
    enrolment_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (study_id, batch_id, enrolment_id),
    FOREIGN KEY (study_id, batch_id) REFERENCES import_batch (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
);
CREATE INDEX import_person_enrolment ON import_person (study_id, enrolment_id);
