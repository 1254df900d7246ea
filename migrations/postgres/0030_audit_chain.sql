-- The audit trail as a chain, on PostgreSQL. The file of the same name for SQLite makes
-- the same tables and explains them.

-- +goose Up
ALTER TABLE audit_event ADD COLUMN subject_id text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE audit_event ADD COLUMN text_hash text NOT NULL DEFAULT '';
ALTER TABLE audit_event ADD COLUMN seq bigint;
ALTER TABLE audit_event ADD COLUMN sealed_at timestamptz;
ALTER TABLE audit_event ADD COLUMN prev_hash text NOT NULL DEFAULT '';
ALTER TABLE audit_event ADD COLUMN hash text NOT NULL DEFAULT '';
CREATE UNIQUE INDEX audit_event_place ON audit_event (study_id, seq) WHERE seq IS NOT NULL;
CREATE INDEX audit_event_waiting ON audit_event (study_id, at, id) WHERE seq IS NULL;

CREATE TABLE audit_chain (
    study_id    text COLLATE "C" NOT NULL PRIMARY KEY,
    seq         bigint           NOT NULL CHECK (seq >= 0),
    hash        text             NOT NULL,
    checked_at  timestamptz,
    checked_seq bigint           NOT NULL DEFAULT 0,
    faults      integer          NOT NULL DEFAULT 0 CHECK (faults >= 0)
);

CREATE TABLE audit_head (
    study_id  text COLLATE "C" NOT NULL,
    day       text COLLATE "C" NOT NULL CHECK (length(day) = 10),
    seq       bigint           NOT NULL CHECK (seq >= 1),
    hash      text             NOT NULL,
    made_at   timestamptz      NOT NULL,
    key       text             NOT NULL,
    signature text             NOT NULL,
    mailed_at timestamptz,
    PRIMARY KEY (study_id, day)
);

CREATE TABLE audit_text (
    study_id     text COLLATE "C" NOT NULL,
    event_id     text COLLATE "C" NOT NULL,
    enrolment_id text COLLATE "C",
    salt         text             NOT NULL CHECK (length(salt) = 64),
    old_value    text             NOT NULL,
    new_value    text             NOT NULL,
    reason       text             NOT NULL,
    PRIMARY KEY (study_id, event_id),
    FOREIGN KEY (study_id, event_id) REFERENCES audit_event (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
);
CREATE INDEX audit_text_person ON audit_text (study_id, enrolment_id);

DROP TRIGGER audit_event_no_change ON audit_event;
CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event FOR EACH ROW
    WHEN (OLD.seq IS NOT NULL OR NEW.seq IS NULL
        OR (OLD.study_id, OLD.id, OLD.at, OLD.actor_kind, OLD.actor_id, OLD.action, OLD.object_kind, OLD.object_id, OLD.detail,
            OLD.subject_id, OLD.text_hash)
        IS DISTINCT FROM (NEW.study_id, NEW.id, NEW.at, NEW.actor_kind, NEW.actor_id, NEW.action, NEW.object_kind, NEW.object_id,
            NEW.detail, NEW.subject_id, NEW.text_hash))
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_event_begins_waiting BEFORE INSERT ON audit_event FOR EACH ROW WHEN (NEW.seq IS NOT NULL)
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_chain_no_way_back BEFORE UPDATE ON audit_chain FOR EACH ROW
    WHEN (NEW.study_id <> OLD.study_id OR NEW.seq < OLD.seq OR (NEW.seq = OLD.seq AND NEW.hash <> OLD.hash))
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_chain_no_delete BEFORE DELETE ON audit_chain FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_chain_no_truncate BEFORE TRUNCATE ON audit_chain FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_head_no_update BEFORE UPDATE ON audit_head FOR EACH ROW
    WHEN ((OLD.study_id, OLD.day, OLD.seq, OLD.hash, OLD.made_at, OLD.key, OLD.signature)
        IS DISTINCT FROM (NEW.study_id, NEW.day, NEW.seq, NEW.hash, NEW.made_at, NEW.key, NEW.signature))
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON audit_head FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_text_no_update BEFORE UPDATE ON audit_text FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_text_no_delete BEFORE DELETE ON audit_text FOR EACH ROW WHEN (OLD.enrolment_id IS NULL)
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_text_no_truncate BEFORE TRUNCATE ON audit_text FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
