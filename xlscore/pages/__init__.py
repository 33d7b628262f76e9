"""The pages that are given out: receipts, lists of evidence, the state of the campaign.

Each is one HTML file that needs nothing else: no network, no font, no script to be read. Whoever
calls fills a frozen dataclass with what is to be shown, its times already in the campaign's zone; the
pages add only words. They are administrative documents for units, so they are always Vietnamese.
"""

from xlscore.pages.book_receipt import BookReceipt, TakenOver, book_receipt_html
from xlscore.pages.evidence import EvidenceFile, EvidenceList, EvidenceRow, evidence_html
from xlscore.pages.receipt import Receipt, receipt_html
from xlscore.pages.status_page import (
    EvidenceCounts,
    InboxState,
    Runner,
    StatusPage,
    StrayFile,
    TierStatus,
    UnitState,
    UnitStatus,
    WaitingFile,
    status_html,
)
from xlscore.pages.story import StoryLine, StoryPage, StoryPart, StorySection, story_html
from xlscore.pages.wording import Timeliness
from xlscore.pages.years import DomainLine, YearPage, YearRow, years_html

__all__ = [
    "BookReceipt",
    "DomainLine",
    "EvidenceCounts",
    "EvidenceFile",
    "EvidenceList",
    "EvidenceRow",
    "InboxState",
    "Receipt",
    "Runner",
    "StatusPage",
    "StoryLine",
    "StoryPage",
    "StoryPart",
    "StorySection",
    "StrayFile",
    "TakenOver",
    "TierStatus",
    "Timeliness",
    "UnitState",
    "UnitStatus",
    "WaitingFile",
    "YearPage",
    "YearRow",
    "book_receipt_html",
    "evidence_html",
    "receipt_html",
    "status_html",
    "story_html",
    "years_html",
]
