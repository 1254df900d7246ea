-- The language a person has chosen, and what a study says in several languages,
-- on PostgreSQL. The file of the same name for SQLite makes the same tables and
-- explains them.

-- +goose Up
ALTER TABLE enrolment ADD COLUMN language text CHECK (length(language) BETWEEN 2 AND 35);

CREATE TABLE study_text (
    study_id text COLLATE "C" NOT NULL,
    language text COLLATE "C" NOT NULL CHECK (length(language) BETWEEN 2 AND 35),
    key      text COLLATE "C" NOT NULL CHECK (length(key) BETWEEN 1 AND 80),
    body     text             NOT NULL CHECK (length(body) BETWEEN 1 AND 4000),
    PRIMARY KEY (study_id, language, key),
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
);
