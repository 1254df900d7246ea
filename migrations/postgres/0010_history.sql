-- What was answered before, and how people went through the pages, on PostgreSQL.
-- The file of the same name for SQLite makes the same tables.

-- +goose Up
-- Answers that were replaced or taken back, in the order of seq from 1. The
-- trigger below writes it, so that no way of changing an answer passes it by.
CREATE TABLE response_history (
    study_id      text COLLATE "C" NOT NULL,
    assessment_id text COLLATE "C" NOT NULL,
    item          text COLLATE "C" NOT NULL CHECK (length(item) BETWEEN 1 AND 64),
    seq           integer          NOT NULL CHECK (seq >= 1),
    value         double precision,
    text          text,
    missing       text,
    answered_at   timestamptz      NOT NULL,
    language      text,
    layout        text,
    PRIMARY KEY (study_id, assessment_id, item, seq),
    FOREIGN KEY (study_id, assessment_id) REFERENCES assessment (study_id, id) ON DELETE RESTRICT
);

-- One visit to one page of a questionnaire, from 1. answered_at is the first answer
-- given on it, left_at when it was sent on or back; null: not, or not known.
CREATE TABLE page_visit (
    study_id      text COLLATE "C" NOT NULL,
    assessment_id text COLLATE "C" NOT NULL,
    page          integer          NOT NULL CHECK (page >= 1),
    opened_at     timestamptz      NOT NULL,
    answered_at   timestamptz,
    left_at       timestamptz,
    PRIMARY KEY (study_id, assessment_id, page, opened_at),
    FOREIGN KEY (study_id, assessment_id) REFERENCES assessment (study_id, id) ON DELETE RESTRICT
);

-- +goose StatementBegin
CREATE FUNCTION keep_response_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO response_history (study_id, assessment_id, item, seq, value, text, missing, answered_at, language, layout)
    VALUES (OLD.study_id, OLD.assessment_id, OLD.item,
        1 + coalesce((SELECT max(h.seq) FROM response_history h
            WHERE h.study_id = OLD.study_id AND h.assessment_id = OLD.assessment_id AND h.item = OLD.item), 0),
        OLD.value, OLD.text, OLD.missing, OLD.answered_at, OLD.language, OLD.layout);
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER response_replaced AFTER UPDATE ON response FOR EACH ROW
    WHEN (OLD.value IS DISTINCT FROM NEW.value OR OLD.text IS DISTINCT FROM NEW.text OR OLD.missing IS DISTINCT FROM NEW.missing)
    EXECUTE FUNCTION keep_response_history();
CREATE TRIGGER response_taken_back AFTER DELETE ON response FOR EACH ROW EXECUTE FUNCTION keep_response_history();
