"""Identity of an issued form: a signed token that says which form it is, never who sent it.

`XLS1.<key id>.<payload>.<mac>`: the payload is compact JSON in base64, the MAC HMAC-SHA256 cut to 128
bits, over everything before it. The same token stands in three places of a form (custom property,
defined name, very-hidden sheet): any one that verifies serves, a contradiction is a finding.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

PREFIX = "XLS1"
_ALPHABET = b"-~"
"""Not the usual `-_`: workbooks read `_x41ab_` as the code of a letter."""
PROPERTY = "xlscore"
DEFINED_NAME = "xlscore_token"
META_SHEET = "xlscore"
LONGEST = 250
"""Excel's limit for a custom property and a text constant in a defined name is 255 characters."""

BLANK_SAMPLE = "XLS1-BLANK"
SCORECARD, APPRAISAL, REPLY, COUNCIL = "scorecard", "appraisal", "reply", "council"
SURVEY, RESULT_SHEET, RESULT_BOOK = "survey", "result", "results"
"""Kinds of forms: a result sheet only goes out, a book of results comes up from a district."""


MERGED_BY_ROW = frozenset({APPRAISAL, COUNCIL, SURVEY, REPLY})
"""Kinds of which a newer form does not revoke the one before: what is typed into either is merged."""


@dataclass(frozen=True, slots=True)
class Token:
    """What a form says of itself.

    Attributes:
        campaign: campaign id.
        kind: which form it is (`SCORECARD` and the others above).
        round: round of the procedure, 1 for self-assessment.
        unit: whom it is about: code of a unit (of the district for a book of results), of an agency
            for appraisal and council books, of a tier for surveys.
        role: filler's role, or empty for the whole unit.
        serial: number of the issued form; forms are revoked by it.
        digest: first 16 hex digits of what the form depends on (`Rubric.form_digest`).
    """

    campaign: str
    kind: str
    unit: str
    serial: int
    digest: str
    role: str = ""
    round: int = 1


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Signing keys by id; `current` signs, all verify."""

    current: str
    keys: Mapping[str, bytes]


class TokenError(Exception):
    """A text that is no token of ours: wrong form, unknown key, or a MAC that does not verify."""


def sign(token: Token, ring: KeyRing) -> str:
    """Return the token as text.

    Raises:
        TokenError: the text would be longer than a workbook can carry.
    """
    facts = [
        token.campaign, token.kind, token.round, token.unit, token.role, token.serial, token.digest,
    ]  # fmt: skip
    payload = _encode(json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode())
    body = f"{PREFIX}.{ring.current}.{payload}"
    text = f"{body}.{_encode(_mac(body, ring.keys[ring.current]))}"
    if len(text) > LONGEST:
        names = "/".join(filter(None, (token.campaign, token.unit, token.role)))
        raise TokenError(f"{names}: {len(text)} > {LONGEST}")
    return text


def verify(text: str, ring: KeyRing) -> Token:
    """Return what a token says, once its MAC is proven.

    Raises:
        TokenError: see there.
    """
    body, _, mac = text.rpartition(".")
    parts = body.split(".")
    if len(parts) != 3 or parts[0] != PREFIX or parts[1] not in ring.keys:  # noqa: PLR2004
        raise TokenError("form or key")
    try:
        given = _decode(mac)
        if not hmac.compare_digest(given, _mac(body, ring.keys[parts[1]])):
            raise TokenError("mac")
        campaign, kind, round_, unit, role, serial, digest = json.loads(_decode(parts[2]))
    except (binascii.Error, ValueError) as error:
        raise TokenError("payload") from error
    return Token(campaign, kind, unit, serial, digest, role, round_)


def said(text: str) -> Token | None:
    """Return what a token says, whoever wrote it; None for a text that is none. It proves nothing."""
    if len(text) > LONGEST:
        return None
    try:
        _prefix, _key, payload, _code = text.split(".")
        campaign, kind, round_, unit, role, serial, digest = json.loads(_decode(payload))
    except (binascii.Error, ValueError, TypeError):
        return None
    return Token(str(campaign), str(kind), str(unit), serial, str(digest), str(role), round_)


def seal(text: str, ring: KeyRing, digits: int = 16) -> str:
    """Return the hex digits by which a part of a form vouches for itself, under the current key."""
    return _seal(text, ring.keys[ring.current], digits)


def is_sealed(text: str, mac: str, ring: KeyRing, digits: int = 16) -> bool:
    """Whether `mac` is the seal of `text`, so many digits long, under any key of the ring."""
    return any(
        hmac.compare_digest(mac.encode(), _seal(text, k, digits).encode())
        for k in ring.keys.values()
    )


def derived(ring: KeyRing, text: str) -> KeyRing:
    """Return the keys made from the ring's for one purpose, which `text` names.

    Whoever is given one can seal for that purpose only: it leads neither to the key that it was made
    from nor to those of other purposes.
    """
    made = {
        kid: hmac.new(key, b"derive\x1f" + text.encode(), hashlib.sha256).digest()
        for kid, key in ring.keys.items()
    }
    return KeyRing(ring.current, made)


@dataclass(frozen=True, slots=True)
class Identified:
    """What the tokens of one file say together.

    Attributes:
        token: the one identity, or None.
        problem: `unsigned`, `blank-sample`, `bad-signature` or `contradicting-tokens`.
        others: the contradicting identities in words.
    """

    token: Token | None = None
    problem: str = ""
    others: tuple[str, ...] = ()


def identify(texts: Iterable[str], ring: KeyRing) -> Identified:
    """Decide what the token texts found in a file say together."""
    found = [text.strip() for text in texts if text.strip()]
    if not found:
        return Identified(problem="unsigned")
    valid: set[Token] = set()
    for text in found:
        try:
            valid.add(verify(text, ring))
        except TokenError:
            continue
    if len(valid) == 1:
        return Identified(valid.pop())
    if valid:
        names = sorted(f"{t.unit}{'/' + t.role if t.role else ''} ({t.serial})" for t in valid)
        return Identified(problem="contradicting-tokens", others=tuple(names))
    return Identified(problem="blank-sample" if BLANK_SAMPLE in found else "bad-signature")


def _seal(text: str, key: bytes, digits: int) -> str:
    return hmac.new(key, b"seal\x1f" + text.encode(), hashlib.sha256).hexdigest()[:digits]


def _mac(body: str, key: bytes) -> bytes:
    return hmac.new(key, body.encode(), hashlib.sha256).digest()[:16]


def _encode(data: bytes) -> str:
    return base64.b64encode(data, altchars=_ALPHABET).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=_ALPHABET, validate=True)
