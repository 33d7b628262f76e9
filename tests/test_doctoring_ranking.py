"""What `doctor` says of the latest edition and of earlier years."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from tests.editions import House
from tests.test_deciding import SAID
from tests.test_doctoring import NOTE, OK, WARNING, Told
from tests.test_earlier import of_unit, read, write
from xlscore.blobs import blob_path
from xlscore.deciding.returns import void
from xlscore.doctoring import Check, Level, examine, pasts
from xlscore.ledger import open_ledger
from xlscore.years import Years


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A campaign with one edition: made once, copied for each test that changes it."""
    house = House.made(tmp_path_factory.mktemp("made") / "c")
    house.rank()
    return house


@pytest.fixture
def house(frozen: House, tmp_path: Path) -> House:
    return frozen.copied(tmp_path / "c")


def found(root: Path, name: str) -> list[Check]:
    checks = [check for check in examine(root, Told()) if check.name == name]
    for check in checks:
        assert all(check.said)
        assert bool(check.remedy[0]) == bool(check.remedy[1])
    return checks


def told(root: Path, name: str) -> list[tuple[Level, str]]:
    return [(check.level, check.said[1]) for check in found(root, name)]


# --- the latest edition -------------------------------------------------------------------------------


def test_before_any_edition_there_is_nothing_to_examine(tmp_path: Path) -> None:
    house = House.made(tmp_path / "c")
    assert told(house.root, "edition") == [(OK, "none was frozen yet")]
    assert told(house.root, "edition-files") == told(house.root, "changes") == []


def test_the_latest_edition_is_named_its_files_are_whole_and_nothing_came_after(
    frozen: House,
) -> None:
    with open_ledger(frozen.workspace.ledger_path) as ledger:
        latest = ledger.latest_edition()
    assert latest is not None
    said = f"number 1, of 2026-12-02 16:30, by {latest.frozen_by}"
    assert told(frozen.root, "edition") == [(OK, said)]
    assert told(frozen.root, "edition-files") == [(OK, "3 files in reports are unchanged")]
    said = "no return, decision or input file has changed since edition 1"
    assert told(frozen.root, "changes") == [(OK, said)]


@pytest.mark.parametrize("ending", [".xlsx", ".html"])
def test_a_file_that_was_changed_is_a_warning_and_its_original_is_named(
    house: House, ending: str
) -> None:
    (path,) = (house.root / "reports").glob(f"xep-hang-*-lan-1{ending}")
    original = path.read_bytes()
    path.write_bytes(original + b" ")
    (check,) = found(house.root, "edition-files")
    assert (check.level, check.said[1]) == (WARNING, f"not as frozen: {path.name}")
    assert "xlscore verify" in check.remedy[1]
    with open_ledger(house.workspace.ledger_path) as ledger:
        (file,) = [one for one in ledger.edition_files(1) if one.name == path.name]
    place = blob_path(house.workspace.archive, file.sha256)
    assert check.remedy[1].endswith(f"{place}.")
    assert place.read_bytes() == original


def test_an_announcement_is_there_to_be_filled_in_and_files_may_be_elsewhere(house: House) -> None:
    reports = house.root / "reports"
    (announcement,) = reports.glob("thong-bao-*-lan-1.docx")
    announcement.write_bytes(b"PK")
    (page,) = reports.glob("xep-hang-*-lan-1.html")
    page.unlink()
    assert told(house.root, "edition-files") == [
        (NOTE, f"edited or filled in: {announcement.name}"),
        (NOTE, f"not in reports: {page.name}"),
    ]


def test_returns_decisions_and_files_after_the_edition_are_counted(house: House) -> None:
    house.send("STP", "1")
    assert told(house.root, "changes") == [(NOTE, "changes since edition 1: 1 valid returns")]
    units = house.root / "units.csv"
    units.write_text(units.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    (check,) = found(house.root, "changes")
    assert (check.level, check.said) == (
        NOTE,
        (
            "có thay đổi sau lần ban hành 1: 1 lần gửi hợp lệ, tệp units.csv",
            "changes since edition 1: 1 valid returns, files units.csv",
        ),
    )
    assert check.remedy[1].endswith("“xlscore rank” freezes edition 2.")
    with open_ledger(house.workspace.ledger_path) as ledger:
        void(ledger, ledger.arrivals()[-1].id, SAID)
    said = "changes since edition 1: 1 decisions, files units.csv"
    assert told(house.root, "changes") == [(NOTE, said)]
    house.rank(2)
    assert told(house.root, "changes")[0][0] is OK


def test_what_was_refused_or_is_a_draft_changes_nothing(house: House) -> None:
    house.send("STP", "99")
    assert told(house.root, "changes")[0][0] is OK


# --- earlier years ------------------------------------------------------------------------------------


def campaign(root: Path, *earlier: tuple[int, str], predecessors: str = "") -> Path:
    read(root, *earlier, predecessors=predecessors)
    return root


def both(root: Path) -> list[tuple[str, Level, str]]:
    return [
        (name, level, said)
        for name in ("earlier", "predecessors")
        for level, said in told(root, name)
    ]


def units_of(*codes: str) -> dict[str, object]:
    whole = of_unit(codes[0])
    more = [of_unit(code)["units"][0] for code in codes[1:]]
    return {**whole, "units": [*whole["units"], *more]}


def test_a_campaign_without_earlier_years_says_so(tmp_path: Path) -> None:
    assert both(campaign(tmp_path / "c")) == [("earlier", OK, "none are named")]


def test_a_year_all_of_whose_units_are_known_is_fine(tmp_path: Path) -> None:
    write(tmp_path / "2025.json", units_of("STP", "STC", "AB"))
    ((name, level, said),) = both(campaign(tmp_path / "c", (2025, "../2025.json")))
    assert (name, level) == ("earlier", OK), said
    assert said.endswith("3 units, all mapped")


def test_units_that_map_onto_nothing_are_counted_both_ways(tmp_path: Path) -> None:
    write(tmp_path / "2025.json", units_of("STP", "CU"))
    ((_, level, said),) = both(campaign(tmp_path / "c", (2025, "../2025.json")))
    assert level is NOTE
    assert said.split(": ", 1)[1] == (
        "2 units; 1 map onto no unit of today (CU); 2 units of today were not there (STC, AB)"
    )


def test_predecessors_map_units_and_one_that_nobody_knows_is_a_warning(tmp_path: Path) -> None:
    write(tmp_path / "2025.json", units_of("STP", "CU", "AB"))
    table = "unit,year,predecessor\nSTC,2025,CU\n"
    fine = both(campaign(tmp_path / "c", (2025, "../2025.json"), predecessors=table))
    assert [(name, level) for name, level, _ in fine] == [("earlier", OK), ("predecessors", OK)]
    assert fine[1][2] == "truoc.csv: 1 units have predecessors"

    root = campaign(tmp_path / "d", (2025, "../2025.json"), predecessors=table + "XX,2025,CU\n"
                    "STC,2025,KHONG\n")  # fmt: skip
    wrong = both(root)
    assert wrong[0][:2] == ("earlier", OK)
    assert [(name, level, said[:4]) for name, level, said in wrong[1:]] == [
        ("predecessors", WARNING, "C032"), ("predecessors", WARNING, "C033"),
    ]  # fmt: skip
    assert "no such unit today" in wrong[1][2]
    assert "there is no unit KHONG (predecessor of STC)" in wrong[2][2]


def test_a_year_that_cannot_be_read_is_a_warning_and_the_others_are_told(tmp_path: Path) -> None:
    write(tmp_path / "2025.json", units_of("STP", "STC", "AB"))
    root = campaign(tmp_path / "c", (2025, "../2025.json"), (2024, "../khong-co.json"))
    fine, wrong = both(root)
    assert fine[:2] == ("earlier", OK)
    assert wrong[:2] == ("earlier", WARNING)
    assert wrong[2].startswith("C021 campaign.yaml:")
    assert "The results of 2024 at “../khong-co.json” cannot be read" in wrong[2]


def test_of_many_defects_the_first_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    write(tmp_path / "2025.json", units_of("STP", "STC", "AB"))
    lines = "".join(f"X{n},2025,STP\n" for n in range(7))
    root = campaign(tmp_path / "c", (2025, "../2025.json"),
                    predecessors="unit,year,predecessor\n" + lines)  # fmt: skip
    wrong = both(root)
    assert [(name, level) for name, level, _ in wrong] == [
        ("earlier", OK), ("earlier", WARNING), *[("predecessors", WARNING)] * 5,
    ]  # fmt: skip
    assert wrong[1][2] == "and 2 more about earlier years"


def test_a_year_on_a_share_that_does_not_answer_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_workspace: object) -> Years:
        Event().wait(1)
        return Years()

    write(tmp_path / "2025.json", units_of("STP"))
    root = campaign(tmp_path / "c", (2025, "../2025.json"))
    monkeypatch.setattr(pasts, "read_earlier", away)
    monkeypatch.setattr(pasts, "_SECONDS", 0.1)
    assert both(root) == [("earlier", WARNING, "could not be read within 0 seconds")]
