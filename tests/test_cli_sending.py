"""`send` and `mail` as an operator runs them: exit codes, what is printed, who gets what."""

from __future__ import annotations

import email
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from decimal import Decimal
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.campaigns import make_campaign
from tests.mail_office import running
from xlscore import i18n
from xlscore.blobs import blob_path
from xlscore.cli import cli
from xlscore.cli.common import ATTENTION, ENVIRONMENT, FINE, USAGE
from xlscore.mail import read_letter
from xlscore.publishing import publish
from xlscore.sending import passwords
from xlscore.watching import run_once
from xlscore.workspace import open_workspace

UNITS = """code,name,tier,email
STP,Sở Tư pháp,so,stp@mau.example.vn; vp@mau.example.vn
STC,Sở Tài chính,so,
AB,Ủy ban nhân dân xã An Bình,xa,anbinh@mau.example.vn
"""
GROUPS = {
    "lanh-dao": {
        "title": "Lãnh đạo tỉnh",
        "to": ["Chủ tịch UBND tỉnh <ct@mau.example.vn>", "<pct@mau.example.vn>"],
    },
    "bao-chi": {"title": "Báo chí", "to": ["bao@mau.example.vn"], "public": "có"},
}
MAIL = {"sender": "Sở Nội vụ <cchc@mau.example.vn>", "groups": GROUPS}


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    yield
    i18n.use("vi")


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("cli") / "c"
    made = make_campaign(root, units=UNITS, language="en", mail=MAIL)
    made.workspace.inbox.mkdir(exist_ok=True)
    for unit in ("STP", "STC", "AB"):
        (made.workspace.inbox / f"{unit}.xlsx").write_bytes(made.filled(unit=unit))
    run_once(made.workspace, settle=0)
    return root


@pytest.fixture(scope="module")
def frozen(collected: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("frozen") / "c"
    shutil.copytree(collected, root)
    publish(open_workspace(root))
    assert CliRunner().invoke(cli, ["result", "export", "-C", str(root)]).exit_code == FINE
    return root


@pytest.fixture
def root(frozen: Path, tmp_path: Path) -> Path:
    shutil.copytree(frozen, tmp_path / "c")
    return tmp_path / "c"


def run(*args: str | Path, expected: int = FINE, **how: Any) -> Result:
    done = CliRunner().invoke(cli, [str(a) for a in args], **how)
    assert done.exit_code == expected, (done.output, done.exception)
    assert "Traceback" not in done.output
    return done


def run_json(*args: str | Path, expected: int = FINE) -> Any:
    return json.loads(run(*args, "--json", expected=expected).stdout)


def with_server(root: Path, port: int, **more: str) -> None:
    path = root / "campaign.yaml"
    settings = json.loads(path.read_text(encoding="utf-8"))
    settings["mail"]["server"] = {
        "host": "127.0.0.1", "port": str(port), "security": "none", **more,
    }  # fmt: skip
    path.write_text(json.dumps(settings), encoding="utf-8")


def drafts(root: Path) -> list[EmailMessage]:
    made = []
    for path in sorted((root / "outbox/_thu/ket-qua").glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(message, EmailMessage)
        made.append(message)
    return made


def test_leadership_gets_the_frozen_workbook_with_what_it_says_first(root: Path) -> None:
    done = run("send", "-C", root, "--to", "lanh-dao")
    assert "2 drafts written" in done.output
    first, second = drafts(root)
    assert first["Subject"] == "Kết quả Kỳ thử 2026 – bản ban hành lần 1"
    assert [first["To"], second["To"]] == [
        "Chủ tịch UBND tỉnh <ct@mau.example.vn>", "pct@mau.example.vn",
    ]  # fmt: skip
    body = first.get_body()
    assert body is not None
    said = body.get_content()
    assert "Kính gửi: Chủ tịch UBND tỉnh" in said
    assert "Kính gửi: Lãnh đạo tỉnh" in second.get_body().get_content()  # type: ignore[union-attr]
    for part in ("Trung bình:", "Cao nhất: hạng 1", "xlscore verify xep-hang-thu-2026-lan-1.xlsx"):
        assert part in said
    (file,) = first.iter_attachments()
    assert file.get_filename() == "xep-hang-thu-2026-lan-1.xlsx"
    assert file.get_content() == (root / "reports/xep-hang-thu-2026-lan-1.xlsx").read_bytes()


def test_sent_again_nobody_gets_anything_twice(root: Path) -> None:
    run("send", "-C", root, "--to", "lanh-dao")
    done = run("send", "-C", root, "1", "--to", "lanh-dao")
    assert "2 left: queued before" in done.output
    assert len(drafts(root)) == 2


def test_a_group_under_another_name_and_a_second_one_get_nothing_that_was_sent(root: Path) -> None:
    run("send", "-C", root, "--to", "lanh-dao")
    path = root / "campaign.yaml"
    settings = json.loads(path.read_text(encoding="utf-8"))
    leaders = settings["mail"]["groups"].pop("lanh-dao")
    council = {"title": "Hội đồng", "to": ["CT@mau.example.vn", "moi@mau.example.vn"]}
    settings["mail"]["groups"] |= {"lanh-dao-tinh": leaders, "hoi-dong": council}
    path.write_text(json.dumps(settings), encoding="utf-8")
    done = run("send", "-C", root, "--to", "lanh-dao-tinh", "--to", "hoi-dong")
    assert "3 left: queued before" in done.output
    assert [m["To"] for m in drafts(root)].count("moi@mau.example.vn") == 1
    assert len(drafts(root)) == 3


def test_all_groups_are_the_default_and_what_cannot_be_sent_is_told(root: Path) -> None:
    told = run_json("send", "-C", root, expected=ATTENTION)
    assert {one["audience"] for one in told["letters"]} == {"lanh-dao"}
    (problem,) = told["problems"]
    assert problem["audience"] == "bao-chi"
    assert "rank --publish" in problem["message"]


def test_the_press_gets_the_public_version(root: Path) -> None:
    publish(open_workspace(root), public=True)
    run("send", "-C", root, "--to", "bao-chi")
    (message,) = drafts(root)
    assert message["Subject"].endswith("lần 1 (bản công bố)")
    assert [f.get_filename() for f in message.iter_attachments()] == ["cong-bo-thu-2026-lan-1.xlsx"]


def with_files(root: Path, group: str, *files: str) -> Path:
    path = root / "campaign.yaml"
    settings = json.loads(path.read_text("utf-8"))
    settings["mail"]["groups"][group]["files"] = files
    path.write_text(json.dumps(settings), encoding="utf-8")
    return root


def test_a_group_gets_the_files_that_were_chosen_for_it(root: Path) -> None:
    run("send", "-C", with_files(root, "lanh-dao", "announcement", "page"), "--to", "lanh-dao")
    message, _other = drafts(root)
    files = list(message.iter_attachments())
    names = ["thong-bao-thu-2026-lan-1.docx", "xep-hang-thu-2026-lan-1.html"]
    assert [f.get_filename() for f in files] == names
    assert [f.get_content_subtype() for f in files][1] == "html"
    body = message.get_body()
    assert body is not None
    for file, name in zip(files, names, strict=True):
        data = file.get_payload(decode=True)
        assert data == (root / "reports" / name).read_bytes()
        assert f"- {name}: {hashlib.sha256(data).hexdigest()}" in body.get_content()
    assert f"xlscore verify {names[0]}" in body.get_content()
    assert "trang kết quả, mở bằng trình duyệt" in body.get_content()


def test_a_file_that_was_never_made_is_told_with_what_makes_it(root: Path) -> None:
    with_files(root, "lanh-dao", "workbook", "pdf")
    told = run_json("send", "-C", root, "--to", "lanh-dao", expected=ATTENTION)
    assert told["letters"] == []
    assert [one["message"] for one in told["problems"]] == [
        "edition 1 has no PDF: run “xlscore rank --pdf”"
    ]


@pytest.mark.parametrize(
    ("group", "files", "why"),
    [
        ("bao-chi", ("workbook", "pdf"), "bản công bố không có PDF"),
        ("lanh-dao", ("page", "page"), "files: mỗi loại tệp chỉ ghi một lần"),
    ],
)
def test_files_that_cannot_go_together_are_refused(
    root: Path, group: str, files: tuple[str, ...], why: str
) -> None:
    said = run("send", "-C", with_files(root, group, *files), expected=USAGE).output
    assert why in said


def test_the_press_gets_the_public_page_too_where_it_is_chosen(root: Path) -> None:
    publish(open_workspace(with_files(root, "bao-chi", "workbook", "page")), public=True)
    run("send", "-C", root, "--to", "bao-chi")
    (message,) = drafts(root)
    names = [f.get_filename() for f in message.iter_attachments()]
    assert names == ["cong-bo-thu-2026-lan-2.xlsx", "cong-bo-thu-2026-lan-2.html"]


def test_each_unit_gets_its_own_result_sheet(root: Path) -> None:
    told = run_json("send", "-C", root, "--to", "don-vi", expected=ATTENTION)
    assert [(one["audience"], one["recipient"]) for one in told["letters"]] == [
        ("don-vi/STP", "stp@mau.example.vn"),
        ("don-vi/STP", "vp@mau.example.vn"),
        ("don-vi/AB", "anbinh@mau.example.vn"),
    ]
    (problem,) = told["problems"]
    assert (problem["recipient"], "email" in problem["message"]) == ("STC", True)
    said = run("send", "-C", root, "--to", "don-vi", expected=ATTENTION).output
    assert "\ndon-vi STC: " in f"\n{said}"
    sheet = root / "templates/ket-qua/xa/AB.xlsx"
    (message,) = [m for m in drafts(root) if "anbinh" in m["To"]]
    assert [f.get_content() for f in message.iter_attachments()] == [sheet.read_bytes()]


def test_without_result_sheets_the_units_get_nothing_and_it_is_said_why(
    collected: Path, tmp_path: Path
) -> None:
    shutil.copytree(collected, tmp_path / "c")
    publish(open_workspace(tmp_path / "c"))
    told = run_json("send", "-C", tmp_path / "c", "--to", "don-vi", expected=ATTENTION)
    assert told["letters"] == []
    said = {one["recipient"]: one["message"] for one in told["problems"]}
    assert "result export" in said["AB"]


def test_a_sheet_of_another_state_is_not_sent_as_this_editions(root: Path) -> None:
    workspace = open_workspace(root)
    campaign = make_campaign(root, units=UNITS, language="en", mail=MAIL)
    changed = campaign.filled(
        {("n1.1", "points"): Decimal("0.25")}, unit="AB", form=_form(root, "AB")
    )
    (workspace.inbox / "AB.xlsx").write_bytes(changed)
    run_once(workspace, settle=0)
    run("result", "export", "-C", root, "--unit", "AB")
    told = run_json("send", "-C", root, "1", "--to", "don-vi", expected=ATTENTION)
    assert {one["audience"] for one in told["letters"]} == {"don-vi/STP"}
    said = {one["recipient"]: one["message"] for one in told["problems"]}
    assert "not of edition 1" in said["AB"]


def _form(root: Path, unit: str) -> bytes:
    return next((root / "templates/xa").glob(f"{unit}.xlsx")).read_bytes()


def test_receipts_need_no_edition_and_go_once_for_each_of_their_states(
    collected: Path, tmp_path: Path
) -> None:
    root = tmp_path / "c"
    shutil.copytree(collected, root)
    told = run_json("send", "-C", root, "--to", "bien-nhan", expected=ATTENTION)
    audiences = sorted(one["audience"] for one in told["letters"])
    assert audiences == ["bien-nhan/AB", "bien-nhan/STP", "bien-nhan/STP"]
    assert run_json("send", "-C", root, "--to", "bien-nhan", expected=ATTENTION)["letters"] == []
    run("void", "-C", root, "1", "--reason", "thử")
    again = run_json("send", "-C", root, "--to", "bien-nhan", expected=ATTENTION)
    assert again["letters"] != []
    assert {one["kind"] for one in again["letters"]} == {"receipt"}


def _attached(root: Path, unit: str) -> list[bytes]:
    """Return the receipts in the drafts that went to a unit."""
    found = [d for d in drafts(root) if unit in str(d["To"])]
    parts = [part for draft in found for part in draft.iter_attachments()]
    return [data for p in parts if isinstance(data := p.get_payload(decode=True), bytes)]


def test_a_receipt_that_was_edited_in_the_outbox_is_mailed_as_it_was_written(
    collected: Path, tmp_path: Path
) -> None:
    root = tmp_path / "c"
    shutil.copytree(collected, root)
    (path,) = (root / "outbox").glob("AB/bien-nhan*.html")
    written = path.read_bytes()
    path.write_bytes(written + b"<script>alert(1)</script>")
    run("send", "-C", root, "--to", "bien-nhan", expected=ATTENTION)
    (one,) = _attached(root, "anbinh")
    assert one == written
    path.write_bytes(written + b"<!-- again -->")
    assert run_json("send", "-C", root, "--to", "bien-nhan", expected=ATTENTION)["letters"] == []
    assert run("ledger", "check", "-C", root).exit_code == FINE


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_a_link_in_a_receipts_place_sends_nothing_of_what_it_leads_to(
    collected: Path, tmp_path: Path
) -> None:
    root = tmp_path / "c"
    shutil.copytree(collected, root)
    (path,) = (root / "outbox").glob("AB/bien-nhan*.html")
    written = path.read_bytes()
    path.unlink()
    path.symlink_to(root / "data" / "keys.json")
    run("send", "-C", root, "--to", "bien-nhan", expected=ATTENTION)
    assert _attached(root, "anbinh") == [written]


def test_a_receipt_that_the_archive_has_lost_is_told(collected: Path, tmp_path: Path) -> None:
    root = tmp_path / "c"
    shutil.copytree(collected, root)
    (path,) = (root / "outbox").glob("AB/bien-nhan*.html")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    blob_path(root / "data/archive", sha256).write_bytes(b"other")
    told = run_json("send", "-C", root, "--to", "bien-nhan", expected=ATTENTION)
    assert {one["audience"] for one in told["letters"]} == {"bien-nhan/STP"}
    (said,) = (one["message"] for one in told["problems"] if one["recipient"] == "AB")
    assert "is gone or was altered" in said
    assert (
        "content-altered" in run("ledger", "check", "-C", root, "--json", expected=ATTENTION).output
    )


@pytest.mark.parametrize("more", [("--settle", "9" * 23, "sent"), ("9" * 23,)])
def test_a_number_beyond_all_ledgers_is_a_wrong_call(root: Path, more: tuple[str, ...]) -> None:
    assert "1<=x<=9223372036854775807" in run("send", "-C", root, *more, expected=USAGE).output


def test_a_dry_run_writes_the_letters_and_a_list_and_records_nothing(
    root: Path, tmp_path: Path
) -> None:
    told = run_json("send", "-C", root, "--to", "lanh-dao", "--dry-run", "--into", tmp_path / "thu")
    files = sorted(path.name for path in (tmp_path / "thu").iterdir())
    assert files == ["0001-lanh-dao.eml", "0002-lanh-dao.eml", "danh-sach.csv"]
    sizes = [(tmp_path / "thu" / name).stat().st_size for name in files[:2]]
    assert sizes == [one["size"] for one in told["letters"]]
    assert run_json("send", "-C", root, "--list")["letters"] == []
    assert not (root / "outbox/_thu").exists()


def test_a_letter_beyond_the_offices_limit_is_told_before_anything_is_sent(root: Path) -> None:
    path = root / "campaign.yaml"
    settings = json.loads(path.read_text(encoding="utf-8"))
    # A page of the workbook is some hundred kilobytes: the least limit that can be set is passed by this.
    (root / "letters").mkdir()
    text = "Kết quả\n\nKính gửi: $recipient\n" + "x" * 900 * 1500
    (root / "letters/ranking.txt").write_text(text, encoding="utf-8")
    settings["mail"]["largest_mb"] = "1"
    path.write_text(json.dumps(settings), encoding="utf-8")
    told = run_json("send", "-C", root, "--to", "lanh-dao", expected=ATTENTION)
    assert told["letters"] == []
    assert all("too big" in one["message"] for one in told["problems"])
    assert all("raise mail.largest_mb" in one["message"] for one in told["problems"])


def test_the_offices_own_text_is_used_and_a_wrong_one_sends_nothing(root: Path) -> None:
    (root / "letters").mkdir()
    own = root / "letters/ranking.txt"
    own.write_text("Báo cáo $edition\n\nThưa $recipient, $sai\n", encoding="utf-8")
    assert "$sai" in run("send", "-C", root, "--to", "lanh-dao", expected=USAGE).output
    own.write_text("Báo cáo lần $edition\n\nThưa $recipient\n", encoding="utf-8")
    run("send", "-C", root, "--to", "lanh-dao")
    assert drafts(root)[0]["Subject"] == "Báo cáo lần 1"


# --- for real ------------------------------------------------------------------------------------------


def test_without_a_terminal_letters_really_go_out_only_with_yes(root: Path) -> None:
    with running() as server:
        with_server(root, server.port)
        done = run("send", "-C", root, "--to", "lanh-dao", expected=USAGE)
        assert "--yes" in done.output
        assert server.seen == []
        assert run_json("send", "-C", root, "--list")["letters"] == []
        done = run("send", "-C", root, "--to", "lanh-dao", "--yes")
        assert "2 letters sent." in done.output
        assert [to for to, _ in server.letters] == [["ct@mau.example.vn"], ["pct@mau.example.vn"]]
        assert read_letter(server.letters[0][1]).sender == "Sở Nội vụ <cchc@mau.example.vn>"


def test_a_server_that_is_down_keeps_the_letters_waiting(root: Path) -> None:
    with running() as server:
        with_server(root, server.port)
    done = run("send", "-C", root, "--to", "lanh-dao", "--yes", expected=ENVIRONMENT)
    assert "Waiting:" in done.output
    told = run_json("send", "-C", root, "--list")
    assert [one["state"] for one in told["letters"]] == ["waiting", "waiting"]


def test_an_uncertain_letter_is_listed_and_settled(root: Path) -> None:
    with running() as server:
        with_server(root, server.port)
        server.answers["data"] = ["drop"]
        run("send", "-C", root, "--to", "lanh-dao", "--yes", expected=ATTENTION)
        listed = run("send", "-C", root, "--list", expected=ATTENTION)
        assert "uncertain" in listed.output
        assert "sent again" not in listed.output
        run("send", "-C", root, "--settle", "9", "sent", expected=USAGE)
        run("send", "-C", root, "--settle", "1", "again")
        assert [one["state"] for one in run_json("send", "-C", root, "--list")["letters"]] == [
            "dropped", "sent", "sent",
        ]  # fmt: skip
        assert read_letter(server.letters[-1][1]).subject.endswith("(gửi lại)")


def test_an_address_that_stays_refused_is_told_whenever_letters_are_sent(root: Path) -> None:
    with running() as server:
        with_server(root, server.port)
        server.answers["rcpt pct@mau.example.vn"] = ["550 5.1.1 no such user"] * 2
        run("send", "-C", root, "--to", "lanh-dao", "--yes", expected=ATTENTION)
        done = run("send", "-C", root, "--to", "lanh-dao", "--yes", expected=ATTENTION)
        for part in ("2 left: queued before", "pct@mau.example.vn", "550 5.1.1 no such user",
                     "1 letters failed or are uncertain", "--settle NUMBER again"):  # fmt: skip
            assert part in done.output
        run("send", "-C", root, "--settle", "2", "again", expected=ATTENTION)
        told = run_json("send", "-C", root, "--to", "lanh-dao", "--yes", expected=ATTENTION)
        (letter,) = told["letters"]
        assert (letter["number"], letter["state"], letter["attempts"]) == (3, "failed", 1)
        run("send", "-C", root, "--settle", "3", "again")
        done = run("send", "-C", root, "--to", "lanh-dao", "--yes")
        assert "uncertain" not in done.output


def test_drafts_that_cannot_be_written_wait_and_it_is_said_where_and_why(root: Path) -> None:
    shutil.rmtree(root / "outbox", ignore_errors=True)
    (root / "outbox").write_bytes(b"no folder")
    done = run("send", "-C", root, "--to", "lanh-dao", expected=ATTENTION)
    assert "nothing to send" not in done.output
    assert "2 letters wait (see why above)" in done.output
    assert f"no draft can be written into {root / 'outbox/_thu/ket-qua'}: " in " ".join(
        done.output.split()
    )


# --- wrong calls ------------------------------------------------------------------------------------------


def test_without_a_frozen_ranking_it_says_what_to_do(collected: Path, tmp_path: Path) -> None:
    shutil.copytree(collected, tmp_path / "c")
    done = run("send", "-C", tmp_path / "c", expected=USAGE)
    assert "xlscore rank" in done.output


@pytest.mark.parametrize(
    ("args", "said"), [(["7"], "no edition 7"), (["--to", "ai-do"], "no group “ai-do”")]
)
def test_what_is_not_there_is_named(root: Path, args: list[str], said: str) -> None:
    assert said in run("send", "-C", root, *args, expected=USAGE).output


@pytest.mark.parametrize("name", ["password", "app_password", "matkhau_smtp", "token"])
@pytest.mark.parametrize("where", ["mail", "server"])
def test_a_password_in_the_settings_is_refused_by_name_and_not_repeated(
    root: Path, where: str, name: str
) -> None:
    with_server(root, 25)
    path = root / "campaign.yaml"
    settings = json.loads(path.read_text(encoding="utf-8"))
    place = settings["mail"] if where == "mail" else settings["mail"]["server"]
    place[name] = "bi-mat-123"
    path.write_text(json.dumps(settings), encoding="utf-8")
    done = run("send", "-C", root, expected=USAGE)
    assert "mail password" in done.output
    assert "bi-mat-123" not in done.output


def test_the_password_is_asked_for_and_kept_in_the_keyring(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keyring

    kept: dict[tuple[str, str], str] = {}

    def keep(service: str, name: str, secret: str) -> None:
        kept[service, name] = secret

    monkeypatch.setattr(keyring, "set_password", keep)
    run("mail", "password", "-C", root, expected=USAGE)
    with_server(root, 25, user="cchc", security="starttls")
    done = run("mail", "password", "-C", root, input="bi-mat-123\n", expected=USAGE)
    assert "asked for at a terminal" in done.output
    assert kept == {}
    monkeypatch.setattr("xlscore.cli.sending._has_terminal", lambda: True)
    done = run("mail", "password", "-C", root, input="bi-mat-123\n")
    assert kept == {(passwords.SERVICE, "cchc@127.0.0.1"): "bi-mat-123"}
    assert "bi-mat-123" not in done.output


def test_a_second_dry_run_leaves_no_letter_of_the_first(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "thu"
    own = folder / "0009-cua-toi.eml"
    run("send", "-C", root, "--to", "lanh-dao", "--dry-run", "--into", folder)
    own.write_text("x", encoding="utf-8")
    assert len(list(folder.glob("*.eml"))) == 3
    run("send", "-C", root, "--to", "bien-nhan", "--dry-run", "--into", folder, expected=ATTENTION)
    names = {path.name for path in folder.glob("*.eml")}
    assert own.name in names
    assert not any("lanh-dao" in name for name in names)
