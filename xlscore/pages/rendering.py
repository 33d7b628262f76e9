"""The only place that knows Jinja2: templates to pages, every text made harmless on its way in."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from xlscore.pages import wording
from xlscore.text import nfc

if TYPE_CHECKING:
    from jinja2 import Environment

_NEW_LINES = re.compile(r"\r\n?")
_UNSHOWABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
    r"\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
"""Control characters, what turns the direction of writing, halves of characters."""

_MARKS = r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_TOWER = re.compile(rf"({_MARKS}{{4}}){_MARKS}+")
"""More marks on one letter than any language has: they would be painted over other lines."""

_NO_LETTER = "\u25cc"
"""What carries a mark that has no letter: after `>` a normaliser would make another character of it."""


def showable(text: str) -> str:
    """Return `text` as a page may show it: composed (NFC); what acts instead of showing is spelt out.

    A file name is a stranger's: a character that reverses the direction of writing would make
    `gnp.xlsx` of `xslx.png`, and half a character (a name in no encoding) could not be written.
    """
    composed = _NEW_LINES.sub("\n", nfc(text))
    safe = _UNSHOWABLE.sub(lambda found: f"‹U+{ord(found[0]):04X}›", composed)
    short = _TOWER.sub(r"\1", safe)
    return _NO_LETTER + short if short and unicodedata.combining(short[0]) else short


def render(template: str, **values: object) -> str:
    """Return a page.

    Raises:
        jinja2.UndefinedError: the template names what was not given (a programming error).
    """
    return _environment().get_template(template).render(values)


def inline_script(name: str) -> tuple[str, str]:
    """Return a script of ours and the source expression that lets a page run it and no other."""
    source = resources.files(__package__).joinpath("templates", name).read_text("utf-8")
    # A parser hands the script over with plain line feeds, whatever the file on this disk has.
    source = _NEW_LINES.sub("\n", source)
    digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
    return source, f"'sha256-{digest}'"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("xlscore.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalised,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= wording.FILTERS
    return environment


def _finalised(value: object) -> object:
    # Markup is a `str` too, but made of values that have come through here.
    return showable(value) if type(value) is str else value
