"""Begin next year's campaign from last year's (kế thừa): what lasts is carried over, what happened is not.

Units, mail, agencies, rounds, policies, letters and rubrics go over; ledger, keys, data, waivers, surveys
and authorisations stay behind. `campaign.yaml` is edited as the text that it is, so that comments and
order survive.
"""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from xlscore.bundled import data_elsewhere, new_folder
from xlscore.durable import write_whole
from xlscore.ledger import LedgerError, latest_frozen
from xlscore.reasons import Words
from xlscore.succession.text import YamlText
from xlscore.workbooks.tables import headings_only
from xlscore.workdays import HOLIDAY_COLUMNS
from xlscore.workspace import Workspace

__all__ = ["Succession", "succeed"]

_CHECK_DEADLINE = "kiểm tra lại hạn"
_CHECK_FOLDER = "kiểm tra lại thư mục"
_SHARED = ("inbox", "outbox", "reports", "status")
_RUBRIC_TEXTS = {".yaml", ".yml", ".json"}


@dataclass
class Succession:
    """A campaign that was begun from last year's.

    Attributes:
        carried: what went over; `left`: what did not; `check`: what a person has to look at.
    """

    root: Path
    year: int
    carried: list[Words] = field(default_factory=list)
    left: list[Words] = field(default_factory=list)
    check: list[Words] = field(default_factory=list)


def succeed(source: Workspace, target: Path) -> Succession:
    """Make the campaign of the year after `source` in the folder `target`.

    Raises:
        FileExistsError: there is a campaign already.
        OSError: a file cannot be read or written.
        TableError: a table of days off cannot be read.
    """
    new_folder(target)
    desk = _Desk(source, target)
    desk.names()
    desk.deadlines()
    desk.past()
    desk.folders()
    desk.tables()
    desk.rubrics()
    desk.letters()
    desk.earlier()
    # Last, so that a folder with this file in it is whole.
    write_whole(target / "campaign.yaml", desk.yaml.changed().encode())
    return desk.done


class _Desk:
    def __init__(self, source: Workspace, target: Path) -> None:
        self.source, self.target = source, target
        self.settings = source.campaign.settings
        self.old, self.new = self.settings.year, self.settings.year + 1
        text = (source.root / "campaign.yaml").read_text(encoding="utf-8-sig")
        self.yaml = YamlText(text)
        self.done = Succession(target, self.new)

    # --- campaign.yaml ----------------------------------------------------------------------------

    def names(self) -> None:
        """Raise id, title and year."""
        self.yaml.put(("year",), str(self.new))
        for name in ("id", "title"):
            said = self.yaml.said((name,))
            raised = _raised(said, self.old)
            if raised == said and name == "id":
                raised = f'"{self.settings.id[:55]}-{self.new}"'
            if raised != said:
                self.yaml.put((name,), raised)
        policies = ("quy định, thẩm định, thư", "policies, appraisal, mail")
        self.done.carried.append((f"campaign.yaml: năm {self.new}, {policies[0]}",
                                  f"campaign.yaml: {self.new}, {policies[1]}"))  # fmt: skip

    def deadlines(self) -> None:
        """Move every deadline by a year, each with a comment beside it."""
        moved = []
        for where in self._deadline_values():
            if self.yaml.a_year_later(where):
                self.yaml.mark(where, _CHECK_DEADLINE)
                moved.append(self.yaml.line(where))
        if moved:
            lines = ", ".join(str(line) for line in dict.fromkeys(moved))
            self.done.check.append((
                f"thời hạn: đã lùi một năm, xem chú thích “{_CHECK_DEADLINE}” (dòng {lines})",
                f"deadlines: moved by a year, see the comments “{_CHECK_DEADLINE}” (lines {lines})",
            ))  # fmt: skip

    def _deadline_values(self) -> list[tuple[str | int, ...]]:
        tiers = [
            path
            for path in self.yaml.below("tiers")
            if len(path) > 2 and path[2] == "deadline"  # noqa: PLR2004
        ]
        rounds = [
            path
            for path in self.yaml.below("appraisal", "rounds")
            if len(path) > 3 and path[3] in {"deadline", "replies"}  # noqa: PLR2004
        ]
        # A period names its day below; the whole would be moved twice.
        found = [*tiers, *rounds]
        return [
            path for path in found if not any(p != path and p[: len(path)] == path for p in found)
        ]

    def past(self) -> None:
        """Leave behind what was said of last year's units: waivers, survey figures, an authorisation."""
        settings = self.settings
        if settings.waivers:
            self.yaml.put(("waivers",), "[]")
            count = len(settings.waivers)
            self.done.left.append((f"{count} miễn trừ (waivers)", f"{count} waivers"))
        if settings.surveys:
            self.yaml.put(("surveys",), "[]")
            listed = ", ".join(settings.surveys)
            self.done.left.append((f"số liệu điều tra ({listed})", f"survey figures ({listed})"))
        if settings.reports_to:
            self.yaml.put(("reports_to",), '""')
            self.done.left.append((f"giấy ủy quyền ({settings.reports_to})",
                                   f"the authorisation ({settings.reports_to})"))  # fmt: skip
        self.done.left.append(("sổ theo dõi, kho lưu, khóa, phiếu của năm trước",
                               "ledger, archive, keys and forms of last year"))  # fmt: skip

    def folders(self) -> None:
        """Never share last year's data; shared folders elsewhere are to be looked at."""
        named = self.settings.folders
        elsewhere = data_elsewhere(self.target)
        if elsewhere is not None:
            self.yaml.put(("folders", "data"), _quoted(str(elsewhere)))
            self.done.check.append((f"dữ liệu của kỳ mới để ở {elsewhere}",
                                    f"the new campaign keeps its data in {elsewhere}"))  # fmt: skip
        elif not self._is_inside(named.data):
            self.yaml.put(("folders", "data"), "data")
            self.done.check.append((
                f"folders.data: năm trước ở {named.data}, kỳ mới để trong thư mục của kỳ",
                f"folders.data: last year's was {named.data}, the new one lies in the folder itself",
            ))  # fmt: skip
        for name in _SHARED:
            said: str = getattr(named, name)
            if said and not self._is_inside(said):
                self._shared_folder(name, said)

    def _shared_folder(self, name: str, said: str) -> None:
        where = ("folders", name)
        raised = _raised(said, self.old)
        self.yaml.put(where, _quoted(raised))
        self.yaml.mark(where, _CHECK_FOLDER)
        same = raised == said
        self.done.check.append((
            f"folders.{name}: {raised}" + (" (vẫn là thư mục của năm trước)" if same else ""),
            f"folders.{name}: {raised}" + (" (still last year's folder)" if same else ""),
        ))  # fmt: skip

    def earlier(self) -> None:
        """Name last year beside the years that it named itself."""
        for place, one in enumerate(self.settings.earlier):
            self.yaml.put(("earlier", place, "results"), _quoted(self._rebased(one.results)))
        last = self._rebased(".")
        self.yaml.prepend(("earlier",), f"{{year: {self.old}, results: {_quoted(last)}}}")
        years = [self.old, *(one.year for one in self.settings.earlier)]
        listed = ", ".join(map(str, years))
        self.done.carried.append((f"so sánh với năm {listed} (earlier)", f"compared with {listed}"))
        if not self._is_frozen():
            self.done.check.append((
                f"kỳ năm {self.old} chưa ban hành kết quả: ban hành rồi mới so sánh được",
                f"the campaign of {self.old} has no edition yet: freeze one to compare with it",
            ))  # fmt: skip

    def _is_frozen(self) -> bool:
        try:
            return latest_frozen(self.source.ledger_path, "results") is not None
        except (OSError, LedgerError):
            return False

    # --- files ------------------------------------------------------------------------------------

    def tables(self) -> None:
        """Copy units and predecessors; of days off only the headings, since they are last year's."""
        units = len(self.source.campaign.units)
        if self._copied(("units",), self.settings.units):
            words = (
                f"{self.settings.units}: {units} đơn vị",
                f"{self.settings.units}: {units} units",
            )
            self.done.carried.append(words)
        self.done.check.append((
            f"{self.settings.units}: đơn vị mới, giải thể, hợp nhất (ghi vào bảng predecessors)",
            f"{self.settings.units}: units that are new, dissolved or merged (see predecessors)",
        ))  # fmt: skip
        name = self.settings.predecessors
        if name and self._copied(("predecessors",), name):
            self.done.carried.append((name, name))
        for place, holidays in enumerate(self.settings.holidays):
            if self._is_inside(holidays):
                (self.target / holidays).parent.mkdir(parents=True, exist_ok=True)
                headings_only(self.source.root / holidays, self.target / holidays, HOLIDAY_COLUMNS)
            elif self.yaml.span(("holidays", place)) is not None:
                self.yaml.put(("holidays", place), _quoted(self._rebased(holidays)))
            self.done.check.append((
                f"{holidays}: ghi ngày nghỉ, ngày làm bù năm {self.new} theo thông báo",
                f"{holidays}: enter the days off and made-up days of {self.new}",
            ))  # fmt: skip

    def rubrics(self) -> None:
        """Copy the rubrics; the ids in them stay, so that years compare."""
        for tier, chosen in self.settings.tiers.items():
            if not self._copied(("tiers", tier, "rubric"), chosen.rubric):
                continue
            path = self.target / chosen.rubric
            if path.suffix.lower() in _RUBRIC_TEXTS:
                text = YamlText(path.read_text(encoding="utf-8-sig"))
                if text.span(("year",)) is not None:
                    text.put(("year",), str(self.new))
                    write_whole(path, text.changed().encode())
            self.done.carried.append((f"{chosen.rubric} (cấp {tier})",
                                      f"{chosen.rubric} (tier {tier})"))  # fmt: skip
        self.done.check.append((
            "bộ tiêu chí: căn cứ pháp lý, điểm tối đa, câu chữ của năm mới; giữ nguyên các id",
            "rubrics: legal basis, maxima and wording of the new year; keep the ids",
        ))  # fmt: skip

    def letters(self) -> None:
        """Copy the office's own letters."""
        folder = self.source.root / "letters"
        if folder.is_dir():
            shutil.copytree(folder, self.target / "letters", dirs_exist_ok=True)
            self.done.carried.append(("letters/", "letters/"))

    # --- paths ------------------------------------------------------------------------------------

    def _copied(self, where: tuple[str, ...], named: str) -> bool:
        """Copy a file that lies in last year's folder; any other is named from the new one."""
        if self._is_inside(named):
            goal = self.target / named
            goal.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.source.root / named, goal)
            return True
        self.yaml.put(where, _quoted(self._rebased(named)))
        self.done.check.append(
            (f"{named}: dùng chung với năm trước", f"{named}: shared with last year")
        )
        return False

    def _is_inside(self, named: str) -> bool:
        path = Path(named).expanduser()
        root = self.source.root.resolve()
        return not path.is_absolute() and (root / path).resolve().is_relative_to(root)

    def _rebased(self, named: str) -> str:
        """Return a path of last year's folder as seen from the new one."""
        path = Path(named).expanduser()
        if path.is_absolute():
            return named
        whole = (self.source.root / path).resolve()
        try:
            return Path(os.path.relpath(whole, self.target.resolve())).as_posix()
        except ValueError:  # another drive of Windows
            return whole.as_posix()


def _raised(text: str, year: int) -> str:
    """Return a text with a year in it raised by one; longer numbers are other things."""
    return re.sub(rf"(?<!\d){year}(?!\d)", str(year + 1), text)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
