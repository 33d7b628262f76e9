"""What a survey book holds that does not go out blank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class SurveyFilling:
    """What stands in the input cells.

    Attributes:
        source, by: where the figures come from, who entered them.
        complete: whether the state cell says “ĐÃ HOÀN THÀNH”.
        figures: by unit code and column key (see `plan.SurveyColumn`).
        collected: people who answered, by respondent group.
        entered: when it was filled in, or empty: what is entered again later is another file.
    """

    source: str = ""
    by: str = ""
    complete: bool = False
    figures: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    collected: Mapping[str, int] = field(default_factory=dict)
    entered: str = ""
