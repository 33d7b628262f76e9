"""The appraisal workbook (sổ thẩm định): one per agency and round, with the rows that it appraises.

What an appraiser with 130 units × 20 rows wants is one yardstick at a time. So there is one sheet to
type into, sorted by domain, criterion, then unit: how the criterion is scored stands once above its
rows, and all units follow one another. A sheet per unit in the annex's form would be 130 sheets to leaf
through and 20 yardsticks to keep in mind at once, and typing the same row in two places would need a
rule for which of them counts.

Locked cells cannot be sorted in Excel, but filters work under protection: to see one unit, filter it
there. Other orders are sheets of their own, read-only and live, with a link to the row where one types:
by unit, by difference, and the progress per unit and domain.

Every row's hidden key carries what it was issued on and a seal over it (see `xlscore.keyed`), so that
the reader needs neither the visible cells nor the state of that day.
"""

from xlscore.workbooks.appraisal.model import Head, Line
from xlscore.workbooks.appraisal.read import read_appraisal
from xlscore.workbooks.appraisal.write import INPUT_PART, render_appraisal

__all__ = ["INPUT_PART", "Head", "Line", "read_appraisal", "render_appraisal"]
