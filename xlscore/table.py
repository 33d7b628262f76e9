"""Tables that operators keep (units, surveys): rows that know their place, from CSV or from Excel.

Only the CSV side is here; `xlscore.workbooks.tables` reads the same shape from .xlsx.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xlscore.reasons import NOT_UTF8, SaidError, of_system
from xlscore.text import folded, plain_ascii

_TITLES = 20
"""So many lines may stand above the headings: the office, the title, the decision."""


class TableError(SaidError):
    """A table that cannot be read at all; `words` say why in Vietnamese and in English."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: texts by normalised heading, and where the row stands.

    Attributes:
        number: 1-based line (CSV) or row (Excel).
        places: address of each cell as a person finds it (`dòng 3` or `C3`).
        numbers: the headings whose cell holds a number, and no text that spells one.
    """

    number: int
    values: Mapping[str, str]
    places: Mapping[str, str]
    numbers: frozenset[str] = frozenset()

    def place(self, heading: str) -> str:
        """Return where the cell of `heading` stands, or the row."""
        return self.places.get(heading, str(self.number))


@dataclass(frozen=True, slots=True)
class Table:
    """Headings (normalised: lower case, no marks, underscores) and rows; blank rows are gone."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[TableRow, ...]


def heading_key(text: str) -> str:
    """Return the normal form of a heading: `Mã đơn vị` → `ma_don_vi`."""
    words = plain_ascii(folded(text)).lower()
    return "_".join("".join(c if c.isalnum() else " " for c in words).split())


def build_table(
    name: str,
    rows: Sequence[tuple[int, Sequence[str], Sequence[str]]],
    aliases: Mapping[str, str],
    numbers: Collection[str] = (),
) -> Table:
    """Make a table from numbered rows of texts and places.

    The first non-blank row has the headings, or the one below titles (see `headings_at`); `numbers` are
    the places that hold numbers.
    """
    filled = [row for row in rows if any(text.strip() for text in row[1])]
    if not filled:
        return Table(name, (), ())
    top = headings_at([texts for _, texts, _ in filled], aliases)
    keys = [heading_key(text) for text in filled[top][1]]
    headings = [aliases.get(key, key) for key in keys]
    body = []
    for number, texts, places in filled[top + 1 :]:
        pairs = [(h, t, p) for h, t, p in zip(headings, texts, places, strict=False) if h]
        values = {h: folded(t) for h, t, _ in pairs}
        exact = frozenset(h for h, _, p in pairs if p in numbers)
        body.append(TableRow(number, values, {h: p for h, _, p in pairs}, exact))
    return Table(name, tuple(h for h in headings if h), tuple(body))


def headings_at(lines: Sequence[Sequence[str]], aliases: Mapping[str, str]) -> int:
    """Return which line has the headings: the first that bears two known ones, where the first has none.

    Where none bears two, the first that bears one, so that what is told is what its others lack.
    """
    if not lines or _known(lines[0], aliases):
        return 0
    known = [min(_known(texts, aliases), 2) for texts in lines[:_TITLES]]
    return known.index(max(known))


def _known(texts: Sequence[str], aliases: Mapping[str, str]) -> int:
    keys = {key for text in texts if (key := heading_key(text))}
    return len(keys & {*aliases, *aliases.values()})


def separator_of(text: str, aliases: Mapping[str, str]) -> str:
    """Return what parts the headings; a title above them may hold any of the signs, or none."""
    top = text.split("\n", _TITLES)[:_TITLES]

    def parted(sign: str) -> tuple[int, int]:
        return max(_known(line.split(sign), aliases) for line in top), top[0].count(sign)

    return max(",;\t", key=parted)


def read_csv(path: Path, aliases: Mapping[str, str]) -> Table:
    """Read a CSV in UTF-8 (with or without mark), separated by comma, semicolon or tab.

    Raises:
        TableError: unreadable, or not UTF-8 (Excel's "CSV UTF-8" writes it).
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise TableError(of_system(error)) from error
    except UnicodeDecodeError as error:
        raise TableError(NOT_UTF8) from error
    separator = separator_of(text, aliases)
    # Not `splitlines`: it breaks at characters that may stand inside a cell.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        rows = [(reader.line_num, row, [str(reader.line_num)] * len(row)) for row in reader]
    except csv.Error as error:
        line = reader.line_num
        words = f"dòng {line}: sai cách viết CSV ({error})", f"line {line}: {error}"
        raise TableError(words) from error
    return build_table(path.name, rows, aliases)
