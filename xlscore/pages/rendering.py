"""The only place that knows Jinja2: templates to pages, every text made harmless on its way in."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from xlscore.pages import wording
from xlscore.text import showable

if TYPE_CHECKING:
    from jinja2 import Environment

_NEW_LINES = re.compile(r"\r\n?")


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
