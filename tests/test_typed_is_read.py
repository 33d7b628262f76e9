"""Whatever officers type through a form is what is read from it, scored by the same rules."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.campaigns import Campaign, TypedCells, faultless
from xlscore.answers import Answers
from xlscore.layout import NOT_APPLICABLE, Entry, Slot
from xlscore.methods.base import InputKind, Value
from xlscore.scoring import score_card


def _values(entry: Entry) -> st.SearchStrategy[Value]:
    item = entry.input
    assert item is not None
    if item.kind is InputKind.CHOICE:
        return st.sampled_from(item.choices)
    low = item.minimum or Decimal(0)
    if item.step:
        steps = int(((item.maximum or Decimal(9)) - low) / item.step)
        return st.integers(0, steps).map(lambda n: low + n * (item.step or 1))
    high = item.maximum if item.maximum is not None else Decimal(200)
    return st.decimals(low, high, places=0 if item.whole else 4)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_what_is_typed_is_what_is_read(campaign: Campaign, data: st.DataObject) -> None:
    layout = campaign.layout()
    changes: TypedCells = {}
    for key, (_, _, entry) in layout.entries.items():
        if entry.input is not None and key[1] != Slot.SUBMIT and data.draw(st.booleans()):
            changes[key] = data.draw(_values(entry))
    typed = faultless(layout) | changes
    back = campaign.read(campaign.filled(changes))
    assert back.card is not None
    left_out = {
        n for (n, slot), v in typed.items() if slot == Slot.APPLICABILITY and v == NOT_APPLICABLE
    }
    values: dict[str, dict[str, Value]] = {}
    for (node, slot), said in typed.items():
        if not slot.startswith("@") and isinstance(said, Decimal | str):
            values.setdefault(node, {})[slot] = said
    expected = score_card(layout.rubric, layout.methods, Answers(values, frozenset(left_out)))
    assert back.card.answers.values == values
    assert back.card.answers.not_applicable == left_out
    assert back.card.scores == expected
    assert not {"total-differs", "altered-locked-cell", "formula-overwritten"} & {
        f.name for f in back.findings
    }
