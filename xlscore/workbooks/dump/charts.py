"""What a chart says: its kind, its series with what they refer to, its titles, how its axes run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xlscore.workbooks.dump.formulas import plain_reference
from xlscore.workbooks.package.text import clean
from xlscore.workbooks.package.xml import Attributes, TagBudget, local_name, new_parser, run

_TEXTS = frozenset({"t", "f"})
_AXES = frozenset({"valAx", "catAx", "dateAx", "serAx"})
_ENDS = frozenset({"min", "max", "logBase", "orientation"})


def told_by_chart(data: bytes, part: str, budget: TagBudget) -> str:
    """Return what a chart says, in one line.

    Programs write the references of a series, and the series, in orders of their own: they are sorted here,
    but never mixed, since a figure that moved to another series is another chart.
    """
    reader = _Chart()
    parser = new_parser()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    run(parser, data, part, budget)
    return "chart: " + "; ".join(reader.told())


class _Chart:
    def __init__(self) -> None:
        self._series: list[list[str]] = [[]]  # the first: what belongs to none
        self._inside = 0
        self._titles: list[str] = []
        self._axes: list[dict[str, str]] = []
        self._texts: list[list[str]] = []
        self._kinds: list[str] = []
        self._axis = ""

    def start(self, name: str, attributes: Attributes) -> None:
        tag = local_name(name)
        if tag in _TEXTS:
            self._texts.append([])
        elif tag == "ser":
            self._series.append([])
            self._inside = len(self._series) - 1
        elif tag in _AXES:
            self._axis = tag
        elif tag == "scaling":
            self._axes.append({"of": self._axis})
        elif tag.endswith("Chart") and tag != "Chart":
            self._kinds.append(tag)
        elif tag == "barDir":
            self._kinds.append(attributes.get("val", ""))
        elif tag in _ENDS and self._axes:
            self._axes[-1][tag] = attributes.get("val", "")

    def characters(self, text: str) -> None:
        if self._texts:
            self._texts[-1].append(text)

    def end(self, name: str) -> None:
        tag = local_name(name)
        if tag == "ser":
            self._inside = 0
        elif tag in _TEXTS and self._texts:
            text = clean("".join(self._texts.pop())).strip()
            if tag == "t" and text:
                self._titles.append(f"“{text}”")
            # LibreOffice writes the names of series as quoted references.
            elif text and not text.startswith('"'):
                self._series[self._inside].append(plain_reference(text))

    def told(self) -> Iterator[str]:
        yield from sorted(" ".join(sorted(named)) for named in self._series if named)
        yield from self._titles
        yield " ".join(sorted(self._kinds))
        yield from sorted(_axis(ends) for ends in self._axes)


def _axis(ends: Mapping[str, str]) -> str:
    """Return where an axis begins and ends; whether it runs backwards, or in powers."""
    told = f"{_number(ends.get('min', ''))}…{_number(ends.get('max', ''))}"
    # LibreOffice turns the other axis of a radar chart round.
    told += " ←" if ends.get("orientation") == "maxMin" and ends["of"] == "valAx" else ""
    return told + (f" log {_number(ends['logBase'])}" if ends.get("logBase") else "")


def _number(text: str) -> str:
    try:
        return f"{float(text):.15g}"
    except ValueError:
        return text
