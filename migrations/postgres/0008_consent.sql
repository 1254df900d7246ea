-- Consent texts in several languages, their drafts, and what people decide, on
-- PostgreSQL. The file of the same name for SQLite makes the same tables.

-- +goose Up
-- A version marked as wording only asks nobody to agree again.
ALTER TABLE consent_text ADD COLUMN wording_only boolean NOT NULL DEFAULT false;
ALTER TABLE consent_text ADD COLUMN published_by text NOT NULL DEFAULT '';
-- When the person said that they do not take part; null: they have not.
ALTER TABLE enrolment ADD COLUMN declined_at timestamptz;

-- A version's text in each of its languages, told element by element. Versions
-- from before have none: their text is the title and body of consent_text.
CREATE TABLE consent_text_language (
    study_id   text COLLATE "C" NOT NULL,
    version    integer NOT NULL,
    language   text COLLATE "C" NOT NULL CHECK (length(language) BETWEEN 1 AND 64),
    content    text NOT NULL, -- canonical JSON
    hash       text NOT NULL, -- SHA-256 of the content
    created_at timestamptz NOT NULL,
    PRIMARY KEY (study_id, version, language),
    FOREIGN KEY (study_id, version) REFERENCES consent_text (study_id, version) ON DELETE RESTRICT
);

-- A text being written: of the version to come, or a translation that the
-- version in force lacks.
CREATE TABLE consent_draft (
    study_id     text COLLATE "C" NOT NULL,
    version      integer NOT NULL CHECK (version >= 1),
    language     text COLLATE "C" NOT NULL CHECK (length(language) BETWEEN 1 AND 64),
    revision     integer NOT NULL CHECK (revision >= 1),
    content      text NOT NULL, -- canonical JSON
    wording_only boolean NOT NULL,
    saved_at     timestamptz NOT NULL,
    saved_by     text NOT NULL,
    PRIMARY KEY (study_id, version, language),
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
);

-- What a person said to an optional consent, each time they said it; the last
-- counts.
CREATE TABLE consent_choice (
    study_id     text COLLATE "C" NOT NULL,
    id           text COLLATE "C" NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    enrolment_id text COLLATE "C" NOT NULL,
    choice       text NOT NULL CHECK (length(choice) BETWEEN 1 AND 64),
    granted      boolean NOT NULL,
    version      integer NOT NULL, -- of the text that asked
    language     text NOT NULL, -- it was asked in
    decided_at   timestamptz NOT NULL,
    PRIMARY KEY (study_id, id),
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, version) REFERENCES consent_text (study_id, version) ON DELETE RESTRICT
);
CREATE INDEX consent_choice_enrolment ON consent_choice (study_id, enrolment_id, id);

CREATE TRIGGER consent_text_language_no_change BEFORE UPDATE OR DELETE ON consent_text_language
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER consent_text_language_no_truncate BEFORE TRUNCATE ON consent_text_language
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER consent_text_no_change BEFORE UPDATE OR DELETE ON consent_text
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER consent_text_no_truncate BEFORE TRUNCATE ON consent_text
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
