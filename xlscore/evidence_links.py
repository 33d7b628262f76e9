"""Link documents of evidence (tài liệu minh chứng) to the criteria whose evidence text names them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from xlscore.answers import Answers
from xlscore.rubric import Node, Rubric
from xlscore.text import folded, plain_ascii

_SHORTEST_STEM = 4
"""A shorter name (`1.pdf`, `kh.pdf`) would be found in nearly every text."""

_CODE = re.compile(r"^(?:tc|tieu chi|muc)?[ _.-]*([0-9]+(?:[._-][0-9]+)*)(?![0-9])", re.IGNORECASE)


def links(rubric: Rubric, answers: Answers, files: Iterable[str]) -> Mapping[str, tuple[Node, ...]]:
    """Return for each file the leaves that it belongs to, in the order of the rubric.

    A leaf names a file by the file's name, with or without its suffix, or a file names a leaf: by its
    printed code (STT) at the start of the name (`1.2.1 Ke hoach.pdf`, `1_2_1-KH.pdf`) or of a folder.

    Args:
        files: paths as they arrived, parts separated by `/`.
    """
    texts = {leaf.id: _spelled(answers.evidence.get(leaf.id, "")) for leaf in rubric.leaves}
    return {
        file: tuple(
            leaf
            for leaf in rubric.leaves
            if _names(texts[leaf.id], file) or leaf.code.rstrip(".") in _codes(file)
        )
        for file in files
    }


def _names(text: str, file: str) -> bool:
    path = PurePosixPath(file)
    if text and _spelled(path.name) in text:
        return True
    stem = _spelled(path.stem)
    # Between letters it would be part of another name: “kh01” in “kh012”.
    return len(stem) >= _SHORTEST_STEM and bool(re.search(rf"(?<!\w){re.escape(stem)}(?!\w)", text))


def _codes(file: str) -> set[str]:
    """Return the codes that a path names: of the file, and of folders below that of evidence."""
    found = set()
    for part in PurePosixPath(file).parts[2:]:
        match = _CODE.match(plain_ascii(part))
        if match:
            found.add(re.sub("[_-]", ".", match[1]))
    return found


def _spelled(text: str) -> str:
    return folded(plain_ascii(text)).lower()
