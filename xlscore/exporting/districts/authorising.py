"""Authorise a district to report (giấy ủy quyền): its token and its key, in a file that is a secret."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xlscore.campaign import Campaign
from xlscore.identity import RESULT_BOOK, Token
from xlscore.issuing import DIGEST_DIGITS, Issued, Order, Progress, issue_orders
from xlscore.ledger import Issue, open_ledger
from xlscore.ledger.chapter import canonical
from xlscore.reported import sealing_keys
from xlscore.workspace import Workspace

FOLDER = "cap-duoi"
_SAID_DIGITS = 12
"""Of the digest: what the authorisation says; the rest tells a renewed one from the one before."""

_WARNING = (
    "BÍ MẬT. Ai có tệp này đều lập được sổ kết quả thay cho đơn vị nêu ở parent. Chỉ giao tận tay hoặc qua"
    " đường an toàn, giữ trong thư mục data của kỳ đánh giá; lộ hoặc mất thì báo ngay nơi cấp để thu hồi."
)
_KIND = "xlscore-authorisation-1"


@dataclass(frozen=True, slots=True)
class Authorisation:
    """What lets a district report.

    Attributes:
        campaign, title, year: of the province's campaign.
        parent, parent_name: code and name of the unit that reports; signatory: who signs for it.
        serial, token: of the form, the token signed by the province.
        key: seals the content of the book.
        units: its units, code → first digits of the form digest of the rubric to follow.
    """

    campaign: str
    title: str
    year: int
    parent: str
    parent_name: str
    signatory: str
    serial: int
    token: str
    key: bytes
    units: Mapping[str, str]


class AuthorisationError(Exception):
    """A file that is no authorisation; the message is its path."""


def reporting_parents(campaign: Campaign) -> tuple[str, ...]:
    """Return the codes of the units that appraise and report others, in the order of the list."""
    above = {u.parent for u in campaign.active.values() if campaign.tier(u).reported_by_parent}
    return tuple(code for code in campaign.units if code in above)


def authorisation_path(workspace: Workspace, parent: str) -> Path:
    """Return where the authorisation of a parent is written: private, as `templates` often is not."""
    return workspace.data / FOLDER / f"uy-quyen-{parent}.json"


def authorise(
    workspace: Workspace,
    parents: Sequence[str],
    progress: Progress | None = None,
    *,
    renew: bool = False,
) -> Issued:
    """Write the authorisations of these parents; one that would say the same keeps its serial.

    Where units or rubrics have changed, the new one revokes the one before.

    Args:
        renew: give a new one and revoke the old one all the same: it was lost, or others saw it.

    Raises:
        TokenError, OSError, LedgerError, KeysError: see `issuing.issue`.
    """
    with open_ledger(workspace.ledger_path) as ledger:
        before = ledger.issues(RESULT_BOOK)
    # Closed before anything secret is written into it.
    (workspace.data / FOLDER).mkdir(mode=0o700, parents=True, exist_ok=True)
    orders = [_order(workspace, p, before.get((p, "")), renew=renew) for p in parents]
    issued = issue_orders(workspace, RESULT_BOOK, 1, orders, progress)
    for path in issued.written:
        with suppress(OSError):  # a disk without permissions
            path.chmod(0o600)
    return issued


def _order(workspace: Workspace, parent: str, before: Issue | None, *, renew: bool) -> Order:
    units = unit_digests(workspace.campaign, parent)
    said = hashlib.sha256(canonical([parent, units]).encode()).hexdigest()[:_SAID_DIGITS]
    digest = said + "0" * (DIGEST_DIGITS - _SAID_DIGITS)
    if before is not None and before.digest.startswith(said):
        digest = before.digest
    while renew and before is not None and digest == before.digest:
        digest = said + secrets.token_hex((DIGEST_DIGITS - _SAID_DIGITS) // 2)

    def make(token: Token, signed: str) -> bytes:
        return _written(workspace, token, signed, units)

    return Order(parent, digest, authorisation_path(workspace, parent), make)


def unit_digests(campaign: Campaign, parent: str) -> dict[str, str]:
    """Return the units that a parent reports, each with the digits of the rubric that it follows."""
    return {
        code: campaign.rubric(unit).form_digest[:DIGEST_DIGITS]
        for code, unit in campaign.reporting(parent).items()
    }


def _written(workspace: Workspace, token: Token, signed: str, units: Mapping[str, str]) -> bytes:
    campaign, ring = workspace.campaign, workspace.keys.ring
    settings, parent = campaign.settings, campaign.units[token.unit]
    keys = sealing_keys(ring, token.unit, token.serial)
    facts: dict[str, Any] = {
        "canh_bao": _WARNING,
        "kind": _KIND,
        "campaign": settings.id,
        "title": settings.title,
        "year": settings.year,
        "parent": parent.code,
        "parent_name": parent.name,
        "signatory": campaign.tier(parent).signatory,
        "serial": token.serial,
        "token": signed,
        "key": keys.keys[keys.current].hex(),
        "units": dict(units),
    }
    return (json.dumps(facts, ensure_ascii=False, indent=1) + "\n").encode()


def read_authorisation(path: Path) -> Authorisation:
    """Read an authorisation.

    Raises:
        AuthorisationError: the file is none.
        OSError: it cannot be read.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
        if data["kind"] != _KIND:
            raise AuthorisationError(path)
        return Authorisation(
            str(data["campaign"]), str(data["title"]), int(data["year"]), str(data["parent"]),
            str(data["parent_name"]), str(data["signatory"]), int(data["serial"]),
            str(data["token"]), bytes.fromhex(data["key"]),
            {str(code): str(digest) for code, digest in data["units"].items()},
        )  # fmt: skip
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise AuthorisationError(path) from error
