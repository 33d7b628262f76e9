"""Forms that are not the ones issued: unsigned, forged, old, another's."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from tests.campaigns import Campaign, edited, part
from tests.spoiled import Case, spoiled, whole, with_members
from xlscore.findings import Status
from xlscore.identity import Token
from xlscore.issuing import blank
from xlscore.workbooks.returns import Return

PROPERTIES = "docProps/custom.xml"


def token_of(owner: Campaign, /, **changes: Any) -> Token:
    """Return the token of unit STP's form, changed."""
    read = owner.read(owner.filled()).token
    assert read is not None
    return replace(read, **changes)


def token_text(data: bytes) -> str:
    return part(data, PROPERTIES).partition("<vt:lpwstr>")[2].partition("<")[0]


def without_token(data: bytes, *places: str) -> bytes:
    """Return the workbook with the token gone from some of its three places."""
    token = token_text(data)
    for place in places:
        if token in part(data, place):
            data = edited(data, place, token, "")
    return data


def token_places(data: bytes) -> tuple[str, ...]:
    """Return the parts that carry the token: properties, defined name, hidden sheet or its strings."""
    token = token_text(data)
    with ZipFile(BytesIO(data)) as archive:
        return tuple(
            n for n in archive.namelist() if token in archive.read(n).decode("utf-8", "replace")
        )


def _forged(case: str, expected: str, **changes: Any) -> Case:
    def build(campaign: Campaign) -> Return:
        form = campaign.signed(token_of(campaign, **changes))
        return campaign.read(campaign.filled(form=form))

    return Case(case, build, ((expected, "", ""),), Status.REJECTED)


def _contradicting(data: bytes, campaign: Campaign) -> bytes:
    return edited(data, PROPERTIES, token_text(data), token_text(campaign.form("STC")))


def _revoked(campaign: Campaign) -> Return:
    serial = token_of(campaign).serial
    return campaign.read(campaign.filled(), revoked={serial: "cấp lại"})


IDENTITY = (
    spoiled("no token", lambda d, _: without_token(d, *token_places(d)), ("unsigned", "", "")),
    spoiled(
        "a tampered token",
        lambda d, _: with_members(
            d,
            {
                name: part(d, name).replace(token_text(d), f"{token_text(d)[:-3]}AAA").encode()
                for name in token_places(d)
            },
        ),
        ("bad-signature", "", ""),
    ),
    spoiled("two tokens", _contradicting, ("contradicting-tokens", "", "")),
    _forged("another campaign", "other-campaign", campaign="thu-2025"),
    _forged("an unknown unit", "unknown-unit", unit="KHAC"),
    spoiled("another unit's folder", lambda d, _: d, ("other-unit", "", ""), folder_unit="STC"),
    _forged("an old rubric", "old-rubric", digest="0" * 16),
    Case("a revoked form", _revoked, (("revoked", "", ""),), Status.REJECTED),
    whole("a blank sample", lambda c: c.read(blank(c.workspace, "so")), "blank-sample"),
    _forged("another kind", "wrong-kind", kind="result"),
    _forged("a role that is gone", "outdated-role", role="ke-toan"),
)
