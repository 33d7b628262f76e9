"""Planning letters: composed once, held on the disk, whatever their number; nothing is left of a plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.mail_office import MailOffice
from xlscore.archive import kept
from xlscore.mail import Attachment, MailError, compose, read_letter
from xlscore.sending import Order, Plan, Problem, lay_out, plan, planning, queue
from xlscore.sending.audiences import Audiences
from xlscore.sending.wanted import Kind, Wanted

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SIZE = 200_000
_VALUES: dict[str, str] = {}


@pytest.fixture
def office(tmp_path: Path) -> MailOffice:
    return MailOffice(tmp_path / "c")


def wanted(count: int) -> Iterator[Wanted]:
    for number in range(count):
        files = (Attachment("phieu.xlsx", bytes([number]) * _SIZE, _XLSX),)
        address = f"u{number}@x.vn"
        yield Wanted(Kind.RESULT, 1, f"don-vi/{number}", address, address, _VALUES, files)


def planned(office: MailOffice, monkeypatch: pytest.MonkeyPatch, count: int) -> Plan:
    """Plan letters to so many units, each with an attachment of its own."""
    monkeypatch.setattr(Audiences, "of", lambda *_: wanted(count))
    monkeypatch.setattr(planning, "render", lambda *_: ("Kết quả", "Kính gửi: Quý cơ quan"))
    with office.ledger() as ledger:
        return plan(office.workspace, ledger, Order(("don-vi",), None), office.now)


class Alive:
    """Counts how many of its subclasses' objects there are at once."""

    now, most = 0, 0

    def __init__(self, *_: object) -> None:
        Alive.now += 1
        Alive.most = max(Alive.most, Alive.now)

    def __del__(self) -> None:
        Alive.now -= 1


class Data(Alive, bytes):
    """The bytes of a letter."""


@dataclass(frozen=True)
class Counted(planning.Prepared, Alive):
    """A letter with its bytes."""

    def __post_init__(self) -> None:
        Alive.__init__(self)


def test_of_any_number_of_letters_only_one_is_in_memory(
    office: MailOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "compose", lambda letter: Data(compose(letter)))
    monkeypatch.setattr(planning, "Prepared", Counted)
    monkeypatch.setattr(Alive, "most", 0)
    with planned(office, monkeypatch, 9) as made:
        assert (len(made.letters), Alive.now) == (9, 0)
        assert 0 < Alive.most <= 4  # the one before and this one, each with its bytes
        with office.ledger() as ledger:
            assert len(queue(office.workspace, ledger, made, office.now)) == 9
    assert (Alive.now, Alive.most <= 4) == (0, True)


def test_what_was_looked_at_is_what_is_laid_out_and_queued(
    office: MailOffice, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with planned(office, monkeypatch, 3) as made:
        *paths, _table = lay_out(made.composed(), tmp_path / "thu")
        with office.ledger() as ledger:
            queue(office.workspace, ledger, made, office.now)
    looked_at = [path.read_bytes() for path in paths]
    rows = office.rows()
    assert [kept(office.workspace.archive, row.letter.sha256) for row in rows] == looked_at
    assert [row.letter.size for row in rows] == [len(data) for data in looked_at]
    sent = [read_letter(data).attachments[0].data for data in looked_at]
    assert sent == [bytes([number]) * _SIZE for number in range(3)]


def test_a_plan_that_nobody_follows_leaves_nothing(
    office: MailOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    with office.ledger():
        pass
    before = sorted(office.root.rglob("*"))
    with planned(office, monkeypatch, 2):
        pass
    assert sorted(office.root.rglob("*")) == before


def test_a_disk_that_fills_up_queues_nothing(
    office: MailOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Plan, one: planning.Prepared) -> None:
        if self.letters:
            raise OSError(28, "No space left on device")
        self.letters.append(one.new)

    monkeypatch.setattr(Plan, "add", full)
    with pytest.raises(OSError, match="No space left"):
        planned(office, monkeypatch, 2)
    assert office.rows() == []


def test_one_that_cannot_be_composed_is_told_before_anything_is_queued(
    office: MailOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, why = planning.freeze, ("không được", "not possible")

    def freeze(*given: object) -> object:
        if given[2].recipient == "u1@x.vn":  # type: ignore[attr-defined]
            raise MailError(why)
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(planning, "freeze", freeze)
    with planned(office, monkeypatch, 3) as made:
        assert [new.recipient for new in made.letters] == ["u0@x.vn", "u2@x.vn"]
        assert made.problems == [Problem("don-vi/1", "u1@x.vn", why)]
        texts = [read_letter(one.data).to for one in made.composed()]
    assert texts == [("u0@x.vn",), ("u2@x.vn",)]
    assert office.rows() == []
