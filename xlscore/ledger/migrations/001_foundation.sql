-- What the ledger records: forms issued, files seen, what became of them, and a hash-chained log.

CREATE TABLE issues (
    serial      INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL,
    round       INTEGER NOT NULL,
    unit        TEXT NOT NULL,
    role        TEXT NOT NULL,
    digest      TEXT NOT NULL,
    issued_at   TEXT NOT NULL,
    revoked     TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX issues_by_unit ON issues (kind, round, unit, role);

CREATE TABLE blobs (
    sha256      TEXT PRIMARY KEY,
    size        INTEGER NOT NULL,
    first_seen  TEXT NOT NULL
) STRICT;

-- One row per content that a directory entry has had; `entry` is the exact relative path as bytes.
CREATE TABLE sightings (
    id          INTEGER PRIMARY KEY,
    entry       BLOB NOT NULL,
    generation  INTEGER NOT NULL,
    sha256      TEXT NOT NULL,
    size        INTEGER NOT NULL,
    mtime_ns    INTEGER NOT NULL,
    seen_at     TEXT NOT NULL,
    UNIQUE (entry, generation)
) STRICT;

CREATE TABLE submissions (
    id          INTEGER PRIMARY KEY,
    sighting    INTEGER NOT NULL REFERENCES sightings (id),
    sha256      TEXT NOT NULL,
    file        TEXT NOT NULL,
    status      TEXT NOT NULL CHECK (status IN ('valid', 'draft', 'invalid', 'rejected')),
    unit        TEXT NOT NULL,
    role        TEXT NOT NULL,
    version     INTEGER NOT NULL,
    serial      INTEGER NOT NULL,
    received_at TEXT NOT NULL,
    card        TEXT NOT NULL,
    UNIQUE (sighting),
    UNIQUE (unit, role, version)
) STRICT;

CREATE INDEX submissions_by_content ON submissions (sha256);

CREATE TABLE findings (
    submission  INTEGER NOT NULL REFERENCES submissions (id),
    ordinal     INTEGER NOT NULL,
    code        TEXT NOT NULL,
    facts       TEXT NOT NULL,
    PRIMARY KEY (submission, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
    seq         INTEGER PRIMARY KEY,
    at          TEXT NOT NULL,
    actor       TEXT NOT NULL,
    kind        TEXT NOT NULL,
    body        TEXT NOT NULL,
    previous    TEXT NOT NULL,
    hash        TEXT NOT NULL
) STRICT;

CREATE TRIGGER submissions_stay BEFORE DELETE ON submissions
BEGIN SELECT RAISE(ABORT, 'a submission is never deleted'); END;
CREATE TRIGGER submissions_keep_their_bytes BEFORE UPDATE OF sha256, sighting, card ON submissions
BEGIN SELECT RAISE(ABORT, 'a submission is never rewritten'); END;
CREATE TRIGGER findings_stay BEFORE DELETE ON findings
BEGIN SELECT RAISE(ABORT, 'a finding is never deleted'); END;
CREATE TRIGGER sightings_stay BEFORE DELETE ON sightings
BEGIN SELECT RAISE(ABORT, 'a sighting is never deleted'); END;
CREATE TRIGGER issues_stay BEFORE DELETE ON issues
BEGIN SELECT RAISE(ABORT, 'an issued form is never deleted'); END;
CREATE TRIGGER events_stay BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER events_keep BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
