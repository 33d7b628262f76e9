"""Hand issued forms out (phát hành phiếu): into folders of those who fill them, or as drafts of letters.

Only what is new goes out: what a channel has taken to a target stands in the ledger, from the moment
that it is written. Killed between the two, the next run finds the file and records it.
"""

from xlscore.handing_out.counter import latest_round, release
from xlscore.handing_out.ways import Channel, Handed, Released, TargetError, Way

__all__ = ["Channel", "Handed", "Released", "TargetError", "Way", "latest_round", "release"]
