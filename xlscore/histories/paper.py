"""A story on paper: the page that an inspector takes along; always Vietnamese, as every page is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import copy_context
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from xlscore import i18n
from xlscore.campaign import Unit
from xlscore.histories.final_words import final_words, row_title
from xlscore.histories.lines import Line, points
from xlscore.histories.record import Section
from xlscore.histories.row_words import section_title, statement_words
from xlscore.histories.rows import Story
from xlscore.histories.scores import is_best
from xlscore.histories.unit_words import words
from xlscore.pages import StoryLine, StoryPage, StoryPart, StorySection, story_html
from xlscore.workspace import Workspace

Made = TypeVar("Made")


def story_page(story: Story) -> str:
    """Return the page of a row's story."""
    return in_vietnamese(lambda: story_html(_of_row(story)))


def unit_page(
    workspace: Workspace, unit: Unit, lines: Sequence[Line], head: str, now: datetime
) -> str:
    """Return the page of a unit's whole history."""
    return in_vietnamese(lambda: story_html(_of_unit(workspace, unit, lines, head, now)))


def in_vietnamese(make: Callable[[], Made]) -> Made:
    """Return what is made with every word in Vietnamese, whatever the operator reads."""

    def made() -> Made:
        i18n.use("vi")
        return make()

    return copy_context().run(made)


def _of_row(story: Story) -> StoryPage:
    settings, zone = story.workspace.campaign.settings, story.workspace.campaign.zone
    sections = (
        StorySection(
            section_title(section),
            tuple(
                StoryLine(
                    told.event,
                    told.at.astimezone(zone) if told.at else None,
                    told.actor,
                    statement_words(story, told),
                    told.counts,
                )
                for told in story.section(section)
            ),
        )
        for section in Section
    )
    return StoryPage(
        settings.authority,
        settings.title,
        story.now.astimezone(zone),
        "DIỄN BIẾN ĐIỂM SỐ",
        story.unit.code,
        story.unit.name,
        (("Tiêu chí", f"{row_title(story.node)} (mã {story.node.id})"), *_figures(story)),
        tuple(section for section in sections if section.lines),
        story.head,
        tuple(final_words(story)[: -1 if story.score is not None else None]),
        tuple(_part(story, part.node.code, part.node.title, [
            part.node.max, part.own, part.appraised if part.decided else None,
            part.achieved.points if part.achieved else None,
        ]) for part in story.parts),
        _sums(story),
    )  # fmt: skip


def _figures(story: Story) -> tuple[tuple[str, str], ...]:
    decimals = story.workspace.campaign.settings.policies.display_decimals
    reached = story.score.points if story.score else None
    return (
        ("Điểm tối đa", points(story.node.max, decimals)),
        ("Điểm tự đánh giá", points(story.own, decimals)),
        ("Điểm đạt được", points(reached, decimals)),
    )


def _part(story: Story, code: str, title: str, figures: Sequence[Decimal | None]) -> StoryPart:
    decimals = story.workspace.campaign.settings.policies.display_decimals
    maximum, own, appraised, achieved = (points(figure, decimals) for figure in figures)
    return StoryPart(code, title, maximum, own, appraised, achieved)


def _sums(story: Story) -> StoryPart | None:
    if not story.parts or story.score is None:
        return None
    title = "Cao nhất" if is_best(story.node) else "Cộng"
    return _part(story, "", title, [story.node.max, story.own, None, story.score.points])


def _of_unit(
    workspace: Workspace, unit: Unit, lines: Sequence[Line], head: str, now: datetime
) -> StoryPage:
    settings, zone = workspace.campaign.settings, workspace.campaign.zone
    told = tuple(
        StoryLine(line.event, line.at.astimezone(zone), line.actor, words(line, zone))
        for line in lines
    )
    return StoryPage(
        settings.authority,
        settings.title,
        now.astimezone(zone),
        "DIỄN BIẾN HỒ SƠ",
        unit.code,
        unit.name,
        (),
        (StorySection("Các việc đã ghi, theo thứ tự của nhật ký", told),) if told else (),
        head,
    )
