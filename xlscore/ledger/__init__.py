"""The ledger (sổ theo dõi): one local SQLite file that records every form issued and every arrival.

Rollback journal with `synchronous=EXTRA`: submissions arrive a few a minute, and a receipt that was
shown must survive a power cut. Every write runs in one `BEGIN IMMEDIATE` transaction. Events are
hash-chained, so that a silent edit is found as long as one later hash is known elsewhere, and written
once more to a journal of JSON lines, so that a lost file can be rebuilt with its decisions.
"""

from xlscore.ledger.editions import Edition, EditionFile
from xlscore.ledger.glimpse import FrozenFile, latest_frozen
from xlscore.ledger.letters import LetterRow, LetterState, NewLetter, letter_key
from xlscore.ledger.opening import (
    APPLICATION_ID,
    LedgerError,
    OlderLedgerError,
    is_begun,
    migrations,
    open_ledger,
)
from xlscore.ledger.records import (
    Arrival,
    Decision,
    Event,
    EvidenceFile,
    Issue,
    Post,
    Recorded,
    Sighting,
    Waiting,
)
from xlscore.ledger.store import Ledger

__all__ = [
    "APPLICATION_ID",
    "Arrival",
    "Decision",
    "Edition",
    "EditionFile",
    "Event",
    "EvidenceFile",
    "FrozenFile",
    "Issue",
    "Ledger",
    "LedgerError",
    "LetterRow",
    "LetterState",
    "NewLetter",
    "OlderLedgerError",
    "Post",
    "Recorded",
    "Sighting",
    "Waiting",
    "is_begun",
    "latest_frozen",
    "letter_key",
    "migrations",
    "open_ledger",
]
