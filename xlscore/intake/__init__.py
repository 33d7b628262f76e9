"""Intake (tiếp nhận): one file → one recorded outcome, exactly once.

Order: settled → read once into the archive while hashing → fsync → content-addressed name → check *the
archived copy* → one ledger transaction, which also says what is to be written for the unit. Killed
anywhere, the next pass finds the rest: an archived blob without a record is simply checked again, and
an entry already recorded with these bytes is a no-op.
"""

from xlscore.intake.collected import Collected
from xlscore.intake.door import Availability, Door, availability, decided_waivers
from xlscore.intake.session import Intake

__all__ = [
    "Availability",
    "Collected",
    "Door",
    "Intake",
    "availability",
    "decided_waivers",
]
