"""The page of all findings, `docs/findings.md`, as the catalogue tells it; `make docs` writes it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from xlscore.catalogue import ENTRIES, Entry, Severity

_FAMILIES = {
    "P": ("Tệp", "The file"),
    "I": ("Nhận dạng phiếu", "Identity"),
    "S": ("Hàng và ô của phiếu", "Rows and cells"),
    "A": ("Thẩm định, phản hồi, hội đồng, điều tra, kết quả", "Appraisal and what follows it"),
    "M": ("Phiếu nhiều người điền", "Many hands"),
    "N": ("Thu phiếu", "Intake"),
    "R": ("Bộ tiêu chí", "Rubrics"),
    "C": ("Kỳ đánh giá", "Campaigns"),
    "V": ("Kiểm chứng bảng xếp hạng", "Verification of a ranking"),
    "W": ("Giả định", "Suppositions"),
    "X": ("Phần mở rộng", "Plugins"),
}
_SEVERITIES = {
    Severity.ERROR: "lỗi / error",
    Severity.WARNING: "cảnh báo / warning",
    Severity.NOTE: "ghi chú / note",
}
_HEAD = """# Findings

Generated from the catalogue by `make docs`; do not edit. `xlscore explain CODE` prints one entry.

A code is permanent: it keeps its meaning and is never used for another. An **error** refuses the
return (or the rubric, or the campaign), a **warning** and a **note** do not. `{…}` stands for what was
found.
"""


def findings_markdown() -> str:
    """Return the page: every code with name, severity, message and remedy in both languages."""
    ordered = sorted(ENTRIES, key=lambda e: (list(_FAMILIES).index(e.code[0]), e.code))
    sections = groupby(ordered, key=lambda e: e.code[0])
    return _HEAD + "".join(text for family, own in sections for text in _section(family, own))


def _section(family: str, entries: Iterator[Entry]) -> Iterator[str]:
    vietnamese, english = _FAMILIES[family]
    yield f"\n## {family}: {vietnamese} – {english}\n"
    for entry in entries:
        yield f"\n### {entry.code} `{entry.name}` – {_SEVERITIES[entry.severity]}\n\n"
        for words in (entry.vi, entry.en):
            yield f"- {words.message} → {words.remedy}\n"


if __name__ == "__main__":
    import sys

    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    sys.stdout.write(findings_markdown())
