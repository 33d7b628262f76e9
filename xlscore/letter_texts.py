"""The words of letters (thư gửi đơn vị): the Vietnamese texts that come along, and an office's own.

A text is a file: the subject, a blank line, the body, with `$placeholders`. The built-in ones are in
`xlscore/letters/`; a file of the same name in the campaign's folder `letters/` takes its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from string import Template
from typing import Protocol

from xlscore.campaign import Campaign, Unit
from xlscore.identity import APPRAISAL, COUNCIL, REPLY, RESULT_SHEET, SURVEY
from xlscore.ranking import days_late
from xlscore.reasons import NOT_UTF8, SaidError, Words, of_system
from xlscore.text import folded, nfc
from xlscore.workdays import Calendar

_BUILT_IN = Path(__file__).parent / "letters"
_WRITTEN = re.compile(r"\$(?:\{[^}]*\}?|\w*)")
_COMMON = (
    "unit",
    "unit_code",
    "campaign",
    "year",
    "authority",
    "office",
    "contact",
    "deadline",
    "folder",
)
_SENT = ("campaign", "year", "authority", "office", "contact", "attachments")
_BOOKS = (APPRAISAL, REPLY, COUNCIL, SURVEY, RESULT_SHEET)
PLACEHOLDERS: Mapping[str, tuple[str, ...]] = {
    "release": (*_COMMON, "attachments"),
    "reminder": (*_COMMON, "now", "due", "state", "request", "outstanding"),
    "ranking": (
        *_SENT,
        "recipient",
        "edition",
        "frozen",
        "state",
        "groups",
        "file",
        "digest",
        "head",
    ),
    "result": (*_SENT, "unit", "unit_code", "edition", "summary"),
    "receipt": (*_SENT, "unit", "unit_code", "number", "received", "file"),
    **{f"release-{kind}": (*_COMMON, "attachments", "round", "term") for kind in _BOOKS},
}
"""What each text may name."""


@dataclass(frozen=True, slots=True)
class _State:
    """What the matter is, what is asked for, and what the list of what is outstanding is headed."""

    said: str
    request: str
    heading: str


_STATES: Mapping[str, _State] = {
    "missing": _State(
        "chưa nhận được phiếu của Quý cơ quan", "khẩn trương hoàn thành phiếu", "Phiếu cần nộp:"
    ),
    "draft": _State(
        "phiếu nhận được mới là bản nháp (ô trạng thái chưa chọn “ĐÃ HOÀN THÀNH”), chưa được tính",
        "nhập đủ phiếu, chọn “ĐÃ HOÀN THÀNH” ở ô trạng thái cuối phiếu",
        "Nội dung còn thiếu:",
    ),
    "partial": _State(
        "mới nhận được một phần phiếu của Quý cơ quan",
        "khẩn trương hoàn thành các phần còn thiếu",
        "Các phần còn thiếu:",
    ),
    "invalid": _State(
        "phiếu nhận được còn lỗi nên chưa được chấp nhận",
        "sửa các lỗi trên phiếu",
        "Nội dung cần sửa:",
    ),
}
"""By the state of a unit's standing."""


_SHAPE: Words = (
    "dòng đầu là tiêu đề thư, dòng thứ hai để trống, sau đó là nội dung",
    "the first line is the subject, the second is blank, then comes the body",
)


class Addressed(Protocol):
    """Whom a letter goes to: a unit, or an agency."""

    @property
    def code(self) -> str:
        """Its code."""

    @property
    def name(self) -> str:
        """Its name."""


class LetterTextError(SaidError):
    """An office's own text that cannot be used; `words` say why in Vietnamese and in English."""


def render(name: str, values: Mapping[str, str], override: Path | None = None) -> tuple[str, str]:
    """Return subject and body of the letter `name` (see `PLACEHOLDERS`).

    A line that is nothing but placeholders without a value is left out.

    Args:
        values: the value of every placeholder of `PLACEHOLDERS[name]`.
        override: the office's own text; where there is no such file, the built-in one is used.

    Raises:
        LetterTextError: the office's text cannot be read, has another shape, or names an unknown
            placeholder.
        KeyError: a value is missing (a programming error).
    """
    if lacking := set(PLACEHOLDERS[name]) - set(values):
        raise KeyError(sorted(lacking))
    path = override if override is not None and override.exists() else _BUILT_IN / f"{name}.txt"
    lines = _read(path)
    _check(path, lines, PLACEHOLDERS[name])
    composed = {key: nfc(value).strip() for key, value in values.items()}
    subject = folded(Template(lines[0]).substitute(composed))
    filled = [Template(line).substitute(composed) for line in lines[2:] if _kept(line, composed)]
    body = re.sub(r"\n{3,}", "\n\n", "\n".join(filled)).strip()
    return subject, f"{body}\n"


def _read(path: Path) -> list[str]:
    try:
        return nfc(path.read_text(encoding="utf-8-sig")).split("\n")
    except OSError as error:
        raise _refused(path, of_system(error)) from error
    except UnicodeDecodeError as error:
        raise _refused(path, NOT_UTF8) from error


def _check(path: Path, lines: list[str], known: Iterable[str]) -> None:
    shape = [line.strip() for line in lines]
    if not shape[0] or any(shape[1:2]) or not any(shape[2:]):
        raise _refused(path, _SHAPE)
    wrong = [(n, sign) for n, line in enumerate(lines, 1) for sign in _unknown(line, known)]
    if not wrong:
        return
    choices = ", ".join(f"${name}" for name in known)
    raise _refused(path, (
        "; ".join(f"dòng {n}: không có “{sign}”" for n, sign in wrong)
        + f". Các trường có sẵn: {choices}; dấu $ thường viết là $$",
        "; ".join(f"line {n}: there is no “{sign}”" for n, sign in wrong)
        + f". Known placeholders: {choices}; a plain $ is written $$",
    ))  # fmt: skip


def _unknown(line: str, known: Iterable[str]) -> Iterator[str]:
    """Yield what follows a dollar sign and is no known placeholder, as it is written."""
    for found in Template.pattern.finditer(line):
        # `$đơn_vị` and `$unité` are meant as one word, wherever ASCII ends in it.
        written = _WRITTEN.match(line, found.start())
        name = found["named"] or found["braced"]
        whole = written is not None and written[0] in {f"${name}", f"${{{name}}}"}
        if found["escaped"] is None and not (name in known and whole):
            yield written[0] if written else found[0]


def _kept(line: str, values: Mapping[str, str]) -> bool:
    names = [found["named"] or found["braced"] for found in Template.pattern.finditer(line)]
    return not names or bool(Template(line).substitute(values).strip(" \t.,;:-–•*"))


def _refused(path: Path, why: Words) -> LetterTextError:
    name = f"{path.parent.name}/{path.name}"
    return LetterTextError((f"{name}: {why[0]}.", f"{name}: {why[1]}."))


# --- values -----------------------------------------------------------------------------------------


def release_values(
    campaign: Campaign, unit: Unit, folder: str, attachments: Iterable[str], contact: str = ""
) -> dict[str, str]:
    """Return what a release letter names; `attachments` are said in words, one a line."""
    return {**_common(campaign, unit, folder, contact), "attachments": _listed(attachments)}


def sent_values(campaign: Campaign, attachments: Iterable[str]) -> dict[str, str]:
    """Return what every letter of results and receipts names."""
    about = _about(campaign, "", "", "", "")
    return {name: about[name] for name in _SENT[:-1]} | {"attachments": _listed(attachments)}


def book_values(
    campaign: Campaign,
    to: Addressed,
    kind: str,
    round_: int,
    folder: str,
    attachments: Iterable[str],
) -> dict[str, str]:
    """Return what the letter with forms of another kind names.

    `term` says by when they are due back, or is empty where no day is set; so is `deadline`.
    """
    due = campaign.due(kind, round_)
    deadline = deadline_words(due.astimezone(campaign.zone)) if due else ""
    rounds = campaign.settings.appraisal
    return {
        **_about(campaign, to.name, to.code, folder, deadline),
        "attachments": _listed(attachments),
        "round": rounds.round_title(round_) if round_ <= len(rounds.rounds) else "",
        "term": f"Thời hạn gửi lại: {deadline}." if deadline else "",
    }


def reminder_values(
    campaign: Campaign,
    unit: Unit,
    folder: str,
    state: str,
    outstanding: Iterable[str],
    now: datetime,
    contact: str = "",
) -> dict[str, str]:
    """Return what a reminder names.

    Args:
        state: `missing`, `draft`, `partial` or `invalid`, as of the unit's standing.
        outstanding: what is still to be sent or mended, one a line; may be empty.

    Raises:
        KeyError: nobody is reminded in such a state.
    """
    chosen, items = _STATES[state], _listed(outstanding)
    deadline = campaign.deadline(unit).astimezone(campaign.zone)
    return {
        **_common(campaign, unit, folder, contact),
        "now": f"{now.astimezone(campaign.zone):%H giờ %M ngày %d/%m/%Y}",
        "due": due_words(now, deadline, campaign.calendar),
        "state": chosen.said,
        "request": chosen.request,
        "outstanding": f"{chosen.heading}\n{items}" if items else "",
    }


def _common(campaign: Campaign, unit: Unit, folder: str, contact: str) -> dict[str, str]:
    deadline = deadline_words(campaign.deadline(unit).astimezone(campaign.zone))
    return _about(campaign, unit.name, unit.code, folder, deadline, contact)


def _about(
    campaign: Campaign, name: str, code: str, folder: str, deadline: str, contact: str = ""
) -> dict[str, str]:
    settings = campaign.settings
    return {
        "unit": name,
        "unit_code": code,
        "campaign": settings.title,
        "year": str(settings.year),
        "authority": settings.authority.name,
        "office": settings.authority.office,
        "contact": contact or settings.authority.office,
        "deadline": deadline,
        "folder": folder,
    }


def _listed(items: Iterable[str]) -> str:
    return "\n".join(f"- {folded(item)}" for item in items)


def deadline_words(deadline: datetime) -> str:
    """Say a deadline: `hết ngày 15/12/2026`, or `17 giờ 00 ngày 15/12/2026`."""
    if deadline.time() == time.max:
        return f"hết ngày {deadline:%d/%m/%Y}"
    return f"{deadline:%H giờ %M ngày %d/%m/%Y}"


def due_words(now: datetime, deadline: datetime, calendar: Calendar) -> str:
    """Say how long is left, or how long ago the deadline was; working days where days off are known."""
    if now > deadline:
        return f"đã quá hạn {days_late(now, deadline)} ngày"
    today, last = now.astimezone(deadline.tzinfo).date(), deadline.date()
    if today == last:
        return "hết hạn trong hôm nay"
    left = f"còn {(last - today).days} ngày"
    if not {today.year, last.year} <= calendar.years:
        return left
    return f"{left}, trong đó có {calendar.between(today, last)} ngày làm việc"
