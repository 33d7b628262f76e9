"""What `campaign.yaml` says: authority, tiers, bands, policies, folders, intake, waivers; all data."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator

from xlscore.correspondence import MailSettings
from xlscore.deadlines import Deadline
from xlscore.methods.base import Flag
from xlscore.procedure import AppraisalSettings, SurveySettings
from xlscore.rubric import FileName, Frozen, Identifier, Points, Text, Texts
from xlscore.scoring import NotApplicablePolicy, Pending, ScoringPolicy, Unappraised
from xlscore.years import EarlierYear


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


_HEADS: Mapping[str, str] = {
    "sở": "GIÁM ĐỐC",
    "ủy ban nhân dân": "CHỦ TỊCH",
    "ubnd": "CHỦ TỊCH",
    "văn phòng": "CHÁNH VĂN PHÒNG",
    "hội đồng": "CHỦ TỊCH HỘI ĐỒNG",
    "phòng": "TRƯỞNG PHÒNG",
}
"""Title of an office's head by how the office's name begins."""


class Authority(Frozen):
    """Who issues the forms: the authority (UBND tỉnh), the place, the office that runs the campaign.

    Attributes:
        signatory: who signs for the office (chức danh người ký), perhaps on several lines; where it is
            empty, the title that the head of such an office has.
    """

    name: Text
    place: Text
    office: Text = "Sở Nội vụ"
    signatory: Text = ""

    @property
    def signs(self) -> str:
        """Return the title of whoever signs for the office."""
        said = self.office.lower()
        heads = (title for start, title in _HEADS.items() if said.startswith(start))
        return self.signatory or next(heads, "THỦ TRƯỞNG ĐƠN VỊ")


class Grade(Frozen):
    """One band of the ranking (xếp loại): from `at_least` percent of the index on."""

    name: Text
    at_least: Points


class TierSettings(Frozen):
    """A tier (cấp): its rubric, deadline, bands and who signs.

    Attributes:
        reported_by_parent: results come up in the books of the units above (UBND huyện chấm xã).
        across: title of a further ranking over the whole tier, beside its groups; or empty.
        show_last_year: scorecards show last year's achieved points beside each row.
    """

    title: Text
    rubric: str
    deadline: Deadline
    bands: tuple[Grade, ...] = ()
    signatory: Text = "THỦ TRƯỞNG ĐƠN VỊ"
    reported_by_parent: Flag = False
    across: Text = ""
    show_last_year: Flag = False

    @field_validator("bands")
    @classmethod
    def _descending(cls, bands: tuple[Grade, ...]) -> tuple[Grade, ...]:
        floors = [band.at_least for band in bands]
        if floors != sorted(set(floors), reverse=True):
            raise ValueError("các mức xếp loại phải giảm dần", "the bands must descend")
        return bands


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


class RobustnessSettings(Frozen):
    """How robust the ranks are (độ vững của thứ hạng): what is varied, and how often.

    Attributes:
        draws: random variations of the weights; 0 leaves the whole step out.
        noise: how far a weight is varied up or down at most, in percent of itself.
        seed: begins the random numbers, so that the same ranking has the same figures.
    """

    draws: Annotated[int, Field(ge=0, le=100_000)] = 1000
    noise: Annotated[Points, Field(gt=0, le=100)] = Decimal(25)
    seed: Annotated[int, Field(ge=0)] = 1


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
    """What `campaign.yaml` says.

    Attributes:
        reports_to: of a district's own campaign: the authorisation to report its results, as a path.
        earlier: earlier years to compare with.
        predecessors: table of units that had another code in an earlier year, were merged or split.
    """

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
    reports_to: str = ""
    folders_per_unit: Flag = False
    folders: Folders = Folders()
    intake: IntakeSettings = IntakeSettings()
    appraisal: AppraisalSettings = AppraisalSettings()
    survey: SurveySettings = SurveySettings()
    robustness: RobustnessSettings = RobustnessSettings()
    earlier: tuple[EarlierYear, ...] = ()
    predecessors: str = ""
    mail: MailSettings = MailSettings()

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValueError("múi giờ không tồn tại", "there is no such time zone") from None
        return name
