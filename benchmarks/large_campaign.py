"""A campaign of one tier, as large as is asked for: 100 rows in 20 criteria and 5 domains."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from xlscore.answers import Answers
from xlscore.appraising import Claim, Decision, UnitAppraisal, appraise, row_basis
from xlscore.campaign import Campaign, Unit
from xlscore.form import scorecard_layout
from xlscore.plugins import build
from xlscore.ranking import GroupRanking, Results, rank_campaign
from xlscore.rubric import Rubric
from xlscore.scoring import score_card
from xlscore.settings import Settings
from xlscore.submission import Submission
from xlscore.years import Year, Years, YearUnit

DOMAINS, CRITERIA, LEAVES = 5, 4, 5
"""5 domains × 4 criteria × 5 rows: 100 rows."""

YEAR, EARLIER = 2026, (2025, 2024)
ADJUSTED_EVERY = 10
"""Of so many rows appraisers adjust one, with a reason; all others they accept."""

SENT = datetime(YEAR, 11, 20, tzinfo=UTC)
GENERATED = datetime(YEAR, 12, 20, 8, 0, tzinfo=UTC)


class LargeCampaign:
    """The campaign, and what its units submitted."""

    def __init__(self, units: int, groups: int = 1, draws: int = 1000) -> None:
        """Make them; the same arguments give the same scores.

        Args:
            groups: ranking groups, which the units are dealt out to.
            draws: of the trials how robust the ranks are.
        """
        rubric = Rubric.model_validate(_rubric())
        self.layout = scorecard_layout(rubric, build(()).methods())
        named = {
            code: Unit(code=code, name=f"Ủy ban nhân dân xã {code}", tier="xa",
                       group=f"g{place % groups + 1}")
            for place, code in enumerate(f"X{i:04}" for i in range(units))
        }  # fmt: skip
        self.campaign = Campaign(_settings(groups, draws), named, {"xa": rubric})
        draw = random.Random(1)
        self.submissions = {code: self._submission(code, draw) for code in named}

    def ranked(
        self, appraisals: Mapping[str, UnitAppraisal] | None = None, years: Years | None = None
    ) -> Results:
        """Rank the units."""
        results = rank_campaign(
            self.campaign, self.submissions, lambda _: self.layout, appraisals=appraisals
        )
        return replace(results, years=years or Years(), edition=1)

    def appraisals(self) -> dict[str, UnitAppraisal]:
        """Return what appraisers said: a word on every row."""
        draw = random.Random(2)
        return {
            code: appraise(code, self.layout, sent.answers, list(self._claims(sent, draw)))
            for code, sent in self.submissions.items()
        }

    def years(self) -> Years:
        """Return two earlier years, of the same units."""
        draw = random.Random(3)
        return Years(tuple(Year(year, self._of_year(draw), "tệp kết quả") for year in EARLIER))

    def _submission(self, code: str, draw: random.Random) -> Submission:
        rubric = self.layout.rubric
        values = {n.id: {"points": Decimal(draw.randrange(5)) / 4} for n in rubric.leaves}
        answers = Answers(values, complete=True)
        scores = score_card(rubric, self.layout.methods, answers)
        return Submission(code, answers, scores, SENT)

    def _claims(self, sent: Submission, draw: random.Random) -> Iterator[Claim]:
        for number, leaf in enumerate(self.layout.rubric.leaves, 1):
            basis = row_basis(self.layout, sent.answers, leaf.id)
            said: dict[str, Any] = {"decision": Decision.ACCEPT}
            if number % ADJUSTED_EVERY == 0:
                points = Decimal(draw.randrange(5)) / 4
                why = "Tài liệu kiểm chứng chưa đầy đủ"
                said = {"decision": Decision.ADJUST, "points": points, "reason": why}
            yield Claim(
                agency="A", round=1, unit=sent.unit, node=leaf.id, basis=basis, arrival=number,
                **said,
            )  # fmt: skip

    def _of_year(self, draw: random.Random) -> dict[str, YearUnit]:
        found: dict[str, YearUnit] = {}
        for place, unit in enumerate(self.campaign.units.values(), 1):
            domains = {d.id: Decimal(draw.randrange(6000, 10_000)) / 100 for d in self._domains}
            index = sum(domains.values(), Decimal(0)) / len(domains)
            found[unit.code] = YearUnit(
                unit.code, unit.name, unit.group, index, place, "Tốt", domains
            )
        return found

    @property
    def _domains(self) -> Sequence[Any]:
        return self.layout.rubric.domains


def whole(units: int, groups: int) -> Results:
    """Return results with everything that a ranking workbook can show of them."""
    made = LargeCampaign(units, groups)
    return made.ranked(made.appraisals(), made.years())


def one_group(units: int, draws: int) -> tuple[Campaign, GroupRanking]:
    """Return a campaign with its one ranking group, without appraisal."""
    made = LargeCampaign(units, draws=draws)
    return made.campaign, made.ranked().groups[0]


def _settings(groups: int, draws: int) -> Settings:
    tier = {"title": "UBND cấp xã", "rubric": "xa.yaml", "deadline": f"{YEAR}-11-30",
            "bands": [{"name": n, "at_least": a} for n, a in
                      (("Tốt", "60"), ("Khá", "50"), ("Trung bình", "40"), ("Yếu", "0"))]}  # fmt: skip
    return Settings.model_validate(
        {"id": "bench", "title": "Xếp hạng cải cách hành chính", "year": YEAR, "tiers": {"xa": tier},
         "groups": {f"g{n}": {"title": f"Nhóm {n}"} for n in range(1, groups + 1)},
         "robustness": {"draws": draws},
         "authority": {"name": "UBND tỉnh", "place": "Vĩnh Long"}}
    )  # fmt: skip


def _rubric() -> dict[str, Any]:
    def leaf(code: str) -> dict[str, Any]:
        return {"id": code, "code": code, "title": f"Tiêu chí thành phần {code}", "max": "1",
                "method": {"kind": "points", "step": "0.25"}}  # fmt: skip

    def group(code: str, size: int, nodes: list[dict[str, Any]]) -> dict[str, Any]:
        title, size_told = f"Nội dung {code}", str(size)
        return {"id": code, "code": code, "title": title, "max": size_told, "nodes": nodes}

    nodes = [
        group(str(d), CRITERIA * LEAVES, [
            group(f"{d}.{c}", LEAVES, [leaf(f"{d}.{c}.{n}") for n in range(1, LEAVES + 1)])
            for c in range(1, CRITERIA + 1)
        ])
        for d in range(1, DOMAINS + 1)
    ]  # fmt: skip
    return {"id": "bench", "title": "Bench", "year": str(YEAR), "tier": "xa", "nodes": nodes}
