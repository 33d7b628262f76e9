"""The inbox's mark file: that this folder is the inbox, of which campaign, and which ledger takes it in.

An unmounted share leaves an empty folder behind, which looks like an inbox whose files are all gone.
So the inbox carries `.xlscore-inbox.json`; where it is missing, or names another inbox, nothing is
concluded. It also names the one ledger that runs intake (thu phiếu) here; another host takes over only
when a person says so. The file's name begins with a dot, therefore the scan of the inbox passes it over.
"""

from xlscore.sentinel.files import create_sentinel, hand_over, read_sentinel
from xlscore.sentinel.values import (
    NAME,
    Former,
    Holder,
    Sentinel,
    SentinelChangedError,
    SentinelDamagedError,
    SentinelError,
    this_host,
    this_user,
)
from xlscore.sentinel.verdict import State, Verdict, watch_over

__all__ = [
    "NAME",
    "Former",
    "Holder",
    "Sentinel",
    "SentinelChangedError",
    "SentinelDamagedError",
    "SentinelError",
    "State",
    "Verdict",
    "create_sentinel",
    "hand_over",
    "read_sentinel",
    "this_host",
    "this_user",
    "watch_over",
]
