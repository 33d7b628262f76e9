"""The campaign (kỳ đánh giá): year, authority, tiers, units, deadlines, policies, waivers; all data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator

from xlscore.deadlines import Deadline, WorkingDays
from xlscore.methods.base import Flag
from xlscore.procedure import COORDINATOR, Agency, AppraisalSettings, SurveySettings
from xlscore.rubric import FileName, Frozen, Identifier, Points, Rubric, Text, Texts
from xlscore.scoring import NotApplicablePolicy, Pending, ScoringPolicy, Unappraised
from xlscore.workdays import Calendar


class MissingUnits(StrEnum):
    """How a unit without a valid return appears: ranked last with 0, or only listed."""

    RANK_LAST = "rank_last"
    LIST_ONLY = "list_only"


class Ties(StrEnum):
    """Ranks of equal indices.

    `shared`: 1, 2, 2, 4; `dense`: 1, 2, 2, 3; `ordered`: 1, 2, 3, 4 in the order of the tie breakers,
    then of the list of units.
    """

    SHARED = "shared"
    DENSE = "dense"
    ORDERED = "ordered"


class EvidencePolicy(StrEnum):
    """What a claimed score without evidence and explanation is."""

    REQUIRED = "required"
    WARN = "warn"
    OFF = "off"


class Authority(Frozen):
    """Who issues the forms: the authority (UBND tỉnh), the place, the office that runs the campaign."""

    name: Text
    place: Text
    office: Text = "Sở Nội vụ"


class Grade(Frozen):
    """One band of the ranking (xếp loại): from `at_least` percent of the index on."""

    name: Text
    at_least: Points


class TierSettings(Frozen):
    """A tier (cấp): its rubric, deadline, bands and who signs.

    Attributes:
        reported_by_parent: results come up in the books of the units above (UBND huyện chấm xã).
        across: title of a further ranking over the whole tier, beside its groups; or empty.
    """

    title: Text
    rubric: str
    deadline: Deadline
    bands: tuple[Grade, ...] = ()
    signatory: Text = "THỦ TRƯỞNG ĐƠN VỊ"
    reported_by_parent: Flag = False
    across: Text = ""

    @field_validator("bands")
    @classmethod
    def _descending(cls, bands: tuple[Grade, ...]) -> tuple[Grade, ...]:
        floors = [band.at_least for band in bands]
        if floors != sorted(set(floors), reverse=True):
            raise ValueError("các mức xếp loại phải giảm dần", "the bands must descend")
        return bands


def uncovered(tiers: Mapping[str, TierSettings], calendar: Calendar) -> Iterator[tuple[str, int]]:
    """Yield tiers whose deadline counts working days, with each year of which no day off is known."""
    for tier, chosen in tiers.items():
        if isinstance(chosen.deadline, WorkingDays):
            yield from ((tier, year) for year in chosen.deadline.uncovered(calendar))


class Group(Frozen):
    """A ranking group (nhóm xếp hạng)."""

    title: Text


class Policies(Frozen):
    """Settings in which offices differ; the defaults are the commonest practice."""

    not_applicable: NotApplicablePolicy = NotApplicablePolicy.LEAVE_OUT
    missing_unit: MissingUnits = MissingUnits.RANK_LAST
    unappraised: Unappraised = Unappraised.SELF
    pending: Pending = Pending.LEAVE_OUT
    evidence: EvidencePolicy = EvidencePolicy.REQUIRED
    ties: Ties = Ties.SHARED
    tie_breakers: tuple[str, ...] = ()
    leaf_decimals: int = Field(default=12, ge=2, le=12)
    display_decimals: int = Field(default=2, ge=0, le=6)
    index_may_pass_100: Flag = False

    @property
    def scoring(self) -> ScoringPolicy:
        """The part that scoring follows."""
        return ScoringPolicy(
            self.leaf_decimals, self.not_applicable, self.unappraised, self.pending
        )


class Folders(Frozen):
    """Where things lie: paths relative to the campaign folder, or anywhere else (`//server/share/…`).

    Attributes:
        inbox: where returned workbooks are put; may be a share.
        outbox: receipts, marked copies, released forms, drafts of letters; may be a share.
        reports: rankings and the status page.
        data: ledger, archive, keys, logs; private, on a local disk that nothing synchronises.
        status: a further folder, on the share for instance, that receives the status page; or empty.
    """

    inbox: Text = "inbox"
    outbox: Text = "outbox"
    reports: Text = "reports"
    data: Text = "data"
    status: str = ""


class Unproven(StrEnum):
    """What a return counts as that may have come in time while nobody was looking.

    No complete scan ran between the deadline and its first sight. `ask`: late until the operator says
    otherwise, and pointed out; `file_time`: on time if the file's own time is; `late`: late.
    """

    ASK = "ask"
    FILE_TIME = "file_time"
    LATE = "late"


class MarkedCopies(StrEnum):
    """When a unit gets its own scorecard back with the places marked.

    `warnings`: when anything was found beside notes; `errors`: when the return is refused; `never`.
    """

    WARNINGS = "warnings"
    ERRORS = "errors"
    NEVER = "never"


class IntakeSettings(Frozen):
    """How files are taken in (tiếp nhận).

    Attributes:
        every_seconds: between two scans of the watcher.
        settle_seconds: a file must stay unchanged so long.
        owner_minutes: a file that is open in Excel is taken after so long all the same.
        incomplete_minutes: a file that stays incomplete so long gets an answer.
        download_placeholders: whether files that a sync client keeps in the cloud only are fetched.
        least_free_mb: intake pauses when the disk of `data` has less room.
    """

    every_seconds: Annotated[int, Field(ge=1, le=3600)] = 10
    settle_seconds: Annotated[int, Field(ge=0, le=600)] = 5
    owner_minutes: Annotated[int, Field(ge=0, le=1440)] = 30
    incomplete_minutes: Annotated[int, Field(ge=0, le=1440)] = 10
    download_placeholders: Flag = False
    least_free_mb: Annotated[int, Field(ge=0, le=100_000)] = 200
    unproven: Unproven = Unproven.ASK
    marked_copies: MarkedCopies = MarkedCopies.WARNINGS


class Waiver(Frozen):
    """A named exception (miễn trừ) for a unit, visible in every result.

    Either a finding code, optionally on one row (its id, or its STT where that is printed once), that
    becomes a note; or rows that are left out.
    """

    unit: str
    reason: Text
    by: Text
    code: str = ""
    row: str = ""
    leave_out: Texts = ()

    @model_validator(mode="after")
    def _says_what(self) -> Waiver:
        if bool(self.code) == bool(self.leave_out):
            raise ValueError(
                "cần đúng một trong hai: code hoặc leave_out", "needs code or leave_out"
            )
        return self


class Settings(Frozen):
    """What `campaign.yaml` says."""

    id: Identifier
    title: Text
    year: int
    authority: Authority
    language: str = Field(default="vi", pattern="^(vi|en)$")
    time_zone: str = "Asia/Ho_Chi_Minh"
    note: Text = ""
    tiers: Mapping[FileName, TierSettings] = Field(min_length=1)
    groups: Mapping[str, Group] = {}
    units: str = "units.csv"
    surveys: Texts = ()
    holidays: Texts = ()
    policies: Policies = Policies()
    waivers: tuple[Waiver, ...] = ()
    folders_per_unit: Flag = False
    folders: Folders = Folders()
    intake: IntakeSettings = IntakeSettings()
    appraisal: AppraisalSettings = AppraisalSettings()
    survey: SurveySettings = SurveySettings()

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValueError("múi giờ không tồn tại", "there is no such time zone") from None
        return name


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

    def tier(self, unit: Unit) -> TierSettings:
        """Return the settings of a unit's tier."""
        return self.settings.tiers[unit.tier]

    def deadline(self, unit: Unit) -> datetime:
        """Return a unit's deadline in the campaign's time zone."""
        given = self.tier(unit).deadline
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
