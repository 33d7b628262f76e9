"""Change values in a YAML text and leave every other letter of it, comments too, as it stands."""

from __future__ import annotations

import json
import re
from datetime import date

from xlscore.located import Path_, Span, spans

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class YamlText:
    """A YAML text with changes to be made in it; all are made at once by `changed`."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._spans = spans(text)
        self._edits: list[tuple[int, int, str]] = []
        self._marked: dict[int, str] = {}

    def span(self, where: Path_) -> Span | None:
        """Return where a value stands."""
        return self._spans.get(where)

    def below(self, *where: str | int) -> list[Path_]:
        """Return the paths of what stands below a value, and its own, in order."""
        return [path for path in self._spans if path[: len(where)] == where]

    def said(self, where: Path_) -> str:
        """Return a value as it is written."""
        span = self._spans[where]
        return self._text[span.start : span.end]

    def line(self, where: Path_) -> int:
        """Return the line of a value, from 1."""
        return self._text.count("\n", 0, self._spans[where].start) + 1

    def put(self, where: Path_, value: str) -> None:
        """Write `value`, which is YAML, in the place of a value, or below what it belongs to."""
        span = self._spans.get(where)
        if span is None:
            self._add(where, value)
        elif not span.block:
            space = "" if self._text[span.start - 1 : span.start] in " \n" else " "
            self._edits.append((span.start, span.end, space + value))
        else:  # the lines of its items go, its key stays with its comment
            first = self._text.rfind("\n", 0, span.start) + 1
            self._edits.append((span.after_key, span.after_key, f" {value}"))
            self._edits.append((first, self._line_end(span.end) + 1, ""))

    def _add(self, where: Path_, value: str) -> None:
        *above, key = where
        parent = self._spans.get(tuple(above))
        if parent is None:
            self.put(tuple(above), f"{{{key}: {value}}}")
        elif not parent.block:
            # At the head: at the end, a comma or a comment may stand before the bracket.
            inner = self._text[parent.start + 1 : parent.end - 1].strip()
            pair = f"{json.dumps(key)}: {value}"
            first = parent.start + 1
            self._edits.append((first, first, f"{pair}, " if inner else pair))
        elif above:
            column = parent.start - self._text.rfind("\n", 0, parent.start) - 1
            self._edits.append((parent.start, parent.start, f"{key}: {value}\n{' ' * column}"))
        else:
            column = parent.start - self._text.rfind("\n", 0, parent.start) - 1
            end = self._line_end(parent.end)
            self._edits.append((end, end, f"\n\n{' ' * column}{key}: {value}"))

    def prepend(self, where: Path_, item: str) -> None:
        """Put an item at the head of a list, which need not be there."""
        span = self._spans.get(where)
        if span is None or self.said(where) in {"", "~", "null"}:
            self.put(where, f"[{item}]")
        elif span.block:
            column = span.start - self._text.rfind("\n", 0, span.start) - 1
            self._edits.append((span.start, span.start, f"- {item}\n{' ' * column}"))
        else:
            rest = self._text[span.start + 1 : span.end - 1].strip()
            self._edits.append((span.start + 1, span.start + 1, f"{item}, " if rest else item))

    def mark(self, where: Path_, words: str) -> None:
        """Put a comment behind the line of a value; one line is marked once."""
        self._marked[self._line_end(self._spans[where].end)] = words

    def a_year_later(self, where: Path_) -> bool:
        """Move the days that a value names by a year; return whether it names any."""
        said = self.said(where)
        moved = _DAY.sub(lambda found: _next_year(found[0]), said)
        if moved != said:
            span = self._spans[where]
            self._edits.append((span.start, span.end, moved))
        return moved != said

    def changed(self) -> str:
        """Return the text with all changes."""
        edits = [(end, end, self._comment(end, words)) for end, words in self._marked.items()]
        placed = [(start, end, n, new) for n, (start, end, new) in enumerate(edits + self._edits)]
        text = self._text
        # From the end, so that offsets stay right; at one place, in the order in which they came.
        for start, end, _, new in sorted(placed, reverse=True):
            text = text[:start] + new + text[end:]
        return text

    def _comment(self, end: int, words: str) -> str:
        # What stands behind the last value: a sign # within a value begins no comment.
        last = max(span.end for span in self._spans.values() if span.end <= end)
        return f"; {words}" if "#" in self._text[last:end] else f"  # {words}"

    def _line_end(self, offset: int) -> int:
        end = self._text.find("\n", offset)
        return len(self._text) if end < 0 else end


def _next_year(day: str) -> str:
    try:
        found = date.fromisoformat(day)
    except ValueError:
        return day
    try:
        return found.replace(year=found.year + 1).isoformat()
    except ValueError:  # the 29th of February
        return found.replace(year=found.year + 1, day=28).isoformat()
