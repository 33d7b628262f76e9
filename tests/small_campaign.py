"""Campaigns for ranking tests: one whose results can be told beforehand, and random ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from xlscore.answers import Answers
from xlscore.appraising import UnitAppraisal
from xlscore.campaign import Campaign, SurveyFigure, Unit
from xlscore.findings import finding
from xlscore.form import scorecard_layout
from xlscore.layout import Layout
from xlscore.methods.base import Value
from xlscore.plugins import build
from xlscore.ranking import Results, rank_campaign
from xlscore.rubric import Channel, Rubric
from xlscore.scoring import score_card
from xlscore.settings import Settings
from xlscore.submission import Submission

METHODS = build(()).methods()
DEADLINE = datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)
Data = dict[str, Any]


@dataclass(frozen=True)
class Returned:
    """What one unit sent."""

    values: Mapping[str, Mapping[str, Value]]
    not_applicable: frozenset[str] = frozenset()
    evidence: Mapping[str, str] | None = None
    received: datetime = DEADLINE


def leaf(node: str, maximum: str, **more: Any) -> Data:
    method = more.pop("method", {"kind": "points"})
    return {"id": node, "code": node, "title": f"Nội dung {node}", "max": maximum,
            "method": method, **more}  # fmt: skip


def group(node: str, maximum: str, nodes: Sequence[Data], **more: Any) -> Data:
    title = f"Nhóm {node}"
    return {"id": node, "code": node, "title": title, "max": maximum, "nodes": nodes, **more}


def rubric(nodes: Sequence[Data], tier: str = "so") -> Rubric:
    return Rubric.model_validate(
        {"id": f"thu-{tier}", "title": "Thử", "year": "2026", "tier": tier, "nodes": nodes}
    )


def points(**given: str) -> dict[str, dict[str, Value]]:
    return {node: {"points": Decimal(text)} for node, text in given.items()}


def ranked(
    rubrics: Rubric | Mapping[str, Rubric],
    returned: Mapping[str, Returned],
    units: Sequence[Unit] | None = None,
    surveys: Sequence[SurveyFigure] = (),
    *,
    appraised: Callable[[str, Layout, Answers], UnitAppraisal] | None = None,
    **settings: Any,
) -> Results:
    """Rank; units default to one per return, tier `so`; `appraised` says what appraisers said of one."""
    by_tier = {"so": rubrics} if isinstance(rubrics, Rubric) else dict(rubrics)
    chosen = units or [Unit(code=c, name=f"Đơn vị {c}", tier="so") for c in returned]
    made = _settings(by_tier, **settings)
    campaign = Campaign(made, {u.code: u for u in chosen}, by_tier, tuple(surveys))
    layout_of = _layouts(campaign)
    submissions = {
        code: _submission(code, sent, layout_of(campaign.units[code]), made)
        for code, sent in returned.items()
    }
    said = {
        code: appraised(code, layout_of(campaign.units[code]), sent.answers)
        for code, sent in submissions.items()
        if appraised
    }
    return rank_campaign(campaign, submissions, layout_of, appraisals=said)


def _settings(by_tier: Mapping[str, Rubric], **given: Any) -> Settings:
    bands = given.pop("bands", [{"name": "A", "at_least": "80"}, {"name": "B", "at_least": "0"}])
    tiers = {
        tier: {"title": f"Cấp {tier}", "rubric": f"{tier}.yaml", "bands": bands,
               "deadline": DEADLINE.isoformat()}
        for tier in by_tier
    }  # fmt: skip
    head = {"id": "thu", "title": "Kỳ thử", "year": 2026, "tiers": tiers,
            "authority": {"name": "UBND tỉnh Mẫu", "place": "Mẫu"}}  # fmt: skip
    return Settings.model_validate(head | given)


def _layouts(campaign: Campaign) -> Callable[[Unit], Layout]:
    made: dict[str, Layout] = {}

    def layout_of(unit: Unit) -> Layout:
        if unit.code not in made:
            made[unit.code] = scorecard_layout(campaign.rubric(unit), METHODS)
        return made[unit.code]

    return layout_of


def _submission(code: str, sent: Returned, layout: Layout, settings: Settings) -> Submission:
    answers = Answers(sent.values, sent.not_applicable, sent.evidence or {}, complete=True)
    scores = score_card(layout.rubric, layout.methods, answers, settings.policies.leaf_decimals)
    return Submission(code, answers, scores, sent.received)


# --- random campaigns -------------------------------------------------------------------------------


def random_results(seed: int) -> Results:
    """Return the results of a random campaign: everything that a ranking workbook must get right."""
    draw = Random(seed)
    rubrics = {"so": _random_rubric(draw, "so"), "xa": _random_rubric(draw, "xa")}
    units = [_random_unit(draw, i) for i in range(draw.randint(2, 14))]
    returned: dict[str, Returned] = {}
    for unit in units:
        twin = [c for c in returned if c[:2] == unit.code[:2]]
        if twin and draw.random() < 0.3:
            returned[unit.code] = returned[draw.choice(twin)]
        elif draw.random() < 0.85:
            returned[unit.code] = _random_return(draw, rubrics[unit.tier])
    domains = [node.id for node in rubrics["so"].domains]
    policies = {
        "ties": draw.choice(["shared", "dense", "ordered"]),
        "missing_unit": draw.choice(["rank_last", "list_only"]),
        "pending": draw.choice(["leave_out", "zero"]),
        "not_applicable": draw.choice(["leave_out", "full_points", "zero"]),
        "index_may_pass_100": draw.random() < 0.3,
        "leaf_decimals": draw.choice([2, 12]),
        "tie_breakers": draw.sample(domains, draw.randint(0, len(domains))),
    }
    surveys = [
        SurveyFigure(
            u.code, node.id, Decimal(draw.randrange(10_001)) / 100, draw.choice([2025, 2026])
        )
        for u in units
        for node in rubrics[u.tier].leaves
        if node.channel is Channel.SURVEY and draw.random() < 0.7
    ]
    return ranked(rubrics, returned, units, surveys, policies=policies)


def _random_unit(draw: Random, number: int) -> Unit:
    tier = draw.choice(["so", "xa"])
    return Unit(
        code=f"{tier}{number:02}",
        name=draw.choice(["=1+1", "Sở “Kế hoạch” & Đầu tư", "UBND xã <An>"]) + f" {number}",
        tier=tier,
        group=draw.choice(["", "", "hon-hop"]),
        ranked=draw.random() < 0.85,
        attributes={"kind": draw.choice(["a", "b"])},
    )


def _random_rubric(draw: Random, tier: str) -> Rubric:
    nodes = [_random_group(draw, f"d{i}", 1) for i in range(draw.randint(2, 4))]
    nodes.append(leaf("diem", "3"))
    if draw.random() < 0.7:
        parts = [leaf("cong.1", "2"), leaf("cong.2", "2")]
        nodes.append(group("cong", "3", parts, channel="bonus"))
    if draw.random() < 0.7:
        parts = [leaf("tru.1", "2", channel="penalty"), leaf("tru.2", "2", channel="penalty")]
        nodes.append(group("tru", "2.5", parts, channel="penalty"))
    return rubric(_inherit(nodes), tier)


def _inherit(nodes: Sequence[Data], channel: str = "") -> list[Data]:
    made = []
    for node in nodes:
        own = node.get("channel") or channel
        given = {**node, "channel": own} if own else node
        parts = _inherit(node["nodes"], own) if "nodes" in node else []
        made.append({**given, "nodes": parts} if parts else given)
    return made


def _random_group(draw: Random, node: str, depth: int) -> Data:
    parts = [
        _random_group(draw, f"{node}.{i}", depth + 1)
        if depth < 3 and draw.random() < 0.3
        else _random_leaf(draw, f"{node}.{i}")
        for i in range(1, draw.randint(2, 4))
    ]
    combine = draw.choice(["sum", "sum", "best"])
    maxima = [Decimal(part["max"]) for part in parts]
    maximum = sum(maxima) if combine == "sum" else max(maxima)
    return group(node, str(maximum), parts, combine=combine)


def _random_leaf(draw: Random, node: str) -> Data:
    maximum = draw.choice(["0.25", "0.5", "1", "1.5", "2", "3"])
    more: Data = {}
    if draw.random() < 0.2:
        more["applies_when"] = {"kind": "a"}
    if draw.random() < 0.3:
        more["may_be_not_applicable"] = "không phát sinh"
    kind = draw.random()
    if kind < 0.2:
        return leaf(node, maximum, method={"kind": "survey"}, channel="survey", **more)
    if kind < 0.3:
        return leaf(node, maximum, channel="appraiser", **more)
    if kind < 0.4:
        return leaf(
            node, maximum, method={"kind": "index", "fallback": 1}, channel="survey", **more
        )
    if kind < 0.6:
        share = {"kind": "proportional", "numerator": "Đạt", "denominator": "Tất cả",
                 "if_zero": draw.choice(["full", "zero", "not-applicable"])}  # fmt: skip
        return leaf(node, maximum, method=share, **more)
    return leaf(node, maximum, **more)


def _random_return(draw: Random, whole: Rubric) -> Returned:
    values: dict[str, dict[str, Value]] = {}
    left_out = set()
    for node in whole.leaves:
        if node.may_be_not_applicable and draw.random() < 0.4:
            left_out.add(node.id)
        elif node.method and node.method["kind"] == "proportional":
            of = draw.choice([0, 3, 7, 9])
            done = draw.randint(0, of)
            values[node.id] = {"numerator": Decimal(done), "denominator": Decimal(of)}
        elif not (node.is_extra and draw.random() < 0.5):
            step = Decimal(draw.choice(["0.5", "1", "1"]))
            values[node.id] = {"points": node.max * step}
    late = timedelta(days=draw.choice([0, 0, 0, 2]))
    return Returned(values, frozenset(left_out), received=DEADLINE + late)


SOME_FINDING = finding("missing-evidence", row="1.1", sheet="Phiếu", cell="G12", entered="0.5")
