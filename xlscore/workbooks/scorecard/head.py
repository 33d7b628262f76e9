"""What a scorecard's letterhead says, and which of its texts differ from unit to unit."""

from __future__ import annotations

from dataclasses import dataclass

from xlscore.scoring import NotApplicablePolicy
from xlscore.text import folded


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one scorecard.

    Attributes:
        authority: the unit's superior (cơ quan chủ quản), printed above the unit's name.
        office: who collects the scorecards.
        place: for the dateline.
        title, subtitle: of the form; the subtitle is the rubric's title.
        legal_basis: the decision that sets the rubric.
        unit_name, unit_code: whose scorecard it is.
        serial: number of the issued form; 0 for a blank sample.
        role_title: the officer who fills this card, or empty for the whole card.
        signatory: who signs, such as `THỦ TRƯỞNG ĐƠN VỊ`.
        year: the year assessed.
        deadline: in words.
        token: the signed identity (see `identity.sign`), or `identity.BLANK_SAMPLE`.
        not_applicable: what the campaign makes of rows that do not apply.
    """

    authority: str
    office: str
    place: str
    title: str
    subtitle: str
    legal_basis: str
    unit_name: str
    unit_code: str
    serial: int
    role_title: str
    signatory: str
    year: int
    deadline: str
    token: str
    not_applicable: NotApplicablePolicy = NotApplicablePolicy.LEAVE_OUT


@dataclass(frozen=True, slots=True)
class UnitTexts:
    """The texts of a head that differ from unit to unit, as they are printed."""

    name: str
    upper_name: str
    code: str
    serial: str
    footer: str
    token: str


def unit_texts(head: Head) -> UnitTexts:
    """Return the printed texts of the head's unit."""
    serial = f"{head.serial:05d}"
    # In a footer `&` starts a code and is doubled to mean itself.
    footer = f"Mã đơn vị: {head.unit_code} – Số phiếu: {serial}".replace("&", "&&")
    name = folded("".join(c for c in head.unit_name if c.isprintable() or c.isspace()))
    return UnitTexts(name, name.upper(), head.unit_code, serial, footer, head.token)
