"""The lists behind a comparison: scenarios side by side, changed maxima, changed scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlscore.layout import NOTHING
from xlscore.scoring import Score
from xlscore.supposing import Comparison, Move, RowChange, Scenario
from xlscore.workbooks.comparison.groups import mark
from xlscore.workbooks.comparison.said import BANNER
from xlscore.workbooks.quicksheet import letters
from xlscore.workbooks.ranking.book import Book, signed
from xlscore.workbooks.ranking.cells import Cell, Live
from xlscore.workbooks.ranking.tables import FIRST_ROW, TableColumn, finish_table, table_sheet

_MAX_ROWS = 1_000_000
_MAXIMUM = "0.00##"


def _write(
    book: Book,
    named: tuple[str, str, str],
    columns: Sequence[TableColumn],
    rows: Iterator[list[Cell]],
) -> None:
    """Write a list; `named`: name of the sheet, title, and a line about it."""
    name, title, said = named
    sheet, looks = table_sheet(book, name, title, f"{BANNER}. {said}", columns)
    count = 0
    for count, row in enumerate(rows, 1):
        if count > _MAX_ROWS:
            break
        number = FIRST_ROW + count - 1
        sheet.row(number, row, looks)
        wrapped = ((i, c) for i, c in enumerate(row) if isinstance(c, str) and columns[i].wrap)
        sheet.fit_row(number, wrapped)
    finish_table(sheet, len(columns), count)
    mark(sheet)


def _scenario_column(comparison: Comparison) -> list[TableColumn]:
    """Return the column that says to which scenario a row belongs, where there are several."""
    return [TableColumn("Kịch bản", 24)] if len(comparison.scenarios) > 1 else []


def _scenario_cell(comparison: Comparison, scenario: Scenario) -> list[Cell]:
    return [scenario.supposition.title] if len(comparison.scenarios) > 1 else []


# --- side by side ---------------------------------------------------------------------------------


def write_side_by_side(book: Book, comparison: Comparison, name: str) -> None:
    """Write the ranks, indices and bands of all scenarios beside each other."""
    count = len(comparison.scenarios)
    sides = ["hiện tại", *(f"KB{number}" for number in range(1, count + 1))]
    columns = [TableColumn("Nhóm", 42), TableColumn("Mã", 10), TableColumn("Đơn vị", 36)]
    columns += [TableColumn(f"Hạng {side}", 9, align="center") for side in sides]
    columns += [TableColumn(f"Chỉ số {side} (%)", 10, book.number, "center") for side in sides]
    columns += [TableColumn(f"Xếp loại {side}", 10, align="center") for side in sides]
    said = "; ".join(
        f"KB{n}: {one.supposition.title}" for n, one in enumerate(comparison.scenarios, 1)
    )
    named = (name, "SO SÁNH CÁC KỊCH BẢN", said)
    _write(book, named, columns, _side_by_side(comparison.scenarios))


def _side_by_side(scenarios: Sequence[Scenario]) -> Iterator[list[Cell]]:
    found: dict[tuple[str, str], dict[int, Move]] = {}
    titles: dict[tuple[str, str], str] = {}
    for place, scenario in enumerate(scenarios):
        for group in scenario.groups:
            if group.across:
                continue
            for move in group.moves:
                key = (group.id, move.unit.code)
                found.setdefault(key, {})[place] = move
                titles[key] = group.title

    groups = list(dict.fromkeys(group for group, _ in found))

    def order(key: tuple[str, str]) -> tuple[int, int]:
        before = next(iter(found[key].values())).rank_before
        return groups.index(key[0]), before if before is not None else len(found)

    for key in sorted(found, key=order):
        first = next(iter(found[key].values()))
        after = [found[key].get(place) for place in range(len(scenarios))]
        lines = [first.before, *(move.after if move else None for move in after)]
        ranks = [NOTHING if line is None or line.rank is None else line.rank for line in lines]
        indices = [None if line is None else line.result.index for line in lines]
        bands = [line.band if line else NOTHING for line in lines]
        yield [titles[key], first.unit.code, first.unit.name, *ranks, *indices, *bands]


# --- maxima ---------------------------------------------------------------------------------------


def changes_maxima(comparison: Comparison) -> bool:
    """Whether any maximum would be another."""
    return any(True for _ in _maxima(comparison))


def write_maxima(book: Book, comparison: Comparison, name: str) -> None:
    """Write every node whose maximum would be another, also those that only follow."""
    columns = [
        *_scenario_column(comparison),
        TableColumn("Cấp", 30),
        TableColumn("STT", 9),
        TableColumn("Lĩnh vực / Tiêu chí", 62),
        TableColumn("Điểm tối đa hiện tại", 11, _MAXIMUM, "center"),
        TableColumn("Điểm tối đa giả định", 11, _MAXIMUM, "center"),
        TableColumn("Chênh lệch", 11, signed(_MAXIMUM), "center"),
    ]
    said = "Điểm đạt được của từng dòng thay đổi theo điểm tối đa, tỷ lệ đạt được giữ nguyên."
    _write(book, (name, "ĐIỂM TỐI ĐA THAY ĐỔI", said), columns, _maxima(comparison))


def _maxima(comparison: Comparison) -> Iterator[list[Cell]]:
    campaign, number = comparison.base.campaign, FIRST_ROW
    before, after = _letters(comparison, 3, 4)
    for scenario in comparison.scenarios:
        first = _scenario_cell(comparison, scenario)
        for tier, weights in scenario.supposition.weights.items():
            new = weights.rubric(campaign.rubrics[tier]).by_id
            title = campaign.settings.tiers[tier].title
            for node in campaign.rubrics[tier].walk():
                maximum = new[node.id].max
                if node.max != maximum:
                    number += 1
                    change = Live(f"{after}{number}-{before}{number}", float(maximum - node.max))
                    yield [*first, title, node.code, node.title, node.max, maximum, change]


def _letters(comparison: Comparison, *columns: int) -> list[str]:
    """Return the letters of columns, counted behind the scenario's."""
    return [letters(len(_scenario_column(comparison)) + column) for column in columns]


# --- scores ---------------------------------------------------------------------------------------


def write_scores(book: Book, comparison: Comparison, name: str) -> None:
    """Write every row of a unit whose achieved score would be another, weights aside."""
    columns = [
        *_scenario_column(comparison),
        TableColumn("Mã", 10),
        TableColumn("Đơn vị", 32),
        TableColumn("STT", 9),
        TableColumn("Tiêu chí / Tiêu chí thành phần", 48),
        TableColumn("Điểm hiện tại", 10, book.number, "center"),
        TableColumn("Tối đa áp dụng hiện tại", 10, book.number, "center"),
        TableColumn("Điểm giả định", 10, book.number, "center"),
        TableColumn("Tối đa áp dụng giả định", 10, book.number, "center"),
        TableColumn("Chênh lệch điểm", 10, book.number, "center"),
        TableColumn("Lý do", 30),
    ]
    said = (
        "Những dòng có điểm hoặc điểm tối đa áp dụng khác đi, không kể thay đổi chỉ do điểm tối đa."
    )
    _write(book, (name, "ĐIỂM THAY ĐỔI", said), columns, _scores(comparison))


def _scores(comparison: Comparison) -> Iterator[list[Cell]]:
    number = FIRST_ROW
    before, after = _letters(comparison, 4, 6)
    rubrics = {row.result.unit.code: row.result.rubric for row in comparison.base.rows}
    for scenario in comparison.scenarios:
        first = _scenario_cell(comparison, scenario)
        for one in scenario.rows:
            number += 1
            node = rubrics[one.unit.code].by_id[one.node]
            old, new = f"{before}{number}", f"{after}{number}"
            change = Live(f'IF(COUNT({old},{new})=2,{new}-{old},"")', _change(one))
            yield [*first, one.unit.code, one.unit.name, node.code, node.title,
                   *_side(one.before), *_side(one.after), change, one.reason]  # fmt: skip


def _side(score: Score) -> list[Cell]:
    return [NOTHING if score.points is None else score.points, score.applicable]


def _change(one: RowChange) -> float | str:
    before, after = one.before.points, one.after.points
    return "" if before is None or after is None else float(after - before)
