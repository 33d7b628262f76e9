"""What a workbook is that is no frozen file of the campaign, as far as it says so itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xlscore import identity
from xlscore.reasons import Words
from xlscore.workbooks.comparison.said import BANNER
from xlscore.workbooks.dump import Dump

_FORMS: dict[str, Words] = {
    identity.SCORECARD: ("phiếu tự chấm điểm", "a scorecard"),
    identity.APPRAISAL: ("sổ thẩm định", "a book of appraisal"),
    identity.REPLY: ("phiếu phản hồi", "a reply form"),
    identity.COUNCIL: ("sổ của hội đồng", "the council's book"),
    identity.SURVEY: ("sổ điều tra", "a survey book"),
    identity.RESULT_SHEET: ("phiếu kết quả của một đơn vị", "a unit's result sheet"),
    identity.RESULT_BOOK: ("sổ kết quả cấp dưới gửi lên", "a district's book of results"),
}
_SAMPLE: Words = ("phiếu mẫu để trống", "a blank sample of a form")
_FORM: Words = ("biểu mẫu của chương trình", "a form of this program")
_WHAT_IF: Words = ("sổ giả định (so sánh “nếu như”)", "a what-if comparison")
_DRAFT = "(DỰ THẢO)"
_EDITION = re.compile(r"\(Bản ban hành lần [1-9][0-9]*\)")


def other_kind(dump: Dump) -> Words | None:
    """Return what a workbook says that it is, where that is no ranking of a campaign."""
    for text in _tokens(dump):
        if text.strip() == identity.BLANK_SAMPLE:
            return _SAMPLE
        if token := identity.said(text.strip()):
            name, english = _FORMS.get(token.kind, _FORM)
            return f"{name} ({token.unit})", f"{english} ({token.unit})"
    if BANNER in _front(dump):
        return _WHAT_IF
    return None


def _tokens(dump: Dump) -> Iterator[str]:
    """Yield what stands in the three places of a form's token."""
    yield dump.properties.get(identity.PROPERTY, "")
    yield dump.defined_names.get(identity.DEFINED_NAME, "").strip('="')
    sheet = dump.by_name.get(identity.META_SHEET)
    yield sheet.cells[1, 1].value if sheet and (1, 1) in sheet.cells else ""


def says_draft(dump: Dump) -> bool:
    """Whether the front page says that this is a draft."""
    return _DRAFT in _front(dump)


def says_edition(dump: Dump) -> bool:
    """Whether the front page says that this is an edition."""
    return any(_EDITION.fullmatch(text) for text in _front(dump))


def _front(dump: Dump) -> list[str]:
    return [cell.value for sheet in dump.sheets[:1] for cell in sheet.cells.values()]
