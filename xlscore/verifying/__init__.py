"""Verification of a ranking file (kiểm chứng): against its edition, then against ledger and archive."""

from xlscore.verifying.report import Step, Verified
from xlscore.verifying.verify import verify

__all__ = ["Step", "Verified", "verify"]
