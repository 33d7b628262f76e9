"""How a number format makes a number look: enough to tell whether two formats show the same.

Excel and LibreOffice spell one format in several ways when they save; what counts is what is read.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne

_BUILT_IN = {
    "0": "General", "1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "9": "0%",
    "10": "0.00%", "11": "0.00E+00", "14": "m/d/yy", "22": "m/d/yy h:mm", "49": "@",
}  # fmt: skip
_OF_NUMBERS = 3
"""Sections of a format that are about numbers: positive, negative, zero."""
_BRACKET = re.compile(r"\[(?!h+\]|m+\]|s+\])[^\]]*\]", re.IGNORECASE)
_CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
_OTHER_NUMERALS = re.compile(r"\[(?:DBNum|NatNum)[0-9]+[^\]]*\]", re.IGNORECASE)
_WHITE = re.compile(r"\[(?:white|color ?2)\]", re.IGNORECASE)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?[0-9]+(?:\.[0-9]+)?)\]")
_COMPARED = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "<>": ne}
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_(.)|\*(.)')
_PLACES = re.compile(r"[#0?,.%]+")


UNSEEN = " [unseen]"
"""What follows on a format whose cells are unseen, whatever it says."""


def look(kind: str, value: str, code: str) -> str:
    """Return what a cell shows, in a plain spelling; the format itself where it is none we know."""
    if code.endswith(UNSEEN):
        return look(kind, value, code.removesuffix(UNSEEN)) + UNSEEN
    code = _BUILT_IN.get(code[1:], code) if code.startswith("#") and code[1:].isdigit() else code
    if kind not in {"number", "date"}:
        return _text(value, code) if _text_section(code) else f"[{code}]"
    try:
        return _number(Decimal(value), code)
    except InvalidOperation:
        return value


def _text_section(code: str) -> bool:
    """Whether a format shows texts: all do but those whose fourth section, or all sections, are empty."""
    *numbers, last = _sections(code)
    if len(numbers) == _OF_NUMBERS:
        return "@" in last or last == "General"
    return code.strip() != ""


def _text(text: str, code: str) -> str:
    """Return what is shown of a text: with what the format's section for texts puts around it."""
    last = _sections(code)[-1]
    if "@" not in last:
        return text
    around = [_LITERAL.sub(_shown, _BRACKET.sub("", part)) for part in last.split("@")]
    return text.join(around)


def _chosen(number: Decimal, sections: tuple[str, ...]) -> tuple[str, Decimal]:
    """Return the section that shows a number, and the number without a sign that the section tells."""
    numeric = sections[:_OF_NUMBERS]
    if any(_CONDITION.search(section) for section in numeric):
        for section in numeric:
            said = _CONDITION.search(section)
            if said is None or _COMPARED[said[1]](number, Decimal(said[2])):
                return section, abs(number) if said and said[1] in {"<", "<="} else number
        return numeric[-1], number
    if number < 0 and len(sections) > 1:
        return sections[1], -number
    if number == 0 and len(sections) >= _OF_NUMBERS:
        return sections[2], number
    return sections[0], number


def _number(number: Decimal, code: str) -> str:
    chosen, number = _chosen(number, _sections(code))
    if _WHITE.search(chosen):
        return f"{number.normalize():f} [white]"
    if numerals := _OTHER_NUMERALS.search(chosen):
        return f"{number.normalize():f} {numerals[0].lower()}"
    # What stands for a currency is shown as it is.
    bare = _BRACKET.sub(
        "", _CURRENCY.sub(lambda found: f'"{found[1]}"' if found[1] else "", chosen)
    )
    if bare.strip().lower() in {"general", "standard", "@", ""}:
        return f"{number.normalize():f}" if bare.strip() else ""
    found = _PLACES.search(_LITERAL.sub("", bare))
    if found is None or re.search(r"[dmyhseE?/]", _LITERAL.sub("", bare)):
        return f"{number.normalize():f} [{_LITERAL.sub(_shown, bare).lower()}]"
    return _filled(number, _LITERAL.sub(_shown, bare), found[0])


def _shown(found: re.Match[str]) -> str:
    return found[1] or found[2] or ""


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[str, ...]:
    """Split a format at the semicolons that are no literals."""
    marked = re.sub(r'"[^"]*"|\\.', lambda m: m[0].replace(";", "\0"), code)
    return tuple(part.replace("\0", ";") for part in marked.split(";"))


def _filled(number: Decimal, section: str, places: str) -> str:
    if "%" in section:
        number *= 100
    whole, _, fraction = places.replace("%", "").partition(".")
    while whole.endswith(","):  # in thousands
        whole, number = whole[:-1], number / 1000
    least, most = fraction.count("0"), len(fraction)
    rounded = number.quantize(Decimal(1).scaleb(-most), rounding=ROUND_HALF_UP)
    text = f"{rounded:,f}" if "," in whole else f"{rounded:f}"
    if most > least:
        head, _, tail = text.partition(".")
        tail = tail[:least] + tail[least:].rstrip("0")
        text = f"{head}.{tail}" if tail else head
    if whole.count("0") == 0 and text.lstrip("-").startswith("0") and text.strip("-0."):
        text = text.replace("0", "", 1)
    return section.replace(places, text, 1) if places in section else f"{text} [{section}]"
