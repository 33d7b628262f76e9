"""`init` and `demo`: make a campaign folder, see a whole campaign."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from xlscore.cli.common import USAGE, fail, print_table, progress_bar, say, warn
from xlscore.i18n import _, shown

if TYPE_CHECKING:
    from xlscore.demo import Demo


@click.command(short_help="Make a campaign folder.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--example", "name", metavar="NAME", help="Start from a bundled example.")
def init(folder: Path, name: str | None) -> None:
    """Make a campaign FOLDER: empty with commented settings, or from a bundled example."""
    from xlscore.bundled import examples, keep_data_local, make_empty, make_folder

    if (folder / "campaign.yaml").exists():
        fail(_("“{place}” holds a campaign already.", place=folder), USAGE)
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
    """Run a bundled campaign for real in FOLDER, from the scorecards to the results.

    Units assess themselves, agencies appraise twice, units reply, the council decides; every form stays
    in the folder.
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
    root = done.workspace.root
    say(_("Ranking workbook: {path}", path=done.published.path))
    say(
        _(
            "Every form: {issued}; what came back: {inbox}",
            issued=root / "templates",
            inbox=root / "inbox",
        )
    )
    say(
        _(
            "Receipts and marked copies: {outbox}; who has sent: {page}",
            outbox=root / "outbox",
            page=root / "reports" / "status.html",
        )
    )
    unit, __ = done.replies.changed
    say(_("Look further: xlscore status -C {root}; xlscore history {unit} -C {root}",
          root=root, unit=unit))  # fmt: skip


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
