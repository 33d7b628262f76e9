"""The procedure after self-assessment (thẩm định): who appraises what, in which rounds; surveys planned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, model_validator

from xlscore.deadlines import Deadline
from xlscore.rubric import FileName, Frozen, Text, Texts


class Agency(Frozen):
    """An appraising agency (cơ quan thẩm định); its code may be that of a unit."""

    title: Text
    email: str = ""


class Assignment(Frozen):
    """A rule that gives rows to an agency; what it leaves empty, it does not ask for.

    Attributes:
        tiers, parents, units: of the unit: its tier, the code of the unit above it, its own code.
        rows: ids of nodes (domains, criteria); what lies below them goes along.
    """

    agency: str
    tiers: Texts = ()
    parents: Texts = ()
    units: Texts = ()
    rows: Texts = ()


class Round(Frozen):
    """One round of appraisal (lần thẩm định); its number is its place in the list.

    Attributes:
        deadline: when the agencies' books are due back; replies: when the units' replies are.
        agencies: who takes part; everybody where empty. What others would appraise then falls to the
            coordinator.
    """

    title: Text = ""
    deadline: Deadline | None = None
    replies: Deadline | None = None
    agencies: Texts = ()


class Council(Frozen):
    """The council (hội đồng thẩm định) whose word is final."""

    title: Text = "Hội đồng thẩm định"
    signatory: Text = "CHỦ TỊCH HỘI ĐỒNG"


COORDINATOR = "CQTH"
"""The agency (cơ quan tổng hợp) of campaigns that name none."""


class AppraisalSettings(Frozen):
    """What `campaign.yaml` says under `appraisal`.

    Attributes:
        agencies: by code; where there is none, the campaign's office appraises everything.
        coordinator: gets the rows that are assigned to nobody; the first agency by default.
        assignments: the first rule that fits a row decides; before the rubric's `lead`.
        rounds: one where none is given.
    """

    agencies: Mapping[FileName, Agency] = {}
    coordinator: str = ""
    assignments: tuple[Assignment, ...] = ()
    rounds: Annotated[tuple[Round, ...], Field(max_length=20)] = (Round(),)
    council: Council = Council()

    @model_validator(mode="after")
    def _known_agencies(self) -> AppraisalSettings:
        named = {rule.agency for rule in self.assignments}
        named |= {code for round_ in self.rounds for code in round_.agencies}
        named |= {self.coordinator} - {""}
        unknown = ", ".join(sorted(named - self.agencies.keys()))
        if unknown:
            raise ValueError(
                f"cơ quan chưa khai trong agencies: {unknown}",
                f"not declared in agencies: {unknown}",
            )
        if not self.rounds:
            raise ValueError("cần ít nhất một lần thẩm định", "at least one round is needed")
        return self

    @property
    def leader(self) -> str:
        """Code of the coordinating agency."""
        return self.coordinator or next(iter(self.agencies), COORDINATOR)

    def round_title(self, number: int) -> str:
        """Return how round `number` is called."""
        return self.rounds[number - 1].title or f"Thẩm định lần {number}"


class SampleGroup(Frozen):
    """A group of respondents (nhóm đối tượng khảo sát) of the sample plan.

    Attributes:
        each: people asked in each place; times: number of places of each kind, multiplied.
        basis: how that is counted, in words (“03 người/sở × 19 sở”).
    """

    title: Text
    each: Annotated[int, Field(ge=0)]
    times: tuple[Annotated[int, Field(ge=0)], ...] = ()
    basis: Text = ""

    @property
    def planned(self) -> int:
        """People to be asked."""
        product = self.each
        for factor in self.times:
            product *= factor
        return product


class SurveySettings(Frozen):
    """What `campaign.yaml` says under `survey`.

    Attributes:
        sample: the sample plan, by respondent group; a rubric's survey rows name these groups.
    """

    sample: Mapping[FileName, SampleGroup] = {}
