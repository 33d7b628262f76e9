-- Other forms than scorecards come back too (appraisals, replies, surveys, the council's word, books of
-- results): whom they are about, and so their versions, are counted apart. SQLite cannot change a UNIQUE
-- constraint, so the table is made anew with everything that is in it.

CREATE TABLE submissions_new (
    id           INTEGER PRIMARY KEY,
    sighting     INTEGER NOT NULL REFERENCES sightings (id),
    sha256       TEXT NOT NULL,
    file         TEXT NOT NULL,
    status       TEXT NOT NULL CHECK (status IN ('valid', 'draft', 'invalid', 'rejected')),
    unit         TEXT NOT NULL,
    role         TEXT NOT NULL,
    version      INTEGER NOT NULL,
    serial       INTEGER NOT NULL,
    received_at  TEXT NOT NULL,
    card         TEXT NOT NULL,
    scanned_at   TEXT NOT NULL DEFAULT '',
    judged_again INTEGER REFERENCES submissions (id),
    kind         TEXT NOT NULL DEFAULT 'scorecard',
    round        INTEGER NOT NULL DEFAULT 1,
    UNIQUE (sighting),
    UNIQUE (kind, round, unit, role, version)
) STRICT;
INSERT INTO submissions_new
    SELECT id, sighting, sha256, file, status, unit, role, version, serial, received_at, card, scanned_at,
           judged_again, 'scorecard', 1
    FROM submissions;
DROP TABLE submissions;
ALTER TABLE submissions_new RENAME TO submissions;
CREATE INDEX submissions_by_content ON submissions (sha256);
CREATE TRIGGER submissions_stay BEFORE DELETE ON submissions
BEGIN SELECT RAISE(ABORT, 'a submission is never deleted'); END;
CREATE TRIGGER submissions_keep_their_bytes BEFORE UPDATE OF sha256, sighting, card ON submissions
BEGIN SELECT RAISE(ABORT, 'a submission is never rewritten'); END;
