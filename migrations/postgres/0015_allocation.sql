-- How a study allocates, its sealed seed, every draw, and people of a control arm
-- who come to a later run, on PostgreSQL. The file of the same name for SQLite
-- makes the same tables.

-- +goose Up
-- What was chosen while the study was a draft; without a row: the usual way.
CREATE TABLE allocation_setting (
    study_id text COLLATE "C" NOT NULL PRIMARY KEY,
    scheme   text             NOT NULL, -- JSON, without the arms
    saved_at timestamptz      NOT NULL,
    saved_by text             NOT NULL,
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
);

-- The seed, encrypted, and what was published of it, from the opening on.
CREATE TABLE allocation_seal (
    study_id   text COLLATE "C" NOT NULL PRIMARY KEY,
    scheme     text             NOT NULL, -- JSON, with the arms
    commitment text             NOT NULL CHECK (length(commitment) = 64),
    key_id     text             NOT NULL CHECK (length(key_id) BETWEEN 1 AND 64),
    sealed     bytea            NOT NULL,
    sealed_at  timestamptz      NOT NULL,
    FOREIGN KEY (study_id) REFERENCES study (id) ON DELETE RESTRICT
);

-- One arm given, to a person or to a whole course run. A draw outlives its person,
-- without them.
CREATE TABLE allocation_draw (
    study_id     text COLLATE "C" NOT NULL,
    seq          integer          NOT NULL CHECK (seq >= 1), -- among all of the study, without gaps
    unit         text             NOT NULL CHECK (unit IN ('person', 'run')),
    kind         text             NOT NULL CHECK (kind IN ('lot', 'hand', 'before')),
    stratum      text COLLATE "C" NOT NULL,
    number       integer          NOT NULL CHECK (number >= 0), -- of a draw by lot in its stratum, without gaps
    levels       text             NOT NULL, -- JSON, one for each factor of the scheme
    arm_id       text COLLATE "C" NOT NULL,
    run_id       text COLLATE "C" NOT NULL,
    enrolment_id text COLLATE "C", -- null: the whole run, or the person's data were erased
    reason       text             NOT NULL, -- of an arm given by hand
    drawn_at     timestamptz      NOT NULL,
    chain        text             NOT NULL CHECK (length(chain) = 64), -- SHA-256 of this row and all before
    PRIMARY KEY (study_id, seq),
    CHECK ((kind = 'lot') = (number > 0)),
    FOREIGN KEY (study_id, arm_id) REFERENCES arm (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, run_id) REFERENCES course_run (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX allocation_draw_number ON allocation_draw (study_id, stratum, number) WHERE number > 0;
CREATE UNIQUE INDEX allocation_draw_enrolment ON allocation_draw (study_id, enrolment_id) WHERE enrolment_id IS NOT NULL;
CREATE UNIQUE INDEX allocation_draw_run ON allocation_draw (study_id, run_id) WHERE unit = 'run';

-- People of a control arm who take the course in a later run. Their arm stays.
CREATE TABLE crossover (
    study_id     text COLLATE "C" NOT NULL,
    enrolment_id text COLLATE "C" NOT NULL,
    run_id       text COLLATE "C" NOT NULL, -- the later one
    crossed_at   timestamptz      NOT NULL,
    PRIMARY KEY (study_id, enrolment_id),
    CONSTRAINT crossover_run_unique UNIQUE (study_id, run_id, enrolment_id),
    FOREIGN KEY (study_id, enrolment_id) REFERENCES enrolment (study_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (study_id, run_id) REFERENCES course_run (study_id, id) ON DELETE RESTRICT
);

-- Who of them came to a meeting. It stands apart from attendance, because it tells
-- nothing of the arm that they were allocated to.
CREATE TABLE crossover_attendance (
    study_id     text COLLATE "C" NOT NULL,
    run_id       text COLLATE "C" NOT NULL,
    enrolment_id text COLLATE "C" NOT NULL,
    meeting      integer          NOT NULL CHECK (meeting >= 1),
    present      boolean          NOT NULL,
    PRIMARY KEY (study_id, run_id, enrolment_id, meeting),
    FOREIGN KEY (study_id, run_id, enrolment_id) REFERENCES crossover (study_id, run_id, enrolment_id) ON DELETE RESTRICT
);

CREATE TRIGGER allocation_seal_no_change BEFORE UPDATE OR DELETE ON allocation_seal
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER allocation_seal_no_truncate BEFORE TRUNCATE ON allocation_seal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER allocation_draw_no_update BEFORE UPDATE ON allocation_draw
    FOR EACH ROW WHEN (NEW.enrolment_id IS NOT NULL OR NEW.reason <> ''
        OR to_jsonb(NEW) - ARRAY['enrolment_id', 'reason'] <> to_jsonb(OLD) - ARRAY['enrolment_id', 'reason'])
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER allocation_draw_no_delete BEFORE DELETE ON allocation_draw
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER allocation_draw_no_truncate BEFORE TRUNCATE ON allocation_draw
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
