"""Which unit a table from elsewhere means: by code or by name as a reader sees it, and nothing guessed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from xlscore.campaign import Campaign
from xlscore.findings import Finding, finding
from xlscore.table import Table
from xlscore.text import folded

MAP_COLUMNS: Mapping[str, str] = {
    "ten": "name",
    "ten_don_vi": "name",
    "don_vi": "name",
    "ma": "code",
    "ma_don_vi": "code",
}
"""Headings of the table that settles names: name, code; without a code the row is passed over."""

_NEAREST = 3


def look(text: str) -> str:
    """Return a name as it is compared: composed, spaces and case folded."""
    return folded(text).casefold()


@dataclass
class UnitNames:
    """The names by which the units of one tier may be called.

    Attributes:
        settled: codes by name, as the operator has settled them; an empty code passes over the row.
    """

    campaign: Campaign
    tier: str
    settled: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._codes: dict[str, set[str]] = {}
        self._shown: dict[str, str] = {}
        for code, unit in self.campaign.active.items():
            for name in (code, unit.name):
                self._shown.setdefault(look(name), name)
                self._codes.setdefault(look(name), set()).add(code)

    def settle(self, table: Table) -> list[Finding]:
        """Take names from a table of (name, code); return what is wrong with it."""
        if not {"name", "code"} <= set(table.headings):
            what = {"what": "cần hai cột name, code", "what_en": "columns name, code are needed"}
            return [finding("table-columns", file=table.name, params=what)]
        found = []
        for row in table.rows:
            name, code = row.values.get("name", ""), row.values.get("code", "")
            if code and code not in self.campaign.active:
                place = f"{table.name}:{row.place('code')}"
                params = {"choices": self._nearest(code)}
                found.append(finding("table-unit-unknown", entered=code, file=place, params=params))
            self.settled[look(name)] = code
        return found

    def unit(self, texts: Iterable[str], place: str) -> str | Finding | None:
        """Return the code of the unit that all of `texts` (its code, its name) mean.

        None for a row that is settled to be nobody's.
        """
        said = [text for text in texts if text]
        if any(self.settled.get(look(text)) == "" for text in said):
            return None
        meant = {text: self._meant(text) for text in said}
        common = set.intersection(*meant.values()) if meant else set()
        if len(common) == 1:
            code = common.pop()
            return code if self.campaign.units[code].tier == self.tier else self._other(code, place)
        unknown = next((text for text in said if not meant[text]), None)
        if unknown is not None or not said:
            entered = unknown or ""
            params = {"choices": self._nearest(entered)}
            return finding("table-unit-unknown", entered=entered, file=place, params=params)
        codes = sorted(common or set.union(*meant.values()))
        choices = ", ".join(f"{code} ({self.campaign.units[code].name})" for code in codes)
        entered = " / ".join(said)
        params = {"choices": choices}
        return finding("table-unit-ambiguous", entered=entered, file=place, params=params)

    def _meant(self, text: str) -> set[str]:
        settled = self.settled.get(look(text))
        if settled:
            return {settled}
        codes = self._codes.get(look(text), set())
        own = {code for code in codes if self.campaign.units[code].tier == self.tier}
        return own or codes

    def _other(self, code: str, place: str) -> Finding:
        unit = self.campaign.units[code]
        choices = f"{code} ({unit.name}): --tier {unit.tier}"
        params = {"choices": choices}
        return finding("table-unit-unknown", entered=unit.name, file=place, params=params)

    def _nearest(self, text: str) -> str:
        own = {
            key: shown
            for key, shown in self._shown.items()
            if any(self.campaign.units[code].tier == self.tier for code in self._codes[key])
        }
        near = difflib.get_close_matches(look(text), own, n=_NEAREST, cutoff=0.5)
        return ", ".join(f"“{own[key]}”" for key in near) or "–"
