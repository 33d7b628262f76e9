"""`rubric check|import|export`."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import click

from xlscore.cli.common import ATTENTION, FINE, fail, print_findings, say
from xlscore.findings import Finding, has_errors
from xlscore.i18n import _, spelled

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def rubric() -> None:
    """Check rubrics; carry them between YAML and Excel."""


@rubric.command("check", short_help="Report every defect of rubric files.")
@click.argument("files", nargs=-1, required=True, type=_FILE)
def check_rubrics(files: tuple[Path, ...]) -> None:
    """Report every defect of the rubric FILES (.yaml or .xlsx) at once, each with its place."""
    worst = FINE
    for path in files:
        findings, told = _read(path)
        print_findings(findings)
        if has_errors(findings):
            worst = ATTENTION
        else:
            say(told)
    raise SystemExit(worst)


def _read(path: Path) -> tuple[tuple[Finding, ...], str]:
    from xlscore.plugins import load

    if path.suffix.lower() == ".xlsx":
        from xlscore.workbooks.rubric_book import import_rubric

        read = import_rubric(path, load().methods())
    else:
        read = load().read_rubric(path)
    if read.rubric is None:
        return read.findings, ""
    leaves = len(read.rubric.leaves)
    total = sum((node.max for node in read.rubric.domains), Decimal(0))
    return read.findings, _("{file}: fine; {leaves} scored rows, {total} points.", file=path.name,
                            leaves=leaves, total=spelled(total))  # fmt: skip


@rubric.command("export")
@click.argument("source", type=_FILE)
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def export_rubric_command(source: Path, target: Path) -> None:
    """Write the YAML rubric SOURCE as the Excel sheet TARGET."""
    from xlscore.plugins import load
    from xlscore.workbooks.rubric_book import export_rubric

    read = load().read_rubric(source)
    print_findings(read.findings)
    if read.rubric is None:
        fail(_("{file} was not exported: mend its errors first.", file=source.name), ATTENTION)
    export_rubric(read.rubric, load().methods(), target)
    say(_("Written: {path}", path=target))


@rubric.command("import")
@click.argument("source", type=_FILE)
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def import_rubric_command(source: Path, target: Path) -> None:
    """Read the Excel rubric SOURCE and write the YAML file TARGET."""
    from xlscore.plugins import load
    from xlscore.workbooks.rubric_book import dump_rubric, import_rubric

    read = import_rubric(source, load().methods())
    print_findings(read.findings)
    if read.rubric is None or has_errors(read.findings):
        fail(_("{file} was not imported: mend its errors first.", file=source.name), ATTENTION)
    dump_rubric(read.located.data, target)
    say(_("Written: {path}", path=target))
