-- Analysis plans and frozen data, on PostgreSQL. The file of the same name for
-- SQLite makes the same tables.

-- +goose Up
-- Versions of a study's analysis plan. A row without locked_at is a draft, of
-- which a study has at most one; a locked row never changes.
CREATE TABLE analysis_plan (
    study_id       text COLLATE "C" NOT NULL,
    version        integer NOT NULL CHECK (version >= 1),
    revision       integer NOT NULL CHECK (revision >= 1),
    reason         text NOT NULL,
    content        text NOT NULL, -- canonical JSON
    saved_at       timestamptz NOT NULL,
    saved_kind     text NOT NULL CHECK (saved_kind IN ('participant', 'user', 'system')),
    saved_id       text NOT NULL,
    saved_name     text NOT NULL,
    locked_at      timestamptz,
    locked_kind    text CHECK (locked_kind IN ('participant', 'user', 'system')),
    locked_id      text NOT NULL,
    locked_name    text NOT NULL,
    hash           text NOT NULL, -- SHA-256 of the content; empty: a draft
    program        text NOT NULL,
    post_submitted integer NOT NULL CHECK (post_submitted >= 0),
    post_people    integer NOT NULL CHECK (post_people >= 0),
    reports_opened integer NOT NULL CHECK (reports_opened >= 0),
    exports        integer NOT NULL CHECK (exports >= 0),
    PRIMARY KEY (study_id, version),
    CHECK ((locked_at IS NULL) = (hash = '')),
    CHECK ((locked_at IS NULL) = (locked_kind IS NULL)),
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX analysis_plan_draft ON analysis_plan (study_id) WHERE locked_at IS NULL;

-- A study's data as they were. A row without sealed_at is being written. Once
-- sealed it never changes but for one thing: its content can be removed, which
-- is noted in the row.
CREATE TABLE snapshot (
    study_id        text COLLATE "C" NOT NULL,
    id              text COLLATE "C" NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    number          integer NOT NULL CHECK (number >= 1),
    name            text NOT NULL,
    note            text NOT NULL,
    taken_at        timestamptz NOT NULL,
    taken_kind      text NOT NULL CHECK (taken_kind IN ('participant', 'user', 'system')),
    taken_id        text NOT NULL,
    taken_name      text NOT NULL,
    program         text NOT NULL,
    form            text NOT NULL, -- of the document
    hash            text NOT NULL, -- SHA-256 of the document; empty: not sealed
    bytes           bigint NOT NULL CHECK (bytes >= 0),
    packed          bigint NOT NULL CHECK (packed >= 0),
    chunks          integer NOT NULL CHECK (chunks >= 0),
    people          integer NOT NULL CHECK (people >= 0),
    attendance      integer NOT NULL CHECK (attendance >= 0),
    assessments     integer NOT NULL CHECK (assessments >= 0),
    responses       integer NOT NULL CHECK (responses >= 0),
    scores          integer NOT NULL CHECK (scores >= 0),
    plan_version    integer NOT NULL CHECK (plan_version >= 0),
    plan_hash       text NOT NULL,
    sealed_at       timestamptz,
    removed_at      timestamptz,
    removed_kind    text CHECK (removed_kind IN ('participant', 'user', 'system')),
    removed_id      text NOT NULL,
    removed_name    text NOT NULL,
    removed_reason  text NOT NULL,
    PRIMARY KEY (study_id, id),
    CONSTRAINT snapshot_number_unique UNIQUE (study_id, number),
    CHECK ((sealed_at IS NULL) = (hash = '')),
    CHECK ((removed_at IS NULL) = (removed_kind IS NULL)),
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
);

-- The document, compressed, in pieces that no writer waits long for.
CREATE TABLE snapshot_chunk (
    study_id    text COLLATE "C" NOT NULL,
    snapshot_id text COLLATE "C" NOT NULL,
    position    integer NOT NULL CHECK (position >= 0),
    content     bytea NOT NULL CHECK (length(content) BETWEEN 1 AND 1048576),
    PRIMARY KEY (study_id, snapshot_id, position),
    FOREIGN KEY (study_id, snapshot_id) REFERENCES snapshot (study_id, id) ON DELETE RESTRICT
);

-- +goose StatementBegin
CREATE FUNCTION refuse_snapshot_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.removed_at IS NOT NULL OR NEW.removed_at IS NULL
        OR (to_jsonb(NEW) - ARRAY['removed_at', 'removed_kind', 'removed_id', 'removed_name', 'removed_reason'])
        <> (to_jsonb(OLD) - ARRAY['removed_at', 'removed_kind', 'removed_id', 'removed_name', 'removed_reason']) THEN
        RAISE EXCEPTION 'a snapshot never changes';
    END IF;
    RETURN NEW;
END;
$$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION refuse_snapshot_chunk_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owner snapshot%ROWTYPE;
BEGIN
    IF TG_OP = 'INSERT' THEN
        -- Held until the end, so that nobody seals it meanwhile.
        SELECT * INTO owner FROM snapshot WHERE study_id = NEW.study_id AND id = NEW.snapshot_id FOR SHARE;
        IF owner.sealed_at IS NOT NULL THEN
            RAISE EXCEPTION 'a snapshot never changes';
        END IF;
        RETURN NEW;
    END IF;
    SELECT * INTO owner FROM snapshot WHERE study_id = OLD.study_id AND id = OLD.snapshot_id;
    IF owner.sealed_at IS NOT NULL AND owner.removed_at IS NULL THEN
        RAISE EXCEPTION 'a snapshot never changes';
    END IF;
    RETURN OLD;
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER analysis_plan_no_change BEFORE UPDATE OR DELETE ON analysis_plan
    FOR EACH ROW WHEN (OLD.locked_at IS NOT NULL) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER analysis_plan_no_truncate BEFORE TRUNCATE ON analysis_plan
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER snapshot_no_update BEFORE UPDATE ON snapshot
    FOR EACH ROW WHEN (OLD.sealed_at IS NOT NULL) EXECUTE FUNCTION refuse_snapshot_change();
CREATE TRIGGER snapshot_no_delete BEFORE DELETE ON snapshot
    FOR EACH ROW WHEN (OLD.sealed_at IS NOT NULL) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER snapshot_no_truncate BEFORE TRUNCATE ON snapshot
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER snapshot_chunk_no_insert BEFORE INSERT OR DELETE ON snapshot_chunk
    FOR EACH ROW EXECUTE FUNCTION refuse_snapshot_chunk_change();
CREATE TRIGGER snapshot_chunk_no_change BEFORE UPDATE ON snapshot_chunk
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER snapshot_chunk_no_truncate BEFORE TRUNCATE ON snapshot_chunk
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
