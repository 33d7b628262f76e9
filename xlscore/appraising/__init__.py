"""Appraisal (thẩm định): what appraisers and units say row by row, and what of it holds."""

from xlscore.appraising.assignment import agency_of
from xlscore.appraising.basis import appraised_leaves, row_basis
from xlscore.appraising.claims import Claim, Decision, Reply
from xlscore.appraising.merging import OpenRow, RowAppraisal, UnitAppraisal, appraise

__all__ = [
    "Claim",
    "Decision",
    "OpenRow",
    "Reply",
    "RowAppraisal",
    "UnitAppraisal",
    "agency_of",
    "appraise",
    "appraised_leaves",
    "row_basis",
]
