"""The usual mishaps: a handful of returns spoiled in the ways that offices spoil them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xlscore.demo.officers import TypedCells, officer
from xlscore.findings import Status
from xlscore.intake import Collected
from xlscore.issuing import Form, blank
from xlscore.layout import Column, Layout, RowKind, Slot, Text
from xlscore.methods.ratio import RatioMethod
from xlscore.workbooks.scorecard.fill import CellContent, fill, put
from xlscore.workspace import Workspace

_OLD_XLS = (
    bytes.fromhex("d0cf11e0a1b11ae1").ljust(512, b"\0")
    + "Workbook".encode("utf-16-le").ljust(128, b"\0")
).ljust(1536, b"\0")
"""How an .xls file of Excel 97–2003 begins: an OLE container with a stream called Workbook."""


@dataclass(frozen=True, slots=True)
class _Spoiling:
    """One return about to be spoiled."""

    workspace: Workspace
    form: Form
    layout: Layout
    typed: TypedCells

    def send(self, name: str = "", *, data: bytes | None = None) -> None:
        """Put the return into the inbox, in place of the good one."""
        good = self.workspace.inbox / self.form.path.name
        good.unlink(missing_ok=True)
        (self.workspace.inbox / (name or good.name)).write_bytes(data or self.filled())

    def filled(self) -> bytes:
        decimals = self.workspace.campaign.settings.policies.leaf_decimals
        return fill(self.form.path.read_bytes(), self.layout, self.typed, decimals=decimals)

    def ratio_leaf(self) -> str:
        """Return a leaf with numerator and denominator."""
        return next(
            node
            for node, method in self.layout.methods.items()
            if isinstance(method, RatioMethod) and method.denominator
        )


def _impossible_figures(case: _Spoiling) -> None:
    leaf = case.ratio_leaf()
    case.typed[leaf, "numerator"] = Decimal(45)
    case.typed[leaf, "denominator"] = Decimal(40)
    proven = [key for key in case.typed if key[1] == Slot.EVIDENCE]
    for key in proven[:3]:
        del case.typed[key]
    case.send()


def _draft(case: _Spoiling) -> None:
    del case.typed["", Slot.SUBMIT]
    for key in list(case.typed)[-25:]:
        del case.typed[key]
    case.send()


def _old_format(case: _Spoiling) -> None:
    case.send(f"{case.form.unit.code}.xls", data=_OLD_XLS)


def _odd_numbers(case: _Spoiling) -> None:
    leaf = case.ratio_leaf()
    case.typed[leaf, "denominator"] = "1.000"
    counts = [key for key, value in case.typed.items() if key[1] == "count"]
    if counts:
        case.typed[counts[0]] = CellContent("date", "46024")
    case.send()


def _pasted_over(case: _Spoiling) -> None:
    """Paste the printed cells of one criterion over another, as sorting by hand does."""
    leaves = [row for row in case.layout.rows if row.kind is RowKind.LEAF]
    here, there = leaves[1], leaves[2]
    contents = {}
    for column in (Column.CODE, Column.TITLE):
        cell = there.cells[column]
        assert isinstance(cell, Text)  # noqa: S101  code and title are printed texts
        contents[case.layout.address(here, column)] = CellContent("text", cell.text)
    case.send(data=put(case.filled(), contents))


def _sample_sent(case: _Spoiling) -> None:
    case.send(data=blank(case.workspace, case.form.unit.tier))


def _number_as_text(case: _Spoiling) -> None:
    """Type 0,5 on a computer set to English: Excel keeps it as text. It is understood."""
    for leaf, method in case.layout.methods.items():
        key = (leaf, "numerator")
        if isinstance(method, RatioMethod) and key in case.typed:
            case.typed[key] = f"{case.typed[key]}"
            break
    case.send()


def _renamed_twice(case: _Spoiling) -> None:
    name = f"Báo cáo chấm điểm CCHC {case.form.unit.name}"
    case.send(f"{name}.xlsx")
    (case.workspace.inbox / f"{name} (1).xlsx").write_bytes(
        (case.workspace.inbox / f"{name}.xlsx").read_bytes()
    )


_MISHAPS: Sequence[tuple[str, Callable[[_Spoiling], None]]] = (
    ("tử số lớn hơn mẫu số, thiếu tài liệu kiểm chứng", _impossible_figures),
    ("gửi bản nháp chưa nhập xong", _draft),
    ("gửi tệp .xls đời cũ", _old_format),
    ("“1.000” không rõ nghĩa, ngày tháng trong ô số", _odd_numbers),
    ("dán đè tiêu chí này lên tiêu chí khác", _pasted_over),
    ("gửi phiếu mẫu thay cho phiếu được cấp", _sample_sent),
    ("số nhập dạng văn bản (hiểu được)", _number_as_text),
    ("đổi tên tệp, gửi hai bản giống nhau", _renamed_twice),
)


def spoil(workspace: Workspace, sent: Sequence[Form]) -> dict[str, str]:
    """Spoil a handful of the returns sent; return what happened, in words, by unit code."""
    distance = max(1, len(sent) // (len(_MISHAPS) + 1))
    told = {}
    for place, (words, mishap) in enumerate(_MISHAPS, 1):
        form = sent[min(place * distance, len(sent) - 1)]
        layout = workspace.layout(form.unit, form.role)
        mishap(_Spoiling(workspace, form, layout, officer(workspace, form)))
        told[form.unit.code] = words
    return told


def correct(
    told: dict[str, str], workspace: Workspace, wanted: Sequence[Form], first: Collected
) -> None:
    """Let the first unit whose return was refused send it again, corrected."""
    refused = {r.unit for r in first.recorded if r.status is Status.INVALID}
    form = next((f for f in wanted if f.unit.code in refused and not f.role), None)
    if form is None:
        return
    layout = workspace.layout(form.unit)
    _Spoiling(workspace, form, layout, officer(workspace, form)).send()
    told[form.unit.code] += "; đã sửa và gửi lại"
