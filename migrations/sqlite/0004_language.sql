-- The language a person has chosen, and what a study says in several languages,
-- on SQLite. The file of the same name for PostgreSQL makes the same tables.

-- +goose Up
-- A BCP 47 tag; null: the person has not chosen.
ALTER TABLE enrolment ADD COLUMN language TEXT CHECK (length(language) BETWEEN 2 AND 35);

-- Texts of a study besides its own: key is "title", "welcome", or "wave." with the
-- key of a wave. What is not here is said in the study's own language.
CREATE TABLE study_text (
    study_id TEXT NOT NULL,
    language TEXT NOT NULL CHECK (length(language) BETWEEN 2 AND 35),
    key      TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 80),
    body     TEXT NOT NULL CHECK (length(body) BETWEEN 1 AND 4000),
    PRIMARY KEY (study_id, language, key),
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
) STRICT, WITHOUT ROWID;
