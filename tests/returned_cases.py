"""Returns spoiled in one way each, and exactly what must be found: one case at least for every code."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from tests.campaigns import FORM, Campaign, Key, edited, number, part, text, typed_over
from xlscore.findings import Finding, Status, finding
from xlscore.hookspecs import hookimpl
from xlscore.identity import SCORECARD, Token
from xlscore.issuing import blank
from xlscore.layout import KEY_MARK, NOT_APPLICABLE, Column, Slot
from xlscore.numbers import plain
from xlscore.plugins import build as build_plugins
from xlscore.workbooks.returns import Return
from xlscore.workbooks.scorecard.fill import CellContent, Typed

Place = tuple[str, str, str]
"""Name, cell and row of a finding."""

Builder = Callable[[Campaign], Return]


@dataclass(frozen=True)
class Case:
    """One spoiled return.

    Attributes:
        expected: every finding in order, but for `return-refused`, which is implied by the status.
    """

    id: str
    build: Builder
    expected: tuple[Place, ...]
    status: Status


def typed(
    case: str, changes: Mapping[Key, Typed | None], *expected: Place, status: Status = Status.INVALID
) -> Case:
    """Return a case of what is typed into input cells."""
    return Case(case, lambda c: c.read(c.filled(changes)), expected, status)


def spoiled(
    case: str,
    spoil: Callable[[bytes, Campaign], bytes],
    *expected: Place,
    status: Status = Status.REJECTED,
    name: str = "STP.xlsx",
    **how: Any,
) -> Case:
    """Return a case of a faultless return that is spoiled afterwards."""
    return Case(case, lambda c: c.read(spoil(c.filled(), c), name, **how), expected, status)


# --- what is typed ----------------------------------------------------------------------------------

POINTS, COUNT, PERCENT = ("n1.1", "points"), ("n1.4", "count"), ("n2.1", "percent")
LEVEL, SUBMIT = ("n1.2", "level"), ("", Slot.SUBMIT)
VALID, DRAFT = Status.VALID, Status.DRAFT
DATE = CellContent("date", "46143")


def _error(name: str, cell: str = "F9", row: str = "1.1") -> Place:
    return (name, cell, row)


def _stale(name: str, cell: str, row: str) -> tuple[Place, ...]:
    """What is understood in Python only leaves the form's own total behind."""
    return ((name, cell, row), ("total-differs", "F42", ""))


TYPED = (
    typed("over the maximum", {POINTS: Decimal("2.25")}, _error("over-maximum")),
    typed("negative", {POINTS: Decimal(-1)}, _error("negative")),
    typed("negative with a dash", {POINTS: "–1"}, _error("negative")),
    typed("off the step", {POINTS: Decimal("0.3")}, _error("off-step")),
    typed(
        "below the minimum",
        {("n1.5", "points"): Decimal("0.25")},
        _error("below-minimum", "F20", "1.5"),
    ),
    typed("not whole", {COUNT: Decimal("1.5")}, _error("not-whole", "E18", "1.4")),
    typed("words for a number", {POINTS: "đạt"}, _error("not-a-number")),
    typed("a power of ten as text", {POINTS: "1e0"}, _error("not-a-number")),
    typed("two numbers", {POINTS: "1 5"}, _error("not-a-number")),
    typed("a number with a superscript", {POINTS: "1²"}, _error("not-a-number")),
    typed("thousands or a decimal", {COUNT: "1.000"}, _error("ambiguous-thousands", "E18", "1.4")),
    typed("thousands, the English way", {COUNT: "1,000"}, _error("ambiguous-thousands", "E18", "1.4")),
    typed("a date made of 1.5", {POINTS: DATE}, _error("date-in-cell")),
    typed("a date as text", {POINTS: "1/2"}, _error("date-in-cell")),
    typed("a time of day", {POINTS: CellContent("date", "0.0625")}, _error("date-in-cell")),
    typed("a boolean", {POINTS: CellContent("boolean", "TRUE")}, _error("boolean-in-cell")),
    typed(
        "a boolean as LibreOffice writes it",
        {POINTS: CellContent("boolean", "TRUE", "TRUE()")},
        _error("boolean-in-cell"),
    ),
    typed("an Excel error", {POINTS: CellContent("error", "#N/A")}, _error("excel-error")),
    typed(
        "an Excel error for a level",
        {LEVEL: CellContent("error", "#NAME?", "-Chậm")},
        _error("excel-error", "E11", "1.2"),
    ),
    typed(
        "an Excel error for evidence",
        {("n1.1", Slot.EVIDENCE): CellContent("error", "#VALUE!", "-1+A1")},
        _error("excel-error", "G9", "1.1"),
    ),
    typed("an error picked", {LEVEL: CellContent("error", "#REF!")}, _error("excel-error", "E11", "1.2")),
    typed("a formula's result", {POINTS: number("1", "0.5+0.5")}, _error("formula-counted"), status=VALID),
    typed(
        "a formula on the same sheet",
        {POINTS: number("1", "'Phiếu chấm điểm'!D9/2")},
        _error("formula-counted"),
        status=VALID,
    ),
    typed("no result", {POINTS: CellContent("blank", formula="1/2")}, _error("formula-without-value")),
    typed("an empty result", {POINTS: text("", '""')}, _error("formula-without-value")),
    typed("another sheet", {POINTS: number("1", "'Hướng dẫn'!A1")}, _error("external-formula")),
    typed("another file", {POINTS: number("1", "[1]Sheet1!A1")}, _error("external-formula")),
    typed("a defined name", {POINTS: number("1", "Tong_diem*2")}, _error("external-formula")),
    typed("an address made up", {POINTS: number("1", 'INDIRECT("A1")')}, _error("external-formula")),
    typed("unknown level", {LEVEL: "kịp thời quá"}, _error("unknown-level", "E11", "1.2")),
    typed("a number for a level", {LEVEL: Decimal(1)}, _error("unknown-level", "E11", "1.2")),
    typed(
        "a boolean for a level",
        {LEVEL: CellContent("boolean", "TRUE")},
        _error("unknown-level", "E11", "1.2"),
    ),
    typed(
        "more done than there was",
        {("n1.3", "numerator"): Decimal(3)},
        _error("numerator-above-denominator", "E16", "1.3"),
    ),
    typed("no evidence", {("n1.1", Slot.EVIDENCE): None}, _error("missing-evidence", "G9", "1.1")),
    typed("no points", {POINTS: None}, _error("missing-entry")),
    typed("only blanks", {POINTS: "  "}, _error("missing-entry")),
    typed("no level", {LEVEL: None}, _error("missing-entry", "E11", "1.2")),
    typed(
        "no denominator",
        {("n1.3", "denominator"): None},
        _error("missing-entry", "E17", "1.3"),
    ),
    typed(
        "divided by zero",
        {("n2.2.1", "tong"): Decimal(0)},
        _error("undefined-formula", "E29", "2.2.1"),
    ),
    typed(
        "figures that contradict",
        {("n2.2.1", "dat"): Decimal(13), ("n2.2.1", "tong"): Decimal(20)},
        _error("figures-contradict", "E29", "2.2.1"),
    ),
    typed(
        "a score beyond the maximum",
        {("n2.2.1", "dat"): Decimal(9)},
        _error("score-out-of-range", "E29", "2.2.1"),
    ),
    typed(
        "left out without a reason",
        {("n2.2", Slot.APPLICABILITY): NOT_APPLICABLE, **dict.fromkeys(
            [("n2.2.1", "tong"), ("n2.2.1", "dat"), ("n2.2.2", "item1"), ("n2.2.2", "item2")]
        )},
        _error("not-applicable-unexplained", "E26", "2.2"),
    ),
    typed(
        "left out and filled in",
        {
            ("n1.3", Slot.APPLICABILITY): NOT_APPLICABLE,
            ("n1.3", Slot.EXPLANATION): "Không phát sinh",
        },
        _error("entry-not-applicable", "E16", "1.3"),
        status=VALID,
    ),
    typed("a number as text", {POINTS: "0,5"}, *_stale("number-as-text", "F9", "1.1"), status=VALID),
    typed(
        "a share formatted as percent",
        {PERCENT: CellContent("percent", "0.95")},
        *_stale("percent-understood", "E23", "2.1"),
        status=VALID,
    ),
    typed("percent as text", {PERCENT: "95 %"}, *_stale("percent-understood", "E23", "2.1"), status=VALID),
    typed("percent of points", {POINTS: "50%"}, _error("percent-in-points")),
    typed("percent format on points", {POINTS: CellContent("percent", "0.5")}, _error("percent-in-points")),
    typed("not ticked", {SUBMIT: None}, ("draft", "", ""), status=DRAFT),
    typed(
        "not ticked, with blanks and an error",
        {SUBMIT: "Đang thực hiện", LEVEL: None, POINTS: Decimal(7)},
        _error("over-maximum"),
        ("draft", "", ""),
        status=DRAFT,
    ),
    typed("another state", {SUBMIT: "xong"}, ("unknown-state", "E45", ""), ("draft", "", ""), status=DRAFT),
    typed(
        "more than Excel can hold",
        {("n1.1", Slot.EVIDENCE): "x" * 33_000},
        _error("text-too-long", "G9", "1.1"),
        status=VALID,
    ),
)  # fmt: skip


# --- rows and columns -------------------------------------------------------------------------------


def _over(contents: Mapping[str, CellContent | str]) -> Callable[[bytes, Campaign], bytes]:
    return lambda data, _: typed_over(data, contents)


def _keys(*rows: int) -> dict[str, CellContent | str]:
    return {f"A{row}": CellContent("blank") for row in rows}


def _second_key(data: bytes, campaign: Campaign) -> bytes:
    return typed_over(data, {"A60": campaign.row("s:n1.2").signed_key})


def _pasted_over(data: bytes, _: Campaign) -> bytes:
    """Paste criterion 1.2 over 1.4 as a whole, as sorting does: the hidden keys stay behind."""
    printed = {"B18": "1.2", "C18": "Tiêu chí 1.2", "D18": number("1")}
    return typed_over(data, printed)


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
        lambda data, c: edited(data, FORM, f"<v>{_total(c)}</v></c><c r=\"G42\"", "<v>29</v></c><c r=\"G42\""),
        ("total-differs", "F42", ""),
        status=VALID,
    ),
)  # fmt: skip


def _total(campaign: Campaign) -> str:
    card = campaign.read(campaign.filled()).card
    assert card is not None
    domains = ("n1", "n2", "n3")
    return plain(sum((card.scores[node].points or Decimal(0) for node in domains), Decimal(0)))


# --- the file ---------------------------------------------------------------------------------------


def with_members(data: bytes, changes: Mapping[str, bytes | None]) -> bytes:
    """Return the archive with members replaced, added, or (None) left out."""
    with ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    kept = {name: content for name, content in (parts | dict(changes)).items() if content is not None}
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, content in kept.items():
            archive.writestr(name, content)
    return target.getvalue()


def member_twice(data: bytes, _: Campaign) -> bytes:
    target = BytesIO(data)
    with warnings.catch_warnings(), ZipFile(target, "a", ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")
        archive.writestr(FORM, part(data, FORM))
    return target.getvalue()


def ole(stream: str) -> bytes:
    """Return the start of an OLE container with one stream."""
    entry = stream.encode("utf-16-le").ljust(128, b"\0")
    return (bytes.fromhex("d0cf11e0a1b11ae1").ljust(512, b"\0") + entry).ljust(1536, b"\0")


def _opendocument(_: bytes, __: Campaign) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    return target.getvalue()


def _binary(data: bytes, _: Campaign) -> bytes:
    main = "openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    return edited(data, "[Content_Types].xml", main, "ms-excel.sheet.binary.macroEnabled.main")


def with_macros(data: bytes) -> bytes:
    """Return the workbook as an .xlsm with a macro project."""
    main = "openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    data = edited(data, "[Content_Types].xml", main, "ms-excel.sheet.macroEnabled.main+xml")
    kind = '<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
    data = edited(data, "[Content_Types].xml", "</Types>", f"{kind}</Types>")
    link = '<Relationship Id="rId98" Type="http://schemas.microsoft.com/office/2006/relationships/'
    link += 'vbaProject" Target="vbaProject.bin"/></Relationships>'
    data = edited(data, "xl/_rels/workbook.xml.rels", "</Relationships>", link)
    return with_members(data, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 macros"})


def _linked(data: bytes, _: Campaign) -> bytes:
    link = '<Relationship Id="rId97" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    link += 'relationships/externalLink" Target="externalLinks/externalLink1.xml"/></Relationships>'
    data = edited(data, "xl/_rels/workbook.xml.rels", "</Relationships>", link)
    return with_members(data, {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})


def _folder(campaign: Campaign) -> Return:
    path = campaign.root / "returned" / "thu-muc.xlsx"
    path.mkdir(parents=True, exist_ok=True)
    return campaign.read_path(path)


def _link(campaign: Campaign) -> Return:
    target = campaign.root / "that.xlsx"
    target.write_bytes(campaign.filled())
    path = campaign.root / "link.xlsx"
    path.unlink(missing_ok=True)
    os.symlink(target, path)
    return campaign.read_path(path)


def _stopped(campaign: Campaign) -> Return:
    class Broken:
        def __getattr__(self, name: str) -> Any:
            raise RuntimeError("out of order")

    spoilt = replace(campaign, workspace=Broken())  # type: ignore[arg-type]
    return spoilt.read(campaign.filled())


def _whole(case: str, build: Builder, name: str) -> Case:
    return Case(case, build, ((name, "", ""),), Status.REJECTED)


_DOCTYPE = '?>\n<!DOCTYPE worksheet [<!ENTITY a "b">]>\n<worksheet'

FILES = (
    spoiled("no bytes", lambda *_: b"", ("empty", "", "")),
    _whole("a folder", _folder, "not-a-regular-file"),
    _whole("a link", _link, "symlink"),
    spoiled("too large", lambda data, _: data + bytes(16 * 2**20), ("too-large", "", "")),
    _whole("not there", lambda c: c.read_path(c.root / "khong-co.xlsx"), "unreadable"),
    spoiled("old Excel", lambda *_: ole("Workbook"), ("old-xls", "", ""), name="STP.xls"),
    spoiled("a password", lambda *_: ole("EncryptedPackage"), ("encrypted", "", "")),
    spoiled("OpenDocument", _opendocument, ("ods", "", ""), name="STP.ods"),
    spoiled("binary Excel", _binary, ("xlsb", "", ""), name="STP.xlsb"),
    spoiled("CSV", lambda *_: "STT;Điểm\n1;2\n".encode(), ("csv-or-text", "", "")),
    spoiled("PDF", lambda *_: b"%PDF-1.7\n", ("pdf", "", "")),
    spoiled("a picture", lambda *_: b"\x89PNG\r\n\x1a\n" + bytes(99), ("other-format", "", "")),
    spoiled("cut off", lambda data, _: data[: len(data) // 2], ("damaged", "", "")),
    spoiled(
        "swollen",
        lambda data, _: with_members(data, {"xl/media/image1.bmp": bytes(25 * 2**20)}),
        ("bomb", "", ""),
    ),
    spoiled("a member twice", member_twice, ("ambiguous", "", "")),
    spoiled(
        "a document type",
        lambda data, _: edited(data, FORM, "?>\n<worksheet", _DOCTYPE),
        ("forbidden-xml", "", ""),
    ),
    spoiled("a path upwards", lambda data, _: with_members(data, {"../a.xml": b""}), ("unsafe-path", "", "")),
    spoiled("no sheet part", lambda data, _: with_members(data, {FORM: None}), ("missing-part", "", "")),
    _whole("the reader fails", _stopped, "reader-stopped"),
    spoiled("macros", lambda data, _: with_macros(data), ("macros-ignored", "", ""), status=VALID, name="STP.xlsm"),
    spoiled("links to other files", _linked, ("external-links", "", ""), status=VALID),
)  # fmt: skip


# --- identity -----------------------------------------------------------------------------------------

PROPERTIES = "docProps/custom.xml"


def token_of(owner: Campaign, /, **changes: Any) -> Token:
    """Return the token of unit STP's form, changed."""
    read = owner.read(owner.filled()).token
    assert read is not None
    return replace(read, **changes)


def token_text(data: bytes) -> str:
    return part(data, PROPERTIES).partition("<vt:lpwstr>")[2].partition("<")[0]


def without_token(data: bytes, *places: str) -> bytes:
    """Return the workbook with the token gone from some of its three places."""
    token = token_text(data)
    for place in places:
        if token in part(data, place):
            data = edited(data, place, token, "")
    return data


def token_places(data: bytes) -> tuple[str, ...]:
    """Return the parts that carry the token: properties, defined name, hidden sheet or its strings."""
    token = token_text(data)
    with ZipFile(BytesIO(data)) as archive:
        return tuple(n for n in archive.namelist() if token in archive.read(n).decode("utf-8", "replace"))


def _forged(case: str, expected: str, **changes: Any) -> Case:
    def build(campaign: Campaign) -> Return:
        form = campaign.signed(token_of(campaign, **changes))
        return campaign.read(campaign.filled(form=form))

    return Case(case, build, ((expected, "", ""),), Status.REJECTED)


def _contradicting(data: bytes, campaign: Campaign) -> bytes:
    return edited(data, PROPERTIES, token_text(data), token_text(campaign.form("STC")))


def _revoked(campaign: Campaign) -> Return:
    serial = token_of(campaign).serial
    return campaign.read(campaign.filled(), revoked={serial: "cấp lại"})


IDENTITY = (
    spoiled("no token", lambda d, _: without_token(d, *token_places(d)), ("unsigned", "", "")),
    spoiled(
        "a tampered token",
        lambda d, _: with_members(
            d,
            {
                name: part(d, name).replace(token_text(d), f"{token_text(d)[:-3]}AAA").encode()
                for name in token_places(d)
            },
        ),
        ("bad-signature", "", ""),
    ),
    spoiled("two tokens", _contradicting, ("contradicting-tokens", "", "")),
    _forged("another campaign", "other-campaign", campaign="thu-2025"),
    _forged("an unknown unit", "unknown-unit", unit="KHAC"),
    spoiled("another unit's folder", lambda d, _: d, ("other-unit", "", ""), folder_unit="STC"),
    _forged("an old rubric", "old-rubric", digest="0" * 16),
    Case("a revoked form", _revoked, (("revoked", "", ""),), Status.REJECTED),
    _whole("a blank sample", lambda c: c.read(blank(c.workspace, "so")), "blank-sample"),
    _forged("another kind", "wrong-kind", kind="appraisal"),
    _forged("a role that is gone", "outdated-role", role="ke-toan"),
)


# --- many hands, plugins ------------------------------------------------------------------------------


def _other_role(campaign: Campaign) -> Return:
    data = typed_over(campaign.filled(role="van-phong"), {"E36": "Mức 3"})
    return campaign.read(data)


ROLES = (Case("another officer's row", _other_role, (("not-your-row", "E36", "2.4"),), VALID),)


def with_plugin(campaign: Campaign, check: Callable[[], Any]) -> Campaign:
    """Return the campaign with a plugin whose check gives what `check` gives."""

    class Plugin:
        @hookimpl
        def xlscore_check(self) -> Any:
            return check()

    plugins = build_plugins(())
    plugins.manager.register(Plugin(), name="cua-so")
    return replace(campaign, workspace=replace(campaign.workspace, plugins=plugins))


def _plugin(case: str, check: Callable[[], Any], *expected: Place, status: Status) -> Case:
    return Case(case, lambda c: with_plugin(c, check).read(c.filled()), expected, status)


def _raise() -> Any:
    raise ZeroDivisionError("chia cho 0")


def _raise_late() -> Any:
    yield finding("plugin-finding", params={"text": "Một.", "remedy": "Hai."})
    raise ZeroDivisionError("chia cho 0")


def _said(name: str) -> Callable[[], list[Finding]]:
    params = {"text": "Số liệu lạ.", "remedy": "Kiểm tra lại."}
    return lambda: [finding(name, cell="F9", row="1.1", params=params)]


_FAILED = ("plugin-failed", "", "")
PLUGINS = (
    _plugin("a plugin raises", _raise, _FAILED, status=Status.INVALID),
    _plugin("a plugin raises half way", _raise_late, _FAILED, status=Status.INVALID),
    _plugin("a plugin gives a number", lambda: 7, _FAILED, status=Status.INVALID),
    _plugin("a plugin gives texts", lambda: ["lỗi"], _FAILED, status=Status.INVALID),
    _plugin("a plugin makes up a code", lambda: [Finding("Z999")], _FAILED, status=Status.INVALID),
    _plugin("a plugin has nothing to say", lambda: None, status=VALID),
    _plugin("a plugin warns", _said("plugin-finding"), _error("plugin-finding"), status=VALID),
    _plugin("a plugin refuses", _said("plugin-error"), _error("plugin-error"), status=Status.INVALID),
)

CASES = (*TYPED, *STRUCTURE, *FILES, *IDENTITY, *ROLES, *PLUGINS)


def found(back: Return) -> list[Place]:
    """Return name, cell and row of every finding."""
    return [(f.name, f.cell, f.row) for f in back.findings]
