-- People who are added to a run before its study opens, on PostgreSQL. The file of the
-- same name for SQLite makes the same table and explains it.

-- +goose Up
CREATE TABLE planned_person (
    study_id text COLLATE "C" NOT NULL,
    id       text COLLATE "C" NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    run_id   text COLLATE "C" NOT NULL,
    position integer     NOT NULL CHECK (position >= 1),
    added_at timestamptz NOT NULL,
    key_id   text        NOT NULL CHECK (length(key_id) BETWEEN 1 AND 64),
    sealed   bytea       NOT NULL CHECK (length(sealed) BETWEEN 1 AND 16384),
    PRIMARY KEY (study_id, id),
    UNIQUE (study_id, position),
    FOREIGN KEY (study_id, run_id) REFERENCES course_run (study_id, id) ON DELETE RESTRICT
);
