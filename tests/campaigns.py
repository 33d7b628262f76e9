"""A small campaign in a real folder: every kind of row, real issued scorecards, returns read back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from pathlib import Path
from string import Formatter
from typing import Any

from xlscore.findings import Finding, message
from xlscore.form import card_inputs
from xlscore.identity import Token, sign
from xlscore.issuing import Form, Press, forms, issue
from xlscore.layout import COMPLETE, Column, Layout, Row, Slot
from xlscore.methods.base import Input, InputKind
from xlscore.workbooks.members import read_members, replace_members
from xlscore.workbooks.package import parse_address
from xlscore.workbooks.returns import Return, read_return
from xlscore.workbooks.scorecard.fill import CellContent, Typed, fill, put
from xlscore.workspace import Workspace, open_workspace

Key = tuple[str, str]
TypedCells = dict[Key, Typed]
Data = dict[str, Any]

FORM = "xl/worksheets/sheet1.xml"
EVIDENCE = "Kế hoạch số 12/KH-UBND ngày 05/01/2026"


def leaf(node: str, maximum: str, kind: str, more: Data | None = None, **method: Any) -> Data:
    named = {"id": f"n{node}", "code": node, "title": f"Tiêu chí {node}", "max": maximum}
    return {**named, "method": {"kind": kind, **method}, **(more or {})}


def group(node: str, maximum: str, nodes: Sequence[Data], **more: Any) -> Data:
    named = {"id": f"n{node}", "code": node, "title": f"Nhóm {node}", "max": maximum}
    return {**named, "nodes": list(nodes), **more}


def levels(*labelled: tuple[str, str]) -> list[Data]:
    return [{"label": label, "points": points} for label, points in labelled]


def rubric(tier: str = "so") -> Data:
    """Return a rubric with every kind of row that a check looks at."""
    first = [
        leaf("1.1", "2", "points", {"evidence": ["Kế hoạch"]}, step="0.25"),
        leaf(
            "1.2", "1", "levels", levels=levels(("Kịp thời", "1"), ("Chậm", "0.5"), ("Không", "0"))
        ),
        leaf(
            "1.3",
            "3",
            "proportional",
            {"may_be_not_applicable": "không phát sinh hồ sơ"},
            numerator="Số hồ sơ đúng hạn",
            denominator="Tổng số hồ sơ",
        ),
        leaf("1.4", "2", "count", unit="sáng kiến", points_each="0.5"),
        leaf("1.5", "2", "points", minimum="0.5"),
    ]
    nine = levels(*((f"Mức {n}", str(n)) for n in range(9)))
    parts = [
        leaf(
            "2.2.1",
            "2",
            "formula",
            variables=[{"id": v, "label": f"Số {v}"} for v in ("tong", "dat")],
            branches=[{"score": "dat / tong * max"}],
            require=[{"that": "dat != 13", "message": "số đạt không thể là 13"}],
        ),
        leaf(
            "2.2.2", "1", "checklist", items=levels(("Có kế hoạch", "0.4"), ("Có báo cáo", "0.6"))
        ),
    ]
    rest: Any = {"else": "0"}
    bands = [{"at_least": "90", "points": "2"}, {"at_least": "70", "points": "1"}]
    second = [
        leaf("2.1", "2", "bands", numerator="Tỷ lệ giải quyết", bands=bands, **rest),
        group("2.2", "3", parts, may_be_not_applicable="không được giao nhiệm vụ"),
        leaf("2.3", "3", "survey", {"channel": "survey"}),
        leaf("2.4", "8", "levels", levels=nine),
    ]
    bonus = leaf("C", "1", "points", {"channel": "bonus"})
    domains = [
        group("1", "10", first, role=["van-phong"]),
        group("2", "16", second, role=["chuyen-mon"]),
        leaf("3", "4", "points"),
    ]
    head = {"id": f"thu-{tier}", "title": "Bộ tiêu chí thử", "year": "2026", "tier": tier}
    roles = {"van-phong": "Văn phòng", "chuyen-mon": "Phòng chuyên môn"}
    return {**head, "scale": "30", "roles": roles, "nodes": [*domains, bonus]}


def settings(**given: Any) -> Data:
    tiers = {
        tier: {"title": f"Cấp {tier}", "rubric": f"rubrics/{tier}.yaml", "deadline": "2026-12-15"}
        for tier in ("so", "xa")
    }
    authority = {"name": "UBND TỈNH MẪU", "place": "Mẫu"}
    head = {"id": "thu-2026", "title": "Kỳ thử 2026", "year": "2026", "authority": authority}
    # What is incomplete gets its answer at once, so that one pass tells all.
    intake = {"incomplete_minutes": "0", **given.pop("intake", {})}
    return {**head, "tiers": tiers, "intake": intake, **given}


UNITS = """code,name,tier
STP,Sở Tư pháp,so
STC,Sở Tài chính,so
AB,Ủy ban nhân dân xã An Bình,xa
"""


def make_campaign(
    root: Path, *, rubrics: Mapping[str, Data] | None = None, units: str = UNITS, **given: Any
) -> Campaign:
    """Write a campaign folder; `given` goes into `campaign.yaml`, which JSON is a part of."""
    (root / "rubrics").mkdir(parents=True, exist_ok=True)
    (root / "campaign.yaml").write_text(json.dumps(settings(**given)), encoding="utf-8")
    (root / "units.csv").write_text(units, encoding="utf-8")
    chosen = {"so": rubric(), "xa": rubric("xa")} | dict(rubrics or {})
    for tier, data in chosen.items():
        (root / "rubrics" / f"{tier}.yaml").write_text(json.dumps(data), encoding="utf-8")
    return Campaign(root, open_workspace(root))


@dataclass
class Campaign:
    """A campaign folder, with what a test does in it."""

    root: Path
    workspace: Workspace
    _forms: dict[Key, bytes] = field(default_factory=dict)
    _numbers: Any = field(default_factory=count)

    def reopened(self) -> Campaign:
        """Return the same folder, read anew after something in it was changed."""
        return Campaign(self.root, open_workspace(self.root))

    def layout(self, unit: str = "STP", role: str = "") -> Layout:
        return self.workspace.layout(self.workspace.campaign.units[unit], role)

    def form(self, unit: str = "STP", role: str = "") -> bytes:
        """Return a scorecard as issued."""
        if (unit, role) not in self._forms:
            chosen = [self.workspace.campaign.units[unit]]
            wanted = [
                f for f in forms(self.workspace, chosen, by_role=bool(role)) if f.role == role
            ]
            issue(self.workspace, wanted, force=True)
            self._forms[unit, role] = wanted[0].path.read_bytes()
        return self._forms[unit, role]

    def signed(self, token: Token) -> bytes:
        """Return unit STP's scorecard with another token in its three places."""
        form = Form(self.workspace.campaign.units["STP"], "", self.root / "unused.xlsx")
        text = sign(token, self.workspace.keys.ring)
        return Press(self.workspace).print(form, token.serial, text)

    def filled(
        self,
        changes: Mapping[Key, Typed | None] | None = None,
        *,
        unit: str = "STP",
        role: str = "",
        form: bytes | None = None,
        cached: bool = True,
    ) -> bytes:
        """Return a whole and faultless return, but for `changes`; None leaves a cell blank."""
        layout = self.layout(unit, role)
        typed = faultless(layout) | dict(changes or {})
        kept = {key: said for key, said in typed.items() if said is not None}
        return fill(form or self.form(unit, role), layout, kept, cached=cached)

    def read(self, data: bytes, name: str = "STP.xlsx", **how: Any) -> Return:
        """Put a file into a folder of its own and read it."""
        path = self.root / "returned" / str(next(self._numbers)) / name
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
        return self.read_path(path, **how)

    def read_path(self, path: Path, **how: Any) -> Return:
        back = read_return(path, self.workspace, **how)
        for found in back.findings:
            assert_readable(found)
        return back

    def at(self, node: str, slot: str, unit: str = "STP", role: str = "") -> str:
        """Return the address of an input cell as issued."""
        layout = self.layout(unit, role)
        row, column, _ = layout.entries[node, slot]
        return layout.address(row, column)

    def at_row(self, key: str, column: Column) -> str:
        """Return the address where a row key crosses a column, as issued."""
        return self.layout().address(self.row(key), column)

    def row(self, key: str) -> Row:
        return self.layout().by_key[key]


def faultless(layout: Layout) -> TypedCells:
    """Return an answer to every row that this card's filler owns."""
    typed: TypedCells = {("", Slot.SUBMIT): COMPLETE}
    for leaf_node in layout.rubric.leaves:
        for item in card_inputs(leaf_node, layout.methods[leaf_node.id]):
            if leaf_node.id in layout.owned:
                typed[leaf_node.id, item.key] = _answer(item)
        if leaf_node.evidence and leaf_node.id in layout.owned:
            typed[leaf_node.id, Slot.EVIDENCE] = EVIDENCE
    return typed


def _answer(item: Input) -> Typed:
    if item.kind is InputKind.CHOICE:
        return item.choices[0]
    if item.percent:
        return Decimal(85)
    return Decimal(2) if item.maximum is None else min(item.maximum, Decimal(1))


def number(value: str, formula: str | None = None) -> CellContent:
    return CellContent("number", value, formula)


def text(value: str, formula: str | None = None) -> CellContent:
    return CellContent("text", value, formula)


def typed_over(data: bytes, contents: Mapping[str, CellContent | str]) -> bytes:
    """Return the workbook with cells replaced by address, locked ones too."""
    return put(data, {a: text(c) if isinstance(c, str) else c for a, c in contents.items()})


def part(data: bytes, name: str) -> str:
    return next(m.content.decode() for m in read_members(data) if m.name == name)


def edited(data: bytes, name: str, old: str, new: str) -> bytes:
    """Return the workbook with a text in one of its parts replaced; the text must be there."""
    content = part(data, name)
    assert old in content, old
    return replace_members(data, {name: content.replace(old, new).encode()})


def coordinates(address: str) -> tuple[int, int]:
    return parse_address(address)


_ALWAYS = {"entered", "number", "row"}


def assert_readable(found: Finding) -> None:
    """A finding's words are whole in both languages: no value is missing, no brace is left."""
    for language in ("vi", "en"):
        words = found.entry.words(language)
        for template in (words.message, words.remedy):
            named = {name for _, name, _, _ in Formatter().parse(template) if name}
            missing = {name for name in named - _ALWAYS if not found.params.get(name)}
            assert not missing, (found.name, template, missing)
        said = message(found, language)
        assert said
        assert "{" not in said.replace(found.entered, ""), said
