"""Fill a template: every placeholder once, what is put in never looked at again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from xlscore.announcing.tables import RankingTable, table_xml
from xlscore.announcing.values import Paragraph, Part
from xlscore.text import folded, nfc, showable

_PLACEHOLDER = re.compile(r"\{\{(.*?)\}\}")
_BRACES = re.compile(r"\{\{|\}\}")
_BETWEEN = " \t\u00a0.,;:–-()"


class Misplaced(Exception):  # noqa: N818  never leaves this package
    """A placeholder that a template must not have: as it is written, and whether it is a known block."""

    def __init__(self, written: str, *, block: bool = False) -> None:
        super().__init__(written)
        self.written, self.block = written, block


@dataclass(frozen=True, slots=True)
class _Found:
    """A paragraph of the template with its placeholders."""

    paragraph: Any
    texts: Sequence[Any]
    said: str
    places: tuple[re.Match[str], ...]


def fill(
    document: Document, fields: Mapping[str, str], blocks: Mapping[str, Sequence[Part]]
) -> None:
    """Put the values in place of the placeholders, in the text, in tables, heads, feet and text boxes.

    Raises:
        Misplaced: there is an unknown placeholder, half of one, or a block amid other text.
    """
    # All are looked up before anything is put in: a unit may be called `{{can_cu}}`.
    found = [one for paragraph in _paragraphs(document) if (one := _find(paragraph)) is not None]
    for one in found:
        _check(one, fields, blocks)
    for one in found:
        names = [place[1].strip() for place in one.places]
        if names[0] in blocks:
            _put_block(one, blocks[names[0]])
        else:
            _put_fields(one, [showable(fields[name]) for name in names])


def _paragraphs(document: Document) -> Iterator[Any]:
    parts = [document.element.body]
    for section in document.sections:
        own = (
            section.header, section.first_page_header, section.even_page_header,
            section.footer, section.first_page_footer, section.even_page_footer,
        )  # fmt: skip
        # There is no public way to all paragraphs.
        parts += [part._element for part in own if not part.is_linked_to_previous]  # noqa: SLF001
    for part in parts:
        yield from part.iter(qn("w:p"))


def _find(paragraph: Any) -> _Found | None:
    # A text box is a paragraph within a paragraph: each text belongs to the nearest.
    texts = [t for t in paragraph.iter(qn("w:t")) if next(t.iterancestors(qn("w:p"))) is paragraph]
    said = "".join(text.text or "" for text in texts)
    if not _BRACES.search(said):
        return None
    return _Found(paragraph, texts, said, tuple(_PLACEHOLDER.finditer(said)))


def _check(found: _Found, fields: Iterable[str], blocks: Iterable[str]) -> None:
    rest = _PLACEHOLDER.sub("", found.said)
    if half := _BRACES.search(rest):
        raise Misplaced(nfc(rest[half.start() : half.start() + 30].strip()))
    for place in found.places:
        name = place[1].strip()
        if name in blocks and found.said.strip() != place[0]:
            raise Misplaced(place[0], block=True)
        if name not in fields and name not in blocks:
            raise Misplaced(nfc(place[0]))


def _put_fields(found: _Found, values: Sequence[str]) -> None:
    """Put values in, each in the look of the first letter of its placeholder."""
    if not any(values) and not _PLACEHOLDER.sub("", found.said).strip(_BETWEEN):
        _remove(found.paragraph)
        return
    for place, value in reversed(list(zip(found.places, values, strict=True))):
        _replace(found.texts, place.start(), place.end(), value)


def _replace(texts: Sequence[Any], start: int, end: int, value: str) -> None:
    at = 0
    for text in texts:
        said = text.text or ""
        first, last = max(start - at, 0), min(end - at, len(said))
        if first < len(said) and last > 0:
            put = value if at <= start else ""
            _say(text, said[:first] + put + said[last:])
        at += len(said)


def _say(text: Any, said: str) -> None:
    text.text = said
    text.set(qn("xml:space"), "preserve")


def _put_block(found: _Found, parts: Sequence[Part]) -> None:
    template = deepcopy(found.paragraph)
    for section in template.iter(qn("w:sectPr")):
        section.getparent().remove(section)
    for part in parts:
        if isinstance(part, RankingTable):
            found.paragraph.addprevious(table_xml(part))
            # Two tables with nothing between them would become one.
            found.paragraph.addprevious(_gap())
        else:
            found.paragraph.addprevious(_like(template, part))
    _remove(found.paragraph)


def _like(template: Any, part: Paragraph) -> Any:
    made = deepcopy(template)
    texts = list(made.iter(qn("w:t")))
    _say(texts[0], folded(showable(part.text)))
    for text in texts[1:]:
        text.getparent().remove(text)
    if part.heading:
        look = made.get_or_add_pPr()
        look.keepNext_val, look.spacing_after = True, Pt(3)
        for run in made.iter(qn("w:r")):
            run.get_or_add_rPr().get_or_add_b().val = True
    return made


def _gap() -> Any:
    paragraph = OxmlElement("w:p")
    spacing = OxmlElement("w:spacing")
    for name, value in (("before", "0"), ("after", "0"), ("line", "200"), ("lineRule", "exact")):
        spacing.set(qn(f"w:{name}"), value)
    paragraph.get_or_add_pPr().append(spacing)
    return paragraph


def _remove(paragraph: Any) -> None:
    """Take a paragraph out, unless it holds a section's end or is the last that a cell must have."""
    parent = paragraph.getparent()
    properties = paragraph.pPr
    ends = properties is not None and properties.find(qn("w:sectPr")) is not None
    last = parent.tag != qn("w:body") and parent[-1] is paragraph
    needed = last and (
        len(parent.findall(qn("w:p"))) == 1 or paragraph.getprevious().tag != qn("w:p")
    )
    if not ends and not needed:
        parent.remove(paragraph)
        return
    for text in list(paragraph.iter(qn("w:t"))):
        _say(text, "")
