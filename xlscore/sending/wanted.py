"""A letter that somebody should get, before it is frozen, and what keeps one from being written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from xlscore.mail import Attachment
from xlscore.reasons import Words


class Kind(StrEnum):
    """What a letter is about: the ranking, one unit's result, the receipt of one return."""

    RANKING = "ranking"
    RESULT = "result"
    RECEIPT = "receipt"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A letter that somebody should get.

    Attributes:
        kind: also the name of its text (see `letter_texts.PLACEHOLDERS`); `values` fill it in.
        edition: of the ranking, or 0.
        audience: group, and for a unit's own letter its code: `don-vi/STP`.
        recipient: one address, with the name or without; `address`: without.
        about: what else tells it from other letters to the same recipient, such as the digest of a receipt.
    """

    kind: Kind
    edition: int
    audience: str
    recipient: str
    address: str
    values: Mapping[str, str]
    attachments: tuple[Attachment, ...]
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a letter cannot be written; `recipient` is an address, or the code of a unit without one."""

    audience: str
    recipient: str
    words: Words
