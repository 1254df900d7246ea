-- Answers in words and of several choices, on SQLite. The file of the same name
-- for PostgreSQL makes the same tables. A CHECK cannot be changed here, so the
-- table of answers is written anew; nothing refers to it.

-- +goose Up
ALTER TABLE assessment ADD COLUMN item_order TEXT; -- item codes by comma; null: the questionnaire's own order

-- One of three: a number, a text (choices as 1,3; a day as 2026-03-02), or the
-- reason why there is no answer. language and layout are how the question stood
-- on the page; null where nobody noted it.
CREATE TABLE response_new (
    study_id      TEXT    NOT NULL,
    assessment_id TEXT    NOT NULL,
    item          TEXT    NOT NULL CHECK (length(item) BETWEEN 1 AND 64),
    value         REAL    CHECK (value BETWEEN -1e300 AND 1e300),
    text          TEXT    CHECK (length(text) BETWEEN 1 AND 20000),
    missing       TEXT    CHECK (missing IN ('skipped', 'not_shown')),
    answered_at   INTEGER NOT NULL,
    language      TEXT,
    layout        TEXT,
    PRIMARY KEY (study_id, assessment_id, item),
    CHECK ((value IS NOT NULL) + (text IS NOT NULL) + (missing IS NOT NULL) = 1),
    FOREIGN KEY (study_id, assessment_id) REFERENCES assessment (study_id, id) ON DELETE RESTRICT
) STRICT, WITHOUT ROWID;
INSERT INTO response_new (study_id, assessment_id, item, value, missing, answered_at)
    SELECT study_id, assessment_id, item, value, missing, answered_at FROM response;
DROP TABLE response;
ALTER TABLE response_new RENAME TO response;
