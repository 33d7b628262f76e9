"""Checks of the campaign: whether it opens cleanly, its plugins, how deep its folders lie."""

from __future__ import annotations

from collections.abc import Iterator

from xlscore.blobs import record_path
from xlscore.doctoring.checks import NOTHING, Check, Group, Level
from xlscore.doctoring.scene import Examination, Scene
from xlscore.findings import Severity, Status, finding, message
from xlscore.identity import APPRAISAL
from xlscore.proceedings import unnamed_agencies
from xlscore.workspace import Workspace

_LONGEST = 259
"""Characters of a path that Windows takes by default."""

_TEMPORARY = len(".-12345678.tmp")
_RECEIPT = len("phieu-can-sua--lan-999-so-99999.xlsx")


def opened(workspace: Workspace) -> Check:
    """Tell of a campaign that opens, with what it warns of."""
    codes = [found.code for found in workspace.warnings if found.severity is Severity.WARNING]
    settings, units = workspace.campaign.settings, len(workspace.campaign.units)
    said = (f"{settings.id}: {units} đơn vị", f"{settings.id}: {units} units")
    if not codes:
        return Check(Group.CAMPAIGN, "campaign", Level.OK, said)
    listed = ", ".join(dict.fromkeys(codes))
    warned = (
        f"{said[0]}; {len(codes)} cảnh báo ({listed})",
        f"{said[1]}; {len(codes)} warnings ({listed})",
    )
    remedy = (
        "“xlscore status” nói rõ từng cảnh báo; “xlscore explain MÃ” giải thích.",
        "“xlscore status” tells each warning; “xlscore explain CODE” explains it.",
    )
    return Check(Group.CAMPAIGN, "campaign", Level.WARNING, warned, remedy)


def plugins(scene: Scene) -> Iterator[Check]:
    """Which plugins are used, and which could not be."""
    loaded = scene.workspace.plugins
    third = [
        f"{name} {getattr(plugin, '__version__', '')}".strip()
        for name, plugin in loaded.third_party()
    ]
    listed = ", ".join(third)
    said = (listed or "không có phần mở rộng nào", listed or "no third-party plugins")
    yield Check(Group.CAMPAIGN, "plugins", Level.OK, said)
    for failure in loaded.failures:
        words = (
            f"{failure.plugin} không dùng được: {failure.error}",
            f"{failure.plugin} is not used: {failure.error}",
        )
        remedy = (
            f"Báo người viết {failure.plugin}, hoặc gỡ nó ra.",
            f"Tell the author of {failure.plugin}, or uninstall it.",
        )
        yield Check(Group.CAMPAIGN, "plugins", Level.WARNING, words, remedy)


def paths(scene: Scene) -> Iterator[Check]:
    """Windows refuses long paths, and the archive's are the longest."""
    longest = max(_longest_paths(scene.workspace), key=len)
    said = (f"đường dẫn dài nhất: {len(longest)} ký tự", f"longest path: {len(longest)} characters")
    if len(longest) <= _LONGEST or (scene.host.windows and scene.host.long_paths()):
        yield Check(Group.CAMPAIGN, "paths", Level.OK, said)
        return
    remedy = (
        "Windows chỉ nhận 259 ký tự: đặt thư mục kỳ đánh giá ở chỗ ngắn hơn, ví dụ D:\\cchc-2026.",
        "Windows takes 259 characters: put the campaign in a shorter place, such as D:\\cchc-2026.",
    )
    level = Level.WARNING if scene.host.windows else Level.NOTE
    yield Check(Group.CAMPAIGN, "paths", level, said, remedy)


def _longest_paths(workspace: Workspace) -> list[str]:
    """Return the longest paths that the program itself makes."""
    units = workspace.campaign.units.values()
    code = max((len(unit.code) for unit in units), default=0)
    tier = max(len(unit.tier) for unit in units) if units else 0
    record = str(record_path(workspace.archive.absolute(), "0" * 64, 99_999))
    form = f"{workspace.templates.absolute()}/{'t' * tier}/cu/{'u' * code}-20261231-235959.xlsx"
    copy = f"{workspace.outbox.absolute()}/{'u' * code}/{'u' * code}"
    temporary = "x" * _TEMPORARY
    return [record + temporary, form + temporary, copy + "x" * _RECEIPT + temporary]


def place(scene: Scene) -> Iterator[Check]:
    """Ledger and archive must lie on a disk of this computer."""
    data = scene.workspace.data
    kind = scene.host.place(data)
    said = (f"{data}: {kind.words[0]}", f"{data}: {kind.words[1]}")
    remedy = (
        "Sổ và kho lưu phải nằm trên ổ đĩa của máy: sửa mục folders, data trong campaign.yaml.",
        "Ledger and archive must be on a local disk: mend folders, data in campaign.yaml.",
    )
    level = Level.OK if kind.is_local else Level.ERROR
    yield Check(Group.CAMPAIGN, "data-place", level, said, NOTHING if kind.is_local else remedy)


def agencies(scene: Scene) -> Iterator[Check]:
    """Agencies that have appraised should still be named, or their words count unnoticed."""
    with scene.ledger() as ledger:
        arrivals = ledger.arrivals(APPRAISAL) if ledger else ()
    books = [a for a in arrivals if a.status is Status.VALID and not a.voided]
    for agency, count in unnamed_agencies(scene.workspace, books).items():
        found = finding("agency-unnamed", params={"agency": agency, "count": str(count)})
        said = (message(found, "vi"), message(found, "en"))
        yield Check(Group.CAMPAIGN, "agencies", Level.WARNING, said)


EXAMINATIONS: tuple[Examination, ...] = (place, paths, plugins, agencies)
