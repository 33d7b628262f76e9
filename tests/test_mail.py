"""Letters as bytes: what is built is what is read, and nothing can be smuggled into a header."""

from __future__ import annotations

import email
import email.message
import email.policy
import random
import re
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.header import decode_header, make_header
from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import Any, TypeAlias

import pytest

from xlscore import mail
from xlscore.mail import (
    Attachment,
    Letter,
    MailError,
    compose,
    mailbox,
    message_id,
    read_letter,
)

_SAID = """Ủy ban nhân dân xã phường đặc khu Phước Đức Sở Văn hóa, Thể thao và Du lịch Nội vụ UBND huyện Hồ
Trà Ôn Ngũ Hiệp nhắc nộp phiếu tự chấm điểm năm 2026 (lần 2): V/v – “Chỉ số cải cách hành chính” nghiêng
khuỷu nguyễn quyết định số 12/QĐ-UBND ngày 05/01/2026; Khoa học & Công nghệ 9 =?utf-8? a@b <x> "y" \\z 😀"""
WORDS = _SAID.split()
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=timezone(timedelta(hours=7)))
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LETTER = Letter(
    to=("Sở Tư pháp <stp@example.vn>",),
    subject="V/v gửi Phiếu tự chấm điểm",
    body="Kính gửi: Sở Tư pháp\n\n.\n.đầu dòng\nFrom đây\n",
    attachments=(),
    message_id=message_id("thu-2026", "release", "STP"),
    date=NOON,
    sender="Sở Nội vụ <snv@example.vn>",
)
Parsed: TypeAlias = "email.message.Message[Any, Any]"


def text(rng: random.Random, most: int, unwanted: str = "") -> str:
    """Return random Vietnamese, sometimes in one very long word, sometimes decomposed."""
    words = [w for w in WORDS if not set(w) & set(unwanted)]
    said = " ".join(rng.choice(words) for _ in range(rng.randint(1, most)))
    if rng.random() < 0.1:
        said += "".join(rng.choices("ủẩđƯỡ", k=rng.randint(20, 90)))
    return unicodedata.normalize("NFD", said) if rng.random() < 0.2 else said


def nfc(said: str) -> str:
    return unicodedata.normalize("NFC", said)


def both(data: bytes) -> tuple[Parsed, email.message.EmailMessage]:
    modern = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(modern, email.message.EmailMessage)
    return email.message_from_bytes(data), modern


def decoded(message: Parsed, header: str) -> str:
    return str(make_header(decode_header(message[header])))


def assert_on_the_wire(data: bytes) -> None:
    data.decode("ascii")
    assert data.count(b"\n") == data.count(b"\r\n") == data.count(b"\r")
    assert max(map(len, data.split(b"\r\n"))) <= 998
    assert all(len(word) <= 75 for word in re.findall(rb"=\?utf-8\?[^?]\?[^?]*\?=", data))


RNG = random.Random(92081)
SAMPLES = [(text(RNG, 25), text(RNG, 14, "<>"), text(RNG, 4, "<>")) for _ in range(1500)]


def letter_of(subject: str, name: str, sender: str) -> Letter:
    to = (mailbox(name, "a.b+c@example.vn"), "van-thu@xa.example.vn", mailbox(sender, "d@e.vn"))
    return replace(LETTER, subject=subject, to=to, sender=mailbox(sender, "snv@example.vn"))


def test_vietnamese_subjects_read_back_right_by_both_parsers() -> None:
    for subject, name, sender in SAMPLES:
        data = compose(letter_of(subject, name, sender))
        assert_on_the_wire(data)
        legacy, modern = both(data)
        assert decoded(legacy, "Subject") == nfc(subject)
        assert modern["Subject"] == nfc(subject)


def test_vietnamese_names_read_back_right_by_both_parsers() -> None:
    for subject, name, sender in SAMPLES:
        legacy, modern = both(compose(letter_of(subject, name, sender)))
        assert decoded(legacy, "From") == f"{nfc(sender)} <snv@example.vn>"
        everybody = f"{nfc(name)} <a.b+c@example.vn>, van-thu@xa.example.vn, {nfc(sender)} <d@e.vn>"
        assert decoded(legacy, "To") == everybody
        first, second, third = modern["To"].addresses
        assert [a.addr_spec for a in (first, second, third)] == [
            "a.b+c@example.vn", "van-thu@xa.example.vn", "d@e.vn",
        ]  # fmt: skip
        assert second.display_name == ""
        for shown, wanted in ((first, name), (third, sender)):
            # Python's newer parser widens the space between two encoded words of a name; a word that
            # is longer than an encoded word is the only place where it can put one too many.
            if all(len(word.encode()) <= 45 for word in nfc(wanted).split()):
                assert " ".join(shown.display_name.split()) == nfc(wanted)
            assert shown.display_name.replace(" ", "") == nfc(wanted).replace(" ", "")


def test_a_name_of_one_encoded_word_is_exactly_itself() -> None:
    for name in ("Sở Tư pháp", "Ủy ban nhân dân xã Phước Hậu", "UBND", 'a "b", c', "=?utf-8?q?x?="):
        legacy, modern = both(compose(replace(LETTER, to=(mailbox(name, "a@example.vn"),))))
        assert modern["To"].addresses[0].display_name == name
        assert decoded(legacy, "To") == f"{name} <a@example.vn>"


# --- the whole letter -------------------------------------------------------------------------------


def attached(letter: Letter = LETTER) -> Letter:
    rng = random.Random(3)
    files = (
        Attachment("STP.xlsx", rng.randbytes(40_000), XLSX),
        Attachment("huong-dan.txt", b".\r\n.\n\r\nFrom x\n--=_\n" + "Ủy".encode(), "text/plain"),
        Attachment("rong.bin", b"", "application/octet-stream"),
    )
    return replace(letter, attachments=files)


def test_attachments_come_back_byte_for_byte() -> None:
    letter = attached()
    data = compose(letter)
    assert_on_the_wire(data)
    for message in both(data):
        found = [part for part in message.walk() if part.get_filename()]
        assert [p.get_filename() for p in found] == [a.name for a in letter.attachments]
        assert [p.get_content_type() for p in found] == [a.mime for a in letter.attachments]
        assert [p.get_content_disposition() for p in found] == ["attachment"] * 3
        contents = [p.get_payload(decode=True) for p in found]
        assert contents == [a.data for a in letter.attachments]


def test_the_body_comes_back_line_by_line_and_composed() -> None:
    lines = "Kính gửi: Sở\n\n.\n..\nFrom x\n" + "ủ" * 3000
    letter = replace(LETTER, body=unicodedata.normalize("NFD", lines))
    for message in both(compose(letter)):
        content = message.get_payload(decode=True)
        assert isinstance(content, bytes)
        assert content.decode() == lines.replace("\n", "\r\n") + "\r\n"


@pytest.mark.parametrize("letter", [LETTER, attached()])
def test_no_line_begins_with_a_dot_or_with_from(letter: Letter) -> None:
    content = compose(letter).split(b"\r\n\r\n", 1)[1]
    assert not [line for line in content.split(b"\r\n") if line.startswith((b".", b"From "))]


def test_the_same_letter_is_the_same_bytes() -> None:
    assert compose(attached()) == compose(attached())


def test_date_and_message_id_are_the_callers() -> None:
    message, _ = both(compose(LETTER))
    assert parsedate_to_datetime(message["Date"]) == NOON
    assert message["Message-ID"] == LETTER.message_id


def test_a_draft_is_marked_as_unsent_and_may_leave_out_its_sender() -> None:
    draft, _ = both(compose(replace(LETTER, sender="", draft=True)))
    assert (draft["X-Unsent"], draft["From"]) == ("1", None)
    sent, _ = both(compose(LETTER))
    assert sent["X-Unsent"] is None


def test_a_message_id_is_one_per_campaign_kind_and_key() -> None:
    keys = [("a", "b", "c"), ("ab", "", "c"), ("a", "bc", ""), ("a", "b", "ủ"), ("a,b", "", "c")]
    ids = [message_id(*key) for key in keys]
    assert len(set(ids)) == len(keys)
    assert ids == [message_id(*key) for key in keys]
    assert message_id("a", "b", "u\u0309") == ids[3]
    assert all(re.fullmatch(r"<[0-9a-f]{40}@xlscore\.invalid>", one) for one in ids)
    assert message_id("a", "b", "c", "snv.example.vn").endswith("@snv.example.vn>")


# --- what is refused --------------------------------------------------------------------------------

BREAKS = ["\n", "\r", "\r\n", "\x00", "\x0b", "\x85", "\u2028", "\u2029", "\ud800"]


@pytest.mark.parametrize("sign", BREAKS)
@pytest.mark.parametrize("field", ["subject", "to", "sender", "message_id"])
def test_nothing_can_be_smuggled_into_a_header(field: str, sign: str) -> None:
    smuggled = {
        "subject": f"V/v{sign}Bcc: x@example.vn",
        "to": (f"Sở{sign}Bcc: x@example.vn <stp@example.vn>",),
        "sender": f"snv@example.vn{sign}Bcc: x@example.vn",
        "message_id": f"<a@b.vn>{sign}Bcc: x@example.vn",
    }
    changed: dict[str, Any] = {field: smuggled[field]}
    with pytest.raises(MailError):
        compose(replace(LETTER, **changed))


@pytest.mark.parametrize("sign", BREAKS)
def test_nothing_can_be_smuggled_into_a_name(sign: str) -> None:
    with pytest.raises(MailError):
        mailbox(f"Sở{sign}Bcc: x@example.vn", "stp@example.vn")


@pytest.mark.parametrize(
    "address",
    [
        "", "stp", "stp@", "@example.vn", "stp@localhost", "a@example.vn, b@example.vn", "a b@example.vn",
        "a@example..vn", ".a@example.vn", "a.@example.vn", "a@-x.vn", "Sở <a@example.vn> x", "<a@example.vn",
        "a@example.vn>", "<>", "a" * 65 + "@example.vn", "a@" + "b" * 250 + ".vn", '"a b"@example.vn',
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(MailError) as refused:
        compose(replace(LETTER, to=(address,)))
    assert refused.value.words[0].startswith("không phải địa chỉ thư điện tử")
    assert str(refused.value).startswith("no mail address")


@pytest.mark.parametrize("address", ["sở@example.vn", "a@tỉnh.vn", "Sở <a@tỉnh.vn>"])
def test_an_address_beyond_ascii_is_refused_with_the_reason(address: str) -> None:
    with pytest.raises(MailError, match="beyond ASCII") as refused:
        compose(replace(LETTER, to=(address,)))
    assert "ASCII" in refused.value.words[0]


@pytest.mark.parametrize("name", ["Tổ <CCHC>", "<", "Sở A > B", "=1+1 <b>", "A, B <C>; “D”"])
def test_a_name_may_hold_angle_brackets(name: str) -> None:
    written = mailbox(name, "stp@example.vn")
    data = compose(replace(LETTER, to=(written,), sender=written))
    assert_on_the_wire(data)
    assert read_letter(data).to == (written,)
    (found,) = both(data)[1]["To"].addresses
    assert (found.display_name, found.addr_spec) == (name, "stp@example.vn")


def test_a_name_cannot_end_itself() -> None:
    with pytest.raises(MailError, match="no mail address"):
        mailbox("Sở <x@example.vn>,", "stp@example.vn")


def test_a_letter_needs_a_recipient_and_unless_it_is_a_draft_a_sender() -> None:
    with pytest.raises(MailError, match="no recipient"):
        compose(replace(LETTER, to=()))
    with pytest.raises(MailError, match="no mail address"):
        compose(replace(LETTER, sender=""))


def test_a_broken_character_in_the_body_is_refused() -> None:
    with pytest.raises(MailError, match="broken character"):
        compose(replace(LETTER, body="a\ud800"))


@pytest.mark.parametrize(
    ("name", "mime"),
    [
        ("phiếu.xlsx", XLSX), ("a b.xlsx", XLSX), ("../a.xlsx", XLSX), ("con.xlsx", XLSX), ("", XLSX),
        ("a\n.xlsx", XLSX), ('a".xlsx', XLSX), ("a.xlsx", "xlsx"), ("a.xlsx", "a/b\nX: y"),
    ],
)  # fmt: skip
def test_an_attachment_has_a_safe_name_and_a_type(name: str, mime: str) -> None:
    with pytest.raises(ValueError, match=r"no name for an attachment|no MIME type"):
        Attachment(name, b"", mime)


def test_two_attachments_of_one_name_are_refused() -> None:
    files = (Attachment("A.txt", b"1", "text/plain"), Attachment("a.txt", b"2", "text/plain"))
    with pytest.raises(ValueError, match="one name"):
        compose(replace(LETTER, attachments=files))


def test_a_date_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        compose(replace(LETTER, date=NOON.replace(tzinfo=None)))


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        ((b"Subject: =?utf-8?b?", b"Subject: =?utf-8?b?VuG7"), "subject"),
        ((b"stp@example.vn", b"spt@example.vn"), "addresses"),
        ((b"\r\n\r\nS8OtbmggZ", b"\r\n\r\nS8OtbmghZ"), "body"),
        ((b'filename="STP.xlsx"', b'filename="STX.xlsx"'), "attachments"),
        ((b"MIME-Version: 1.0\r\n", b"MIME-Version: 1.0\r\nX: " + b"a" * 999 + b"\r\n"), "lines"),
        ((b"MIME-Version: 1.0\r\n", b"MIME-Version: 1.0\n"), "lines"),
    ],
)
def test_a_message_that_reads_back_differently_is_never_handed_out(
    spoil: tuple[bytes, bytes], what: str
) -> None:
    letter = attached()
    data = compose(letter)
    assert spoil[0] in data
    with pytest.raises(MailError, match=what) as refused:
        mail._read_back(letter, data.replace(spoil[0], spoil[1], 1))
    assert what in refused.value.words[0]


def test_the_bytes_of_every_attachment_are_compared() -> None:
    letter = attached()
    data = compose(letter)
    for before, after in pairwise((*letter.attachments, letter.attachments[0])):
        swapped = replace(letter, attachments=tuple(
            replace(a, data=after.data) if a is before else a for a in letter.attachments
        ))  # fmt: skip
        with pytest.raises(MailError, match="attachments"):
            mail._read_back(swapped, data)


def test_a_letter_written_in_another_zone_keeps_its_moment() -> None:
    moment = NOON.astimezone(UTC)
    message, _ = both(compose(replace(LETTER, date=moment)))
    assert parsedate_to_datetime(message["Date"]) == NOON
