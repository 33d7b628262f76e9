"""What only a person can decide about a return: each decision is appended, with reason and name.

A return is never changed. To accept one, or to say whose it is, has its archived content judged again
under that decision; the judgement is recorded as a further version of the unit. Receipts that say
otherwise now are written anew.
"""

from xlscore.deciding.returns import accept, assign, restore, set_received, void
from xlscore.deciding.saying import DecisionError, Refusal, Said
from xlscore.deciding.waivers import Waived, unwaive, waive

__all__ = [
    "DecisionError",
    "Refusal",
    "Said",
    "Waived",
    "accept",
    "assign",
    "restore",
    "set_received",
    "unwaive",
    "void",
    "waive",
]
