"""Link documents of evidence (tài liệu minh chứng) to the criteria whose evidence text names them.

Texts and names are compared as tokens, without marks: runs of letters, and numbers without leading
zeros. So `12-KH-UBND.pdf` is found in “Kế hoạch số 12/KH-UBND”, which no file name can spell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import PurePosixPath

from xlscore.answers import Answers
from xlscore.rubric import Node, Rubric
from xlscore.text import plain_ascii

_FEWEST_WORDS, _FEWEST_LETTERS = 3, 8
"""A name without a number must say so much: `Kế hoạch.pdf` would be found in nearly every text."""

_LEAST_NUMBER = 100
"""A name that is a bare number is taken for a document's from here on; years are not."""

_YEARS = range(1900, 2101)

_TOKEN = re.compile(r"[a-z]+|[0-9]+")
_CODE = re.compile(
    r"(?P<named>(?:^|.*[^a-z0-9])(?:tctp|tc|tieu ?chi(?: thanh phan)?)|^(?:minh ?chung|mc|muc))?"
    r"[ _.-]*(?P<code>[0-9a-z]+(?:[._-][0-9a-z]+)*)"
)
_REFERENCE = re.compile(r"(?<![0-9/.])([0-9]{1,6}) ?/ ?(?:[0-9]{4} ?/ ?)?([a-z]{2,})")
"""The number and symbol of a document: `1877/QĐ-UBND`, `05/2026/NQ-HĐND`."""

_SYMBOLS = {
    "bc", "bb", "cd", "ct", "cv", "dv", "gm", "hd", "kh", "kl", "nd", "nq", "pa", "qc", "qd", "tb",
    "tt", "ttlt", "ttr",
}  # fmt: skip
"""Kinds of documents (Nghị định 30/2020/NĐ-CP) as names of files abbreviate them."""

_SPELT = {
    "quyet dinh": "qd", "ke hoach": "kh", "bao cao": "bc", "cong van": "cv", "thong bao": "tb",
    "to trinh": "ttr", "nghi quyet": "nq", "huong dan": "hd", "chi thi": "ct", "bien ban": "bb",
}  # fmt: skip

_KIND = re.compile(rf"\b(?:{'|'.join(_SPELT)})\b")
_NUMBERED = re.compile(rf"\b({'|'.join([*_SPELT, *sorted(_SYMBOLS)])}) so ([0-9]{{1,6}})\b")

Tokens = tuple[str, ...]
Reference = tuple[str, str]


def links(rubric: Rubric, answers: Answers, files: Iterable[str]) -> Mapping[str, tuple[Node, ...]]:
    """Return for each file the leaves that it belongs to, in the order of the rubric.

    A leaf names a file by the file's name, with or without its suffix, or by the number and symbol of
    the document (`QĐ 1877.pdf` in “Quyết định số 1877/QĐ-UBND”). Or a file names a leaf: by its printed
    code (STT) at the start of the name, of two parts at least (`1.2.1 Ke hoach.pdf`, `1_2_1-KH.pdf`) or
    after a word for it (`TC 3.pdf`), of the file or of a folder.

    Args:
        files: paths as they arrived, parts separated by `/`, the first two being the unit's folder and
            that of evidence.
    """
    named = list(dict.fromkeys(files))
    finder = _Finder(named)
    by_code: dict[Tokens, list[str]] = {}
    for leaf in rubric.leaves:
        by_code.setdefault(_tokens(leaf.code), []).append(leaf.id)
    found: dict[str, set[str]] = {file: set(_coded(file, by_code)) for file in named}
    for leaf in rubric.leaves:
        for file in finder.named_in(answers.evidence.get(leaf.id, "")):
            found[file].add(leaf.id)
    order = {leaf.id: (place, leaf) for place, leaf in enumerate(rubric.leaves)}
    return {
        file: tuple(leaf for _, leaf in sorted((order[i] for i in ids), key=lambda pair: pair[0]))
        for file, ids in found.items()
    }


@dataclass(slots=True)
class _Step:
    """A place in the tree of names: what may follow, and the files whose name ends here."""

    then: dict[str, _Step] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)


class _Finder:
    """Finds in a text the files that it names; the text is read once, however many files there are."""

    def __init__(self, files: Iterable[str]) -> None:
        self._names = _Step()
        self._references: dict[Reference, list[str]] = {}
        self._numbers: dict[str, list[str]] = {}
        for file in files:
            path = PurePosixPath(file)
            self._add(_tokens(path.name), file)
            stem = _tokens(path.stem)
            if _says_enough(stem):
                self._add(stem, file)
            if len(stem) == 1 and stem[0].isdigit() and _is_a_documents(int(stem[0])):
                self._numbers.setdefault(stem[0], []).append(file)
            for reference in _references_of_name(path.stem):
                self._references.setdefault(reference, []).append(file)

    def _add(self, name: Tokens, file: str) -> None:
        step = self._names
        for token in name:
            following = step.then.get(token)
            if following is None:
                following = step.then[token] = _Step()
            step = following
        if name:
            step.files.append(file)

    def named_in(self, text: str) -> set[str]:
        """Return the files that a text names."""
        plain = _plain(text)
        words = _split(plain)
        found: set[str] = set()
        for place in range(len(words)):
            self._walk(words, place, found)
        for number, symbol in _references_of_text(plain):
            found.update(self._references.get((number, symbol), ()))
            found.update(self._numbers.get(number, ()))
        return found

    def _walk(self, words: Tokens, place: int, found: set[str]) -> None:
        step = self._names
        while place < len(words) and words[place] in step.then:
            step = step.then[words[place]]
            found.update(step.files)
            place += 1


def _says_enough(stem: Tokens) -> bool:
    """Whether a name without its suffix is one that no text holds by chance."""
    letters = [token for token in stem if token.isalpha()]
    if len(letters) < len(stem):
        return bool(letters) and len("".join(stem)) > _FEWEST_WORDS
    return len(letters) >= _FEWEST_WORDS and len("".join(letters)) >= _FEWEST_LETTERS


def _is_a_documents(number: int) -> bool:
    return number >= _LEAST_NUMBER and number not in _YEARS


def _references_of_text(plain: str) -> Iterator[Reference]:
    """Yield number and symbol: `12/KH-UBND`, `Công văn số 45/SNV-CCHC` (a letter bears no `CV`)."""
    for number, symbol in _REFERENCE.findall(plain):
        yield _number(number), symbol
    for kind, number in _NUMBERED.findall(plain):
        yield _number(number), _SPELT.get(kind, kind)


def _references_of_name(stem: str) -> Iterator[Reference]:
    """Yield number and symbol wherever they stand side by side: `1877-QD-UBND`, `QD so 1877`."""
    plain = _KIND.sub(lambda spelt: _SPELT[spelt[0]], _plain(stem))
    words = [word for word in _split(plain) if word != "so"]
    for first, second in pairwise(words):
        if first.isdigit() and second in _SYMBOLS:
            yield first, second
        elif second.isdigit() and first in _SYMBOLS:
            yield second, first


def _coded(file: str, by_code: Mapping[Tokens, Sequence[str]]) -> Iterator[str]:
    """Yield the leaves whose code the file's name or a folder's begins with."""
    for part in PurePosixPath(file).parts[2:]:
        match = _CODE.match(_plain(part))
        if match:
            least = 1 if match["named"] else 2
            yield from by_code.get(_leading_code(match["code"], by_code, least), ())


def _leading_code(text: str, by_code: Mapping[Tokens, Sequence[str]], least: int) -> Tokens:
    """Return the longest code that a text begins with; a number after it would make it another's."""
    words = _split(text)
    for length in range(len(words), least - 1, -1):
        after = words[length : length + 1]
        if words[:length] in by_code and not (after and after[0].isdigit()):
            return words[:length]
    return ()


def _tokens(text: str) -> Tokens:
    return _split(_plain(text))


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return " ".join(plain_ascii(text).lower().split())


def _split(plain: str) -> Tokens:
    return tuple([_number(t) if t[0] == "0" else t for t in _TOKEN.findall(plain)])


def _number(digits: str) -> str:
    return digits.lstrip("0") or "0"
