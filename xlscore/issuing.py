"""Issue forms: a serial and a signed token for each; one scorecard per unit, or per unit and role.

Reply forms and result sheets go out per unit too; books that span units, of appraisal, surveys, the
council and a district's results, per agency or group.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from xlscore.campaign import Campaign, Unit
from xlscore.durable import write_whole
from xlscore.earlier import frame, points_shown, read_earlier, shows_last_year, with_last_year
from xlscore.findings import Finding
from xlscore.identity import BLANK_SAMPLE, MERGED_BY_ROW, SCORECARD, KeyRing, Token, identify, sign
from xlscore.layout import Layout
from xlscore.ledger import open_ledger
from xlscore.rubric import Rubric
from xlscore.workbooks.package import PackageError, read_package
from xlscore.workbooks.returns import token_texts
from xlscore.workbooks.scorecard.fill import content_of, put
from xlscore.workbooks.scorecard.head import Head
from xlscore.workbooks.scorecard.render import render_scorecard
from xlscore.workbooks.scorecard.stamp import Template
from xlscore.workspace import Workspace
from xlscore.years import Years

DIGEST_DIGITS = 16
SUPERSEDED = "cu"
"""Folder (cũ) beside the issued forms, for those that newer ones have replaced; nothing is deleted."""
_HIGHEST_SERIAL = 999_999
"""Stands for the serial while nothing is recorded yet, to try whether a form can be signed."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Form:
    """One scorecard to issue."""

    unit: Unit
    role: str
    path: Path


def forms(workspace: Workspace, units: Iterable[Unit], *, by_role: bool) -> list[Form]:
    """Return the scorecards to issue: one per unit, or one per role that has rows to fill.

    A unit whose rubric names no roles gets its whole card either way.
    """
    found = []
    for unit in units:
        folder = workspace.templates / unit.tier
        for role in (workspace.roles(unit) if by_role else ()) or ("",):
            stem = f"{unit.code}__{role}" if role else unit.code
            found.append(Form(unit, role, folder / f"{stem}.xlsx"))
    return found


@dataclass(frozen=True, slots=True)
class Issued:
    """What was issued: files written, and files that held the form in force already.

    Attributes:
        findings: what is wrong with the results of last year, where the forms show them.
    """

    written: tuple[Path, ...]
    left: tuple[Path, ...]
    findings: tuple[Finding, ...] = ()


def issue(
    workspace: Workspace,
    wanted: Sequence[Form],
    progress: Progress | None = None,
    *,
    force: bool = False,
    now: datetime | None = None,
) -> Issued:
    """Write the scorecards and record them; a form already in force keeps its serial.

    Args:
        now: when they are issued; by default now.
        force: write again even the files that hold the form in force, which somebody may have filled.

    Raises:
        TokenError: a form's ids together are too long to sign; nothing was recorded.
        OSError: a file cannot be written (open in Excel, disk full).
        LedgerError: the ledger cannot be used.
        KeysError: forms were issued with keys that are gone or damaged.
    """
    tokens, ring = _recorded(workspace, wanted, now), workspace.keys.ring
    press, written, left = Press(workspace), [], []
    for done, (form, token) in enumerate(zip(wanted, tokens, strict=True), 1):
        data = press.print(form, token.serial, sign(token, ring))
        if not force and _holds(form.path, data, token, ring):
            left.append(form.path)
        else:
            _keep_aside(form.path, data)
            form.path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(form.path, data)
            written.append(form.path)
        if progress:
            progress(done, len(wanted))
    return Issued(tuple(written), tuple(left), press.years.findings)


def _recorded(workspace: Workspace, wanted: Sequence[Form], now: datetime | None) -> list[Token]:
    """Record the forms and return their tokens, with their serials."""
    campaign = workspace.campaign
    tokens = [
        Token(
            campaign.settings.id,
            SCORECARD,
            form.unit.code,
            _HIGHEST_SERIAL,
            campaign.rubric(form.unit).form_digest[:DIGEST_DIGITS],
            form.role,
        )
        for form in wanted
    ]
    with open_ledger(workspace.ledger_path) as ledger:
        workspace.require_keys(issued=bool(ledger.issues(SCORECARD)))
        for token in tokens:  # what cannot be signed must not be recorded
            sign(token, workspace.keys.ring)
        facts = [(token.unit, token.role, token.digest) for token in tokens]
        serials = ledger.issue(SCORECARD, facts, now or datetime.now(UTC))
    return [replace(token, serial=serials[token.unit, token.role]) for token in tokens]


@dataclass(frozen=True, slots=True)
class Order:
    """One form of the procedure after self-assessment to issue.

    Attributes:
        subject: whom it is about (see `identity.Token`).
        digest: over everything that it shows: while that stays the same, so does its serial.
        make: returns the workbook, given its token and that token signed.
    """

    subject: str
    digest: str
    path: Path
    make: Callable[[Token, str], bytes]
    role: str = ""


def issue_orders(
    workspace: Workspace,
    kind: str,
    round_: int,
    orders: Sequence[Order],
    progress: Progress | None = None,
    *,
    force: bool = False,
    now: datetime | None = None,
) -> Issued:
    """Write forms of one kind and round and record them; one that shows the same keeps its serial.

    What was issued before stays in force beside what is new, where the kind is merged by row.

    Args:
        force: write again even the files that hold the form in force.
        now: when they are issued; by default now.

    Raises:
        TokenError, OSError, LedgerError, KeysError: see `issue`.
    """
    tokens, ring = _reserved(workspace, kind, round_, orders, now), workspace.keys.ring
    written, left = [], []
    for done, (order, token) in enumerate(zip(orders, tokens, strict=True), 1):
        if not force and _is_form(order.path, token, ring):
            left.append(order.path)
        else:
            data = order.make(token, sign(token, ring))
            _keep_aside(order.path, data)
            order.path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(order.path, data)
            written.append(order.path)
        if progress:
            progress(done, len(orders))
    return Issued(tuple(written), tuple(left))


def _reserved(
    workspace: Workspace, kind: str, round_: int, orders: Sequence[Order], now: datetime | None
) -> list[Token]:
    campaign = workspace.campaign.settings.id
    tokens = [
        Token(campaign, kind, o.subject, _HIGHEST_SERIAL, o.digest[:DIGEST_DIGITS], o.role, round_)
        for o in orders
    ]
    with open_ledger(workspace.ledger_path) as ledger:
        workspace.require_keys(issued=ledger.has_issue(1))  # serials start there
        for token in tokens:  # what cannot be signed must not be recorded
            sign(token, workspace.keys.ring)
        facts = [(token.unit, token.role, token.digest) for token in tokens]
        revoking = kind not in MERGED_BY_ROW
        serials = ledger.issue(kind, facts, now or datetime.now(UTC), round_, revoking=revoking)
    return [replace(token, serial=serials[token.unit, token.role]) for token in tokens]


def _holds(path: Path, data: bytes, token: Token, ring: KeyRing) -> bool:
    """Whether a file is this very form, filled or not; untouched it need not be taken apart."""
    try:
        if path.is_file() and path.read_bytes() == data:
            return True
    except OSError:
        return False
    return _is_form(path, token, ring)


def _is_form(path: Path, token: Token, ring: KeyRing) -> bool:
    if not path.is_file():
        return False
    try:
        return identify(token_texts(read_package(path)), ring).token == token
    except (PackageError, OSError):
        return False


def _keep_aside(path: Path, data: bytes) -> None:
    """Move what stands where a form will be written into `cu/`: somebody may have filled it."""
    if path.is_file() and path.read_bytes() != data:
        _lay_aside(path)


def lay_aside_others(orders: Sequence[Order], stem: str, among: Collection[str] = ()) -> None:
    """Move files of earlier parts of a book into `cu/`: it has fewer parts now, or is whole, or parted.

    Args:
        orders: of the book as it is now, at least one.
        stem: its file name as a whole; a part has its number behind it.
        among: file names that belong to other books.

    Raises:
        OSError: a file cannot be moved (open in Excel).
    """
    kept = {order.path.name for order in orders} | {
        f"{name}.xlsx" for name in among if name != stem
    }
    part = re.compile(rf"{re.escape(stem)}(-[1-9][0-9]*)?\.xlsx")
    for path in sorted(orders[0].path.parent.glob("*.xlsx")):
        if part.fullmatch(path.name) and path.name not in kept:
            _lay_aside(path)


def _lay_aside(path: Path) -> None:
    folder = path.parent / SUPERSEDED
    folder.mkdir(exist_ok=True)
    number = sum(1 for _ in folder.glob(f"{path.stem}.*{path.suffix}")) + 1
    path.replace(folder / f"{path.stem}.{number}{path.suffix}")


class Press:
    """Prints scorecards, rendering each kind of form once.

    Attributes:
        years: earlier years, where the forms show last year's points.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        shown = shows_last_year(workspace.campaign)
        self.years = read_earlier(workspace) if shown else Years()
        self._templates: dict[tuple[int, str, str], tuple[Layout, Template]] = {}

    def print(self, form: Form, serial: int, token: str) -> bytes:
        """Return the workbook of one form."""
        workspace = self._workspace
        layout = workspace.layout(form.unit, form.role)
        head = scorecard_head(workspace.campaign, form.unit, layout, serial, token)
        own = with_last_year(layout, workspace.campaign, form.unit, self.years)
        if own is layout:
            return self._template(layout, layout, head).stamp(head)
        data = self._template(layout, own, head).stamp(head)
        points = points_shown(own)
        return put(data, {place: content_of(said) for place, said in points.items()})

    def _template(self, layout: Layout, own: Layout, head: Head) -> Template:
        """Return the template of a layout, or of what its like with last year's points share."""
        key = (id(layout), head.authority, own.columns[-1].heading)
        if key not in self._templates:
            shared = layout if own is layout else frame(own)
            # The layout is kept beside its template, so that its id stays taken.
            template = Template(shared, head, self._workspace.keys.sheet_password)
            self._templates[key] = (layout, template)
        return self._templates[key][1]


def scorecard_head(campaign: Campaign, unit: Unit, layout: Layout, serial: int, token: str) -> Head:
    """Return what a unit's scorecard prints above the table."""
    settings, tier, rubric = campaign.settings, campaign.tier(unit), layout.rubric
    parent = campaign.units.get(unit.parent)
    return Head(
        authority=parent.name.upper() if parent else settings.authority.name,
        office=settings.authority.office,
        place=settings.authority.place,
        title=f"PHIẾU TỰ CHẤM ĐIỂM CHỈ SỐ CẢI CÁCH HÀNH CHÍNH NĂM {settings.year}",
        subtitle=rubric.title,
        legal_basis=_basis(rubric),
        unit_name=unit.name,
        unit_code=unit.code,
        serial=serial,
        role_title=rubric.roles.get(layout.role, layout.role),
        signatory=tier.signatory,
        year=settings.year,
        deadline=f"{campaign.deadline(unit).astimezone(campaign.zone):%d/%m/%Y}",
        token=token,
        not_applicable=settings.policies.not_applicable,
    )


def _basis(rubric: Rubric) -> str:
    annex = f"{rubric.annex} " if rubric.annex else ""
    return f"{annex}kèm theo {rubric.legal_basis}" if rubric.legal_basis else ""


def blank(workspace: Workspace, tier: str) -> bytes:
    """Return the blank sample of a tier: unsigned, for reading only, never accepted."""
    unit = Unit(code="MAU", name="………………………", tier=tier)
    rubric_unit = next((u for u in workspace.campaign.units.values() if u.tier == tier), unit)
    layout = workspace.layout(rubric_unit)
    head = scorecard_head(workspace.campaign, unit, layout, 0, BLANK_SAMPLE)
    return render_scorecard(layout, head)


def write_blanks(workspace: Workspace, tiers: Iterable[str]) -> list[Path]:
    """Write the blank sample of each tier into `templates/blank/`.

    Raises:
        OSError: a file cannot be written.
    """
    paths = []
    for tier in tiers:
        paths.append(workspace.templates / "blank" / f"{tier}.xlsx")
        paths[-1].parent.mkdir(parents=True, exist_ok=True)
        write_whole(paths[-1], blank(workspace, tier))
    return paths
