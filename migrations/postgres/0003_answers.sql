-- Answers in words and of several choices, on PostgreSQL. The file of the same
-- name for SQLite makes the same tables.

-- +goose Up
ALTER TABLE assessment ADD COLUMN item_order text; -- item codes by comma; null: the questionnaire's own order

-- One of three: a number, a text (choices as 1,3; a day as 2026-03-02), or the
-- reason why there is no answer. language and layout are how the question stood
-- on the page; null where nobody noted it.
CREATE TABLE response_new (
    study_id      text COLLATE "C" NOT NULL,
    assessment_id text COLLATE "C" NOT NULL,
    item          text COLLATE "C" NOT NULL CHECK (length(item) BETWEEN 1 AND 64),
    value         double precision CHECK (value BETWEEN -1e300 AND 1e300),
    text          text             CHECK (length(text) BETWEEN 1 AND 20000),
    missing       text             CHECK (missing IN ('skipped', 'not_shown')),
    answered_at   timestamptz      NOT NULL,
    language      text,
    layout        text,
    PRIMARY KEY (study_id, assessment_id, item),
    CHECK (num_nonnulls(value, text, missing) = 1),
    FOREIGN KEY (study_id, assessment_id) REFERENCES assessment (study_id, id) ON DELETE RESTRICT
);
INSERT INTO response_new (study_id, assessment_id, item, value, missing, answered_at)
    SELECT study_id, assessment_id, item, value, missing, answered_at FROM response;
DROP TABLE response;
ALTER TABLE response_new RENAME TO response;
ALTER TABLE response RENAME CONSTRAINT response_new_pkey TO response_pkey;
