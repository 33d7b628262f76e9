"""`init` and `demo`: make a campaign folder, see a whole campaign."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlscore.cli.common import (
    USAGE,
    fail,
    open_campaign,
    print_table,
    progress_bar,
    say,
    warn,
)
from xlscore.i18n import _, language, shown

if TYPE_CHECKING:
    from xlscore.demo import Demo


@click.command(short_help="Make a campaign folder.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--example", "name", metavar="NAME", help="Start from a bundled example.")
@click.option(
    "--from",
    "last_year",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Carry over units, mail, settings and rubrics of last year's campaign.",
)
def init(folder: Path, name: str | None, last_year: Path | None) -> None:
    """Make a campaign FOLDER: empty, from a bundled example, or from last year's campaign."""
    from xlscore.bundled import examples, keep_data_local, make_empty, make_folder

    if (folder / "campaign.yaml").exists():
        fail(_("“{place}” holds a campaign already.", place=folder), USAGE)
    if last_year is not None:
        if name is not None:
            fail(_("Choose one: --example or --from."), USAGE)
        _succeed(last_year, folder)
        return
    if name is None:
        make_empty(folder)
    else:
        known = examples()
        if name not in known:
            fail(
                _(
                    "There is no example “{name}”. Known: {known}.",
                    name=name,
                    known=", ".join(known),
                ),
                USAGE,
            )
        make_folder(folder, known[name])
    if (data := keep_data_local(folder)) is not None:
        warn(
            _(
                "{place} is on a network drive or synchronised, where records get lost: ledger, archive"
                " and keys are kept in {data} (campaign.yaml, folders: data).",
                place=folder,
                data=data,
            )
        )
    say(
        _(
            "The campaign is in {place}. Next: edit campaign.yaml, then run “xlscore generate -C {place}”.",
            place=folder,
        )
    )


def _succeed(last_year: Path, folder: Path) -> None:
    """Begin the next year's campaign, and say what went over and what is to be looked at."""
    from xlscore.succession import succeed
    from xlscore.table import TableError

    source = open_campaign(last_year)
    vietnamese = language() == "vi"
    try:
        done = succeed(source, folder)
    except TableError as error:
        fail(error.words[0 if vietnamese else 1], USAGE)
    told = (
        (_("Carried over:"), done.carried),
        (_("Left behind:"), done.left),
        (_("To be checked:"), done.check),
    )
    for title, lines in told:
        say(title)
        for vi, en in lines:
            say(f"  – {vi if vietnamese else en}")
    say(
        _(
            "The campaign of {year} is in {place}. Next: check campaign.yaml, then run"
            " “xlscore generate -C {place}”.",
            year=done.year,
            place=folder,
        )
    )


@click.command(short_help="Run a bundled campaign from start to end.")
@click.argument(
    "folder", type=click.Path(file_okay=False, path_type=Path), default=Path("xlscore-demo")
)
@click.option(
    "--example",
    "name",
    default="vinh-long-2023",
    show_default=True,
    metavar="NAME",
    help="The bundled example to run.",
)
def demo(folder: Path, name: str) -> None:
    """Run a bundled campaign for real in FOLDER, from the scorecards to the verified ranking.

    Units assess themselves, agencies appraise twice, units reply, the council decides; the ranking is
    frozen, corrected, frozen again and verified. Every form stays in the folder; no letter is sent.
    """
    from xlscore.bundled import examples
    from xlscore.demo import run

    if (folder / "campaign.yaml").exists():
        fail(_("“{place}” holds a campaign already; name another folder.", place=folder), USAGE)
    if name not in examples():
        fail(
            _(
                "There is no example “{name}”. Known: {known}.",
                name=name,
                known=", ".join(examples()),
            ),
            USAGE,
        )
    titles = {
        "generate": _("Issuing scorecards"),
        "fill": _("Officers fill them"),
        "collect": _("Collecting and checking"),
        "export": _("Writing workbooks"),
        "appraise": _("Agencies appraise"),
        "reply": _("Writing reply forms"),
        "result": _("Writing result sheets"),
        "rank": _("Ranking"),
        "verify": _("Verifying an edition"),
    }
    with progress_bar() as draw:
        done = run(folder, name, lambda what, at, total: draw(titles[what], at, total))
    _tell(done)


def _tell(done: Demo) -> None:
    results = done.published.results
    say(_("Scorecards issued: {count}. Returns collected: {returns}.", count=done.issued,
          returns=len(done.first.recorded) + len(done.second.recorded)))  # fmt: skip
    say()
    say(_("What went wrong, as it does in offices:"))
    for unit, words in done.mishaps.items():
        say(f"  {unit}: {words}")
    say()
    _tell_procedure(done)
    say()
    rows = []
    for group in results.groups:
        best, last = group.rows[0], group.rows[-1]
        rows.append([
            group.title,
            str(len(group.rows)),
            str(sum(1 for row in group.rows if row.result.assessed)),
            best.result.unit.name,
            shown(best.result.decisive_index),
            shown(last.result.decisive_index),
        ])  # fmt: skip
    print_table(
        [_("Group"), _("Units"), _("Submitted"), _("First"), _("Highest %"), _("Lowest %")],
        rows,
        right=(1, 2, 4, 5),
    )
    _tell_editions(done)
    say()
    _tell_places(done)


def _tell_procedure(done: Demo) -> None:
    """Say what happened after self-assessment, and the few surprises in it."""
    first, later = done.rounds[0], done.rounds[1:]
    say(_("After self-assessment (the folders are in templates/):"))
    say(_("  tham-dinh: {books} books of the agencies with {rows} rows; {answered} answered by hand, the"
          " others accepted by one cell", books=len(first.books), rows=first.rows,
          answered=first.answered))  # fmt: skip
    say(_("  phan-hoi: {forms} reply forms, {replied} units replied",
          forms=len(done.replies.forms), replied=len(done.replies.replied)))  # fmt: skip
    for round_ in later:
        say(_("  tham-dinh: {books} books of the next round with the {rows} rows that came back",
              books=len(round_.books), rows=round_.rows))  # fmt: skip
    say(_("  dieu-tra: {count} survey figures of tier {tier}",
          count=done.survey.figures, tier=done.survey.tier))  # fmt: skip
    say(_("  hoi-dong: {rows} rows before the council, {own} decided otherwise than proposed",
          rows=done.council.rows, own=len(done.council.words)))  # fmt: skip
    say(_("  ket-qua: {count} result sheets", count=len(done.results.issued.written)))
    say(_("Worth a look (xlscore history UNIT ROW):"))
    if first.overlap:
        (unit, row), one, other = first.overlap
        say(_("  {unit} {row}: {one} and {other} gave different scores; settled in the next round",
              unit=unit, row=done.code_of(unit, row), one=one, other=other))  # fmt: skip
    if first.refused:
        unit, row = first.refused
        say(_("  {unit} {row}: “Không áp dụng” was refused",
              unit=unit, row=done.code_of(unit, row)))  # fmt: skip
    unit, row = done.replies.changed
    say(_("  {unit} {row}: changed after it was accepted, and so appraised again",
          unit=unit, row=done.code_of(unit, row)))  # fmt: skip


def _tell_editions(done: Demo) -> None:
    """Say what was frozen, why twice, and whether it holds."""
    editions = done.editions
    fixed = editions.correction
    say(_("Edition {number} was frozen; {count} letters about it to the leadership are drafts in {place}"
          " (nothing is sent).", number=editions.first.edition, count=len(editions.drafts),
          place=editions.drafts[0].parent))  # fmt: skip
    say(_("Then a survey figure was corrected ({unit} {row}), and edition {number} was frozen.",
          unit=fixed.unit, row=done.code_of(fixed.unit, fixed.node),
          number=editions.last.edition))  # fmt: skip
    name = editions.verified.path.name
    say(_("  {file}: verified, everything holds", file=name) if editions.verified.holds
        else _("  {file}: verified, does not hold", file=name))  # fmt: skip


def _tell_places(done: Demo) -> None:
    """Say where everything is, and how to look further."""
    root, reports = done.workspace.root, done.workspace.reports
    say(_("The ranking:"))
    for _kind, path in done.published.files:
        say(f"  {path}")
    say(_("Every form: {issued}; what came back: {inbox}", issued=root / "templates",
          inbox=root / "inbox"))  # fmt: skip
    say(_("Receipts, marked copies, letters: {outbox}; who has sent: {page}", outbox=root / "outbox",
          page=reports / "status.html"))  # fmt: skip
    unit, __ = done.replies.changed
    supposed = _("FILE")
    say(_("Look further:"))
    for command in (
        f"history {unit} --years -C {root}",
        f"history --editions -C {root}",
        f"verify {done.editions.first.path} -C {root}",
        f"send --dry-run -C {root}",
        f"rank --pdf -C {root}",
        f"rank --what-if {supposed} -C {root}",
    ):
        say(f"  xlscore {command}")
