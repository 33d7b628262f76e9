"""A province with two districts, each appraising its communes in a campaign folder of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.campaigns import Campaign, Data, Key, make_campaign, rubric
from tests.collecting import collect
from tests.recorded import Office
from xlscore.appraising import Claim, row_basis
from xlscore.appraising.claims import Decision, claim_to_json
from xlscore.exporting.districts import (
    Authorisation,
    Report,
    authorisation_path,
    prepare,
    read_authorisation,
    report,
)
from xlscore.findings import Status
from xlscore.identity import APPRAISAL, KeyRing
from xlscore.ledger import open_ledger
from xlscore.proceedings import Proceedings, proceedings
from xlscore.reported import ResultBook
from xlscore.workbooks.resultbook.pages import Subject
from xlscore.workbooks.resultbook.write import Imprint, render_result_book
from xlscore.workbooks.scorecard.fill import Typed
from xlscore.workspace import open_workspace

DISTRICTS = {"H1": ("X11", "X12", "X13"), "H2": ("X21", "X22", "X23")}
UNITS = """code,name,tier,group,ranked,parent
H1,UBND huyện Một,huyen,,yes,
H2,UBND huyện Hai,huyen,,yes,
X11,UBND xã Một Một,xa,g1,yes,H1
X12,UBND xã Một Hai,xa,g1,yes,H1
X13,UBND xã Một Ba,xa,g1,no,H1
X21,UBND xã Hai Một,xa,g2,yes,H2
X22,UBND xã Hai Hai,xa,g2,yes,H2
X23,UBND xã Hai Ba,xa,g2,yes,H2
"""
SENT: Mapping[str, Mapping[Key, Typed | None]] = {
    "X11": {},
    "X12": {("n1.3", "numerator"): Decimal(1), ("n1.3", "denominator"): Decimal(3)},
    "X13": {("n3", "points"): Decimal("3.5")},
    "X21": {},
    "X22": {("n3", "points"): Decimal(4), ("nC", "points"): Decimal(1)},
}
"""What the communes fill in; X23 sends nothing, X11 and X21 fill in the same."""

FIGURES = {"X11": "80", "X12": "90.5", "X13": "70", "X21": "80", "X22": "66.6"}
SURVEYS = "unit,node,value,year\n" + "".join(f"{u},n2.3,{v},2026\n" for u, v in FIGURES.items())
NOW = datetime(2026, 12, 10, 3, tzinfo=UTC)


def tiers(*, reported: bool = True, **more: Any) -> Data:
    bands = [{"name": "Tốt", "at_least": "80"}, {"name": "Khá", "at_least": "0"}]
    above = {"reported_by_parent": "true", "across": "Toàn tỉnh"} if reported else {}
    common = {"deadline": "2026-12-15", "bands": bands, "signatory": "TM. ỦY BAN NHÂN DÂN"}
    return {
        "huyen": {"title": "Cấp huyện", "rubric": "rubrics/huyen.yaml", **common},
        "xa": {"title": "Cấp xã", "rubric": "rubrics/xa.yaml", **common, **above, **more},
    }


def make(root: Path, *, reported: bool = True, **given: Any) -> Campaign:
    rubrics = {"huyen": rubric("huyen"), "xa": rubric("xa")}
    groups = {"g1": {"title": "Xã thuộc huyện Một"}, "g2": {"title": "Xã thuộc huyện Hai"}}
    said = {"tiers": tiers(reported=reported), "groups": groups, **given}
    made = make_campaign(root, rubrics=rubrics, units=UNITS, **said)
    (root / "inbox").mkdir(exist_ok=True)
    return made


def with_surveys(campaign: Campaign) -> Campaign:
    """Give a campaign the figures of the survey, once they are out."""
    path = campaign.root / "campaign.yaml"
    settings = json.loads(path.read_text(encoding="utf-8"))
    (campaign.root / "surveys.csv").write_text(SURVEYS, encoding="utf-8")
    path.write_text(json.dumps(settings | {"surveys": ["surveys.csv"]}), encoding="utf-8")
    return campaign.reopened()


def submit(campaign: Campaign, units: tuple[str, ...]) -> None:
    """Have the communes fill in and send their scorecards, and take them in."""
    for unit in units:
        if unit in SENT:
            data = campaign.filled(SENT[unit], unit=unit)
            (campaign.root / "inbox" / f"{unit}.xlsx").write_bytes(data)
    collected = collect(campaign.workspace, settle=0, now=lambda: NOW)
    assert [r.status for r in collected.recorded] == [Status.VALID] * len(collected.recorded)


def appraise_x12(campaign: Campaign) -> None:
    """Put on record that a score of X12 was lowered, with the reason."""
    state = state_of(campaign)
    submission = state.standings["X12"].submission
    assert submission is not None
    basis = row_basis(campaign.layout("X12"), submission.answers, "n1.1")
    agency = next(iter(campaign.workspace.campaign.agencies))
    claim = Claim(agency, 1, "X12", "n1.1", Decision.ADJUST, basis, Decimal("0.5"),
                  reason="Kế hoạch ban hành chậm")  # fmt: skip
    office = Office(campaign.workspace)
    with open_ledger(campaign.workspace.ledger_path) as ledger:
        office.arrive(
            ledger, b"appraised", entry=b"td.xlsx", file="td.xlsx", unit=agency, findings=(),
            status=Status.VALID, kind=APPRAISAL, card={"rows": [claim_to_json(claim)]},
        )  # fmt: skip


def state_of(campaign: Campaign) -> Proceedings:
    with open_ledger(campaign.workspace.ledger_path) as ledger:
        return proceedings(campaign.workspace, ledger, NOW)


@dataclass
class Province:
    """A province and its districts."""

    root: Path

    @property
    def campaign(self) -> Campaign:
        return Campaign(self.root / "tinh", open_workspace(self.root / "tinh"))

    def district(self, code: str) -> Campaign:
        return Campaign(self.root / code, open_workspace(self.root / code))

    def authorisation(self, code: str) -> Authorisation:
        return read_authorisation(authorisation_path(self.campaign.workspace, code))

    def report(self, code: str, now: datetime = NOW, **how: Any) -> Report:
        return report(self.district(code).workspace, now, **({"provisional": True} | how))

    def arrive(self, data: bytes, name: str = "so.xlsx") -> Any:
        """Put a book into the province's inbox and take it in; return what was recorded."""
        (self.root / "tinh" / "inbox" / name).write_bytes(data)
        (recorded,) = collect(self.campaign.workspace, settle=0, now=lambda: NOW).recorded
        return recorded

    def sent(self, code: str, now: datetime = NOW, name: str = "") -> Any:
        return self.arrive(self.report(code, now).path.read_bytes(), name or f"{code}.xlsx")

    def forged(
        self, code: str, change: Callable[[ResultBook], ResultBook], key: bytes = b""
    ) -> bytes:
        """Return a district's book with another content, sealed with its own key or another."""
        given, made = self.authorisation(code), self.report(code)
        book = change(made.book)
        campaign = self.campaign.workspace.campaign
        subjects = [
            Subject(u, campaign.units[u].name, campaign.rubric(campaign.units[u]))
            for u, told in book.units.items()
            if u in campaign.units and told and told.achieved.keys() >= _leaves(campaign, u)
        ]
        imprint = Imprint("H", "P", "M", "H", 2026, "TM.", book.made, 2, given.token, "x")
        return render_result_book(book, subjects, imprint, KeyRing("0", {"0": key or given.key}))


def _leaves(campaign: Any, unit: str) -> set[str]:
    return {leaf.id for leaf in campaign.rubric(campaign.units[unit]).leaves}


def make_province(root: Path, **given: Any) -> Province:
    """Return a province whose districts have collected and appraised, and not yet reported."""
    province = make(root / "tinh", **given)
    for code, units in DISTRICTS.items():
        prepare(province.workspace, code, root / code)
        district = Campaign(root / code, open_workspace(root / code))
        submit(district, units)
        if code == "H1":
            appraise_x12(district)
    return Province(root)
