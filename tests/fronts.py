"""Rankings for the tests of the ranking workbook's front: with parts, years, odd names, many groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tests.small_campaign import Returned, group, leaf, points, ranked, rubric
from xlscore.campaign import SurveyFigure, Unit
from xlscore.ranking import Results
from xlscore.years import Year, Years, YearUnit

WHEN = datetime(2027, 1, 5, tzinfo=UTC)
HUNDRED = rubric([leaf("a", "100")])
SURVEYED = rubric(
    [
        group("d1", "60", [leaf("a", "40"), leaf("b", "20", may_be_not_applicable="không có")]),
        group("d2", "40", [leaf("s", "40", method={"kind": "survey"}, channel="survey")]),
        leaf("c", "5", channel="bonus"),
        leaf("t", "5", channel="penalty"),
    ]
)


def units_of(*names: str, **more: Any) -> list[Unit]:
    return [Unit(code=f"u{i}", name=name, tier="so", **more) for i, name in enumerate(names)]


def surveyed(*, years: bool = False, edition: int = 0) -> Results:
    units = units_of("Sở A", "Sở B", "Sở C", "Sở D")
    sent = {
        "u0": Returned(points(a="38", b="20", c="2", t="1")),
        "u1": Returned(points(a="30"), frozenset({"b"})),
        "u2": Returned(points(a="12", b="4", t="5")),
    }
    surveys = [SurveyFigure(f"u{i}", "s", Decimal(90 - 20 * i), 2026) for i in range(3)]
    results = replace(ranked(SURVEYED, sent, units, surveys), edition=edition)
    if not years:
        return results
    said = {
        "u0": YearUnit("u0", "Sở A", index=Decimal("90.5"), rank=2),
        "u1": YearUnit("u1", "Sở B cũ", index=Decimal("95.25"), rank=1),
    }
    return replace(results, years=Years((Year(2025, said), Year(2024, said))))


def many(groups: int) -> Results:
    units = [
        Unit(code=f"u{i}", name=f"Xã {i}", tier="so", group=f"g{i % groups}")
        for i in range(groups * 2)
    ]
    titles = {f"g{i}": {"title": f"Nhóm {i}"} for i in range(groups)}
    sent = {u.code: Returned(points(a=str(90 - i))) for i, u in enumerate(units[1:])}
    return ranked(HUNDRED, sent, units, groups=titles)


def odd() -> Results:
    """Return a group of one, a group with nobody, zeros; names full of what means something in Excel."""
    names = ("=1+1", '@"x"', "+84 'y'", "-z", "Không điểm")
    units = [
        Unit(code=f'u"{i}', name=name, tier="so", group=f"g{i}") for i, name in enumerate(names)
    ]
    titles = {f"g{i}": {"title": f"{name}'"} for i, name in enumerate(names)}
    sent = {'u"0': Returned(points(a="80")), 'u"4': Returned(points(a="0"))}
    bands = [{"name": 'A "tốt"', "at_least": "80"}, {"name": "=B", "at_least": "0"}]
    return ranked(HUNDRED, sent, units, groups=titles, bands=bands)


CASES: Mapping[str, Callable[[], Results]] = {
    "one": lambda: ranked(HUNDRED, {"u": Returned(points(a="71"))}),
    "nobody": lambda: ranked(HUNDRED, {}, units_of("Sở A")),
    "parts": surveyed,
    "years": lambda: surveyed(years=True),
    "odd": odd,
    "many": lambda: many(16),
}
