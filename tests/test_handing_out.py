"""Scorecards and reminders on their way to the units: what goes out, once, and loses nobody's work."""

from __future__ import annotations

import email
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from tests.campaigns import Campaign, Key, make_campaign, rubric
from tests.collecting import collect
from xlscore.drafts import Reason
from xlscore.findings import Status
from xlscore.handing_out import Channel, Released, TargetError, Way, release
from xlscore.issuing import forms, issue
from xlscore.layout import Slot
from xlscore.ledger import Ledger, open_ledger
from xlscore.letter_texts import LetterTextError
from xlscore.reminding import Reminded, remind
from xlscore.upkeep import check_ledger
from xlscore.workbooks.scorecard.fill import Typed
from xlscore.workspace import KeysError, open_workspace

NOW = datetime(2026, 12, 10, 1, 30, tzinfo=UTC)  # 08:30 in Viet Nam; the deadline is 15/12
UNITS = """code,name,tier,email
STP,Sở Tư pháp,so,stp@mau.example.vn
STC,Sở Tài chính,so,"stc@mau.example.vn; vanphong.stc@mau.example.vn, stc@mau.example.vn"
AB,Ủy ban nhân dân xã An Bình,xa,anbinh@mau.example.vn
"""


@dataclass
class Office:
    """A campaign whose scorecards are issued."""

    made: Campaign

    @property
    def root(self) -> Path:
        return self.made.root

    @property
    def outbox(self) -> Path:
        return self.made.workspace.outbox

    def write(self, **given: Any) -> None:
        """Write the campaign's files anew, and open it."""
        self.made = make_campaign(self.root, **({"units": UNITS} | given))

    def issue(self, *units: str, by_role: bool = False, force: bool = False) -> None:
        active = self.made.workspace.campaign.active
        chosen = [active[unit] for unit in units or active]
        wanted = forms(self.made.workspace, chosen, by_role=by_role)
        issue(self.made.workspace, wanted, force=force)

    def issued(self, unit: str = "STP", role: str = "") -> Path:
        tier = self.made.workspace.campaign.units[unit].tier
        return self.root / "templates" / tier / f"{unit}{f'__{role}' if role else ''}.xlsx"

    def release(self, channel: Channel = Channel.FOLDERS, *units: str, **way: Any) -> Released:
        chosen = [self.made.workspace.campaign.units[unit] for unit in units] or None
        with open_ledger(self.made.workspace.ledger_path) as ledger:
            return release(self.made.workspace, ledger, Way(channel, **way), NOW, units=chosen)

    def mail(self, *units: str, **way: Any) -> Released:
        return self.release(Channel.MAIL, *units, **way)

    def remind(self, now: datetime = NOW, **given: Any) -> Reminded:
        with open_ledger(self.made.workspace.ledger_path) as ledger:
            return remind(self.made.workspace, ledger, now, **given)

    def events(self, *kinds: str) -> list[dict[str, Any]]:
        with open_ledger(self.made.workspace.ledger_path) as ledger:
            assert ledger.chain_is_sound()
            return [json.loads(e.body) for e in ledger.events() if e.kind in kinds]

    def serials(self) -> dict[tuple[str, str], int]:
        with open_ledger(self.made.workspace.ledger_path) as ledger:
            return {key: i.serial for key, i in ledger.issues("scorecard").items()}

    def draft(self, unit: str = "STP") -> Message:
        return read(self.outbox / "_thu" / "phat-hanh" / f"{unit}.eml")

    def change_rubric(self) -> None:
        """Change what forms depend on, so that they have to be issued anew."""
        changed = rubric()
        changed["nodes"][2]["max"], changed["nodes"][0]["nodes"][0]["max"] = "3", "3"
        changed["nodes"][0]["max"] = "11"
        self.write(rubrics={"so": changed})


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    office = Office(make_campaign(tmp_path_factory.mktemp("issued") / "c", units=UNITS))
    office.issue()
    return office.root


@pytest.fixture
def office(issued: Path, tmp_path: Path) -> Office:
    root = tmp_path / "campaign"
    shutil.copytree(issued, root)
    return Office(Campaign(root, open_workspace(root)))


def read(path: Path) -> Message:
    return email.message_from_bytes(path.read_bytes())


def subject(draft: Message) -> str:
    return str(make_header(decode_header(draft["Subject"])))


def body(draft: Message) -> str:
    part = next(p for p in draft.walk() if p.get_content_type() == "text/plain")
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode().replace("\r\n", "\n")


def attached(draft: Message) -> dict[str | None, Any]:
    files = [p for p in draft.walk() if p.get_filename()]
    return {p.get_filename(): p.get_payload(decode=True) for p in files}


def handed(done: Released) -> list[str]:
    return [given.unit for given in done.handed]


def reasons(done: Released | Reminded) -> list[tuple[str, Reason]]:
    return [(problem.unit, problem.reason) for problem in done.problems]


# --- into folders -------------------------------------------------------------------------------------


def test_every_unit_finds_its_scorecard_in_its_folder_byte_for_byte(office: Office) -> None:
    done = office.release()
    assert handed(done) == ["STP", "STC", "AB"]
    for given in done.handed:
        assert given.path == office.outbox / given.unit / f"{given.unit}.xlsx"
        assert given.path.read_bytes() == office.issued(given.unit).read_bytes()
        assert (given.found, given.kept) == (False, "")
    assert (done.left, done.problems) == ([], [])
    assert not [p for p in office.outbox.rglob("*") if p.name.startswith(".")]


def test_what_was_handed_out_is_recorded_with_its_place(office: Office) -> None:
    office.release(Channel.FOLDERS, "STP")
    serial, folder = office.serials()["STP", ""], (office.outbox / "STP").as_posix()
    assert office.events("released") == [{"channel": "folders", "forms": [[serial, folder]]}]


def test_a_second_run_does_only_what_is_new(office: Office) -> None:
    office.release(Channel.FOLDERS, "STP")
    stamp = (office.outbox / "STP" / "STP.xlsx").stat().st_mtime_ns
    (office.outbox / "AB").mkdir()
    done = office.release()
    assert handed(done) == ["STC", "AB"]
    assert done.left == [("STP", office.serials()["STP", ""])]
    assert (office.outbox / "STP" / "STP.xlsx").stat().st_mtime_ns == stamp
    assert handed(office.release()) == []
    assert len(office.events("released")) == 3


def test_a_form_that_its_unit_has_moved_away_is_not_put_there_again(office: Office) -> None:
    office.release()
    (office.outbox / "STP" / "STP.xlsx").unlink()
    assert handed(office.release()) == []
    assert not (office.outbox / "STP" / "STP.xlsx").exists()
    assert handed(office.release(again=True)) == ["STP", "STC", "AB"]
    assert (office.outbox / "STP" / "STP.xlsx").read_bytes() == office.issued().read_bytes()


def test_another_target_is_another_hand_out(office: Office, tmp_path: Path) -> None:
    office.release()
    share = tmp_path / "share"
    share.mkdir()
    done = office.release(target=share)
    assert handed(done) == ["STP", "STC", "AB"]
    assert (share / "AB" / "AB.xlsx").read_bytes() == office.issued("AB").read_bytes()
    assert handed(office.release(target=share / "x" / "..")) == []


def test_a_target_that_is_not_there_is_not_made(office: Office, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as found:
        office.release(target=tmp_path / "away")
    assert found.value.filename == str(tmp_path / "away")
    assert not (tmp_path / "away").exists()
    assert office.events("released") == []


@pytest.mark.parametrize("below", ["", "phat-hanh"])
@pytest.mark.parametrize("channel", Channel)
def test_nothing_is_handed_out_into_the_inbox(office: Office, below: str, channel: Channel) -> None:
    inside = office.root / "inbox" / below
    inside.mkdir(parents=True)
    with pytest.raises(TargetError) as found:
        office.release(channel, target=inside)
    assert "nằm trong hộp nhận" in found.value.words[0]
    assert "lies in the inbox" in str(found.value)
    assert list(inside.iterdir()) == []


def test_nothing_is_handed_out_where_a_units_folder_is_the_inbox(office: Office) -> None:
    office.write(folders={"inbox": "outbox/STP"})
    with pytest.raises(TargetError):
        office.release()
    assert handed(office.release(Channel.FOLDERS, "AB")) == ["AB"]


def test_role_cards_are_handed_out_each(office: Office) -> None:
    office.issue("STP", by_role=True)
    done = office.release(Channel.FOLDERS, "STP")
    names = ["STP__chuyen-mon.xlsx", "STP__van-phong.xlsx"]
    assert sorted(given.path.name for given in done.handed) == names
    assert sorted(p.name for p in (office.outbox / "STP").iterdir()) == names


def test_after_a_revocation_only_the_new_forms_go_out(office: Office) -> None:
    office.release()
    before = office.serials()
    office.change_rubric()
    office.issue()
    done = office.release()
    assert handed(done) == ["STP", "STC"]
    assert done.left == [("AB", before["AB", ""])]
    assert {s for given in done.handed for s in given.serials}.isdisjoint(before.values())


def test_an_older_form_in_the_folder_stays_beside_the_new_one(office: Office) -> None:
    office.release()
    old = (office.outbox / "STP" / "STP.xlsx").read_bytes()
    office.change_rubric()
    office.issue()
    (given,) = office.release(Channel.FOLDERS, "STP").handed
    (serial,) = given.serials
    assert (given.path.name, given.kept) == (f"STP-so-{serial}.xlsx", "STP.xlsx")
    assert given.path.read_bytes() == office.issued().read_bytes()
    assert (office.outbox / "STP" / "STP.xlsx").read_bytes() == old


def test_another_file_of_that_name_is_kept_and_a_further_one_too(office: Office) -> None:
    folder, serial = office.outbox / "STP", office.serials()["STP", ""]
    folder.mkdir(parents=True)
    (folder / "STP.xlsx").write_bytes(b"ghi chep")
    (folder / f"STP-so-{serial}.xlsx").mkdir()
    done = office.release(Channel.FOLDERS, "STP")
    assert reasons(done) == [("STP", Reason.NOT_WRITTEN)]  # a folder is called so
    (folder / f"STP-so-{serial}.xlsx").rmdir()
    (folder / f"STP-so-{serial}.xlsx").write_bytes(b"so khac")
    (given,) = office.release(Channel.FOLDERS, "STP").handed
    assert (given.path.name, given.kept) == (f"STP-so-{serial}-2.xlsx", "STP.xlsx")
    assert (folder / "STP.xlsx").read_bytes() == b"ghi chep"
    assert (folder / f"STP-so-{serial}.xlsx").read_bytes() == b"so khac"


def test_a_unit_that_fills_its_copy_in_the_folder_loses_nothing(office: Office) -> None:
    path = office.outbox / "STP" / "STP.xlsx"
    path.parent.mkdir(parents=True)
    filled = office.made.filled(form=office.issued().read_bytes())
    path.write_bytes(filled)  # handed out, but not recorded: the process was killed
    (given,) = office.release(Channel.FOLDERS, "STP").handed
    assert (given.path, given.found, given.kept) == (path, True, "")
    assert path.read_bytes() == filled
    assert [p.name for p in path.parent.iterdir()] == ["STP.xlsx"]
    assert office.release(Channel.FOLDERS, "STP").left == [("STP", given.serials[0])]


def test_again_puts_a_fresh_form_beside_one_that_is_being_filled(office: Office) -> None:
    path = office.outbox / "STP" / "STP.xlsx"
    office.release(Channel.FOLDERS, "STP")
    filled = office.made.filled(form=path.read_bytes())
    path.write_bytes(filled)
    for found in (False, True):
        (given,) = office.release(Channel.FOLDERS, "STP", again=True).handed
        (serial,) = given.serials
        assert (given.path.name, given.found) == (f"STP-so-{serial}.xlsx", found)
        assert given.path.read_bytes() == office.issued().read_bytes()
    assert path.read_bytes() == filled
    assert len(list(path.parent.iterdir())) == 2


def test_what_goes_out_again_is_told_in_the_ledger_beside_the_first_time(office: Office) -> None:
    office.release(Channel.FOLDERS, "STP")
    office.release(Channel.FOLDERS, "STP", again=True)
    first, again = office.events("released", "released-again")
    assert first == again
    assert len(office.events("released")) == 1


@pytest.mark.parametrize("channel", Channel)
def test_killed_between_writing_and_recording_the_next_run_does_it_once(
    office: Office, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_args: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Ledger, "release", killed)
        with pytest.raises(KeyboardInterrupt):
            office.release(channel)
    before = sorted(p for p in office.outbox.rglob("*") if p.is_file())
    assert len(before) == 1
    assert office.events("released") == []
    assert handed(office.release(channel)) == ["STP", "STC", "AB"]
    after = sorted(p for p in office.outbox.rglob("*") if p.is_file())
    assert len(after) == 3
    assert set(before) < set(after)
    assert handed(office.release(channel)) == []


def test_progress_is_told_unit_by_unit(office: Office) -> None:
    told: list[tuple[int, int]] = []
    with open_ledger(office.made.workspace.ledger_path) as ledger:
        way = Way(Channel.FOLDERS)
        release(
            office.made.workspace, ledger, way, NOW, progress=lambda at, n: told.append((at, n))
        )
    assert told == [(1, 3), (2, 3), (3, 3)]


# --- what is not handed out -------------------------------------------------------------------------------


def _fill(office: Office) -> None:
    office.issued().write_bytes(office.made.filled(form=office.issued().read_bytes()))


def _older(office: Office) -> None:
    old = office.issued().read_bytes()
    office.change_rubric()
    office.issue()
    office.issued().write_bytes(old)


def _others(office: Office) -> None:
    shutil.copy(office.issued("STC"), office.issued())


def _damaged(office: Office) -> None:
    office.issued().write_bytes(office.issued().read_bytes()[:-100])


def _folder(office: Office) -> None:
    office.issued().unlink()
    office.issued().mkdir()


_BAD = {
    "filled": (_fill, Reason.CHANGED),
    "older": (_older, Reason.ANOTHER_FORM),
    "another unit's": (_others, Reason.ANOTHER_FORM),
    "damaged": (_damaged, Reason.ANOTHER_FORM),
    "gone": (lambda office: office.issued().unlink(), Reason.NO_FILE),
    "a folder": (_folder, Reason.NO_FILE),
    "of the rubric before": (Office.change_rubric, Reason.OLD_RUBRIC),
}


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("case", _BAD)
def test_a_file_that_is_not_the_form_in_force_is_not_handed_out(
    office: Office, case: str, channel: Channel
) -> None:
    spoil, reason = _BAD[case]
    spoil(office)
    done = office.release(channel, "STP")
    assert reasons(done) == [("STP", reason)]
    assert (done.handed, office.events("released")) == ([], [])
    assert not [p for p in office.outbox.rglob("*") if p.is_file()]


def test_the_remedy_of_each_bad_file_is_to_generate_it(office: Office) -> None:
    _fill(office)
    office.issue(force=True)
    assert handed(office.release(Channel.FOLDERS, "STP")) == ["STP"]
    office.change_rubric()
    office.issue()
    assert handed(office.release(Channel.FOLDERS, "STP")) == ["STP"]


def test_a_changed_deadline_keeps_the_form_with_the_old_one_back(office: Office) -> None:
    settings = json.loads((office.root / "campaign.yaml").read_text(encoding="utf-8"))
    settings["tiers"]["so"]["deadline"] = "2026-12-20"
    office.write(tiers=settings["tiers"])
    assert reasons(office.release(Channel.FOLDERS, "STP")) == [("STP", Reason.CHANGED)]
    serials = office.serials()
    office.issue(force=True)
    assert handed(office.release(Channel.FOLDERS, "STP")) == ["STP"]
    assert office.serials() == serials


def test_one_bad_file_stops_no_other_unit(office: Office) -> None:
    _fill(office)
    done = office.release()
    assert handed(done) == ["STC", "AB"]
    assert reasons(done) == [("STP", Reason.CHANGED)]


def test_a_unit_without_a_form_in_force_is_named(office: Office) -> None:
    office.write(units=f"{UNITS}SNV,Sở Nội vụ,so,snv@mau.example.vn\n")
    done = office.release()
    assert handed(done) == ["STP", "STC", "AB"]
    assert reasons(done) == [("SNV", Reason.NOT_ISSUED)]


def test_a_role_that_the_rubric_no_longer_has_asks_for_new_forms(office: Office) -> None:
    office.issue("STP", by_role=True)
    changed = rubric()
    changed["nodes"][0]["role"] = ["chuyen-mon"]
    office.write(rubrics={"so": changed})
    done = office.release(Channel.FOLDERS, "STP")
    assert reasons(done) == [("STP", Reason.OLD_RUBRIC)] * 2


def test_a_folder_that_cannot_be_written_is_told_and_the_others_go_on(office: Office) -> None:
    office.outbox.mkdir()
    (office.outbox / "STP").write_text("no folder", encoding="utf-8")
    done = office.release()
    assert handed(done) == ["STC", "AB"]
    (problem,) = done.problems
    assert (problem.reason, problem.file) == (Reason.NOT_WRITTEN, str(office.outbox / "STP"))
    assert all(problem.words)


@pytest.mark.parametrize("channel", Channel)
def test_lost_keys_stop_everything(office: Office, channel: Channel) -> None:
    (office.root / "data" / "keys.json").unlink()
    with pytest.raises(KeysError):
        office.release(channel)
    assert not office.outbox.exists() or not list(office.outbox.iterdir())


# --- as drafts of letters -----------------------------------------------------------------------


def test_a_draft_says_in_vietnamese_what_to_do_by_when_and_carries_the_form(
    office: Office,
) -> None:
    done = office.mail()
    assert handed(done) == ["STP", "STC", "AB"]
    draft, serial = office.draft("AB"), office.serials()["AB", ""]
    assert subject(draft) == (
        "V/v gửi Phiếu tự chấm điểm – Ủy ban nhân dân xã An Bình – Kỳ thử 2026"
    )
    for said in (
        "Kính gửi: Ủy ban nhân dân xã An Bình\n",
        f"- AB.xlsx: Phiếu tự chấm điểm số {serial}\n",
        "Thời hạn nộp phiếu: hết ngày 15/12/2026.",
        "Nơi nộp phiếu: theo hướng dẫn của Sở Nội vụ\n",
    ):
        assert said in body(draft)
    assert attached(draft) == {"AB.xlsx": office.issued("AB").read_bytes()}
    assert (draft["To"], draft["From"], draft["X-Unsent"]) == ("anbinh@mau.example.vn", None, "1")
    assert draft["Date"] == "Thu, 10 Dec 2026 08:30:00 +0700"


def test_drafts_lie_in_the_letters_folder_or_in_that_of_the_target(
    office: Office, tmp_path: Path
) -> None:
    (given,) = office.mail("STP").handed
    assert given.path == office.outbox / "_thu" / "phat-hanh" / "STP.eml"
    (given,) = office.mail("AB", target=tmp_path).handed
    assert given.path == tmp_path / "_thu" / "phat-hanh" / "AB.eml"


def test_several_addresses_are_all_written_to_each_once(office: Office) -> None:
    (given,) = office.mail("STC").handed
    assert office.draft("STC")["To"] == "stc@mau.example.vn, vanphong.stc@mau.example.vn"
    assert given.target == "stc@mau.example.vn, vanphong.stc@mau.example.vn"
    assert office.events("released") == [
        {"channel": "mail", "forms": [[office.serials()["STC", ""], given.target]]}
    ]


def test_no_draft_is_written_twice_unless_asked_for(office: Office) -> None:
    office.mail()
    path = office.outbox / "_thu" / "phat-hanh" / "STP.eml"
    first = path.read_bytes()
    path.unlink()  # sent and thrown away
    done = office.mail()
    assert (handed(done), len(done.left)) == ([], 3)
    assert not path.exists()
    assert handed(office.mail("STP", again=True)) == ["STP"]
    assert path.read_bytes() == first  # the same Message-ID: known to be one letter


def test_another_campaigns_draft_in_a_shared_outbox_stays(office: Office, tmp_path: Path) -> None:
    other = Office(make_campaign(tmp_path / "other", units=UNITS, id="khac-2026"))
    other.issue()
    (first,) = office.mail("STP", target=tmp_path).handed
    before = first.path.read_bytes()
    (second,) = other.mail("STP", target=tmp_path).handed
    assert (first.path.name, second.path.name) == ("STP.eml", "STP.2.eml")
    assert first.path.read_bytes() == before
    for one, given in ((office, first), (other, second)):
        (again,) = one.mail("STP", target=tmp_path, again=True).handed
        assert again.path == given.path
    assert office.remind().written[0].path.name == "STP-20261210.eml"


def test_a_letter_and_a_folder_are_two_channels(office: Office) -> None:
    office.mail()
    assert handed(office.release()) == ["STP", "STC", "AB"]


def test_a_new_address_gets_a_letter_and_the_order_of_addresses_does_not_matter(
    office: Office,
) -> None:
    office.mail()
    changed = UNITS.replace("stp@", "moi@").replace(
        "stc@mau.example.vn; vanphong.stc@mau.example.vn", "vanphong.stc@mau.example.vn"
    )
    office.write(units=changed)
    done = office.mail()
    assert handed(done) == ["STP"]
    assert office.draft()["To"] == "moi@mau.example.vn"


def test_a_unit_without_an_address_is_listed_and_gets_no_draft(office: Office) -> None:
    office.write(units=UNITS.replace("stp@mau.example.vn", " ; "))
    done = office.mail()
    assert handed(done) == ["STC", "AB"]
    assert reasons(done) == [("STP", Reason.NO_ADDRESS)]
    assert not (office.outbox / "_thu" / "phat-hanh" / "STP.eml").exists()


@pytest.mark.parametrize("address", ["stp", "sở@mau.vn", "a@b.vn\r\nBcc: x@y.vn", "<a@b.vn"])
def test_an_address_that_is_none_is_listed_and_stops_no_other(office: Office, address: str) -> None:
    office.write(units=UNITS.replace("stp@mau.example.vn", f'"{address}"'))
    done = office.mail()
    assert handed(done) == ["STC", "AB"]
    (problem,) = done.problems
    assert (problem.unit, problem.reason) == ("STP", Reason.BAD_LETTER)
    assert all(problem.words)


@pytest.mark.parametrize(
    "name",
    [
        "Sở\r\nBcc: xau@mau.vn\r\n\r\nTư pháp",
        "=?utf-8?q?Bcc:_x?= <xau@mau.vn>, $unit ${x} %s {0}",
        "Ủy ban nhân dân đặc khu Ngọc Vừng, Cô Tô và các đảo phụ cận " * 4,
        "Sở \u202eT\u1b0b pháp",
    ],
)
def test_a_hostile_name_of_a_unit_stays_a_name(office: Office, name: str) -> None:
    office.write(units=UNITS.replace("Sở Tư pháp", '"' + name.replace('"', '""') + '"'))
    office.issue(force=True)
    done = office.mail("STP")
    assert done.problems == []
    draft = office.draft()
    shown = " ".join(name.split())
    assert subject(draft) == f"V/v gửi Phiếu tự chấm điểm – {shown} – Kỳ thử 2026"
    assert (draft["To"], draft["Bcc"]) == ("stp@mau.example.vn", None)
    assert sorted(draft.keys()) == sorted(
        ["Content-Type", "MIME-Version", "To", "Subject", "Date", "Message-ID", "X-Unsent"]
    )
    assert list(attached(draft)) == ["STP.xlsx"]


def test_a_name_with_a_control_character_is_told_as_a_letter_that_cannot_be(office: Office) -> None:
    office.write(units=UNITS.replace("Sở Tư pháp", "Sở\x07Tư pháp"))
    office.issue(force=True)
    assert reasons(office.mail("STP")) == [("STP", Reason.BAD_LETTER)]
    assert office.events("released") == []


def test_a_draft_carries_all_cards_of_a_unit(office: Office) -> None:
    office.issue("STP", by_role=True)
    (given,) = office.mail("STP").handed
    serials, draft = office.serials(), office.draft()
    names = ["STP__chuyen-mon.xlsx", "STP__van-phong.xlsx"]
    assert sorted(map(str, attached(draft))) == names
    assert sorted(given.serials) == sorted(s for (unit, _), s in serials.items() if unit == "STP")
    said = f"- STP__van-phong.xlsx: Phiếu tự chấm điểm số {serials['STP', 'van-phong']} (Văn phòng)"
    assert said in body(draft)


def test_one_bad_card_keeps_the_draft_of_its_unit_back(office: Office) -> None:
    office.issue("STP", by_role=True)
    office.issued("STP", "van-phong").unlink()
    done = office.mail("STP")
    assert (handed(done), reasons(done)) == ([], [("STP", Reason.NO_FILE)])


def test_the_letter_of_a_new_form_says_which_one_it_takes_the_place_of(office: Office) -> None:
    office.mail()
    old, first = office.serials()["STP", ""], office.draft()["Message-ID"]
    office.change_rubric()
    office.issue()
    done = office.mail()
    assert handed(done) == ["STP", "STC"]
    new = office.serials()["STP", ""]
    said = f"Phiếu tự chấm điểm số {new}, thay cho phiếu số {old} không còn hiệu lực\n"
    assert said in body(office.draft())
    assert office.draft()["Message-ID"] != first


def test_role_cards_take_the_place_of_the_whole_card_and_not_of_each_other(office: Office) -> None:
    whole = office.serials()["STP", ""]
    office.issue("STP", by_role=True)
    old = {role: s for (unit, role), s in office.serials().items() if unit == "STP"}
    office.change_rubric()
    office.issue("STP", by_role=True)
    office.mail("STP")
    for role, serial in old.items():
        line = next(
            x for x in body(office.draft()).splitlines() if x.startswith(f"- STP__{role}.xlsx")
        )
        assert line.endswith(f", thay cho phiếu số {whole}, {serial} không còn hiệu lực")


def test_codes_too_long_for_a_mail_give_the_attachment_a_short_name(office: Office) -> None:
    code = "S" * 58
    office.write(units=f"{UNITS}{code},Sở Dài,so,dai@mau.example.vn\n")
    office.issue(code)
    assert handed(office.mail(code)) == [code]
    assert list(attached(office.draft(code))) == [f"phieu-so-{office.serials()[code, '']}.xlsx"]


_AS_TOLD = "theo hướng dẫn của Sở Nội vụ"
"""Where a path of this machine would tell nobody anything."""


@pytest.mark.parametrize(
    ("inbox", "own", "said"),
    [
        ("//may-chu/cchc/nop", "no", r"\\may-chu\cchc\nop"),
        ("//may-chu/cchc/nop", "yes", r"\\may-chu\cchc\nop\STP"),
        (r"\\may-chu\cchc\nop", "yes", r"\\may-chu\cchc\nop\STP"),
        (str(Path("/srv/nop").absolute()), "yes", f"{_AS_TOLD} (thư mục con STP)"),
        (r"D:\cchc\inbox", "no", _AS_TOLD),
        ("inbox", "no", _AS_TOLD),
        ("~/nop", "yes", f"{_AS_TOLD} (thư mục con STP)"),
    ],
)
def test_a_letter_names_the_inbox_as_the_unit_reaches_it(
    office: Office, inbox: str, own: str, said: str
) -> None:
    office.write(folders={"inbox": inbox}, folders_per_unit=own)
    office.mail("STP")
    assert f"Nơi nộp phiếu: {said}\n" in body(office.draft())


def own_text(office: Office, name: str, text: str) -> None:
    (office.root / "letters").mkdir()
    (office.root / "letters" / f"{name}.txt").write_text(text, encoding="utf-8")


def test_the_offices_own_text_takes_the_place_of_ours(office: Office) -> None:
    own_text(office, "release", "Phiếu của $unit_code\n\nNộp vào \\\\may-chu\\nop\\$unit_code\n")
    office.mail("STP")
    assert subject(office.draft()) == "Phiếu của STP"
    assert body(office.draft()) == "Nộp vào \\\\may-chu\\nop\\STP\n"


def test_an_own_text_that_cannot_be_used_stops_before_anything_goes_out(office: Office) -> None:
    own_text(office, "release", "Phiếu của $don_vi\n\nKính gửi\n")
    with pytest.raises(LetterTextError):
        office.mail()
    assert office.events("released") == []
    assert not list(office.outbox.rglob("*.eml"))
    assert handed(office.release()) == ["STP", "STC", "AB"]


def test_a_draft_that_cannot_be_written_is_told_and_not_recorded(office: Office) -> None:
    path = office.outbox / "_thu" / "phat-hanh" / "STP.eml"
    path.mkdir(parents=True)
    done = office.mail()
    assert handed(done) == ["STC", "AB"]
    (problem,) = done.problems
    assert (problem.reason, problem.file) == (Reason.NOT_WRITTEN, str(path))
    assert len(office.events("released")) == 2


# --- reminders ------------------------------------------------------------------------------------


@pytest.fixture
def returned(office: Office) -> Office:
    """STP has submitted, STC sent a draft, AB one that is refused."""
    inbox = office.root / "inbox"
    inbox.mkdir()
    typed: dict[str, dict[Key, Typed | None]] = {
        "STP": {},
        "STC": {("", Slot.SUBMIT): None},
        "AB": {("n1.1", "points"): Decimal(9)},
    }
    for unit, changes in typed.items():
        form = office.issued(unit).read_bytes()
        (inbox / f"{unit}.xlsx").write_bytes(office.made.filled(changes, unit=unit, form=form))
    done = collect(office.made.workspace, settle=0)
    assert {r.unit: r.status for r in done.recorded} == {
        "STP": Status.VALID,
        "STC": Status.DRAFT,
        "AB": Status.INVALID,
    }
    return office


def reminded(done: Reminded) -> list[tuple[str, str]]:
    return [(r.standing.unit.code, r.standing.state.value) for r in done.written]


def reminder(office: Office, unit: str, day: str = "20261210") -> Message:
    return read(office.outbox / "_thu" / "nhac-nop" / f"{unit}-{day}.eml")


def test_only_units_that_have_not_submitted_are_reminded(returned: Office) -> None:
    done = returned.remind()
    assert reminded(done) == [("STC", "draft"), ("AB", "invalid")]
    assert done.problems == []
    assert sorted(p.name for p in (returned.outbox / "_thu" / "nhac-nop").iterdir()) == [
        "AB-20261210.eml",
        "STC-20261210.eml",
    ]


def test_a_reminder_says_state_deadline_days_left_and_what_is_to_be_mended(
    returned: Office,
) -> None:
    returned.remind()
    draft = reminder(returned, "AB")
    name = "Ủy ban nhân dân xã An Bình"
    assert subject(draft) == f"V/v nhắc nộp Phiếu tự chấm điểm – {name} (còn 5 ngày)"
    for said in (
        "là hết ngày 15/12/2026 (còn 5 ngày). Tính đến 08 giờ 30 ngày 10/12/2026, phiếu",
        "phiếu nhận được còn lỗi nên chưa được chấp nhận.\nNội dung cần sửa:\n- Tiêu chí 1.1, ô",
        ". Nhập không quá 2.\n\nĐề nghị",
        "Nơi nộp phiếu: theo hướng dẫn của Sở Nội vụ\n",
    ):
        assert said in body(draft)
    assert (draft["To"], draft["X-Unsent"], attached(draft)) == ("anbinh@mau.example.vn", "1", {})
    assert "mới là bản nháp" in body(reminder(returned, "STC"))


def test_a_missing_unit_is_told_whose_cards_are_wanted(office: Office) -> None:
    office.issue("STP", by_role=True)
    assert ("STP", "missing") in reminded(office.remind())
    said = "Phiếu cần nộp:\n- Văn phòng\n- Phòng chuyên môn\n"
    assert said in body(reminder(office, "STP"))
    assert "Phiếu cần nộp" not in body(reminder(office, "AB"))


def test_a_unit_with_a_card_outstanding_is_told_whose(office: Office) -> None:
    office.issue("STP", by_role=True)
    (office.root / "inbox").mkdir()
    form = office.issued("STP", "van-phong").read_bytes()
    filled = office.made.filled(unit="STP", role="van-phong", form=form)
    (office.root / "inbox" / "vp.xlsx").write_bytes(filled)
    collect(office.made.workspace, settle=0)
    assert ("STP", "partial") in reminded(office.remind())
    assert "Các phần còn thiếu:\n- Phòng chuyên môn\n\nĐề nghị" in body(reminder(office, "STP"))


def test_a_return_with_very_many_errors_is_not_listed_at_full_length(
    returned: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xlscore.reminding._MOST_LINES", 0)
    returned.remind()
    said = "Nội dung cần sửa:\n- và 1 lỗi khác, nêu đủ trong biên nhận\n"
    assert said in body(reminder(returned, "AB"))


def test_the_same_day_again_writes_the_same_file_and_the_next_day_another(office: Office) -> None:
    office.remind()
    first = reminder(office, "STP")
    office.remind(NOW + timedelta(hours=4))
    later = reminder(office, "STP")
    assert later["Message-ID"] == first["Message-ID"]
    assert "Tính đến 12 giờ 30 ngày 10/12/2026" in body(later)
    office.remind(NOW + timedelta(hours=16))  # 00:30 of the 11th in Viet Nam
    next_day = reminder(office, "STP", "20261211")
    assert next_day["Message-ID"] != first["Message-ID"]
    assert subject(next_day).endswith("(còn 4 ngày)")


def test_who_has_submitted_since_is_reminded_no_more(returned: Office) -> None:
    form = returned.issued("AB").read_bytes()
    mended = returned.made.filled(unit="AB", form=form)
    (returned.root / "inbox" / "AB-sua.xlsx").write_bytes(mended)
    collect(returned.made.workspace, settle=0)
    assert reminded(returned.remind()) == [("STC", "draft")]


@pytest.mark.parametrize(
    ("days", "now", "units"),
    [
        (4, NOW, []),
        (5, NOW, ["STP", "STC"]),
        (0, NOW + timedelta(days=5), ["STP", "STC"]),
        (0, NOW + timedelta(days=9), ["STP", "STC"]),
        (9, NOW, ["STP", "STC"]),
        (10, NOW, ["STP", "STC", "AB"]),
        (None, NOW, ["STP", "STC", "AB"]),
    ],
)
def test_only_units_whose_deadline_is_near_are_reminded_where_asked(
    office: Office, days: int | None, now: datetime, units: Sequence[str]
) -> None:
    settings = json.loads((office.root / "campaign.yaml").read_text(encoding="utf-8"))
    settings["tiers"]["xa"]["deadline"] = "2026-12-20"
    office.write(tiers=settings["tiers"])
    assert [unit for unit, _ in reminded(office.remind(now, days_before=days))] == units


def test_an_overdue_unit_is_told_for_how_long(office: Office) -> None:
    office.remind(NOW + timedelta(days=8))
    assert subject(reminder(office, "STP", "20261218")).endswith("(đã quá hạn 3 ngày)")


def test_reminders_are_recorded_by_tier(office: Office) -> None:
    office.remind()
    assert office.events("reminded") == [
        {"units": ["STP", "STC"], "tier": "so"},
        {"units": ["AB"], "tier": "xa"},
    ]


def test_only_the_tiers_asked_for_are_reminded(office: Office) -> None:
    assert reminded(office.remind(tiers=["xa"])) == [("AB", "missing")]
    assert office.events("reminded") == [{"units": ["AB"], "tier": "xa"}]


def test_who_cannot_be_reminded_is_listed_and_stops_no_other(office: Office) -> None:
    units = UNITS.replace("stp@mau.example.vn", "").replace("anbinh@mau.example.vn", "an binh")
    office.write(units=f"{units}SNV,Sở Nội vụ,so,snv@mau.example.vn\n")
    done = office.remind()
    assert reminded(done) == [("STC", "missing")]
    assert reasons(done) == [
        ("STP", Reason.NO_ADDRESS),
        ("AB", Reason.BAD_LETTER),
        ("SNV", Reason.NOT_ISSUED),
    ]
    assert office.events("reminded") == [{"units": ["STC"], "tier": "so"}]


def test_the_offices_own_reminder_takes_the_place_of_ours(office: Office) -> None:
    own_text(office, "reminder", "Nhắc $unit_code\n\n$due\n")
    office.remind()
    assert subject(reminder(office, "STP")) == "Nhắc STP"
    assert body(reminder(office, "STP")) == "còn 5 ngày\n"


def test_the_ledger_is_sound_after_all_of_it(office: Office) -> None:
    for channel in (Channel.FOLDERS, Channel.MAIL):
        office.release(channel)
        office.release(channel, again=True)
    office.remind()
    assert check_ledger(office.made.workspace).troubles == []


def test_drafts_are_no_returns_of_anybody(office: Office) -> None:
    office.release()
    office.mail()
    office.remind()
    (office.root / "inbox").mkdir()
    assert collect(office.made.workspace, settle=0).recorded == []
