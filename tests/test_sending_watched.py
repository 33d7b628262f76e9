"""The watcher tries letters that are due again; a server that is down never stops the intake."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mail_office import MailOffice, Server, free_port, running
from xlscore import sending
from xlscore.watching import Turn, Turns, postman
from xlscore.watching.turns import Run


def turns(office: MailOffice, count: int = 1) -> list[Turn]:
    office.workspace.inbox.mkdir(exist_ok=True)
    with office.ledger() as ledger:
        run = Run(office.now, 10)
        made = Turns(office.workspace, ledger, settle=0, now=lambda: office.now, run=run)
        return [made.take() for _ in range(count)]


def test_letters_that_are_due_again_go_out_with_the_next_turn(tmp_path: Path) -> None:
    with running() as server:
        office = MailOffice(tmp_path / "c", server=server.settings())
        office.queue("a@x.vn")
        server.answers["rcpt"] = ["451 greylisted"]
        first, second = turns(office, 2)
        assert first.troubles == second.troubles
        assert "451 greylisted" in first.troubles[0]
        assert (first.letters, server.seen) == ([], ["mail", "rcpt"])
        office.later(minutes=1)
        (third,) = turns(office)
        assert [row.state for row in third.letters] == ["sent"]
        assert third.troubles == []


def test_a_server_that_is_down_is_told_the_same_and_the_intake_goes_on(tmp_path: Path) -> None:
    office = MailOffice(tmp_path / "c", server=Server(port=free_port()).settings())
    office.queue("a@x.vn", "b@x.vn")
    made = turns(office, 3)
    assert len({tuple(turn.troubles) for turn in made}) == 1
    assert "2" in made[0].troubles[0]
    assert all(turn.collected.complete for turn in made)
    assert [row.attempts for row in office.rows()] == [1, 1]


def test_uncertain_letters_are_told_and_never_tried(tmp_path: Path) -> None:
    with running() as server:
        office = MailOffice(tmp_path / "c", server=server.settings())
        office.queue("a@x.vn")
        server.answers["data"] = ["drop"]
        first, second = turns(office, 2)
        assert [row.state for row in first.letters] == ["uncertain"]
        assert first.troubles == second.troubles != []
        assert (second.letters, server.seen.count("data")) == ([], 1)


def test_a_fault_of_ours_stops_no_intake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> sending.Passed:
        raise RuntimeError("hỏng")

    office = MailOffice(tmp_path / "c")
    office.queue("a@x.vn")
    monkeypatch.setattr(postman, "send_waiting", fails)
    (turn,) = turns(office)
    assert turn.collected.complete
    assert "hỏng" in turn.troubles[0]
