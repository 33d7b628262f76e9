"""What changed from one edition to the next, and why: `xlscore history --editions`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.collecting import collect
from tests.editions import NOW, House, edited_settings
from tests.recorded import Office
from xlscore import i18n
from xlscore.appraising import Claim, Decision
from xlscore.appraising.claims import claim_to_json
from xlscore.blobs import blob_path
from xlscore.cli import cli
from xlscore.deciding import Said, accept, void
from xlscore.editions.basis import basis_from_json
from xlscore.editions.change_words import event_words, row_words, unit_cells
from xlscore.editions.changes import Changes, UnitChange, issued
from xlscore.editions.edits import Edit, edits
from xlscore.editions.files import FileState
from xlscore.findings import Status
from xlscore.histories import history_of, words
from xlscore.identity import COUNCIL, SURVEY
from xlscore.layout import Slot
from xlscore.ledger import open_ledger
from xlscore.proceedings import proceedings
from xlscore.publishing import publish
from xlscore.upkeep import rebuild
from xlscore.workbooks.dump import read_dump
from xlscore.workspace import open_workspace
from xlscore.years import YearUnit

HOUR = timedelta(hours=1)
BANDS = [{"name": "Tốt", "at_least": "80"}, {"name": "Khá", "at_least": "0"}]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A campaign with one edition: STP has 2 points in row 1.1, STC 1.5."""
    house = House.made(tmp_path_factory.mktemp("made") / "campaign")
    (house.root / "surveys.csv").write_text(
        "unit,node,value,year\nSTP,n2.3,50,2026\nSTC,n2.3,50,2026\n", encoding="utf-8"
    )
    tiers = json.loads((house.root / "campaign.yaml").read_text("utf-8"))["tiers"]
    tiers["so"]["bands"] = BANDS
    edited_settings(house.root, tiers=tiers, surveys=["surveys.csv"])
    house = House(house.root)
    assert house.rank().edition == 1
    return house


@pytest.fixture
def house(template: House, tmp_path: Path) -> House:
    return template.copied(tmp_path / "campaign")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("vi")


def ranked(house: House) -> Changes:
    """Freeze the second edition, and return what it changes."""
    house.workspace = open_workspace(house.root)
    assert house.rank(2).edition == 2
    return changes(house)


def changes(house: House) -> Changes:
    with open_ledger(house.workspace.ledger_path) as ledger:
        told = issued(house.workspace, ledger)[-1].changes
    assert told is not None
    return told


def units(told: Changes) -> dict[str, UnitChange]:
    assert told.units is not None
    return {one.unit.code: one for one in told.units}


def ranks(change: UnitChange) -> tuple[int | None, int | None]:
    assert change.before is not None
    assert change.after is not None
    return change.before.rank, change.after.rank


def kinds(told: Changes) -> list[tuple[str, str]]:
    return [(line.kind, str(line.facts["subject"])) for line in told.events]


def run(house: House, *options: str) -> Result:
    call = ["--language", "en", "history", *options, "-C", str(house.root)]
    return CliRunner().invoke(cli, call)


# --- returns ------------------------------------------------------------------------------------------


def test_a_second_version_of_a_return_is_told_with_the_row_that_it_changes(house: House) -> None:
    house.send("STC", "1.75", NOW + timedelta(days=1) + HOUR)
    told = ranked(house)
    assert [(e.kind, e.facts["version"], e.facts["counts"]) for e in told.events] == [
        ("arrived", 2, True)
    ]
    assert list(units(told)) == ["STC"]
    change = units(told)["STC"]
    assert [(r.row, r.before, r.after) for r in change.rows] == [
        ("n1.1", Decimal("1.5"), Decimal("1.75"))
    ]
    assert change.change is not None
    assert change.change > 0
    assert (told.inputs, told.state, told.without_effect) == ((), (), 0)


def test_the_rank_of_others_moves_because_of_one_unit(house: House) -> None:
    house.send("STP", "0.25", NOW + timedelta(days=1) + HOUR)
    told = units(ranked(house))
    assert list(told) == ["STP", "STC"]  # the biggest change first
    assert ranks(told["STP"]) == (1, 2)
    assert ranks(told["STC"]) == (2, 1)
    assert told["STC"].change == 0
    assert not told["STC"].rows


def test_of_two_versions_in_between_only_the_last_counts(house: House) -> None:
    house.send("STC", "1", NOW + timedelta(days=1) + HOUR)
    house.send("STC", "0.5", NOW + timedelta(days=1) + 2 * HOUR)
    told = ranked(house)
    assert [(e.facts["version"], e.facts["counts"]) for e in told.events] == [
        (2, False),
        (3, True),
    ]


def test_a_refused_return_is_only_counted(house: House) -> None:
    house.send("STC", "1", NOW + timedelta(days=1) + HOUR)
    house.send("STP", "99", NOW + timedelta(days=1) + 2 * HOUR)
    told = ranked(house)
    assert kinds(told) == [("arrived", "STC")]
    assert told.without_effect == 1


def test_a_unit_that_has_its_first_result_stands_first(house: House) -> None:
    house.send("STP", "0.25", NOW + timedelta(days=1) + HOUR)
    house.send("AB", "1", NOW + timedelta(days=1) + 2 * HOUR)
    told = units(ranked(house))
    assert next(iter(told)) == "AB"
    assert told["AB"].change is None
    assert row_words(house.workspace.campaign, told["AB"], 2) == "first result"
    assert told["AB"].after is not None
    assert told["AB"].after.index is not None


# --- decisions ----------------------------------------------------------------------------------------


def test_a_voided_return_is_told_with_reason_and_name(house: House) -> None:
    with open_ledger(house.workspace.ledger_path) as ledger:
        sent = next(a for a in ledger.arrivals() if a.unit == "STC")
        void(ledger, sent.id, Said("Nhập nhầm", "Lan", NOW + timedelta(days=1) + HOUR))
    told = ranked(house)
    (line,) = told.events
    assert (line.kind, line.facts["subject"]) == ("voided", "STC")
    assert (line.facts["reason"], line.facts["by"]) == ("Nhập nhầm", "Lan")
    gone = units(told)["STC"]
    assert gone.change is None
    assert gone.rows == ()
    assert row_words(house.workspace.campaign, gone, 2) == "no result any more"
    shown = run(house, "--editions").stdout
    assert "Units that changed: 1; of them 1 have another index." in shown
    assert f"Arrival {sent.id} declared void by Lan: Nhập nhầm" in shown


def test_an_accepted_return_is_told_with_who_accepted_it(house: House) -> None:
    unproven = house.campaign.filled({("n1.1", Slot.EVIDENCE): None}, unit="STC")
    (house.root / "inbox" / "STC.xlsx").write_bytes(unproven)
    collect(house.workspace, settle=0, now=lambda: NOW + timedelta(days=1) + HOUR)
    with open_ledger(house.workspace.ledger_path) as ledger:
        sent = ledger.arrivals()[-1]
        assert sent.status is not Status.VALID
        said = Said("Đã xác minh", "Lan", NOW + timedelta(days=1) + 2 * HOUR)
        accept(house.workspace, ledger, sent.id, said)
    told = ranked(house)
    assert kinds(told) == [("arrived", "STC"), ("judged-again", "STC")]
    assert told.events[1].facts["by"] == "Lan"
    assert told.without_effect == 1


def test_a_word_of_the_council_is_told(house: House) -> None:
    state_of = house.workspace
    with open_ledger(state_of.ledger_path) as ledger:
        basis = proceedings(state_of, ledger).appraisals["STP"].rows["n1.1"].basis
        claim = Claim(unit="STP", node="n1.1", decision=Decision.ADJUST, points=Decimal("0.5"),
                      basis=basis, agency="", round=0)  # fmt: skip
        Office(state_of).arrive(
            ledger, b"council", entry=b"hoi-dong.xlsx", file="hoi-dong.xlsx", kind=COUNCIL,
            unit="HD", status=Status.VALID, findings=(), serial=0,
            card={"rows": [claim_to_json(claim)]}, received=NOW + timedelta(days=1) + HOUR,
        )  # fmt: skip
    told = ranked(house)
    assert [(e.kind, e.facts["counts"]) for e in told.events] == [("council-arrived", True)]
    assert [(r.row, r.after) for r in units(told)["STP"].rows] == [("n1.1", Decimal("0.5"))]
    shown = run(house, "--editions", "2").stdout
    assert "the council's sheet: hoi-dong.xlsx" in shown
    assert "1 rows spoken of." in shown


def test_a_book_of_survey_figures_is_told_with_its_source(house: House) -> None:
    with open_ledger(house.workspace.ledger_path) as ledger:
        card = {
            "year": 2026,
            "source": "Đính chính",
            "by": "Lan",
            "figures": {"STC": {"n2.3": "80"}},
        }
        Office(house.workspace).arrive(
            ledger, b"survey", entry=b"dieu-tra.xlsx", file="dieu-tra.xlsx", kind=SURVEY, unit="so",
            status=Status.VALID, findings=(), serial=0, card=card,
            received=NOW + timedelta(days=1) + HOUR,
        )  # fmt: skip
    told = ranked(house)
    assert [(e.kind, e.facts["counts"]) for e in told.events] == [("survey-arrived", True)]
    assert [r.row for r in units(told)["STC"].rows] == ["n2.3"]
    (line,) = told.events
    said = event_words(line, house.workspace.campaign.zone, 2)
    assert "1 figures; source: Đính chính; entered by: Lan. Counts in edition 2." in said


# --- files --------------------------------------------------------------------------------------------


def scored(index: str, **points: str) -> YearUnit:
    scores = {row: Decimal(value) for row, value in points.items()}
    return YearUnit("STC", "Sở Tài chính", "Sở", Decimal(index), 1, "Tốt", scores=scores)


def test_rows_that_make_up_for_each_other_are_a_change_though_the_index_stays(
    house: House,
) -> None:
    changed = UnitChange(scored("80", a="1", b="2"), scored("80", a="2", b="1"))
    assert changed.is_one
    assert [row.row for row in changed.rows] == ["a", "b"]
    assert not UnitChange(scored("80", a="1"), scored("80", a="1")).is_one
    _code, _name, index, by, rank, _band, _rows = unit_cells(house.workspace.campaign, changed)
    assert (index, by, rank) == ("80.00", "–", "1")


@pytest.mark.parametrize(
    ("after", "by"), [("78.5", "−1.50"), ("81", "+1.00"), ("79.9988", "−0.0012")]
)
def test_a_change_has_its_sign_and_as_many_digits_as_show_it(
    house: House, after: str, by: str
) -> None:
    cells = unit_cells(house.workspace.campaign, UnitChange(scored("80"), scored(after)))
    assert cells[3] == by


def test_a_corrected_survey_figure_is_told_by_its_line(house: House) -> None:
    path = house.root / "surveys.csv"
    path.write_text(
        path.read_text("utf-8").replace("STC,n2.3,50,2026", "STC,n2.3,80,2026"), encoding="utf-8"
    )
    told = ranked(house)
    (changed,) = told.inputs
    assert (changed.kind, changed.name) == ("surveys", "surveys.csv")
    assert changed.edits == (Edit("3", "STC,n2.3,50,2026", "STC,n2.3,80,2026"),)
    assert [r.row for r in units(told)["STC"].rows] == ["n2.3"]
    shown = run(house, "--editions").stdout
    assert "line 3: STC,n2.3,50,2026 → STC,n2.3,80,2026" in shown
    assert "No return that counts and no decision was recorded in between." in shown


def test_a_changed_band_is_told_by_its_key_and_changes_no_index(house: House) -> None:
    tiers = json.loads((house.root / "campaign.yaml").read_text("utf-8"))["tiers"]
    tiers["so"]["bands"][0]["at_least"] = "10"
    edited_settings(house.root, tiers=tiers)
    told = ranked(house)
    (changed,) = told.inputs
    assert changed.edits == (Edit("tiers.so.bands.Tốt.at_least", "80", "10"),)
    for one in units(told).values():
        assert one.before is not None
        assert one.after is not None
        assert one.change == 0
        assert not one.rows
        assert (one.before.band, one.after.band) == ("Khá", "Tốt")
    assert set(units(told)) == {"STP", "STC"}


def test_a_file_whose_kept_content_is_gone_is_told_by_its_digests(house: House) -> None:
    path = house.root / "surveys.csv"
    path.write_text(
        path.read_text("utf-8").replace("STC,n2.3,50,2026", "STC,n2.3,80,2026"), encoding="utf-8"
    )
    (changed,) = ranked(house).inputs
    assert changed.before is not None
    blob_path(house.workspace.archive, changed.before).unlink()
    (changed,) = changes(house).inputs
    assert changed.edits is None
    assert f"SHA-256 {changed.before} → {changed.after}" in run(house, "--editions").stdout


# --- the rest -----------------------------------------------------------------------------------------


def test_a_deadline_that_passed_changes_nothing_but_is_told(house: House) -> None:
    assert house.rank(30).edition == 2
    told = changes(house)
    assert (told.units, told.events, told.inputs) == ((), (), ())
    assert [(s.name, s.before, s.after) for s in told.state] == [("overdue", "0", "3")]
    shown = run(house, "--editions").stdout
    assert "No unit's score, index, rank or band changed." in shown
    assert "Units whose deadline has passed: 0 → 3." in shown


def test_a_rebuilt_ledger_tells_the_same_causes(house: House) -> None:
    house.send("STC", "1.75", NOW + timedelta(days=1) + HOUR)
    before = ranked(house)
    house.workspace.ledger_path.unlink()
    rebuild(house.workspace, NOW + timedelta(days=3))
    assert changes(house).events == before.events
    assert changes(house).units == before.units


def test_editions_are_listed_with_their_files(house: House) -> None:
    house.send("STC", "1.75", NOW + timedelta(days=1) + HOUR)
    ranked(house)
    house.book.unlink()
    page = house.file(house.book.name.replace(".xlsx", ".html"))
    page.write_bytes(page.read_bytes() + b" ")
    with open_ledger(house.workspace.ledger_path) as ledger:
        first, second = issued(house.workspace, ledger)
    states = {file.kind: state for file, state in first.files}
    assert states == {
        "workbook": FileState.GONE,
        "page": FileState.ALTERED,
        "announcement": FileState.UNCHANGED,
    }
    assert (first.assessed, first.changes, first.basis.provisional) == (2, None, False)
    assert {state for _file, state in second.files} == {FileState.UNCHANGED}
    shown = run(house, "--editions").stdout
    assert "1 as frozen; edited since: " in shown


def test_results_that_are_gone_leave_the_causes(house: House) -> None:
    house.send("STC", "1.75", NOW + timedelta(days=1) + HOUR)
    ranked(house)
    with open_ledger(house.workspace.ledger_path) as ledger:
        lost = next(f for f in ledger.edition_files(1) if f.kind == "results")
    blob_path(house.workspace.archive, lost.sha256).unlink()
    told = changes(house)
    assert told.units is None
    assert kinds(told) == [("arrived", "STC")]
    assert "“xlscore ledger check”" in run(house, "--editions").stdout
    assert "not in the archive any more" in run(house, "STC").stdout


# --- as the operator types it ---------------------------------------------------------------------------


def test_one_edition_is_shown_as_json(house: House) -> None:
    house.send("STP", "0.25", NOW + timedelta(days=1) + HOUR)
    ranked(house)
    (told,) = json.loads(run(house, "--editions", "2", "--json").stdout)["editions"]
    shape: dict[str, Any] = told["changes"]
    assert (told["edition"], told["assessed"], shape["since"]) == (2, 2, 1)
    assert [unit["unit"] for unit in shape["units"]] == ["STP", "STC"]
    assert shape["units"][0]["rows"] == [
        {"row": "n1.1", "before": "2", "before_max": "2", "after": "0.25", "after_max": "2"}
    ]
    assert shape["events"][0]["text"].endswith("Counts in edition 2.")
    (first,) = json.loads(run(house, "--editions", "1", "--json").stdout)["editions"]
    assert first["changes"] is None


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--editions", "7"), "There is no edition 7."),
        (("--editions", "STP"), "not “STP”"),
        (("--editions", "1", "1.1"), "--editions takes neither a row"),
        (("--editions", "--years"), "--editions takes neither a row"),
        ((), "UNIT"),
    ],
)
def test_a_wrong_call_is_told(house: House, options: tuple[str, ...], said: str) -> None:
    done = run(house, *options)
    assert done.exit_code == 2
    assert said in done.stderr


def test_without_an_edition_that_is_said(tmp_path: Path) -> None:
    house = House.made(tmp_path / "campaign")
    assert run(house, "--editions").stdout == "No edition was frozen yet.\n"
    assert json.loads(run(house, "--editions", "--json").stdout) == {"editions": []}


def test_the_history_of_a_unit_tells_what_it_had_in_each_edition(house: House) -> None:
    house.send("STP", "0.25", NOW + timedelta(days=1) + HOUR)
    ranked(house)
    zone = house.workspace.campaign.zone
    unit = house.workspace.campaign.units["STC"]
    with open_ledger(house.workspace.ledger_path) as ledger:
        lines = history_of(house.workspace, ledger, unit)
        other = history_of(house.workspace, ledger, house.workspace.campaign.units["AB"])
    frozen = [line for line in lines if line.kind == "edition-frozen"]
    assert [(f.facts["edition"], f.facts["rank"], f.facts["band"]) for f in frozen] == [
        (1, 2, "Khá"),
        (2, 1, "Khá"),
    ]
    said = [words(line, zone) for line in frozen]
    assert said[1].startswith("Edition 2 frozen. Index ")
    assert said[1].endswith(" %, rank 1, band Khá.")
    missing = [words(line, zone) for line in other if line.kind == "edition-frozen"]
    assert missing[0] == "Edition 1 frozen. This unit had no result in it."


# --- edits --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "before", "after", "said"),
    [
        ("a.csv", "x\ny\n", "x\nz\ny\n", (Edit("2", None, "z"),)),
        ("a.csv", "x\ny\n", "x\n", (Edit("2", "y", None),)),
        ("a.csv", "\ufeffx\n", "x\n", ()),
        ("a.yaml", "a: 1\nb: [x, y]\n", "b: [x]\n", (Edit("a", "1", None), Edit("b", "x, y", "x"))),
        ("a.yml", "l:\n- {id: p, v: 1}\n", "l:\n- {id: q, v: 1}\n- {id: p, v: 2}\n",
         (Edit("l.p.v", "1", "2"), Edit("l.q.id", None, "q"), Edit("l.q.v", None, "1"))),
        ("a.yaml", "l:\n- {v: 1}\n", "l:\n- {v: 2}\n", (Edit("l.1.v", "1", "2"),)),
        ("a.yaml", "a: [", "a: 1", None),
        ("a.xlsx", "x", "y", None),
    ],
)  # fmt: skip
def test_edits_name_the_key_or_the_line(
    name: str, before: str, after: str, said: tuple[Edit, ...] | None
) -> None:
    assert edits(name, before.encode(), after.encode()) == said


def test_a_table_in_another_encoding_is_told_by_its_digest_alone() -> None:
    assert edits("a.csv", b"\xff", b"\xfe") is None


# --- the workbook -------------------------------------------------------------------------------------


def _replaces(path: Path) -> list[str]:
    sheet = next(s for s in read_dump(path.read_bytes()).sheets if s.name == "Nguồn gốc")
    cells = {place: str(cell.value) for place, cell in sheet.cells.items()}
    return [cells[row, column + 1] for (row, column), said in cells.items() if said == "Thay thế"]


def test_a_later_edition_names_the_one_that_it_replaces_and_is_verified(house: House) -> None:
    house.send("STC", "1.75", NOW + timedelta(days=1) + HOUR)
    ranked(house)
    house.rank(2, public=True)
    campaign = house.workspace.campaign.settings.id
    said = "Bản ban hành lần 1, lập lúc 02/12/2026 16:30:00 +0700"
    for stem in ("xep-hang", "cong-bo"):
        path = house.file(f"{stem}-{campaign}-lan-2.xlsx")
        assert _replaces(path) == [said]
        assert house.verify(path).holds
    assert _replaces(house.book) == []
    assert house.verify(house.book).holds


def test_a_draft_replaces_nothing(house: House) -> None:
    draft = publish(house.workspace, NOW + timedelta(days=2), draft=True)
    assert _replaces(draft.path) == []


def test_an_edition_of_before_that_was_told_is_still_read(house: House) -> None:
    with open_ledger(house.workspace.ledger_path) as ledger:
        (edition,) = ledger.editions()
    told = {name: fact for name, fact in edition.basis.items() if name != "replaces"}
    basis = basis_from_json(told)
    assert basis.replaces == {}
    assert replace(basis, replaces={"edition": 1, "frozen_at": "x"}).same_as(basis)


def test_the_editions_are_written_as_a_page_in_vietnamese(house: House, tmp_path: Path) -> None:
    path = house.root / "surveys.csv"
    changed = path.read_text("utf-8").replace("STC,n2.3,50,2026", "STC,n2.3,80,2026")
    path.write_text(changed, encoding="utf-8")
    house.send("STP", "0.25", NOW + timedelta(days=1) + HOUR)
    ranked(house)
    page = tmp_path / "lan-ban-hanh.html"
    assert str(page) in run(house, "--editions", "--page", str(page)).stdout
    html = page.read_text("utf-8")
    assert "CÁC LẦN BAN HÀNH" in html
    assert "Lần 2 so với lần 1: nguyên nhân" in html
    assert "STC,n2.3,50,2026 → STC,n2.3,80,2026" in html
    assert "STP – Sở Tư pháp" in html
    assert "<dt>Đơn vị</dt>" not in html
