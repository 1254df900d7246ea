-- What servers say of themselves, and whether the installation takes changes, on
-- PostgreSQL. The file of the same name for SQLite makes the same tables.

-- +goose Up
-- One row at most: whether changes are taken, and who said so. No row: they are.
CREATE TABLE read_only_mode (
    id           text COLLATE "C" NOT NULL PRIMARY KEY CHECK (id = 'changes'),
    read_only    boolean          NOT NULL,
    changed_at   timestamptz      NOT NULL,
    changed_kind text             NOT NULL CHECK (changed_kind IN ('user', 'system')),
    changed_id   text COLLATE "C" NOT NULL,
    changed_name text             NOT NULL
);

-- Servers that are running: each writes its row again every few seconds, and takes it
-- away when it ends. Faults are counts by kind, as JSON; no text of a fault.
CREATE TABLE replica (
    id         text COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
    host       text             NOT NULL CHECK (length(host) <= 255),
    version    text             NOT NULL CHECK (length(version) <= 255),
    started_at timestamptz      NOT NULL,
    seen_at    timestamptz      NOT NULL,
    draining   boolean          NOT NULL,
    faults     text             NOT NULL CHECK (length(faults) <= 65536)
);
