-- A long-running intake: receipts, marked copies, evidence, what waits, decisions, releases.

-- A marked copy is a form of its own that corrects another; both are in force together.
ALTER TABLE issues ADD COLUMN copy_of INTEGER REFERENCES issues (serial);

-- The last complete scan before the first sight: it proves that the file was not there yet.
ALTER TABLE submissions ADD COLUMN scanned_at TEXT NOT NULL DEFAULT '';
-- The arrival whose content was judged again by a decision (accepted, assigned, waived).
ALTER TABLE submissions ADD COLUMN judged_again INTEGER REFERENCES submissions (id);

CREATE TABLE evidence (
    id          INTEGER PRIMARY KEY,
    sighting    INTEGER NOT NULL UNIQUE REFERENCES sightings (id),
    sha256      TEXT NOT NULL,
    size        INTEGER NOT NULL,
    file        TEXT NOT NULL,
    unit        TEXT NOT NULL,
    received_at TEXT NOT NULL
) STRICT;
CREATE INDEX evidence_by_unit ON evidence (unit);

-- Entries that are not taken yet: incomplete, or open in Excel. Gone once they are taken.
CREATE TABLE waiting (
    entry       BLOB PRIMARY KEY,
    why         TEXT NOT NULL,
    size        INTEGER NOT NULL,
    mtime_ns    INTEGER NOT NULL,
    since       TEXT NOT NULL,
    scanned     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What the operator decided: kind and subject say what about; the latest of a kind stands.
CREATE TABLE decisions (
    id          INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind IN ('void', 'restore', 'time', 'waive', 'unwaive')),
    submission  INTEGER REFERENCES submissions (id),
    unit        TEXT NOT NULL,
    body        TEXT NOT NULL,
    reason      TEXT NOT NULL,
    decided_by  TEXT NOT NULL,
    decided_at  TEXT NOT NULL
) STRICT;

CREATE TABLE outbox (
    id          INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL,
    subject     TEXT NOT NULL,
    submission  INTEGER REFERENCES submissions (id),
    serial      INTEGER NOT NULL DEFAULT 0,
    state       TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'written', 'dropped')),
    path        TEXT NOT NULL DEFAULT '',
    attempts    INTEGER NOT NULL DEFAULT 0,
    error       TEXT NOT NULL DEFAULT '',
    created_at  TEXT NOT NULL,
    written_at  TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX outbox_waiting ON outbox (state);
CREATE INDEX outbox_by_submission ON outbox (submission);

CREATE TABLE releases (
    id          INTEGER PRIMARY KEY,
    serial      INTEGER NOT NULL REFERENCES issues (serial),
    channel     TEXT NOT NULL,
    target      TEXT NOT NULL,
    released_at TEXT NOT NULL,
    UNIQUE (serial, channel, target)
) STRICT;

-- Single facts: this ledger's id, the inbox it opened, the last complete scan, the number of its chain.
CREATE TABLE facts (
    key         TEXT PRIMARY KEY,
    value       TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO facts VALUES ('ledger', lower(hex(randomblob(8)))), ('chain', '1');

CREATE TRIGGER evidence_stays BEFORE DELETE ON evidence
BEGIN SELECT RAISE(ABORT, 'evidence is never deleted'); END;
CREATE TRIGGER decisions_stay BEFORE DELETE ON decisions
BEGIN SELECT RAISE(ABORT, 'a decision is never deleted'); END;
CREATE TRIGGER decisions_keep BEFORE UPDATE ON decisions
BEGIN SELECT RAISE(ABORT, 'a decision is never rewritten'); END;
