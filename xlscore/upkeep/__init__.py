"""Upkeep of the ledger (bảo quản sổ theo dõi): checked, backed up, rebuilt from journal and records."""

from xlscore.upkeep.backups import BackupError, back_up
from xlscore.upkeep.checks import Checked, check_ledger
from xlscore.upkeep.rebuilding import Rebuilt, rebuild
from xlscore.upkeep.troubles import Cure, Trouble

__all__ = [
    "BackupError",
    "Checked",
    "Cure",
    "Rebuilt",
    "Trouble",
    "back_up",
    "check_ledger",
    "rebuild",
]
