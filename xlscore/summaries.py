"""What is worth saying first about a ranking: the same for workbook, page, announcement and letter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from xlscore.campaign import Campaign
from xlscore.numbers import Exact, quantise
from xlscore.ranking import GroupRanking, RankedRow, Results, group_of
from xlscore.remarks import waiting

MOST = 3
"""How many units are named at the top, at the bottom, among the biggest changes."""


@dataclass(frozen=True, slots=True)
class Change:
    """How one unit's index changed against last year, in percentage points.

    Attributes:
        before: last year's rank, or None where it had none of its own.
        merged: whether last year's index is the mean of several units that were merged.
    """

    row: RankedRow
    by: Fraction
    before: int | None
    merged: bool


@dataclass(frozen=True)
class GroupSummary:
    """One ranking group at a glance; shares and indices in percent.

    Attributes:
        assessed: rows of the units that have a result, best first.
        missing: number of units of the group without one, ranked last or only listed.
        bands: number of ranked units by band, in the order of the bands; units that are missing are among
            them where the campaign ranks them last.
        changes: against last year, biggest rise first.
    """

    group: GroupRanking
    assessed: tuple[RankedRow, ...]
    missing: int
    bands: Mapping[str, int]
    changes: tuple[Change, ...]

    @property
    def units(self) -> int:
        """Number of units that the group has."""
        return len(self.assessed) + self.missing

    @property
    def mean(self) -> Fraction | None:
        """The mean index; None where nobody has a result."""
        indices = [row.result.index for row in self.assessed]
        return sum(indices, Fraction(0)) / len(indices) if indices else None

    @property
    def top(self) -> tuple[RankedRow, ...]:
        """The first units, and whoever shares the last rank among them."""
        return _with_ties(self.assessed, MOST)

    @property
    def bottom(self) -> tuple[RankedRow, ...]:
        """The last units, last first, none that stands at the top as well."""
        first = {row.result.unit.code for row in self.top}
        rows = [row for row in reversed(self.assessed) if row.result.unit.code not in first]
        return _with_ties(rows, MOST)

    @property
    def rises(self) -> tuple[Change, ...]:
        """The biggest rises."""
        return tuple(change for change in self.changes if change.by > 0)[:MOST]

    @property
    def falls(self) -> tuple[Change, ...]:
        """The biggest falls, biggest first."""
        return tuple(change for change in reversed(self.changes) if change.by < 0)[:MOST]


def _with_ties(rows: Sequence[RankedRow], most: int) -> tuple[RankedRow, ...]:
    """Return the first rows; equal ranks stay together unless that doubles the list."""
    end = min(most, len(rows))
    while 0 < end < len(rows) and rows[end].rank == rows[end - 1].rank and end < 2 * most:
        end += 1
    return tuple(rows[:end])


def summarise(results: Results) -> tuple[GroupSummary, ...]:
    """Return every group at a glance, in the order of the groups."""
    missing = Counter(group_of(r.unit) for r in results.missing if r.unit.ranked)
    return tuple(_summary(results, group, missing[group.id]) for group in results.groups)


def _summary(results: Results, group: GroupRanking, missing: int) -> GroupSummary:
    assessed = tuple(row for row in group.rows if row.result.assessed)
    return GroupSummary(group, assessed, missing, _bands(results, group), _changes(results, group))


def _bands(results: Results, group: GroupRanking) -> dict[str, int]:
    tiers = dict.fromkeys(row.result.unit.tier for row in group.rows)
    names = [b.name for tier in tiers for b in results.campaign.settings.tiers[tier].bands]
    counted = Counter(row.band for row in group.rows)
    return {name: counted[name] for name in dict.fromkeys(names)}


def _changes(results: Results, group: GroupRanking) -> tuple[Change, ...]:
    found = []
    for row in group.rows:
        past, by = results.before(row.result.unit), results.change(row.result)
        if past is not None and by is not None:
            found.append(Change(row, by, past.rank, past.merged))
    return tuple(sorted(found, key=lambda change: change.by, reverse=True))


# --- in words -------------------------------------------------------------------------------------


def stage(results: Results) -> str:
    """Say which edition this is: `Bản ban hành lần 1`, or `DỰ THẢO`."""
    return f"Bản ban hành lần {results.edition}" if results.edition else "DỰ THẢO"


def state_lines(results: Results) -> Iterator[str]:
    """Yield whether the result is final, what it waits for, and who is missing, in sentences."""
    pending = results.waiting
    if pending:
        units = len({result.unit.code for result, _ in pending})
        yield f"KẾT QUẢ TẠM TÍNH: còn {count(len(pending))} nội dung của {units} đơn vị chưa có kết quả."
        said = Counter(
            waiting(result.rubric.by_id[node]) if node in result.pending else "chờ thẩm định xong"
            for result, node in pending
        )
        parts = "; ".join(f"{words} ({count(n)})" for words, n in said.most_common())
        yield f"Trong đó: {parts}."
    elif results.missing and not any(row.result.assessed for row in results.rows):
        yield "CHƯA CÓ KẾT QUẢ: chưa đơn vị nào có phiếu được tính."
    elif results.missing:
        absent = f"còn {count(len(results.missing))} đơn vị chưa có phiếu được tính"
        yield f"KẾT QUẢ CHƯA ĐỦ ĐƠN VỊ: {absent}; các đơn vị khác đã có kết quả mọi nội dung."
    else:
        yield "KẾT QUẢ ĐẦY ĐỦ: mọi nội dung có áp dụng đều đã có kết quả."
    yield _returns_line(results)
    if appraised := _appraised_line(results):
        yield appraised


def _returns_line(results: Results) -> str:
    everyone = {row.result.unit.code for row in results.rows}
    everyone |= {result.unit.code for result in results.missing}
    sent = len(everyone) - len(results.missing)
    late = sum(row.result.days_late > 0 for row in results.rows)
    lacking = f"chưa có phiếu được tính: {len(results.missing)}"
    line = f"Đã nộp: {sent}/{len(everyone)} đơn vị; {lacking}; trễ hạn: {late}."
    if results.unranked:
        line += f" Đánh giá nhưng không xếp hạng: {len(results.unranked)} đơn vị."
    return line


def _appraised_line(results: Results) -> str:
    """Say how far appraisal is; nothing where it has not begun or everything came from above."""
    said = [row.result.appraisal for row in results.rows if row.result.appraisal]
    if not any(appraisal.begun for appraisal in said):
        return ""
    rows = sum(len(appraisal.rows) for appraisal in said)
    still = sum(len(appraisal.open) for appraisal in said)
    share = Fraction(100 * (rows - still), rows) if rows else Fraction(100)
    return f"Đã thẩm định: {count(rows - still)}/{count(rows)} nội dung ({percent(share, 1)})."


def count(number: int) -> str:
    """Return a whole number as Vietnamese write it: 8.875."""
    return f"{number:,}".replace(",", ".")


def figure(value: Exact, decimals: int) -> str:
    """Return a figure as Vietnamese print it, with so many decimals: 81,30."""
    return f"{quantise(value, decimals):.{decimals}f}".replace(".", ",")


def percent(share: Exact, decimals: int) -> str:
    """Return a share as Vietnamese print it: 81,33%."""
    return f"{figure(share, decimals)}%"


def signed(value: Exact, decimals: int) -> str:
    """Return a difference with its sign: +1,25, −0,40; 0,00 where none is left."""
    shown = quantise(value, decimals)
    sign = "" if shown == 0 else "+" if shown > 0 else "−"
    return f"{sign}{figure(abs(shown), decimals)}"


def legal_bases(campaign: Campaign) -> tuple[str, ...]:
    """Return what the ranking rests on: the decisions that the rubrics name, each once."""
    return tuple(dict.fromkeys(r.legal_basis for r in campaign.rubrics.values() if r.legal_basis))
