"""The what-if file as it is written (YAML): shapes only; `reading` holds it against the campaign."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from xlscore.rubric import Frozen, Points, Text
from xlscore.settings import Grade

Maximum = Annotated[Points, Field(ge=0)]


class RowOf(Frozen):
    """A row of one unit, by its id or by its printed number where that is unique there."""

    unit: str
    row: str
    reason: Text = ""


class ScoreOf(RowOf):
    """Another achieved score of a row."""

    points: Annotated[Points, Field(ge=0)]


class TierOf(Frozen):
    """What of a tier may be supposed."""

    bands: tuple[Grade, ...]


class ScenarioFile(Frozen):
    """One scenario as written."""

    title: Text = ""
    policies: Mapping[str, Any] = {}
    tiers: Mapping[str, TierOf] = {}
    weights: Mapping[str, Mapping[str, Maximum]] = {}
    scores: tuple[ScoreOf, ...] = ()
    not_applicable: tuple[RowOf, ...] = ()


class WhatIfFile(ScenarioFile):
    """The whole file: one scenario, or several side by side."""

    scenarios: tuple[ScenarioFile, ...] = ()
