"""A small campaign with editions, and ways to tamper with a workbook's parts."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from tests.campaigns import Campaign, make_campaign
from tests.collecting import collect
from xlscore.findings import Severity
from xlscore.publishing import Published, publish
from xlscore.verifying import Verified, verify
from xlscore.workbooks.dump import Dump, DumpCell, read_dump
from xlscore.workbooks.members import read_members, replace_members
from xlscore.workbooks.package import cell_address
from xlscore.workspace import Workspace, open_workspace

NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
POINTS = ("n1.1", "points")


class House:
    """A campaign folder with real returns, ranked as time goes by."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.workspace: Workspace = open_workspace(root)
        self.campaign = Campaign(root, self.workspace)

    @classmethod
    def made(cls, root: Path) -> House:
        campaign = make_campaign(root)
        (root / "inbox").mkdir()
        house = cls(root)
        house.campaign = campaign
        house.send("STP", "2")
        house.send("STC", "1.5")
        return house

    def copied(self, root: Path) -> House:
        shutil.copytree(self.root, root)
        return House(root)

    def send(self, unit: str, points: str, moment: datetime = NOW) -> None:
        """Let a unit send its card with so many points in row 1.1."""
        data = self.campaign.filled({POINTS: Decimal(points)}, unit=unit)
        (self.root / "inbox" / f"{unit}.xlsx").write_bytes(data)
        collect(self.workspace, settle=0, now=lambda: moment)

    def rank(self, days: int = 1, *, public: bool = False) -> Published:
        return publish(self.workspace, NOW + timedelta(days=days), public=public)

    def verify(self, path: Path, edition: int = 0) -> Verified:
        return verify(open_workspace(self.root), path, edition)

    def file(self, name: str) -> Path:
        return self.root / "reports" / name

    @property
    def book(self) -> Path:
        """The workbook of the first edition."""
        return self.file(f"xep-hang-{self.workspace.campaign.settings.id}-lan-1.xlsx")


def codes(done: Verified) -> set[str]:
    """Return what speaks against a file."""
    return {found.code for found in done.findings if found.severity is not Severity.NOTE}


def notes(done: Verified) -> set[str]:
    return {found.code for found in done.findings if found.severity is Severity.NOTE}


@dataclass
class Workbook:
    """A workbook under a knife: its dump to look things up, its members to change them."""

    data: bytes
    dump: Dump

    @classmethod
    def of(cls, path: Path) -> Workbook:
        data = path.read_bytes()
        return cls(data, read_dump(data))

    def find(self, wanted: Callable[[DumpCell], bool], among: str = "") -> tuple[str, str]:
        """Return sheet and address of the first cell like this, on sheets whose names contain `among`."""
        return next(self.all(wanted, among))

    def all(self, wanted: Callable[[DumpCell], bool], among: str = "") -> Iterator[tuple[str, str]]:
        for sheet in self.dump.sheets:
            if among in sheet.name and sheet.state == "visible":
                for place, cell in sorted(sheet.cells.items()):
                    if wanted(cell):
                        yield sheet.name, cell_address(*place)

    def part(self, sheet: str) -> str:
        names = [s.name for s in self.dump.sheets]
        return f"xl/worksheets/sheet{names.index(sheet) + 1}.xml"

    def xml(self, member: str) -> str:
        return next(m.content for m in read_members(self.data) if m.name == member).decode()

    def put(self, member: str, change: Callable[[str], str]) -> bytes:
        before = self.xml(member)
        after = change(before)
        assert after != before, member
        return replace_members(self.data, {member: after.encode()})

    def cell(self, sheet: str, address: str, change: Callable[[str], str]) -> bytes:
        """Change the XML of one cell."""
        pattern = re.compile(rf'<c r="{address}"(?: [^>]*)?(?:/>|>.*?</c>)', re.DOTALL)

        def changed(text: str) -> str:
            assert pattern.search(text), address
            return pattern.sub(lambda found: change(found[0]), text, count=1)

        return self.put(self.part(sheet), changed)


def edited_settings(root: Path, **given: object) -> None:
    """Change `campaign.yaml`, which the factory writes as JSON."""
    path = root / "campaign.yaml"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | given), encoding="utf-8")
