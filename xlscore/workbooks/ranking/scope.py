"""How much of a ranking a workbook shows, and what the file says of itself."""

from __future__ import annotations

from enum import StrEnum

from xlscore.ranking import Results

LEDGER_HEAD = "Đầu chuỗi sổ theo dõi"
"""The label under which the provenance of results holds the head of the ledger's chain."""


REPLACES = "Thay thế"
"""The label under which the provenance of an edition tells which one came before it, and when."""


class Scope(StrEnum):
    """Which sheets and columns a ranking workbook has.

    `full`: everything, for the office and leadership. `public` (bản công bố): no remarks, reasons, evidence,
    findings, addresses or names of appraisers. `print`: the pages that become the PDF; the figures that
    their formulas need are there, but hidden.
    """

    FULL = "full"
    PUBLIC = "public"
    PRINT = "print"


def own_facts(results: Results, scope: Scope) -> dict[str, str]:
    """Return the custom document properties by which a workbook is recognised again."""
    return {
        "xlscore-campaign": results.campaign.settings.id,
        "xlscore-edition": str(results.edition),  # Gnumeric loses numbers
        "xlscore-scope": scope.value,
        "xlscore-head": results.provenance.get(LEDGER_HEAD, ""),
    }
