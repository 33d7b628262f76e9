"""A real browser, driven without a screen: Chromium."""

from __future__ import annotations

import html
import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.programs import run

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

_OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--no-first-run",
)
_NARROWEST = 500
_FRAME = """<!DOCTYPE html><meta charset="utf-8"><title></title>
<style>body {{ margin: 0 }} iframe {{ border: 0; width: {width}px; height: {height}px }}</style>
<iframe srcdoc="{page}"></iframe>
<script>
document.querySelector("iframe").addEventListener("load", (event) => {{
  const page = event.target.contentDocument;
  document.title = "said " + JSON.stringify((() => {{ {script} }})());
}});
</script>
"""
"""The page in a frame of the wanted width: a window of Chromium does not get as narrow as a phone.

What looks at the page runs outside it, so that the page is the one that is given out.
"""


def evaluate(page: str, script: str, width: int = 1400) -> Any:
    """Run `script` beside the page, which it knows as `page`, and give back what it returns."""
    framed = _framed(page, width, 900, script)
    dumped = _run(framed, f"--window-size={max(width, _NARROWEST)},900", "--dump-dom")
    said = re.search(r"<title>said (.*?)</title>", dumped, re.DOTALL)
    if said is None:
        raise RuntimeError(f"Chromium said nothing: {dumped[:500]}")
    return json.loads(html.unescape(said[1]))


def width_taken(page: str, width: int) -> int:
    """Return how wide the page is, everything unfolded, in a view of `width` pixels.

    A page that fits is as wide as the view; one that would have to be scrolled sideways is wider.
    """
    script = """for (const each of page.querySelectorAll("details")) each.open = true;
        return page.documentElement.scrollWidth;"""
    taken: int = evaluate(page, script, width)
    return taken


def screenshot(page: str, target: Path, width: int, height: int) -> Path:
    """Take a picture of the top of the page, as a view of that size shows it."""
    framed = _framed(page, width, height, "return 0;")
    _run(framed, f"--window-size={max(width, _NARROWEST)},{height}", f"--screenshot={target}")
    return target


def print_pdf(page: str, target: Path) -> Path:
    """Print the page."""
    _run(page, "--no-pdf-header-footer", f"--print-to-pdf={target}")
    return target


def _framed(page: str, width: int, height: int, script: str) -> str:
    return _FRAME.format(page=html.escape(page), width=width, height=height, script=script)


def _run(page: str, *options: str) -> str:
    # Its processes may still write into the profile for a moment after it is gone.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        source = Path(folder, "page.html")
        source.write_text(page, encoding="utf-8")
        profile = f"--user-data-dir={folder}/profile"
        return run([str(CHROMIUM), *_OPTIONS, profile, *options, source.as_uri()])
