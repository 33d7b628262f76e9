-- Editions of the ranking with what they rest on, their files, and letters that carry them.

-- What was written is kept under this hash where it may be sent later: the outbox may be a share that others
-- write to.
ALTER TABLE outbox ADD COLUMN sha256 TEXT NOT NULL DEFAULT '';

CREATE TABLE editions (
    number      INTEGER PRIMARY KEY,
    head        TEXT NOT NULL,
    frozen_at   TEXT NOT NULL,
    frozen_by   TEXT NOT NULL,
    basis       TEXT NOT NULL
) STRICT;

-- The files of an edition as they were written; `cells` holds a digest per sheet.
CREATE TABLE edition_files (
    id          INTEGER PRIMARY KEY,
    edition     INTEGER NOT NULL REFERENCES editions (number),
    kind        TEXT NOT NULL,
    name        TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    size        INTEGER NOT NULL,
    cells       TEXT NOT NULL,
    written_at  TEXT NOT NULL,
    UNIQUE (edition, kind, sha256)
) STRICT;

-- One row per recipient; the letter's bytes are frozen under `sha256`.
CREATE TABLE letters (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    kind        TEXT NOT NULL,
    edition     INTEGER NOT NULL DEFAULT 0,
    audience    TEXT NOT NULL,
    recipient   TEXT NOT NULL,
    subject     TEXT NOT NULL,
    message_id  TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    size        INTEGER NOT NULL,
    state       TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN
                ('waiting', 'sending', 'sent', 'drafted', 'failed', 'uncertain', 'dropped')),
    attempts    INTEGER NOT NULL DEFAULT 0,
    next_at     TEXT NOT NULL DEFAULT '',
    error       TEXT NOT NULL DEFAULT '',
    carrier     TEXT NOT NULL DEFAULT '',
    path        TEXT NOT NULL DEFAULT '',
    created_at  TEXT NOT NULL,
    done_at     TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX letters_by_state ON letters (state);

CREATE TRIGGER editions_stay BEFORE DELETE ON editions
BEGIN SELECT RAISE(ABORT, 'an edition is never deleted'); END;
CREATE TRIGGER editions_keep BEFORE UPDATE ON editions
BEGIN SELECT RAISE(ABORT, 'an edition is never rewritten'); END;
CREATE TRIGGER edition_files_stay BEFORE DELETE ON edition_files
BEGIN SELECT RAISE(ABORT, 'an edition is never deleted'); END;
CREATE TRIGGER edition_files_keep BEFORE UPDATE ON edition_files
BEGIN SELECT RAISE(ABORT, 'an edition is never rewritten'); END;
CREATE TRIGGER letters_stay BEFORE DELETE ON letters
BEGIN SELECT RAISE(ABORT, 'a letter is never deleted'); END;
CREATE TRIGGER letters_keep_their_bytes BEFORE UPDATE OF key, kind, edition, audience, recipient, subject,
    message_id, sha256, size, created_at ON letters
BEGIN SELECT RAISE(ABORT, 'a letter is never rewritten'); END;
CREATE TRIGGER letters_are_sent_once BEFORE UPDATE OF state ON letters WHEN OLD.state = 'sent'
BEGIN SELECT RAISE(ABORT, 'a letter that was sent stays so'); END;
