"""Carriers of other makers: asked first, believed in what they say, and never doubled by ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.mail_office import MailOffice, Server, running
from xlscore import Delivery, Fate, Outgoing, hookimpl
from xlscore.plugins import build


def plugin(deliver: Callable[[Outgoing], Any]) -> ModuleType:
    module = ModuleType("carrier")

    def xlscore_deliver(message: Outgoing) -> Any:
        return deliver(message)

    module.xlscore_deliver = hookimpl(xlscore_deliver)  # type: ignore[attr-defined]
    return module


def office_with(
    tmp_path: Path, server: Server | None, deliver: Callable[[Outgoing], Any]
) -> MailOffice:
    mail = {"server": server.settings()} if server else {}
    office = MailOffice(tmp_path / "c", **mail)
    office.workspace = replace(office.workspace, plugins=build((), [plugin(deliver)]))
    return office


@pytest.mark.parametrize(
    ("fate", "state"),
    [
        (Fate.DONE, "sent"), (Fate.FAILED, "failed"), (Fate.UNCERTAIN, "uncertain"),
        (Fate.LATER, "waiting"),
    ],
)  # fmt: skip
def test_what_a_carrier_says_becomes_of_the_letter(tmp_path: Path, fate: Fate, state: str) -> None:
    seen: list[Outgoing] = []

    def deliver(message: Outgoing) -> Delivery:
        seen.append(message)
        return Delivery(fate, "vì thế")

    with running() as server:
        office = office_with(tmp_path, server, deliver)
        office.queue("a@x.vn")
        office.send()
        (row,) = office.rows()
        assert (row.state.value, server.seen) == (state, [])
        assert row.error == ("" if fate is Fate.DONE else "vì thế")
    (message,) = seen
    assert (message.recipient, message.sender) == ("a@x.vn", "cchc@mau.example.vn")
    assert (message.subject, message.attempt) == ("Kết quả năm 2026", 1)
    assert message.message_id == row.letter.message_id
    assert len(message.data) == row.letter.size


def test_a_letter_that_waits_is_handed_to_the_carrier_again(tmp_path: Path) -> None:
    attempts: list[int] = []

    def deliver(message: Outgoing) -> Delivery:
        attempts.append(message.attempt)
        return Delivery(Fate.DONE if message.attempt == 3 else Fate.LATER, "bận")

    office = office_with(tmp_path, None, deliver)
    office.queue("a@x.vn")
    for _ in range(4):
        office.send(at_once=True)
    assert (attempts, office.states()) == ([1, 2, 3], ["sent"])


@pytest.mark.parametrize("wrong", ["raises", "says something else"])
def test_a_carrier_that_fails_leaves_the_letter_uncertain_and_ours_is_not_asked(
    tmp_path: Path, wrong: str
) -> None:
    def deliver(message: Outgoing) -> Any:
        if wrong == "raises":
            raise RuntimeError("boom")
        return True

    with running() as server:
        office = office_with(tmp_path, server, deliver)
        office.queue("a@x.vn")
        office.send()
        office.send(at_once=True)
        assert (office.states(), server.seen) == (["uncertain"], [])


@pytest.mark.parametrize("by_server", [True, False], ids=["server", "draft"])
def test_what_no_carrier_takes_goes_our_own_way(tmp_path: Path, by_server: bool) -> None:
    with running() as server:
        office = office_with(tmp_path, server if by_server else None, lambda _message: None)
        office.queue("a@x.vn", "b@x.vn")
        server.answers["rcpt a@x.vn"] = ["451 later"]
        office.send()
        expected = ["waiting", "sent"] if by_server else ["drafted", "drafted"]
        assert office.states() == expected
        assert office.rows()[0].attempts == 1
