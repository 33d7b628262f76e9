"""Two hosts over one inbox: one collects, the other says who does; a person hands it over."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.campaigns import make_campaign
from tests.intake_office import NOW, Office
from xlscore import sentinel, takeover
from xlscore.archive import Archived, archive_copy
from xlscore.inbox import Entry
from xlscore.intake import Availability, Collected, session
from xlscore.intake.door import EPOCH, INBOX
from xlscore.ledger import Ledger
from xlscore.sentinel import NAME, Holder, Sentinel, SentinelError, create_sentinel, read_sentinel
from xlscore.takeover import Mark, Stand, Taken, TakeoverError, look, take_over
from xlscore.watching import Turns
from xlscore.workspace import KeysError, open_workspace

LATER = NOW + timedelta(hours=1)


@dataclass
class Hosts:
    """Two copies of one campaign, `data/` included, each on a host of its own; one inbox."""

    desks: dict[str, Office]
    monkeypatch: pytest.MonkeyPatch
    name: str = ""

    @contextmanager
    def on(self, name: str) -> Iterator[tuple[Office, Ledger]]:
        """Sit down at a host."""
        before = self.name
        self._be(name)
        with self.desks[name].ledger() as ledger:
            yield self.desks[name], ledger
        self._be(before)

    def collect(self, name: str) -> Collected:
        with self.on(name) as (desk, _ledger):
            return desk.collect()

    def take_over(self, name: str, **how: Any) -> Taken:
        with self.on(name) as (desk, ledger):
            return take_over(desk.workspace, ledger, LATER, **how)

    def look(self, name: str) -> Mark:
        with self.on(name) as (desk, ledger):
            return look(desk.workspace, ledger)

    def events(self, name: str, *kinds: str) -> list[tuple[str, dict[str, Any]]]:
        with self.desks[name].ledger() as ledger:
            assert ledger.chain_is_sound()
            told = [(e.kind, json.loads(e.body)) for e in ledger.events()]
        return [(kind, body) for kind, body in told if kind in kinds]

    def fact(self, name: str, key: str) -> str:
        with self.desks[name].ledger() as ledger:
            return ledger.fact(key)

    @property
    def inbox(self) -> Path:
        return self.desks["A"].inbox

    @property
    def mark(self) -> Sentinel:
        found = read_sentinel(self.inbox)
        assert found is not None
        return found

    def _be(self, name: str) -> None:
        self.name = name
        self.monkeypatch.setattr(socket, "gethostname", lambda: f"MAY-{name}")


@pytest.fixture
def hosts(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hosts:
    """Host A has collected one return; host B holds a copy of its folder."""
    share = tmp_path / "share"
    office.inbox.rename(share)
    office.settle_on(folders={"inbox": str(share)})
    office.inbox = share
    made = Hosts({"A": office}, monkeypatch)
    office.put("STP.xlsx")
    assert made.collect("A").door.open
    shutil.copytree(office.root, tmp_path / "b")
    made.desks["B"] = Office(tmp_path / "b", office.returns)
    assert made.desks["B"].inbox == share
    return made


def test_the_second_host_refuses_and_says_who_collects(hosts: Hosts) -> None:
    hosts.desks["A"].put("STC.xlsx", "other")
    result = hosts.collect("B")
    assert (result.door.state, result.recorded) == (Availability.OTHER_HOST, [])
    assert all("MAY-A" in words for words in result.door.words)
    assert hosts.desks["B"].told() == [("STP.xlsx", "valid", 1)]
    assert hosts.events("B", "took-over", "handed-over") == []
    assert hosts.look("A").stand is Stand.OURS
    assert hosts.look("B").stand is Stand.OTHERS


def test_a_takeover_is_told_on_both_sides_once(hosts: Hosts) -> None:
    before = hosts.mark
    taken = hosts.take_over("B")
    assert (taken.former, taken.changed, taken.sentinel) == (before.holder, True, hosts.mark)
    assert (hosts.mark.epoch, hosts.mark.holder.host) == (2, "MAY-B")
    for _ in range(2):
        assert hosts.collect("A").door.state is Availability.OTHER_HOST
        assert hosts.collect("B").door.open
    user = sentinel.this_user()
    ledger = before.holder.ledger
    took = {
        "ledger": ledger, "inbox": before.inbox, "host": "MAY-B", "user": user, "epoch": 2,
        "from": {"ledger": ledger, "host": "MAY-A", "user": user},
    }  # fmt: skip
    given = {"to": "MAY-B", "user": user, "inbox": before.inbox, "epoch": 2}
    kinds = ("took-over", "handed-over")
    assert hosts.events("B", *kinds) == [("took-over", took)]
    assert hosts.events("A", *kinds) == [("handed-over", given)]


def test_what_the_new_host_knows_already_is_not_taken_in_again(hosts: Hosts) -> None:
    hosts.take_over("B")
    hosts.desks["A"].put("STC.xlsx", "other")
    assert [r.file for r in hosts.collect("B").recorded] == ["STC.xlsx"]
    assert hosts.desks["B"].told() == [("STP.xlsx", "valid", 1), ("STC.xlsx", "valid", 1)]


def test_a_takeover_and_back_is_told_each_time(hosts: Hosts) -> None:
    for name in ("B", "A", "B"):
        hosts.take_over(name)
        hosts.collect("A")
        hosts.collect("B")
    told = {
        name: [(k, body["epoch"]) for k, body in hosts.events(name, "took-over", "handed-over")]
        for name in "AB"
    }
    took, gave = "took-over", "handed-over"
    assert told == {
        "A": [(gave, 2), (took, 3), (gave, 4)],
        "B": [(took, 2), (gave, 3), (took, 4)],
    }


def test_a_host_that_slept_through_two_takeovers_tells_its_side(
    hosts: Hosts, tmp_path: Path
) -> None:
    shutil.copytree(hosts.desks["B"].root, tmp_path / "c")
    hosts.desks["C"] = Office(tmp_path / "c", hosts.desks["A"].returns)
    hosts.take_over("B")
    hosts.take_over("C")
    hosts.collect("A")
    ((_, body),) = hosts.events("A", "handed-over")
    assert (body["to"], body["epoch"]) == ("MAY-C", 3)


def test_a_rebuilt_ledger_that_has_forgotten_the_mark_tells_its_side(hosts: Hosts) -> None:
    hosts.take_over("B")
    with hosts.on("A") as (_desk, ledger):
        assert json.loads(ledger.fact(EPOCH))[1] == 1
        with ledger.transaction():
            ledger.set_fact(EPOCH, "")
    hosts.collect("A")
    assert [body["to"] for _, body in hosts.events("A", "handed-over")] == ["MAY-B"]


def test_to_take_over_what_one_has_changes_nothing(hosts: Hosts) -> None:
    before = (hosts.inbox / NAME).read_bytes()
    taken = hosts.take_over("A")
    assert (taken.changed, taken.sentinel.epoch) == (False, 1)
    assert (hosts.inbox / NAME).read_bytes() == before
    assert hosts.events("A", "took-over") == []


def test_the_old_host_stops_between_archive_and_record(
    hosts: Hosts, monkeypatch: pytest.MonkeyPatch
) -> None:

    def archived(entry: Entry, archive: Path) -> Archived | None:
        kept = archive_copy(entry, archive)
        hosts.take_over("B")
        return kept

    with hosts.on("A") as (desk, ledger):
        desk.put("STC.xlsx", "other")
        monkeypatch.setattr(session, "archive_copy", archived)
        with desk.watched() as intake:
            result = intake.look()
            assert (result.door.open, result.recorded) == (True, [])
            monkeypatch.setattr(session, "archive_copy", archive_copy)
            assert len(desk.blobs()) == 2
            states = [intake.look(10).door.state for _ in range(3)]
            assert states == [Availability.OTHER_HOST] * 3
        assert [r.file for r in ledger.submissions()] == ["STP.xlsx"]
    assert len(hosts.events("A", "handed-over")) == 1
    assert [(r.file, r.version) for r in hosts.collect("B").recorded] == [("STC.xlsx", 1)]


def test_a_kill_between_mark_and_ledger_loses_no_event(
    hosts: Hosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(takeover, "remember_mark", killed)
    with pytest.raises(KeyboardInterrupt):
        hosts.take_over("B")
    assert hosts.mark.holder.host == "MAY-B"
    assert hosts.events("B", "took-over") == []
    assert hosts.collect("B").door.open
    ((_, body),) = hosts.events("B", "took-over")
    assert (body["epoch"], body["from"]["host"]) == (2, "MAY-A")


def test_the_status_page_of_either_host_says_who_collects(hosts: Hosts) -> None:
    hosts.take_over("B")
    pages = {}
    for name in "AB":
        with hosts.on(name) as (desk, ledger):
            Turns(desk.workspace, ledger, settle=0).take()
            pages[name] = (desk.workspace.reports / "status.html").read_text(encoding="utf-8")
    assert "máy MAY-B đang thu" in pages["A"]
    assert "Hộp nhận đang hoạt động" in pages["B"]
    assert "Hộp nhận đang hoạt động" not in pages["A"]


def test_the_refused_host_leaves_the_page_on_the_share_alone(hosts: Hosts, tmp_path: Path) -> None:
    page = tmp_path / "page" / "status.html"
    written = []
    for name in "AB":
        hosts.desks[name].settle_on(folders={"inbox": str(hosts.inbox), "status": str(page.parent)})
        with hosts.on(name) as (desk, ledger):
            Turns(desk.workspace, ledger, settle=0).take()
        written.append(page.read_bytes())
    assert written[0] == written[1]
    assert "Hộp nhận đang hoạt động" in written[0].decode()


def test_the_refused_host_writes_nothing_from_its_outbox_until_it_collects_again(
    hosts: Hosts,
) -> None:
    hosts.desks["A"].put("STP.xlsx")
    hosts.collect("A")
    hosts.take_over("B")
    written = []
    for _again in range(2):
        with hosts.on("A") as (desk, ledger):
            turn = Turns(desk.workspace, ledger, settle=0).take()
            written.append([path.name for path in turn.delivered.written])
        hosts.take_over("A")
    assert written == [[], ["bien-nhan-STP-lan-1-so-1.html"]]


# --- marks that are not as they were ----------------------------------------------------------------


def test_a_mark_restored_from_a_backup_is_told_and_stops_both_hosts(hosts: Hosts) -> None:
    old = (hosts.inbox / NAME).read_bytes()
    hosts.take_over("B")
    hosts.collect("A")
    (hosts.inbox / NAME).write_bytes(old)
    for name in "AB":
        result = hosts.collect(name)
        assert result.door.state is Availability.UNAVAILABLE
        assert "older copy" in result.door.words[1]
        assert "bản cũ" in result.door.words[0]
        assert hosts.look(name).stand is Stand.OLDER


def test_a_takeover_mends_a_restored_mark_and_the_other_side_tells_it(hosts: Hosts) -> None:
    old = (hosts.inbox / NAME).read_bytes()
    hosts.take_over("B")
    hosts.collect("A")
    (hosts.inbox / NAME).write_bytes(old)
    taken = hosts.take_over("A")
    assert (taken.changed, taken.sentinel.epoch, taken.sentinel.holder.host) == (True, 2, "MAY-A")
    assert hosts.collect("A").door.open
    for _ in range(2):
        assert hosts.collect("B").door.state is Availability.OTHER_HOST
    assert [body["to"] for _, body in hosts.events("B", "handed-over")] == ["MAY-A"]
    assert [body["to"] for _, body in hosts.events("A", "handed-over")] == ["MAY-B"]


def test_a_mark_that_is_gone_is_made_anew_only_when_a_person_says_so(hosts: Hosts) -> None:
    before = hosts.mark.inbox
    (hosts.inbox / NAME).unlink()
    with pytest.raises(TakeoverError) as caught:
        hosts.take_over("B")
    assert caught.value.mark.stand is Stand.MISSING
    assert not (hosts.inbox / NAME).exists()
    taken = hosts.take_over("B", new_inbox=True)
    assert (taken.former, taken.set_aside) == (None, None)
    assert hosts.mark.inbox not in {"", before}
    assert hosts.fact("B", INBOX) == hosts.mark.inbox
    assert json.loads(hosts.fact("B", EPOCH))[:2] == [hosts.mark.inbox, 1]
    ((_, body),) = hosts.events("B", "took-over")
    assert (body["from"], body["inbox"], body["epoch"]) == ({}, hosts.mark.inbox, 1)
    hosts.desks["B"].put("STC.xlsx", "other")
    assert [r.file for r in hosts.collect("B").recorded] == ["STC.xlsx"]


def test_the_former_host_does_not_follow_to_a_new_mark_by_itself(hosts: Hosts) -> None:
    (hosts.inbox / NAME).unlink()
    hosts.take_over("B", new_inbox=True)
    assert hosts.collect("A").door.state is Availability.UNAVAILABLE
    with pytest.raises(TakeoverError) as caught:
        hosts.take_over("A")
    assert caught.value.mark.stand is Stand.OTHER_INBOX
    taken = hosts.take_over("A", new_inbox=True)
    assert (taken.sentinel.epoch, taken.former and taken.former.host) == (2, "MAY-B")
    assert hosts.collect("A").door.open
    hosts.collect("B")
    assert len(hosts.events("B", "handed-over")) == 1


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"\xff\xfe", b"x" * 70_000])
def test_a_damaged_mark_is_set_aside_and_never_deleted(hosts: Hosts, damage: bytes) -> None:
    (hosts.inbox / NAME).write_bytes(damage)
    with pytest.raises(TakeoverError) as caught:
        hosts.take_over("A")
    assert caught.value.mark.stand is Stand.DAMAGED
    assert (hosts.inbox / NAME).read_bytes() == damage
    taken = hosts.take_over("A", new_inbox=True)
    assert taken.set_aside is not None
    assert taken.set_aside.read_bytes() == damage
    assert taken.set_aside.name.startswith(".xlscore-inbox-hong-")
    result = hosts.collect("A")
    assert (result.door.open, result.waiting, result.recorded) == (True, [], [])
    ((_, body),) = hosts.events("A", "took-over")
    assert (body["from"], body["inbox"]) == ({}, hosts.mark.inbox)


def test_a_mark_that_was_mended_meanwhile_is_not_set_aside(hosts: Hosts) -> None:
    good = (hosts.inbox / NAME).read_bytes()
    (hosts.inbox / NAME).write_bytes(b"{")
    seen = hosts.look("B")
    (hosts.inbox / NAME).write_bytes(good)
    with pytest.raises(SentinelError):
        hosts.take_over("B", new_inbox=True, seen=seen)
    assert (hosts.inbox / NAME).read_bytes() == good


def test_what_another_host_did_meanwhile_is_not_overwritten(hosts: Hosts) -> None:
    seen = hosts.look("B")
    hosts.take_over("B")
    before = (hosts.inbox / NAME).read_bytes()
    with pytest.raises(SentinelError):
        hosts.take_over("B", seen=seen)
    assert (hosts.inbox / NAME).read_bytes() == before


def test_a_mark_that_another_host_makes_at_the_same_time_stays(
    hosts: Hosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    (hosts.inbox / NAME).unlink()
    quicker = Holder("other", "MAY-C", "lan")

    def second(inbox: Path, **how: Any) -> Sentinel:
        create_sentinel(inbox, **(how | {"holder": quicker}))
        return create_sentinel(inbox, **how)

    monkeypatch.setattr(takeover, "create_sentinel", second)
    with pytest.raises(TakeoverError) as caught:
        hosts.take_over("B", new_inbox=True)
    assert caught.value.mark.stand is Stand.OTHER_INBOX
    assert "MAY-C" in str(caught.value)
    assert hosts.mark.holder == quicker
    assert hosts.events("B", "took-over") == []


# --- what is refused --------------------------------------------------------------------------------


def test_the_inbox_of_another_campaign_is_always_refused(hosts: Hosts, tmp_path: Path) -> None:
    other = make_campaign(tmp_path / "other", id="khac-2026", folders={"inbox": str(hosts.inbox)})
    other.form()  # makes keys and ledger
    desk = Office(other.root, {})
    before = (hosts.inbox / NAME).read_bytes()
    for new_inbox in (False, True):
        with desk.ledger() as ledger, pytest.raises(TakeoverError) as caught:
            take_over(desk.workspace, ledger, NOW, new_inbox)
        assert caught.value.mark.stand is Stand.OTHER_CAMPAIGN
        assert "thu-2026" in str(caught.value)
    assert (hosts.inbox / NAME).read_bytes() == before


def test_without_keys_nobody_takes_over(hosts: Hosts) -> None:
    (hosts.desks["B"].workspace.data / "keys.json").unlink()
    hosts.desks["B"].workspace = open_workspace(hosts.desks["B"].root)
    with pytest.raises(KeysError, match=r"keys\.json"):
        hosts.take_over("B")
    assert hosts.mark.holder.host == "MAY-A"


def test_an_inbox_that_nobody_has_opened_is_not_taken_over(office: Office) -> None:
    with office.ledger() as ledger, pytest.raises(TakeoverError) as caught:
        take_over(office.workspace, ledger, NOW, new_inbox=True)
    assert caught.value.mark.stand is Stand.UNUSED
    assert office.files() == set()


def test_an_inbox_that_is_away_is_not_taken_over(hosts: Hosts) -> None:
    hosts.inbox.rename(hosts.inbox.with_name("away"))
    with pytest.raises(TakeoverError) as caught:
        hosts.take_over("B", new_inbox=True)
    assert caught.value.mark.stand is Stand.UNREACHABLE


def test_another_ledger_may_take_over_too(hosts: Hosts) -> None:
    data = hosts.desks["B"].workspace.data
    (data / "ledger.db").unlink()
    shutil.rmtree(data / "journal")
    taken = hosts.take_over("B")
    assert taken.former is not None
    assert taken.sentinel.holder.ledger != taken.former.ledger
    assert hosts.fact("B", INBOX) == hosts.mark.inbox
    assert hosts.collect("B").door.open
    assert [k for k, _ in hosts.events("B", "inbox-opened", "took-over")] == ["took-over"]
