"""Which form it is: three places, any one of which suffices, and none of which can be made up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.campaigns import Campaign, make_campaign, rubric
from tests.spoiled import found
from tests.spoiled_identity import token_of, token_places, token_text, without_token
from xlscore.findings import Status
from xlscore.identity import (
    BLANK_SAMPLE,
    LONGEST,
    SCORECARD,
    Identified,
    KeyRing,
    Token,
    TokenError,
    identify,
    sign,
    verify,
)
from xlscore.workbooks.package import parse_package
from xlscore.workbooks.returns import token_texts

RING = KeyRing("b", {"a": b"old" * 11, "b": b"new" * 11})
TOKEN = Token("thu-2026", SCORECARD, "STP", 7, "0123456789abcdef", "van-phong")


def test_a_signed_token_says_what_was_signed() -> None:
    assert verify(sign(TOKEN, RING), RING) == TOKEN


def test_an_older_key_of_the_ring_still_verifies() -> None:
    assert verify(sign(TOKEN, replace(RING, current="a")), RING) == TOKEN


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: t[:-1] + ("A" if t[-1] != "A" else "B"),
        lambda t: t.replace("XLS1.b.", "XLS1.a."),
        lambda t: t.replace("XLS1.b.", "XLS1.c."),
        lambda t: t.replace("XLS1", "XLS2"),
        lambda t: t[:20] + t[21:],
        lambda t: t.rpartition(".")[0],
        lambda t: t + ".x",
        lambda t: t[:-3] + "é!?",
        lambda _: "",
        lambda _: "XLS1.b..",
    ],
)
def test_a_changed_token_does_not_verify(spoil: Callable[[str], str]) -> None:
    with pytest.raises(TokenError):
        verify(spoil(sign(TOKEN, RING)), RING)


def test_a_token_too_long_for_excel_is_refused() -> None:
    with pytest.raises(TokenError):
        sign(replace(TOKEN, campaign="x" * LONGEST), RING)


def test_any_token_that_verifies_serves() -> None:
    good, bad = sign(TOKEN, RING), sign(TOKEN, KeyRing("b", {"b": b"other"}))
    assert identify(["", bad, f" {good} "], RING) == Identified(TOKEN)
    assert identify([good, BLANK_SAMPLE], RING) == Identified(TOKEN)


def test_what_no_token_says_has_a_name() -> None:
    bad = sign(TOKEN, KeyRing("b", {"b": b"other"}))
    assert identify(["", "  "], RING).problem == "unsigned"
    assert identify([bad], RING).problem == "bad-signature"
    assert identify([bad, BLANK_SAMPLE], RING).problem == "blank-sample"
    other = sign(replace(TOKEN, unit="STC", role=""), RING)
    assert identify([sign(TOKEN, RING), other], RING) == Identified(
        problem="contradicting-tokens", others=("STC (7)", "STP/van-phong (7)")
    )


def test_a_form_carries_its_token_in_three_places(campaign: Campaign) -> None:
    data = campaign.form()
    assert len(token_places(data)) == 3
    assert token_texts(parse_package(data)) == [token_text(data)] * 3


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_any_one_place_suffices(campaign: Campaign, kept: int) -> None:
    data = campaign.filled()
    places = token_places(data)
    back = campaign.read(without_token(data, *(p for p in places if p != places[kept])))
    assert back.status is Status.VALID
    assert back.token == token_of(campaign)


def test_the_right_folder_is_no_finding(campaign: Campaign) -> None:
    assert campaign.read(campaign.filled(), folder_unit="STP").status is Status.VALID


def test_a_form_of_a_campaign_without_keys_has_a_bad_signature(
    campaign: Campaign, tmp_path: Path
) -> None:
    other = make_campaign(tmp_path)
    assert found(other.read(campaign.filled())) == [("bad-signature", "", "")]
    assert not (tmp_path / "data").exists()


def test_a_wording_fix_keeps_issued_forms_valid(tmp_path: Path) -> None:
    campaign = make_campaign(tmp_path)
    data = campaign.filled()
    mended = rubric()
    mended["title"] = "Bộ tiêu chí thử (đã đính chính)"
    for node in (mended["nodes"][0], mended["nodes"][0]["nodes"][0], mended["nodes"][2]):
        node["title"] += " (đính chính)"
        node["code"] += "a"
    after = make_campaign(tmp_path, rubrics={"so": mended})
    assert after.layout().by_key["s:n1.1"].printed[1] == "Tiêu chí 1.1 (đính chính)"
    back = after.read(data)
    assert found(back) == []
    assert back.status is Status.VALID


def test_a_change_of_points_makes_issued_forms_old(tmp_path: Path) -> None:
    campaign = make_campaign(tmp_path)
    data = campaign.filled()
    changed = rubric()
    changed["nodes"][0]["nodes"][0]["method"]["step"] = "0.5"
    after = make_campaign(tmp_path, rubrics={"so": changed})
    assert found(after.read(data)) == [("old-rubric", "", "")]


def test_form_of_a_tier_serves_no_unit_of_another(campaign: Campaign) -> None:
    token = token_of(campaign, unit="AB")
    xa = campaign.workspace.campaign.units["AB"]
    assert token.digest != campaign.workspace.campaign.rubric(xa).form_digest[:16] or (
        campaign.read(campaign.filled(form=campaign.signed(token))).unit == xa
    )
