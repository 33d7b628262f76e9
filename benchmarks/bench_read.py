"""How long the guarded reading of one filled scorecard takes, beside two yardsticks.

The bare yardstick inflates every member and runs expat without handlers over the parts that the
reader parses. The other one loads the workbook twice with openpyxl, which is what it takes there
to see both formulas and cached values. All run interleaved, so the ratios hold on a noisy machine.
"""

from __future__ import annotations

import statistics
import time
import zipfile
from collections.abc import Callable
from io import BytesIO
from xml.parsers import expat

import openpyxl
import xlsxwriter

from xlscore.workbooks.package import parse_package

ROUNDS = 40
SLOW_EVERY = 8
RUBRIC_ROWS = 143
PARSED = ("[Content_Types].xml", "_rels/.rels", "docProps/app.xml", "docProps/custom.xml")


def filled_scorecard() -> bytes:
    """A filled scorecard of one unit: 143 rubric rows, validations, formulas, hidden sheets."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    formats = [
        book.add_format({"border": 1, "text_wrap": True, "num_format": code, "locked": locked})
        for code in ("General", "0.00", "0.0%", "@", "dd/mm/yyyy")
        for locked in (True, False)
    ]
    sheet = book.add_worksheet("Phiếu chấm điểm")
    for row in range(15):
        sheet.merge_range(
            row, 0, row, 7, f"Đơn vị, căn cứ và hướng dẫn chấm điểm {row}", formats[0]
        )
    for row in range(15, 15 + RUBRIC_ROWS):
        _write_row(sheet, row, formats)
    sheet.protect("mat-khau")
    meta = book.add_worksheet("_meta")
    meta.write_row(0, 0, ["token", "0" * 73])
    meta.very_hidden()
    lists = book.add_worksheet("_lists")
    lists.write_column(0, 0, ["Kịp thời", "Không kịp thời", "Không ban hành", "Không áp dụng"])
    lists.hide()
    book.define_name("muc_dat", "=_lists!$A$1:$A$4")
    book.set_custom_property("xlscore", "0" * 73)
    book.close()
    return buffer.getvalue()


def _write_row(
    sheet: xlsxwriter.worksheet.Worksheet, row: int, formats: list[xlsxwriter.format.Format]
) -> None:
    sheet.write_string(row, 0, f"{row // 12}.{row % 12}", formats[0])
    title = f"Ban hành kế hoạch và báo cáo cải cách hành chính đúng quy định, mục {row}"
    sheet.write_string(row, 1, title, formats[0])
    sheet.write_number(row, 2, row % 5 / 2, formats[2])
    sheet.write_number(row, 3, row % 7 / 4, formats[3 + 2 * (row % 2)])
    sheet.write_formula(row, 4, f"=MIN(C{row + 1},D{row + 1}*C{row + 1})", formats[2], row % 5 / 4)
    if row % 2:
        sheet.write_string(row, 5, f"Quyết định số {row}/QĐ-UBND ngày 05/01/2026", formats[7])
        sheet.write_formula(row, 6, f'=IF(E{row + 1}>C{row + 1},"!","")', formats[0], "")
    else:
        sheet.write_blank(row, 5, None, formats[7])
        sheet.write_blank(row, 6, None, formats[1])
    sheet.write_blank(row, 7, None, formats[9])
    rule = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": row % 5 / 2 + 1}
    texts = {"error_title": "Điểm không hợp lệ", "error_message": f"Nhập số từ 0 đến {row % 5}"}
    if row % 3:
        sheet.data_validation(row, 3, row, 3, {**rule, **texts})


def bare(data: bytes) -> None:
    """Inflate every member and parse what the reader parses, without a handler."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            if name in PARSED or (name.startswith("xl/") and "/theme/" not in name):
                parser = expat.ParserCreate()
                parser.buffer_text = True
                parser.Parse(content, True)  # noqa: FBT003  (positional only)


def two_openpyxl_loads(data: bytes) -> None:
    """Load formulas, and load cached values."""
    for data_only in (False, True):
        openpyxl.load_workbook(BytesIO(data), data_only=data_only)


def run() -> list[tuple[str, float]]:
    """Label and figure: milliseconds of each way, and the two ratios."""
    data = filled_scorecard()
    ways: dict[str, Callable[[bytes], object]] = {
        "bare unzip and expat": bare,
        "guarded read": parse_package,
        "openpyxl, two loads": two_openpyxl_loads,
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(ROUNDS):
        for name, way in ways.items():
            if way is two_openpyxl_loads and turn % SLOW_EVERY:
                continue
            start = time.perf_counter()
            way(data)
            times[name].append((time.perf_counter() - start) * 1000)
    typical = {name: statistics.median(spent) for name, spent in times.items()}
    guarded = typical["guarded read"]
    return [
        ("file, kB", len(data) / 1000),
        *((f"{name}, ms", spent) for name, spent in typical.items()),
        ("guarded read to bare", guarded / typical["bare unzip and expat"]),
        ("two openpyxl loads to guarded read", typical["openpyxl, two loads"] / guarded),
    ]


if __name__ == "__main__":
    for label, value in run():
        print(f"{label:40} {value:8.2f}")
