"""Write what waits in the outbox: receipts, marked copies, lists of evidence, each whole or not at all.

The ledger says what is to be written, from the very transaction that recorded its cause; so a receipt is
never missing, and one that is written twice after a crash has the same name and replaces itself.
"""

from xlscore.delivering.contested import tell_contested
from xlscore.delivering.names import NOBODYS, marked_name, receipt_name
from xlscore.delivering.outgrown import tell_outgrown
from xlscore.delivering.writing import Delivered, deliver

__all__ = [
    "NOBODYS",
    "Delivered",
    "deliver",
    "marked_name",
    "receipt_name",
    "tell_contested",
    "tell_outgrown",
]
