"""Forms recovered from workbooks, where the events that gave them their serials are lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from xlscore.identity import MERGED_BY_ROW, identify
from xlscore.ledger import Arrival
from xlscore.ledger.chapter import to_stamp
from xlscore.ledger.replay import Books, Facts
from xlscore.upkeep.troubles import Trouble
from xlscore.workbooks.package import PackageError, read_package
from xlscore.workbooks.returns import token_texts
from xlscore.workspace import KeysError, Workspace

Seen = tuple[int, Facts]
"""A serial, and what is known of its form."""


def seen_in_templates(workspace: Workspace, now: datetime) -> Iterator[Seen]:
    """Yield the forms whose workbooks still lie in `templates/`, superseded ones too."""
    try:
        ring = workspace.existing_keys()
    except KeysError:
        return
    for path in sorted(workspace.templates.rglob("*.xlsx")) if ring else ():
        try:
            token = identify(token_texts(read_package(path)), ring).token if ring else None
        except (PackageError, OSError):
            continue
        if token is not None and token.campaign == workspace.campaign.settings.id:
            yield (
                token.serial,
                _form(token.kind, token.round, token.unit, token.role, token.digest, now),
            )


def seen_in_arrivals(arrivals: Iterable[Arrival]) -> Iterator[Seen]:
    """Yield the forms that came back and were ours."""
    for arrival in arrivals:
        digest = str(arrival.card.get("digest", ""))
        if arrival.serial and digest:
            moment = arrival.received
            form = _form(arrival.kind, arrival.round, arrival.unit, arrival.role, digest, moment)
            yield arrival.serial, form


def _form(kind: str, round_: int, unit: str, role: str, digest: str, moment: datetime) -> Facts:
    return {
        "kind": kind, "round": round_, "unit": unit, "role": role, "digest": digest,
        "at": to_stamp(moment), "revoked": "", "copy_of": 0,
    }  # fmt: skip


def recover_forms(books: Books, seen: Iterable[Seen]) -> tuple[dict[int, Facts], list[Trouble]]:
    """Put forms that no event tells of into the books; return those that are new or changed."""
    before = {serial: dict(facts) for serial, facts in books.forms.items()}
    for serial, facts in seen:
        books.forms.setdefault(serial, facts)
    for facts in [*books.forms.values()]:
        if facts["copy_of"] and facts["copy_of"] not in books.forms:
            books.forms[facts["copy_of"]] = {**facts, "copy_of": 0}
    if books.forms.keys() != before.keys():
        _settle(books.forms)
    troubles = [
        Trouble("form-recovered", str(serial), " ".join(filter(None, (f["unit"], f["role"]))))
        for serial, f in sorted(books.forms.items())
        if serial not in before
    ]
    gaps = set(range(1, max(books.forms, default=0) + 1)) - books.forms.keys()
    troubles += [Trouble("serial-missing", str(serial)) for serial in sorted(gaps)]
    return {s: f for s, f in books.forms.items() if f != before.get(s)}, troubles


def _settle(forms: dict[int, Facts]) -> None:
    """One form of a kind is in force per unit and role: a later one replaced it, or is its marked copy."""
    latest: dict[tuple[object, ...], int] = {}
    for serial, facts in sorted(forms.items()):
        if facts["copy_of"] or facts["revoked"] or facts["kind"] in MERGED_BY_ROW:
            continue
        key = tuple(facts[name] for name in ("kind", "round", "unit", "role"))
        earlier = latest.get(key)
        if earlier is not None and forms[earlier]["digest"] == facts["digest"]:
            facts["copy_of"] = earlier  # a form unchanged would have kept its serial
            continue
        if earlier is not None:
            for old in (s for s, f in forms.items() if earlier in {s, f["copy_of"]}):
                forms[old]["revoked"] = forms[old]["revoked"] or "đã cấp phiếu mới"
        latest[key] = serial
