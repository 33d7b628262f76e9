"""Editions on paper: what was frozen, what changed and why; always Vietnamese, as every page is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from xlscore.editions.change_words import (
    edit_words,
    event_words,
    files_words,
    state_words,
    unit_words,
)
from xlscore.editions.changes import Changes, Issued
from xlscore.histories.paper import in_vietnamese
from xlscore.i18n import _
from xlscore.layout import NOTHING
from xlscore.pages import StoryLine, StoryPage, StorySection, story_html
from xlscore.workspace import Workspace


def editions_page(workspace: Workspace, told: Sequence[Issued], head: str, now: datetime) -> str:
    """Return the page of these editions."""
    return in_vietnamese(lambda: story_html(_page(workspace, told, head, now)))


def _page(workspace: Workspace, told: Sequence[Issued], head: str, now: datetime) -> StoryPage:
    settings, zone = workspace.campaign.settings, workspace.campaign.zone
    return StoryPage(
        settings.authority,
        settings.title,
        now.astimezone(zone),
        "CÁC LẦN BAN HÀNH",
        "",
        "",
        tuple((f"Lần {one.edition.number}", _frozen(workspace, one)) for one in told),
        tuple(section for one in told if one.changes for section in _sections(workspace, one)),
        head,
    )


def _frozen(workspace: Workspace, told: Issued) -> str:
    at = told.edition.frozen_at.astimezone(workspace.campaign.zone)
    state = _("provisional") if told.basis.provisional else _("final")
    assessed = NOTHING if told.assessed is None else str(told.assessed)
    return (
        f"{at:%d/%m/%Y %H:%M:%S}, {told.edition.frozen_by}; {state}; {assessed} đơn vị có kết quả;"
        f" reports/: {files_words(told)}"
    )


def _sections(workspace: Workspace, told: Issued) -> Iterator[StorySection]:
    changes, number = told.changes, told.edition.number
    if changes is None:
        return
    title = f"Lần {number} so với lần {changes.since}"
    causes = tuple(_causes(workspace, changes, number))
    if causes:
        yield StorySection(f"{title}: nguyên nhân", causes)
    units = tuple(
        StoryLine("", None, "", unit_words(workspace.campaign, one)) for one in changes.units or ()
    )
    if changes.units is None:
        units = (StoryLine("", None, "", "Kết quả đã chốt không còn đúng trong kho lưu."),)
    elif not units:
        said = _("No unit's score, index, rank or band changed.")
        units = (StoryLine("", None, "", said),)
    yield StorySection(f"{title}: đơn vị thay đổi", units)


def _causes(workspace: Workspace, told: Changes, number: int) -> Iterator[StoryLine]:
    zone = workspace.campaign.zone
    for line in told.events:
        said = event_words(line, zone, number)
        subject = f"{line.facts['subject']}: " if line.facts["subject"] else ""
        at = line.at.astimezone(zone)
        yield StoryLine(line.event, at, line.actor, subject + said, line.facts.get("counts", False))
    for one in told.inputs:
        hashes = (side or NOTHING for side in (one.before, one.after))
        edits = (
            "; ".join(edit_words(edit) for edit in one.edits)
            if one.edits
            else f"SHA-256 {' → '.join(hashes)}"
        )
        yield StoryLine("", None, "", f"{_('{file} was changed:', file=one.name)} {edits}")
    for state in told.state:
        yield StoryLine("", None, "", state_words(state))
