"""Checks of earlier years: whether each can be read, and how its units map onto today's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlscore.doctoring.checks import Check, Group, Level
from xlscore.doctoring.patience import within
from xlscore.doctoring.scene import Examination, Scene
from xlscore.earlier import read_earlier
from xlscore.findings import Finding, Severity, message
from xlscore.years import Year, Years

_SECONDS = 20.0
"""A share that is away may answer after minutes."""

_SHOWN = 5
_MAPPED = {"year-units-unmapped", "year-units-gone"}
"""What `_mapped` tells."""

_MAP = (
    "Đơn vị đổi mã, chia tách, hợp nhất: ghi vào bảng tiền thân (mục predecessors).",
    "Units renamed, split or merged: name them in the table of predecessors (predecessors).",
)
_AWAY = (
    "Nối lại ổ mạng, hoặc sửa mục earlier trong campaign.yaml.",
    "Connect the share again, or mend earlier in campaign.yaml.",
)


def earlier(scene: Scene) -> Iterator[Check]:
    """Every earlier year that the campaign names, and what is wrong with one, or with the predecessors."""
    settings = scene.workspace.campaign.settings
    if not settings.earlier and not settings.predecessors:
        said = ("không khai năm trước", "none are named")
        yield Check(Group.RANKING, "earlier", Level.OK, said)
        return
    try:
        years = within(_SECONDS, lambda: read_earlier(scene.workspace))
    except TimeoutError:
        said = (
            f"không đọc xong trong {_SECONDS:.0f} giây",
            f"could not be read within {_SECONDS:.0f} seconds",
        )
        yield Check(Group.RANKING, "earlier", Level.WARNING, said, _AWAY)
        return
    for year in years.years:
        yield _mapped(scene, years, year)
    if settings.predecessors:
        yield from _predecessors(settings.predecessors, years)
    yield from _wrong(years.findings)


def _mapped(scene: Scene, years: Years, year: Year) -> Check:
    today = scene.workspace.campaign.active
    pasts = {code: years.past(code, year.year) for code in today}
    reached = {unit.code for past in pasts.values() if past for unit in past.units}
    left = [code for code in year.units if code not in reached]
    fresh = [code for code, past in pasts.items() if past is None]
    count = len(year.units)
    said = (f"năm {year.year} ({year.source}): {count} đơn vị",
            f"{year.year} ({year.source}): {count} units")  # fmt: skip
    if not left and not fresh:
        words = (f"{said[0]}, đều ghép được", f"{said[1]}, all mapped")
        return Check(Group.RANKING, "earlier", Level.OK, words)
    vietnamese, english = [said[0]], [said[1]]
    if left:
        vietnamese.append(f"{len(left)} không ghép được với đơn vị hiện nay ({_listed(left)})")
        english.append(f"{len(left)} map onto no unit of today ({_listed(left)})")
    if fresh:
        vietnamese.append(f"{len(fresh)} đơn vị hiện nay không có năm ấy ({_listed(fresh)})")
        english.append(f"{len(fresh)} units of today were not there ({_listed(fresh)})")
    told = "; ".join(vietnamese), "; ".join(english)
    return Check(Group.RANKING, "earlier", Level.NOTE, told, _MAP)


def _predecessors(table: str, years: Years) -> Iterator[Check]:
    if any(_about(one) == "predecessors" for one in years.findings):
        return  # told one by one
    count = len(years.predecessors)
    said = (f"{table}: {count} đơn vị có tiền thân", f"{table}: {count} units have predecessors")
    yield Check(Group.RANKING, "predecessors", Level.OK, said)


def _wrong(findings: Sequence[Finding]) -> Iterator[Check]:
    """Tell the first few, each with its code, place and remedy."""
    findings = [one for one in findings if one.name not in _MAPPED]
    for found in findings[:_SHOWN]:
        said = f"{found.code} {message(found, 'vi')}", f"{found.code} {message(found, 'en')}"
        level = Level.NOTE if found.severity is Severity.NOTE else Level.WARNING
        yield Check(Group.RANKING, _about(found), level, said)
    if (more := len(findings) - _SHOWN) > 0:
        words = (f"và {more} điều nữa về năm trước", f"and {more} more about earlier years")
        remedy = (
            "“xlscore history ĐƠN-VỊ --years” kể hết.",
            "“xlscore history UNIT --years” tells them all.",
        )
        yield Check(Group.RANKING, "earlier", Level.WARNING, words, remedy)


def _about(found: Finding) -> str:
    return "predecessors" if found.name.startswith("predecessor") else "earlier"


def _listed(codes: list[str]) -> str:
    return ", ".join(codes[:_SHOWN]) + (" …" if len(codes) > _SHOWN else "")


EXAMINATIONS: tuple[Examination, ...] = (earlier,)
