-- What was answered before, and how people went through the pages, on SQLite. The
-- file of the same name for PostgreSQL makes the same tables.

-- +goose Up
-- Answers that were replaced or taken back, in the order of seq from 1. The
-- triggers below write it, so that no way of changing an answer passes it by.
CREATE TABLE response_history (
    study_id      TEXT    NOT NULL,
    assessment_id TEXT    NOT NULL,
    item          TEXT    NOT NULL CHECK (length(item) BETWEEN 1 AND 64),
    seq           INTEGER NOT NULL CHECK (seq >= 1),
    value         REAL,
    text          TEXT,
    missing       TEXT,
    answered_at   INTEGER NOT NULL,
    language      TEXT,
    layout        TEXT,
    PRIMARY KEY (study_id, assessment_id, item, seq),
    FOREIGN KEY (study_id, assessment_id) REFERENCES assessment (study_id, id) ON DELETE RESTRICT
) STRICT, WITHOUT ROWID;

-- One visit to one page of a questionnaire, from 1. answered_at is the first answer
-- given on it, left_at when it was sent on or back; null: not, or not known.
CREATE TABLE page_visit (
    study_id      TEXT    NOT NULL,
    assessment_id TEXT    NOT NULL,
    page          INTEGER NOT NULL CHECK (page >= 1),
    opened_at     INTEGER NOT NULL,
    answered_at   INTEGER,
    left_at       INTEGER,
    PRIMARY KEY (study_id, assessment_id, page, opened_at),
    FOREIGN KEY (study_id, assessment_id) REFERENCES assessment (study_id, id) ON DELETE RESTRICT
) STRICT, WITHOUT ROWID;

-- +goose StatementBegin
CREATE TRIGGER response_replaced AFTER UPDATE ON response
WHEN OLD.value IS NOT NEW.value OR OLD.text IS NOT NEW.text OR OLD.missing IS NOT NEW.missing
BEGIN
    INSERT INTO response_history (study_id, assessment_id, item, seq, value, text, missing, answered_at, language, layout)
    VALUES (OLD.study_id, OLD.assessment_id, OLD.item,
        1 + coalesce((SELECT max(h.seq) FROM response_history h
            WHERE h.study_id = OLD.study_id AND h.assessment_id = OLD.assessment_id AND h.item = OLD.item), 0),
        OLD.value, OLD.text, OLD.missing, OLD.answered_at, OLD.language, OLD.layout);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER response_taken_back AFTER DELETE ON response
BEGIN
    INSERT INTO response_history (study_id, assessment_id, item, seq, value, text, missing, answered_at, language, layout)
    VALUES (OLD.study_id, OLD.assessment_id, OLD.item,
        1 + coalesce((SELECT max(h.seq) FROM response_history h
            WHERE h.study_id = OLD.study_id AND h.assessment_id = OLD.assessment_id AND h.item = OLD.item), 0),
        OLD.value, OLD.text, OLD.missing, OLD.answered_at, OLD.language, OLD.layout);
END;
-- +goose StatementEnd
