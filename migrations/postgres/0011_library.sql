-- The questionnaires of an installation, on PostgreSQL. The file of the same name
-- for SQLite makes the same tables.

-- +goose Up
-- Where a version of a questionnaire came from. A version without a row came with
-- the program. Only retired_at ever changes.
CREATE TABLE library_entry (
    instrument_id text COLLATE "C" NOT NULL PRIMARY KEY,
    origin        text NOT NULL CHECK (origin IN ('builtin', 'catalogue', 'import', 'own', 'edited')),
    source        text NOT NULL, -- id in the catalogue, or name of a file; may be empty
    note          text NOT NULL, -- what was corrected or changed; may be empty
    correction_of text COLLATE "C", -- the version whose wording it corrects
    edited_from   text COLLATE "C", -- the version of another questionnaire that it began as
    added_at      timestamptz NOT NULL,
    added_kind    text NOT NULL CHECK (added_kind IN ('participant', 'user', 'system')),
    added_id      text NOT NULL,
    added_name    text NOT NULL,
    retired_at    timestamptz, -- null: new studies may use it
    CHECK (correction_of IS NULL OR edited_from IS NULL),
    CHECK ((origin = 'edited') = (edited_from IS NOT NULL)),
    FOREIGN KEY (instrument_id) REFERENCES instrument_version (id) ON DELETE RESTRICT,
    FOREIGN KEY (correction_of) REFERENCES instrument_version (id) ON DELETE RESTRICT,
    FOREIGN KEY (edited_from) REFERENCES instrument_version (id) ON DELETE RESTRICT
);

-- Who accepted on what terms the wording of a questionnaire is used. Nothing here
-- ever changes.
CREATE TABLE instrument_terms (
    id             text COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
    instrument_key text COLLATE "C" NOT NULL CHECK (length(instrument_key) BETWEEN 1 AND 64),
    terms          text NOT NULL, -- as they were shown
    licence        text NOT NULL, -- number or letter of a licence; may be empty
    accepted_name  text NOT NULL CHECK (length(accepted_name) >= 1),
    accepted_on    text NOT NULL CHECK (length(accepted_on) = 10 AND accepted_on >= '0001-01-01'),
    noted_at       timestamptz NOT NULL,
    noted_kind     text NOT NULL CHECK (noted_kind IN ('participant', 'user', 'system')),
    noted_id       text NOT NULL,
    noted_name     text NOT NULL
);
CREATE INDEX instrument_terms_key ON instrument_terms (instrument_key, id);

-- What a wave asked before a questionnaire was replaced in a study that had people:
-- who had begun the former version keeps it.
CREATE TABLE wave_set_former (
    study_id      text COLLATE "C" NOT NULL,
    wave_id       text COLLATE "C" NOT NULL,
    instrument_id text COLLATE "C" NOT NULL,
    replaced_by   text COLLATE "C" NOT NULL,
    replaced_at   timestamptz NOT NULL,
    PRIMARY KEY (study_id, wave_id, instrument_id),
    FOREIGN KEY (study_id, wave_id) REFERENCES wave (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (instrument_id) REFERENCES instrument_version (id) ON DELETE RESTRICT,
    FOREIGN KEY (replaced_by) REFERENCES instrument_version (id) ON DELETE RESTRICT
);

CREATE TRIGGER library_entry_no_update BEFORE UPDATE ON library_entry
    FOR EACH ROW WHEN (to_jsonb(NEW) - 'retired_at' <> to_jsonb(OLD) - 'retired_at') EXECUTE FUNCTION refuse_change();
CREATE TRIGGER library_entry_no_delete BEFORE DELETE ON library_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER library_entry_no_truncate BEFORE TRUNCATE ON library_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER instrument_terms_no_change BEFORE UPDATE OR DELETE ON instrument_terms
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER instrument_terms_no_truncate BEFORE TRUNCATE ON instrument_terms
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
