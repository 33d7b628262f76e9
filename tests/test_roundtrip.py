"""Real scorecards of the shipped campaign through real programs: the same scores, the same findings."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from tests.campaigns import assert_readable, faultless, make_campaign
from tests.office import (
    fill_with_libreoffice,
    needs_gnumeric,
    needs_libreoffice,
    needs_uno,
    recalculate_with_libreoffice,
    resave_with_gnumeric,
)
from tests.office_edits import Edit, edit_with_libreoffice
from tests.spoiled import Place, found
from xlscore.demo.officers import TypedCells, officer
from xlscore.findings import Status
from xlscore.issuing import Form, issue
from xlscore.layout import Column, Layout, RowKind, Slot
from xlscore.methods.base import InputKind
from xlscore.workbooks.returns import Return, read_return
from xlscore.workbooks.scorecard.fill import CellContent, Typed, fill, put
from xlscore.workspace import Workspace, open_workspace

pytestmark = pytest.mark.office
REPOSITORY = Path(__file__).parent.parent
TIERS = ("so", "huyen", "xa")


@dataclass(frozen=True)
class Desk:
    """The shipped campaign in a folder, with one issued scorecard for each tier."""

    workspace: Workspace
    forms: Mapping[str, Form]

    def layout(self, tier: str) -> Layout:
        return self.workspace.layout(self.forms[tier].unit)

    def typed(self, tier: str) -> TypedCells:
        return officer(self.workspace, self.forms[tier])

    def filled(self, tier: str, typed: TypedCells) -> bytes:
        return fill(self.forms[tier].path.read_bytes(), self.layout(tier), typed)

    def read(self, path: Path) -> Return:
        back = read_return(path, self.workspace, name="phieu.xlsx")
        for said in back.findings:
            assert_readable(said)
        return back


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    root = tmp_path_factory.mktemp("campaign")
    for name in ("campaign.yaml", "units.csv", "surveys.csv", "holidays.csv"):
        shutil.copy(REPOSITORY / name, root / name)
    shutil.copytree(REPOSITORY / "rubrics", root / "rubrics")
    workspace = open_workspace(root)
    units = workspace.campaign.units.values()
    chosen = {tier: next(unit for unit in units if unit.tier == tier) for tier in TIERS}
    forms = {t: Form(u, "", workspace.templates / t / f"{u.code}.xlsx") for t, u in chosen.items()}
    issue(workspace, list(forms.values()))
    return Desk(workspace, forms)


def spoiled(layout: Layout, typed: TypedCells) -> TypedCells:
    """Return what an officer in a hurry types: each kind of mistake that a cell can hold."""
    wrong = dict(typed)
    numbers = [
        key
        for key, (_, _, entry) in layout.entries.items()
        if entry.input
        and entry.input.kind is InputKind.NUMBER
        and isinstance(typed.get(key), Decimal)
    ]
    mistakes: Sequence[Typed] = (
        Decimal(-1),
        "0,5%",
        "1.000",
        CellContent("date", "46143"),
        CellContent("boolean", "TRUE"),
        CellContent("error", "#N/A"),
        CellContent("number", "1", "1+0"),
        CellContent("number", "1", "'Hướng dẫn'!A1"),
        "đạt",
    )
    wrong |= dict(zip(numbers, mistakes, strict=False))
    levels = [
        k for k, (_, _, e) in layout.entries.items() if e.input and e.input.choices and e.node
    ]
    levels = [k for k in levels if k[1] != Slot.APPLICABILITY]
    wrong[levels[0]] = "không rõ"
    del wrong[levels[1]]
    del wrong[[key for key in wrong if key[1] == Slot.EVIDENCE][-1]]
    return wrong


def altered(layout: Layout, data: bytes) -> bytes:
    """Return the return with locked cells altered: a title, a heading, a formula, a constant."""
    domain = next(row for row in layout.rows if row.kind is RowKind.DOMAIN)
    scores = [row for row, column, _ in layout.calculations if column is Column.SCORE]
    leaves = [row for row in scores if row.kind is RowKind.LEAF]
    contents = {
        layout.address(domain, Column.TITLE): CellContent("text", "Lĩnh vực khác"),
        layout.address(layout.heading_row, Column.SCORE): CellContent("text", "Điểm"),
        layout.address(leaves[0], Column.SCORE): CellContent("number", "0"),
        layout.address(leaves[1], Column.SCORE): CellContent("number", "0.5", "0.5*1"),
    }
    return put(data, contents)


@pytest.fixture(scope="module")
def returns(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Sequence[Path]:
    """A faultless, a faulty and an altered return of each tier."""
    folder = tmp_path_factory.mktemp("returns")
    paths = []
    for tier in TIERS:
        layout, typed = desk.layout(tier), desk.typed(tier)
        books = {
            "good": desk.filled(tier, typed),
            "wrong": desk.filled(tier, spoiled(layout, typed)),
            "altered": altered(layout, desk.filled(tier, typed)),
        }
        for kind, data in books.items():
            paths.append(folder / f"{tier}-{kind}.xlsx")
            paths[-1].write_bytes(data)
    return paths


def assert_same(desk: Desk, path: Path, again: Path) -> None:
    before, after = desk.read(path), desk.read(again)
    assert before.card is not None
    assert after.card is not None
    assert kept(after) == kept(before), path.name
    assert after.status is before.status
    assert after.token == before.token
    assert after.card.answers == before.card.answers
    assert after.card.scores == before.card.scores


def kept(back: Return) -> list[Place]:
    """Return the findings but for stale totals, which a program that recalculates mends or makes."""
    return [place for place in found(back) if place[0] != "total-differs"]


def test_the_returns_are_what_they_are_called(desk: Desk, returns: Sequence[Path]) -> None:
    for path in returns:
        back = desk.read(path)
        if "good" in path.stem:
            assert (found(back), back.status) == ([], Status.VALID)
        elif "wrong" in path.stem:
            assert back.status is Status.INVALID
            assert len({name for name, _, _ in found(back)}) >= 9
        else:
            names = [name for name, _, _ in found(back) if name != "total-differs"]
            assert names == ["altered-locked-cell"] * 2 + [
                "formula-overwritten",
                "altered-locked-cell",
            ]
            assert back.status is Status.VALID


@needs_libreoffice
def test_libreoffice_changes_neither_scores_nor_findings(
    desk: Desk, returns: Sequence[Path], tmp_path: Path
) -> None:
    for path, again in zip(returns, recalculate_with_libreoffice(returns, tmp_path), strict=True):
        assert_same(desk, path, again)


@needs_gnumeric
def test_gnumeric_changes_neither_scores_nor_findings(
    desk: Desk, returns: Sequence[Path], tmp_path: Path
) -> None:
    for path in returns:
        assert_same(desk, path, resave_with_gnumeric(path, tmp_path / path.name))


@needs_uno
@pytest.mark.parametrize("tier", TIERS)
def test_a_form_filled_in_libreoffice_reads_as_typed(desk: Desk, tier: str, tmp_path: Path) -> None:
    layout, typed = desk.layout(tier), desk.typed(tier)
    cells: dict[str, str | float] = {}
    for key, said in typed.items():
        row, column, _ = layout.entries[key]
        assert isinstance(said, Decimal | str)
        cells[layout.address(row, column)] = float(said) if isinstance(said, Decimal) else said
    blank = desk.forms[tier].path
    back = desk.read(fill_with_libreoffice(blank, cells, tmp_path / f"{tier}.xlsx"))
    path = tmp_path / "expected.xlsx"
    path.write_bytes(desk.filled(tier, typed))
    expected = desk.read(path)
    assert back.card is not None
    assert expected.card is not None
    assert (found(back), back.status) == ([], Status.VALID)
    assert back.card.answers == expected.card.answers
    assert back.card.scores == expected.card.scores


EDITS: Mapping[str, Sequence[Edit]] = {
    "rows above": [("rows", 1, 2)],
    "rows between": [("rows", 12, 1), ("rows", 30, 3), ("rows", 9, 1)],
    "a row under the headings": [("rows", 8, 1)],
    "columns": [("columns", 1, 1), ("columns", 5, 2)],
    "rows hidden": [("hide rows", 9, 10, 20)],
    "sheets renamed": [("rename",)],
    "a sheet added, the form moved": [("sheet",), ("move",)],
    "everything": [("rows", 3, 1), ("columns", 4, 1), ("rows", 25, 2), ("rename",), ("sheet",)],
}


@needs_uno
@pytest.mark.parametrize("kind", ["good", "wrong"])
def test_what_libreoffice_moves_stays_what_it_is(
    desk: Desk, returns: Sequence[Path], tmp_path: Path, kind: str
) -> None:
    path = next(path for path in returns if path.stem == f"so-{kind}")
    before = desk.read(path)
    password = desk.workspace.keys.sheet_password
    for name, target in edit_with_libreoffice(path, EDITS, tmp_path, password).items():
        after = desk.read(target)
        assert after.card is not None, name
        assert before.card is not None
        assert [(n, row) for n, _, row in kept(after)] == [
            (n, row) for n, _, row in kept(before)
        ], name
        assert after.card.scores == before.card.scores, name


@needs_uno
def test_what_libreoffice_deletes_or_copies_is_refused(
    desk: Desk, returns: Sequence[Path], tmp_path: Path
) -> None:
    path = next(path for path in returns if path.stem == "so-good")
    layout = desk.layout("so")
    leaf = next(row for row in layout.rows if row.kind is RowKind.LEAF)
    edits: Mapping[str, Sequence[Edit]] = {
        "copied": [("copy",)],
        "deleted": [("delete rows", leaf.number, 1)],
    }
    password = desk.workspace.keys.sheet_password
    targets = edit_with_libreoffice(path, edits, tmp_path, password)
    assert found(desk.read(targets["copied"])) == [("two-form-sheets", "", "")]
    code = layout.rubric.by_id[leaf.node].code
    expected = [("row-missing", "", code), ("return-refused", "", "")]
    assert found(desk.read(targets["deleted"])) == expected


@needs_libreoffice
@needs_gnumeric
def test_a_form_that_rounds_each_row_comes_back_as_issued(tmp_path: Path) -> None:
    campaign = make_campaign(tmp_path / "campaign", policies={"leaf_decimals": 2})
    typed = {("n1.3", "numerator"): Decimal(1), ("n1.3", "denominator"): Decimal(7)}
    layout = campaign.layout()
    data = fill(campaign.form(), layout, faultless(layout) | typed, decimals=2)
    path = tmp_path / "phieu.xlsx"
    path.write_bytes(data)
    again = [
        *recalculate_with_libreoffice([path], tmp_path / "libreoffice"),
        resave_with_gnumeric(path, tmp_path / "gnumeric.xlsx"),
    ]
    for file in (path, *again):
        back = campaign.read_path(file)
        assert (found(back), back.status) == ([], Status.VALID), file
        assert back.card is not None
        assert back.card.scores["n1.3"].points == Decimal("0.43")
