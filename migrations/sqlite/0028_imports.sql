-- Answers that somebody else brought in: files of past waves, and paper, on SQLite.
-- The file of the same name for PostgreSQL makes the same tables.

-- +goose Up
-- Where an answer comes from; null: the person gave it here.
ALTER TABLE response ADD COLUMN source TEXT CHECK (source IN ('import', 'paper'));
ALTER TABLE response_history ADD COLUMN source TEXT;

DROP TRIGGER response_replaced;
DROP TRIGGER response_taken_back;
-- +goose StatementBegin
CREATE TRIGGER response_replaced AFTER UPDATE ON response
WHEN OLD.value IS NOT NEW.value OR OLD.text IS NOT NEW.text OR OLD.missing IS NOT NEW.missing
BEGIN
    INSERT INTO response_history (study_id, assessment_id, item, seq, value, text, missing, answered_at, language, layout, source)
    VALUES (OLD.study_id, OLD.assessment_id, OLD.item,
        1 + coalesce((SELECT max(h.seq) FROM response_history h
            WHERE h.study_id = OLD.study_id AND h.assessment_id = OLD.assessment_id AND h.item = OLD.item), 0),
        OLD.value, OLD.text, OLD.missing, OLD.answered_at, OLD.language, OLD.layout, OLD.source);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER response_taken_back AFTER DELETE ON response
BEGIN
    INSERT INTO response_history (study_id, assessment_id, item, seq, value, text, missing, answered_at, language, layout, source)
    VALUES (OLD.study_id, OLD.assessment_id, OLD.item,
        1 + coalesce((SELECT max(h.seq) FROM response_history h
            WHERE h.study_id = OLD.study_id AND h.assessment_id = OLD.assessment_id AND h.item = OLD.item), 0),
        OLD.value, OLD.text, OLD.missing, OLD.answered_at, OLD.language, OLD.layout, OLD.source);
END;
-- +goose StatementEnd

-- One file, or one paper questionnaire. A draft is a file that was uploaded and of
-- which nothing is written yet; its content is sealed, and goes once it is applied.
CREATE TABLE import_batch (
    study_id  TEXT    NOT NULL,
    id        TEXT    NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    number    INTEGER NOT NULL CHECK (number >= 1),
    source    TEXT    NOT NULL CHECK (source IN ('import', 'paper')),
    state     TEXT    NOT NULL CHECK (state IN ('draft', 'applied', 'undone')),
    file_name TEXT    NOT NULL,
    file_hash TEXT    NOT NULL,
    settings  TEXT    NOT NULL, -- JSON: what its columns are
    counts    TEXT    NOT NULL, -- JSON: what it changed
    reason    TEXT    NOT NULL, -- why answers were replaced
    made_at   INTEGER NOT NULL,
    made_kind TEXT    NOT NULL CHECK (made_kind IN ('participant', 'user', 'system')),
    made_id   TEXT    NOT NULL,
    made_name TEXT    NOT NULL,
    applied_at INTEGER,
    undone_at INTEGER,
    key_id    TEXT    NOT NULL, -- of the key that the content is sealed with
    PRIMARY KEY (study_id, id),
    CONSTRAINT import_batch_number_unique UNIQUE (study_id, number),
    CHECK ((state = 'draft') = (applied_at IS NULL)),
    CHECK ((state = 'undone') = (undone_at IS NOT NULL)),
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
) STRICT;

CREATE TABLE import_piece (
    study_id TEXT    NOT NULL,
    batch_id TEXT    NOT NULL,
    position INTEGER NOT NULL CHECK (position >= 0),
    content  BLOB    NOT NULL CHECK (length(content) BETWEEN 1 AND 1048576),
    PRIMARY KEY (study_id, batch_id, position),
    FOREIGN KEY (study_id, batch_id) REFERENCES import_batch (study_id, id) ON DELETE RESTRICT
) STRICT;

-- What a questionnaire was before a batch and after it, as JSON: by it the batch is
-- undone, and it is seen whether something was changed since.
CREATE TABLE import_change (
    study_id      TEXT    NOT NULL,
    batch_id      TEXT    NOT NULL,
    assessment_id TEXT    NOT NULL,
    line          INTEGER NOT NULL CHECK (line >= 0),
    before        TEXT    NOT NULL,
    after         TEXT    NOT NULL,
    PRIMARY KEY (study_id, batch_id, assessment_id),
    FOREIGN KEY (study_id, batch_id) REFERENCES import_batch (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, assessment_id) REFERENCES assessment (study_id, id) ON DELETE RESTRICT
) STRICT, WITHOUT ROWID;
CREATE INDEX import_change_assessment ON import_change (study_id, assessment_id);

-- Who came into the study with a batch.
CREATE TABLE import_person (
    study_id     TEXT    NOT NULL,
    batch_id     TEXT    NOT NULL,
    enrolment_id TEXT    NOT NULL,
    PRIMARY KEY (study_id, batch_id, enrolment_id),
    FOREIGN KEY (study_id, batch_id) REFERENCES import_batch (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
) STRICT, WITHOUT ROWID;
CREATE INDEX import_person_enrolment ON import_person (study_id, enrolment_id);
