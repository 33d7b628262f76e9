"""Rows, columns and locked cells: deleted, copied, pasted over, altered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from tests.campaigns import FORM, Campaign, edited, number, part, typed_over
from tests.spoiled import VALID, spoiled, with_members
from xlscore.findings import Status
from xlscore.layout import KEY_MARK
from xlscore.numbers import plain
from xlscore.workbooks.scorecard.fill import CellContent


def _over(contents: Mapping[str, CellContent | str]) -> Callable[[bytes, Campaign], bytes]:
    return lambda data, _: typed_over(data, contents)


def _keys(*rows: int) -> dict[str, CellContent | str]:
    return {f"A{row}": CellContent("blank") for row in rows}


def _second_key(data: bytes, campaign: Campaign) -> bytes:
    return typed_over(data, {"A60": campaign.row("s:n1.2").signed_key})


def _pasted_over(data: bytes, _: Campaign) -> bytes:
    """Paste criterion 1.2 over 1.4 as a whole, as sorting does: the hidden keys stay behind."""
    return typed_over(data, {"B18": "1.2", "C18": "Tiêu chí 1.2", "D18": number("1")})


def _with_sheet_twice(data: bytes, _: Campaign) -> bytes:
    link = '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    link += 'relationships/worksheet" Target="worksheets/sheet99.xml"/></Relationships>'
    data = edited(data, "xl/_rels/workbook.xml.rels", "</Relationships>", link)
    listed = '<sheet name="Phiếu (2)" sheetId="99" r:id="rId99"/></sheets>'
    data = edited(data, "xl/workbook.xml", "</sheets>", listed)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
    override = f'<Override PartName="/xl/worksheets/sheet99.xml" ContentType="{kind}"/></Types>'
    data = edited(data, "[Content_Types].xml", "</Types>", override)
    return with_members(data, {"xl/worksheets/sheet99.xml": part(data, FORM).encode()})


STRUCTURE = (
    spoiled("the mark is gone", _over({"A1": "khác", **_keys(*range(8, 46))}), ("no-form-sheet", "", "")),
    spoiled("only the mark is gone", _over({"A1": "khác"}), ("keys-damaged", "", "")),
    spoiled("all row keys are gone", _over(_keys(*range(8, 46))), ("keys-damaged", "", "")),
    spoiled("a copied form sheet", _with_sheet_twice, ("two-form-sheets", "", "")),
    spoiled("a second mark", _over({"M50": KEY_MARK}), ("two-form-sheets", "", "")),
    spoiled("a column key typed over", _over({"D1": "khác"}), ("column-missing", "", "")),
    spoiled("a column key twice", _over({"M1": "max"}), ("column-twice", "M1", "")),
    spoiled(
        "a row's key is gone", _over(_keys(11)), ("row-missing", "", "1.2"), status=Status.INVALID
    ),
    spoiled(
        "an input row's key is gone",
        _over(_keys(17)),
        ("row-missing", "", "1.3"),
        status=Status.INVALID,
    ),
    spoiled("a row key twice", _second_key, ("row-twice", "C11", "1.2"), status=Status.INVALID),
    spoiled("pasted over", _pasted_over, ("row-mismatch", "B18", "1.4"), status=Status.INVALID),
    spoiled(
        "a leaf's maximum raised",
        _over({"D18": number("20")}),
        ("row-mismatch", "D18", "1.4"),
        status=Status.INVALID,
    ),
    spoiled("a strange key", _over({"A60": "s:la:1234"}), ("unknown-row", "A60", ""), status=VALID),
    spoiled(
        "a domain's title",
        _over({"C8": "Nhóm một"}),
        ("altered-locked-cell", "C8", "1"),
        status=VALID,
    ),
    spoiled(
        "a domain's maximum",
        _over({"D8": number("11")}),
        ("altered-locked-cell", "D8", "1"),
        status=VALID,
    ),
    spoiled("a heading", _over({"F7": "Điểm"}), ("altered-locked-cell", "F7", ""), status=VALID),
    spoiled("guidance", _over({"C10": "Tùy ý"}), ("altered-locked-cell", "C10", "1.1"), status=VALID),
    spoiled(
        "points typed where a survey gives them",
        _over({"F35": number("3")}),
        ("altered-locked-cell", "F35", "2.3"),
        status=VALID,
    ),
    spoiled(
        "points typed where there is no input",
        _over({"E22": number("3")}),
        ("altered-locked-cell", "E22", "2"),
        status=VALID,
    ),
    spoiled(
        "a formula changed",
        _over({"F18": number("1", "2*E18*0.5")}),
        ("altered-locked-cell", "F18", "1.4"),
        status=VALID,
    ),
    spoiled(
        "a formula replaced by points",
        _over({"F18": number("2")}),
        ("formula-overwritten", "F18", "1.4"),
        status=VALID,
    ),
    spoiled(
        "a formula deleted",
        _over({"F18": CellContent("blank")}),
        ("formula-overwritten", "F18", "1.4"),
        status=VALID,
    ),
    spoiled(
        "the total replaced",
        _over({"F42": number("30")}),
        ("formula-overwritten", "F42", ""),
        status=VALID,
    ),
    spoiled(
        "a stale total",
        lambda data, c: edited(data, FORM, f'<v>{_total(c)}</v></c><c r="G42"', '<v>29</v></c><c r="G42"'),
        ("total-differs", "F42", ""),
        status=VALID,
    ),
)  # fmt: skip


def _total(campaign: Campaign) -> str:
    card = campaign.read(campaign.filled()).card
    assert card is not None
    domains = ("n1", "n2", "n3")
    return plain(sum((card.scores[node].points or Decimal(0) for node in domains), Decimal(0)))
