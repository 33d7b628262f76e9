"""The campaign (kỳ đánh giá): its settings, units, rubrics and survey figures, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from xlscore.deadlines import Deadline, WorkingDays
from xlscore.identity import APPRAISAL, REPLY
from xlscore.methods.base import Flag
from xlscore.procedure import COORDINATOR, Agency
from xlscore.rubric import Frozen, Rubric, Text
from xlscore.settings import Settings, TierSettings
from xlscore.workdays import Calendar


class Unit(Frozen):
    """A unit that is scored (đơn vị được đánh giá).

    Attributes:
        code: stable, ASCII, safe as a file name.
        group: ranking group; the tier itself where none is named.
        ranked: False for units that are assessed but not ranked.
        parent: code of the unit above (the district of a commune), or empty.
        attributes: further columns of the table, such as `kind: phường`.
        valid_from, valid_to: days within which the unit exists; open ends are None.
    """

    code: str
    name: Text
    tier: str
    group: str = ""
    ranked: Flag = True
    parent: str = ""
    email: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    attributes: Mapping[str, str] = {}

    def exists_on(self, day: date) -> bool:
        """Whether the unit exists on `day`."""
        after = self.valid_from is None or self.valid_from <= day
        return after and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class SurveyFigure:
    """One figure of a survey or published index.

    Attributes:
        value: as published (percent, index).
        year: the year it was published for; an older one is a fallback and shown as such.
    """

    unit: str
    node: str
    value: Decimal
    year: int
    source: str = ""


@dataclass(frozen=True)
class Campaign:
    """A campaign with its units and rubrics, all references checked."""

    settings: Settings
    units: Mapping[str, Unit]
    rubrics: Mapping[str, Rubric]
    surveys: tuple[SurveyFigure, ...] = ()
    calendar: Calendar = field(default_factory=Calendar)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The campaign's time zone."""
        return ZoneInfo(self.settings.time_zone)

    @cached_property
    def agencies(self) -> Mapping[str, Agency]:
        """The appraising agencies; the campaign's office alone where none is named."""
        named = self.settings.appraisal.agencies
        return named or {COORDINATOR: Agency(title=self.settings.authority.office)}

    @cached_property
    def active(self) -> Mapping[str, Unit]:
        """The units that exist on the day of their deadline: those issued to, ranked and reminded."""
        return {
            code: unit
            for code, unit in self.units.items()
            if unit.exists_on(self.deadline(unit).date())
        }

    @cached_property
    def scored_here(self) -> Mapping[str, Unit]:
        """The active units that send their scorecards to this campaign, not to the unit above them."""
        return {
            code: unit
            for code, unit in self.active.items()
            if not self.tier(unit).reported_by_parent
        }

    def reporting(self, parent: str) -> Mapping[str, Unit]:
        """Return the active units whose results `parent` reports."""
        return {
            code: unit
            for code, unit in self.active.items()
            if unit.parent == parent and self.tier(unit).reported_by_parent
        }

    def tier(self, unit: Unit) -> TierSettings:
        """Return the settings of a unit's tier."""
        return self.settings.tiers[unit.tier]

    def deadline(self, unit: Unit) -> datetime:
        """Return a unit's deadline in the campaign's time zone."""
        return self._moment(self.tier(unit).deadline)

    def due(self, kind: str, round_: int) -> datetime | None:
        """Return when forms of a kind (see `identity`) are due back in a round; None: no day is set."""
        rounds = self.settings.appraisal.rounds
        if kind not in {APPRAISAL, REPLY} or round_ > len(rounds):
            return None
        this = rounds[round_ - 1]
        given = this.deadline if kind == APPRAISAL else this.replies
        return None if given is None else self._moment(given)

    def _moment(self, given: Deadline) -> datetime:
        moment = given.moment(self.calendar) if isinstance(given, WorkingDays) else given
        return moment if moment.tzinfo else moment.replace(tzinfo=self.zone)

    def rubric(self, unit: Unit) -> Rubric:
        """Return the rubric as it applies to `unit`: attributes settled, waived rows left out."""
        left_out = frozenset(
            node for w in self.settings.waivers if w.unit == unit.code for node in w.leave_out
        )
        asked = self.rubrics[unit.tier].attributes
        attributes = tuple(sorted((k, v) for k, v in unit.attributes.items() if k in asked))
        return self._variant(unit.tier, attributes, left_out)

    def _variant(
        self, tier: str, attributes: tuple[tuple[str, str], ...], left_out: frozenset[str]
    ) -> Rubric:
        key = (tier, attributes, left_out)
        if key not in self._variants:
            base = self.rubrics[tier]
            self._variants[key] = base.for_unit(dict(attributes), left_out)
        return self._variants[key]

    @cached_property
    def _variants(self) -> dict[tuple[Any, ...], Rubric]:
        return {}

    @cached_property
    def survey_values(self) -> Mapping[tuple[str, str], tuple[SurveyFigure, ...]]:
        """Survey figures by unit and node, newest year first."""
        found: dict[tuple[str, str], list[SurveyFigure]] = {}
        for figure in self.surveys:
            found.setdefault((figure.unit, figure.node), []).append(figure)
        return {k: tuple(sorted(v, key=lambda f: -f.year)) for k, v in found.items()}
