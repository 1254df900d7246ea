-- What servers say of themselves, and whether the installation takes changes, on SQLite.
-- The file of the same name for PostgreSQL makes the same tables.

-- +goose Up
-- One row at most: whether changes are taken, and who said so. No row: they are.
CREATE TABLE read_only_mode (
    id           TEXT    NOT NULL PRIMARY KEY CHECK (id = 'changes'),
    read_only    INTEGER NOT NULL CHECK (read_only IN (0, 1)),
    changed_at   INTEGER NOT NULL,
    changed_kind TEXT    NOT NULL CHECK (changed_kind IN ('user', 'system')),
    changed_id   TEXT    NOT NULL,
    changed_name TEXT    NOT NULL
) STRICT;

-- Servers that are running: each writes its row again every few seconds, and takes it
-- away when it ends. Faults are counts by kind, as JSON; no text of a fault.
CREATE TABLE replica (
    id         TEXT    NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
    host       TEXT    NOT NULL CHECK (length(host) <= 255),
    version    TEXT    NOT NULL CHECK (length(version) <= 255),
    started_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    draining   INTEGER NOT NULL CHECK (draining IN (0, 1)),
    faults     TEXT    NOT NULL CHECK (length(faults) <= 65536)
) STRICT;
