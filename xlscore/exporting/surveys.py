"""Issue survey books: one per tier and way of entering."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xlscore.identity import SURVEY, Token, identify, sign
from xlscore.issuing import Issued, Order, Progress, issue_orders
from xlscore.workbooks.package import read_package
from xlscore.workbooks.returns import token_texts
from xlscore.workbooks.surveys.fill import SurveyFilling
from xlscore.workbooks.surveys.form import SurveyForm
from xlscore.workbooks.surveys.plan import SurveyPlan, Way, digest_of, survey_plan
from xlscore.workbooks.surveys.writer import render_survey
from xlscore.workspace import Workspace

FOLDER = "dieu-tra"
"""Folder (điều tra) of the issued books below `templates`."""


@dataclass(frozen=True)
class SurveyBook:
    """One book to issue: what it asks for, of which year."""

    workspace: Workspace
    plan: SurveyPlan
    year: int

    @property
    def path(self) -> Path:
        """Where it is issued to."""
        return self.workspace.templates / FOLDER / f"{self.plan.tier}-{self.plan.way}.xlsx"

    def order(self) -> Order:
        """Return the form to issue."""
        settings = self.workspace.campaign.settings
        sample = {k: g.model_dump(mode="json") for k, g in settings.survey.sample.items()}
        tier = settings.tiers[self.plan.tier].title
        digest = digest_of(
            self.plan.facts(), self.year, settings.title, settings.authority.name, tier, sample
        )
        return Order(self.plan.tier, digest, self.path, self.render, self.plan.way)

    def render(self, token: Token, text: str, filling: SurveyFilling | None = None) -> bytes:
        """Return the workbook, with what it holds already."""
        keys = self.workspace.keys
        form = SurveyForm(
            self.workspace.campaign.settings,
            self.plan,
            self.year,
            token,
            text,
            keys.ring,
            keys.sheet_password,
            filling or SurveyFilling(),
        )
        return render_survey(form)

    def filled(self, filling: SurveyFilling) -> bytes:
        """Return the book in force, filled; the issued file itself is left alone.

        Raises:
            OSError, PackageError: the issued file cannot be read.
            LookupError: it is not signed.
        """
        ring = self.workspace.keys.ring
        token = identify(token_texts(read_package(self.path)), ring).token
        if token is None:
            raise LookupError(self.path)
        return self.render(token, sign(token, ring), filling)


def survey_books(
    workspace: Workspace, tiers: Iterable[str], way: Way, year: int
) -> list[SurveyBook]:
    """Return the books of those tiers that have units and rows which take others' figures."""
    plans = (survey_plan(workspace, tier, way) for tier in tiers)
    return [SurveyBook(workspace, plan, year) for plan in plans if plan.criteria]


def issue_surveys(
    workspace: Workspace,
    books: Iterable[SurveyBook],
    progress: Progress | None = None,
    *,
    force: bool = False,
    now: datetime | None = None,
) -> Issued:
    """Write the books and record them; one that asks for the same keeps its serial.

    Args:
        now: when they are issued; by default now.

    Raises:
        TokenError, OSError, LedgerError, KeysError: see `issuing.issue`.
    """
    orders = [book.order() for book in books]
    return issue_orders(workspace, SURVEY, 1, orders, progress, force=force, now=now)
