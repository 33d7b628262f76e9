"""The figures of survey books that count: per unit, criterion and year the latest, before the tables'."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from xlscore.campaign import Campaign, SurveyFigure
from xlscore.findings import finding
from xlscore.ledger import Recorded
from xlscore.methods.base import Source
from xlscore.numbers import exact, plain
from xlscore.ranking import Note
from xlscore.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Surveyed:
    """The figures that survey books brought, and what is to be said of them.

    Attributes:
        figures: those that count.
        notes: figures that contradict the campaign's tables, or that no scale holds any more.
    """

    figures: tuple[SurveyFigure, ...] = ()
    notes: tuple[Note, ...] = ()

    def merged(self, campaign: Campaign) -> Campaign:
        """Return the campaign with these figures; they come before its tables' of the same year."""
        if not self.figures:
            return campaign
        known = {_key(figure) for figure in self.figures}
        others = (figure for figure in campaign.surveys if _key(figure) not in known)
        return replace(campaign, surveys=(*self.figures, *others))


def surveyed(workspace: Workspace, books: Iterable[Recorded]) -> Surveyed:
    """Return what survey books say together; `books` are those that count, in ledger order."""
    told: dict[tuple[str, str, int], list[tuple[SurveyFigure, str]]] = {}
    for arrival in books:
        for figure in _figures(arrival):
            told.setdefault(_key(figure), []).append((figure, arrival.file))
    tables = {_key(figure): figure for figure in workspace.campaign.surveys}
    figures: list[SurveyFigure] = []
    notes: list[Note] = []
    for key, said in told.items():
        counting = _counting(workspace, said, notes)
        if counting is None:
            continue
        figures.append(counting[0])
        table = tables.get(key)
        if table is not None and table.value != counting[0].value:
            params = {"table": plain(table.value), "year": str(table.year)}
            notes.append(_note(workspace, "survey-figure-differs", counting, params))
    return Surveyed(tuple(figures), tuple(notes))


def _counting(
    workspace: Workspace, said: Sequence[tuple[SurveyFigure, str]], notes: list[Note]
) -> tuple[SurveyFigure, str] | None:
    """Return the latest figure that today's scale holds, with its file; note the later ones."""
    highest = _highest(workspace, said[-1][0])
    if highest is None:
        return None
    for figure, file in reversed(said):
        if figure.value <= highest:
            return figure, file
        params = {"maximum": plain(highest)}
        notes.append(_note(workspace, "survey-figure-outgrown", (figure, file), params))
    return None


def _key(figure: SurveyFigure) -> tuple[str, str, int]:
    return figure.unit, figure.node, figure.year


def _figures(arrival: Recorded) -> Iterator[SurveyFigure]:
    year, source = int(arrival.card["year"]), str(arrival.card["source"])
    for unit, nodes in arrival.card["figures"].items():
        for node, value in nodes.items():
            yield SurveyFigure(unit, node, exact(value), year, source)


def _highest(workspace: Workspace, figure: SurveyFigure) -> Decimal | None:
    """Return the highest figure that the row takes today; None where unit or row are gone."""
    unit = workspace.campaign.active.get(figure.unit)
    inputs = workspace.layout(unit).supplied.get(figure.node, ()) if unit else ()
    for item in inputs:
        if item.source is Source.SURVEY:
            return Decimal("Infinity") if item.maximum is None else item.maximum
    return None


def _note(
    workspace: Workspace, name: str, said: tuple[SurveyFigure, str], params: Mapping[str, str]
) -> Note:
    figure, file = said
    layout = workspace.layout(workspace.campaign.units[figure.unit])
    place = {"node": figure.node, "row": layout.rubric.by_id[figure.node].code, "file": file}
    given = {**params, "unit": figure.unit}
    return Note(figure.unit, finding(name, entered=plain(figure.value), params=given, **place))
