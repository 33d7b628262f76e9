"""A file that is no frozen one of the campaign is told in one finding: what it says that it is, no cells."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.packaging.custom import StringProperty

from tests.editions import NOW, POINTS, House, Workbook, codes
from xlscore.findings import message
from xlscore.identity import BLANK_SAMPLE, PROPERTY
from xlscore.publishing import publish
from xlscore.verifying import Verified
from xlscore.verifying.claims import claim_of
from xlscore.what_if import what_if
from xlscore.workbooks.dump import read_dump
from xlscore.workbooks.ranking.scope import LEDGER_HEAD


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A campaign with a draft, and an edition frozen right after it: both cite one head of the ledger."""
    made = House.made(tmp_path_factory.mktemp("made") / "campaign")
    publish(made.workspace, NOW + timedelta(hours=1), draft=True)
    made.rank()
    return made


@pytest.fixture(scope="module")
def book(house: House) -> Workbook:
    return Workbook.of(house.book)


def verified(house: House, tmp_path: Path, data: bytes, edition: int = 0) -> Verified:
    path = tmp_path / "tep.xlsx"
    path.write_bytes(data)
    return house.verify(path, edition)


def strange() -> bytes:
    made, into = openpyxl.Workbook(), BytesIO()
    sheet = made.active
    assert sheet is not None
    for row in range(1, 40):
        sheet.append(["Bảng lương", row])
    made.save(into)
    return into.getvalue()


def stamped(data: bytes, **told: str) -> bytes:
    """Return a workbook with these properties of its own."""
    book: Any = openpyxl.load_workbook(BytesIO(data))
    into = BytesIO()
    for name, text in told.items():
        book.custom_doc_props.append(StringProperty(name, text))
    book.save(into)
    return into.getvalue()


def a_what_if(house: House, tmp_path: Path) -> bytes:
    file = tmp_path / "gd.yaml"
    file.write_text("policies: {missing_unit: list_only}\n", encoding="utf-8")
    path = what_if(house.workspace, file).path
    assert path is not None
    return path.read_bytes()


FOREIGN: dict[str, tuple[Callable[[House, Path], bytes], str]] = {
    "scorecard": (
        lambda h, _: h.campaign.filled({POINTS: Decimal(1)}, unit="STP"),
        "phiếu tự chấm điểm (STP)",
    ),
    "sample": (lambda *_: stamped(strange(), **{PROPERTY: BLANK_SAMPLE}), "phiếu mẫu để trống"),
    "what-if": (a_what_if, "sổ giả định"),
}


@pytest.mark.parametrize("wanted", [0, 1])
@pytest.mark.parametrize("name", FOREIGN)
def test_a_workbook_of_another_kind_is_named_and_not_compared(
    house: House, tmp_path: Path, name: str, wanted: int
) -> None:
    make, what = FOREIGN[name]
    done = verified(house, tmp_path, make(house, tmp_path), wanted)
    (found,) = done.findings
    assert (found.code, done.edition, done.differences) == ("V012", 0, [])
    said = message(found, "vi")
    assert what in said
    assert "xlscore rank --edition N" in said


@pytest.mark.parametrize("wanted", [0, 1])
def test_a_workbook_that_says_nothing_and_is_like_none_is_not_compared(
    house: House, tmp_path: Path, wanted: int
) -> None:
    done = verified(house, tmp_path, strange(), wanted)
    assert ([f.code for f in done.findings], done.differences) == (["V001"], [])


def test_the_draft_that_an_edition_was_frozen_after_is_a_draft(
    house: House, book: Workbook, tmp_path: Path
) -> None:
    draft = house.file(f"xep-hang-{house.workspace.campaign.settings.id}-du-thao.xlsx").read_bytes()
    assert claim_of(read_dump(draft)).head == claim_of(book.dump).head
    done = verified(house, tmp_path, draft)
    assert ([f.code for f in done.findings], done.differences) == (["V009"], [])


def test_an_edition_that_calls_itself_a_draft_in_its_properties_alone_is_compared(
    house: House, book: Workbook, tmp_path: Path
) -> None:
    name = '(name="xlscore-edition"><vt:lpwstr>)1'
    data = book.put("docProps/custom.xml", lambda x: re.sub(name, r"\g<1>0", x))
    done = verified(house, tmp_path, data)
    assert (codes(done), done.edition) == ({"V048"}, 1)


def test_a_strange_file_that_claims_to_be_an_edition_is_compared(
    house: House, tmp_path: Path
) -> None:
    data = stamped(strange(), **{"xlscore-edition": "1", "xlscore-scope": "full"})
    done = verified(house, tmp_path, data)
    assert (done.edition, {"V037", "V038"} <= codes(done)) == (1, True)


def test_the_head_that_counts_is_that_of_the_last_sheet(book: Workbook) -> None:
    """A front that quotes the label says nothing: provenance stands at the end."""
    row = (
        f'<row r="900"><c r="A900" t="inlineStr"><is><t>{LEDGER_HEAD}</t></is></c>'
        '<c r="B900" t="inlineStr"><is><t>khác</t></is></c></row></sheetData>'
    )
    data = book.put("xl/worksheets/sheet1.xml", lambda x: x.replace("</sheetData>", row))
    assert claim_of(read_dump(data)).head == book.dump.properties["xlscore-head"]
