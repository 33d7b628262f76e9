"""What is shown of a tier beyond its ranking: component indices, a unit's profile, earlier years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlscore.ranking import Results
from xlscore.workbooks.ranking.book import Book
from xlscore.workbooks.ranking.components import Components, Home
from xlscore.workbooks.ranking.heatmap import write_components
from xlscore.workbooks.ranking.profile import Profile
from xlscore.workbooks.ranking.profilesheet import write_profile
from xlscore.workbooks.ranking.standings import Standing
from xlscore.workbooks.ranking.tiersheets import TierSheets
from xlscore.workbooks.ranking.yearsheet import write_years
from xlscore.workbooks.ranking.yeartable import YearTable, years_of


@dataclass(frozen=True)
class Analysis:
    """The sheets of one tier.

    Attributes:
        profile: None where the rubric has no domains to show.
        years: None where no earlier year knows the tier's units.
    """

    components: Components
    profile: Profile | None
    years: YearTable | None


def plan_analyses(
    book: Book,
    results: Results,
    tiers: Mapping[str, TierSheets],
    standings: Sequence[Standing],
) -> tuple[Analysis, ...]:
    """Plan the sheets of all tiers and reserve their names.

    Args:
        standings: the sheets on which units are ranked or listed, each unit on one.
    """
    homes = {
        row.result.unit.code: Home(standing, place, row)
        for standing in standings
        for place, row in enumerate(standing.rows, start=1)
    }
    return tuple(_plan(book, results, tier, homes) for tier in tiers.values())


def _plan(book: Book, results: Results, tier: TierSheets, homes: Mapping[str, Home]) -> Analysis:
    components = Components(results.campaign, tier, homes)
    earlier = years_of(results, components)
    years = None
    if earlier:
        years = YearTable(book.name(f"Nhiều năm – {tier.title}"), results, components, earlier)
    profile = None
    if components.domains:
        profile = Profile(book.name(f"Hồ sơ – {tier.title}"), components, years)
    return Analysis(components, profile, years)


def contents(analyses: Sequence[Analysis]) -> Iterator[tuple[str, str]]:
    """Yield the sheets with what is on them, in their order."""
    for one in analyses:
        yield (
            one.components.tier.indices,
            "chỉ số thành phần theo lĩnh vực, tiêu chí (bản đồ nhiệt)",
        )
        if one.profile:
            yield one.profile.name, "hồ sơ từng đơn vị: chọn tên để xem bảng, biểu đồ"
        if one.years:
            yield one.years.name, "chỉ số, hạng qua các năm; thay đổi theo lĩnh vực"


def write_analyses(book: Book, analyses: Sequence[Analysis]) -> None:
    """Write the sheets."""
    for one in analyses:
        write_components(book, one.components)
        if one.profile:
            write_profile(book, one.profile)
        if one.years:
            write_years(book, one.years)
