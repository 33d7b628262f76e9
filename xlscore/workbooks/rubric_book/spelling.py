"""How each scoring method is spelled in three cells: scoring, figures, further parameters.

What the table below has no words for, and every parameter of a plug-in's method, stands among the
further parameters under its own name, as a line of YAML: nothing is ever lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from xlscore.text import nfc
from xlscore.workbooks.rubric_book.blocks import BandLines, Block, Labelled, Named, Param
from xlscore.workbooks.rubric_book.formula_lines import Branches, Variables
from xlscore.workbooks.rubric_book.values import write_plain

RULES, FIGURES, OPTIONS = "rules", "figures", "options"
CELLS = (FIGURES, RULES, OPTIONS)
"""The three cells, in the order in which a YAML rubric has their parameters."""

_FLAG = {"có": "true", "không": "false"}
_BY = Param("tính theo", "by", words={"điểm": "points", "% điểm tối đa": "percent"})
_QUANTITY = {
    "số ngày trễ hạn": "days_late",
    "% tiêu chí có tài liệu kiểm chứng": "evidence_coverage",
    "chênh lệch tự chấm và thẩm định": "self_appraised_gap",
}
_ZERO = {"điểm tối đa": "full", "0 điểm": "zero", "không áp dụng": "not-applicable"}
_RATIO_FIGURES = Named((Param("Tử số", "numerator"), Param("Mẫu số", "denominator")))
_RATIO_OPTIONS = (
    Param("mẫu số bằng 0", "if_zero", words=_ZERO),
    Param("tử số được vượt mẫu số", "may_exceed", words=_FLAG),
    Param("số liệu là số nguyên", "whole", words=_FLAG),
)
_EACH = Param("mỗi trường hợp", "points_each", number=True)


_NONE = Named()


@dataclass(frozen=True)
class Spelling:
    """The blocks of a method's three cells."""

    rules: Block = _NONE
    figures: Block = _NONE
    options: tuple[Param, ...] = ()

    def block(self, cell: str) -> Block:
        """Return the block of one cell."""
        if cell == OPTIONS:
            return Named(self.options, open=True)
        return self.rules if cell == RULES else self.figures

    def home(self, key: str) -> str:
        """Return the cell in which a parameter belongs."""
        return next((cell for cell in CELLS if key in self.block(cell).keys), OPTIONS)


SPELLINGS: Mapping[str, Spelling] = {
    "points": Spelling(
        Named((Param("bước", "step", number=True), Param("điểm thấp nhất", "minimum", number=True)))
    ),
    "levels": Spelling(Labelled("levels"), options=(_BY,)),
    "bands": Spelling(BandLines("%"), _RATIO_FIGURES, (*_RATIO_OPTIONS, _BY)),
    "proportional": Spelling(
        Named(
            (
                Param("sàn", "floor", number=True, unit="%"),
                Param("đạt điểm tối đa từ", "full_from", number=True, unit="%"),
            )
        ),
        _RATIO_FIGURES,
        _RATIO_OPTIONS,
    ),
    "checklist": Spelling(Labelled("items"), options=(_BY,)),
    "count": Spelling(
        Named((_EACH, Param("tối đa", "cap", number=True))), Named((Param("Đếm", "unit"),))
    ),
    "deduction": Spelling(
        Named(
            (
                Param("mỗi trường hợp trừ", "points_each", number=True),
                Param("trừ tối đa", "cap", number=True),
                Param("điểm thấp nhất", "floor", number=True),
            )
        ),
        Named((Param("Đếm", "unit"),)),
    ),
    "formula": Spelling(Branches(), Variables()),
    "survey": Spelling(Labelled("options", mapping=True), Named((Param("Nguồn", "source"),))),
    "index": Spelling(
        BandLines(),
        Named((Param("Nguồn", "source"),)),
        (
            Param("thang đo", "scale", number=True),
            Param("số năm được dùng lùi", "fallback", number=True),
            _BY,
        ),
    ),
    "derived": Spelling(
        BandLines(), Named((Param("Đại lượng", "quantity", words=_QUANTITY),)), (_BY,)
    ),
    "peer": Spelling(figures=Named((Param("Giá trị", "label"),))),
}
_UNKNOWN = Spelling()


@dataclass
class Spelled:
    """What three cells say.

    Attributes:
        spec: the method's parameters, plain data.
        homes: the cell that each parameter stands in.
        problems: (cell, line, what is wanted).
    """

    spec: dict[str, Any] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    problems: list[tuple[str, str, str]] = field(default_factory=list)


def spelling_of(kind: str) -> Spelling:
    """Return the spelling of a kind; methods of plug-ins have only further parameters."""
    return SPELLINGS.get(kind, _UNKNOWN)


def write_method(method: Mapping[str, Any]) -> dict[str, str]:
    """Return the text of the three cells for a method as it stands in a rubric."""
    rest = {key: value for key, value in method.items() if key != "kind"}
    spelling = spelling_of(str(method.get("kind")))
    lines: dict[str, list[str]] = {}
    for cell in CELLS:
        written = spelling.block(cell).write(rest)
        back = spelling.block(cell).read(_lines("\n".join(written)))
        same = all(key in rest and rest[key] == value for key, value in back.spec.items())
        lines[cell] = written if same and not back.problems else []
        if lines[cell]:
            rest = {key: value for key, value in rest.items() if key not in back.spec}
    lines[OPTIONS] += [f"{key}: {write_plain(value)}" for key, value in rest.items()]
    return {cell: "\n".join(said) for cell, said in lines.items()}


def read_method(kind: str, cells: Mapping[str, str]) -> Spelled:
    """Read the three cells of a method, every unreadable line at once."""
    spelling = spelling_of(kind)
    result = Spelled({"kind": kind})
    for cell in CELLS:
        read = spelling.block(cell).read(_lines(cells.get(cell, "")))
        result.problems += [(cell, line, what) for line, what in read.problems]
        for key, value in read.spec.items():
            if key in result.spec:
                result.problems.append((cell, key, "đã ghi ở ô khác"))
            else:
                result.spec[key], result.homes[key] = value, cell
    return result


def _lines(text: str) -> list[str]:
    return [line.strip() for line in nfc(text).split("\n") if line.strip()]
