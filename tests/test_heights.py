from __future__ import annotations

import random
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest
import xlsxwriter

from xlscore.workbooks.heights import (
    DEFAULT_ROW_HEIGHT,
    MAX_ROW_HEIGHT,
    column_pixels,
    line_height,
    row_height,
    text_lines,
)

SOFFICE = shutil.which("soffice")
TEXT_COLUMN = 18  # characters; in a narrower one most words end a line
POINTS = {"pt": 1.0, "in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4}
PHRASES = (
    "Ban hành kế hoạch cải cách hành chính năm 2026 đúng thời hạn quy định (trước ngày 31/12/2025)",
    "Tỷ lệ hồ sơ thủ tục hành chính được giải quyết đúng hạn",
    "Thực hiện “cơ chế một cửa, một cửa liên thông” (theo Nghị định số 118/2025/NĐ-CP)",
    "Dưới 80% số nhiệm vụ hoàn thành: 0 điểm; từ 80% – dưới 100%: tính theo công thức",
    "Điểm = (số hồ sơ đúng hạn / tổng số hồ sơ) × 1,5 – nếu ≥ 95% thì đạt điểm tối đa",
    "Công khai, minh bạch TTHC trên Cổng Dịch vụ công quốc gia",
    "QUYẾT ĐỊNH SỐ 1877/QĐ-UBND NGÀY 15 THÁNG 8 NĂM 2023 CỦA ỦY BAN NHÂN DÂN TỈNH",
    "https://dichvucong.example.vn/p/home/dvc-tthc-bonganh-tinhtp.html?ma=1.004883",
    "Xây dựng, kiện toàn tổ chức bộ máy; ứng dụng chuyển đổi số… e-learning, video-clip",
)


class Text(NamedTuple):
    text: str
    chars: float
    size: float
    bold: bool

    @property
    def height(self) -> float:
        return row_height([(self.text, column_pixels(self.chars), self.size, self.bold)])


def test_a_column_has_seven_pixels_per_character_and_five_more() -> None:
    assert [column_pixels(chars) for chars in (0, 0.5, 1, 8.43, 40)] == [0, 6, 12, 64, 285]


def test_no_text_takes_one_line_and_each_line_feed_one_more() -> None:
    assert text_lines("", 100, 12) == 1
    assert text_lines("a\nb\r\nc\n", 100, 12) == 4


def test_a_line_breaks_at_the_last_space_that_fits() -> None:
    # At 12 points (16 pixels) a digit and a space are 8 and 4 pixels wide, the padding 5.
    assert text_lines("1234 1234", 5 + 68, 12) == 1
    assert text_lines("1234 1234", 5 + 67, 12) == 2
    assert text_lines("1234 1234 ", 5 + 68, 12) == 1, "a trailing space hangs over the edge"


def test_a_hyphen_or_slash_parts_only_a_word_wider_than_the_column() -> None:
    assert text_lines("1111 222-333", 5 + 36 + 30, 12) == 2
    assert text_lines("1111-2222/3333", 5 + 40, 12) == 3


def test_a_slash_between_spaces_stays_with_the_word_before_it() -> None:
    assert text_lines("1 2222 / 3", 5 + 8 + 4 + 32, 12) == 3
    assert text_lines("1 2222 3 3", 5 + 8 + 4 + 32, 12) == 2


def test_a_word_wider_than_the_column_is_broken_by_letters() -> None:
    assert text_lines("1" * 10, 5 + 32, 12) == 3
    assert text_lines("11 " + "1" * 8, 5 + 32, 12) == 3, "it begins on a line of its own"
    assert text_lines("1" * 3, 1, 12) == 3, "no column is too narrow for a letter a line"


def test_marks_add_no_width_but_a_horn_does() -> None:
    assert text_lines("ộ" * 20, 5 + 20 * 8, 12) == 1
    assert text_lines("ợ" * 20, 5 + 20 * 8, 12) == 2


def test_bold_and_letters_outside_the_table_are_wider() -> None:
    assert text_lines("u" * 20, 5 + 20 * 8, 12) == 1
    assert text_lines("u" * 20, 5 + 20 * 8, 12, bold=True) == 2
    assert text_lines("漢" * 10, 5 + 32, 12) == 5
    assert text_lines("a\u0300\u200b" * 4, 5 + 32, 12) == 1


def test_italic_has_widths_of_its_own() -> None:
    assert text_lines("a" * 20, 5 + 20 * 7.5, 12) == 1
    assert text_lines("a" * 20, 5 + 20 * 7.5, 12, italic=True) == 2


def test_a_line_is_as_tall_as_excel_makes_it() -> None:
    assert [line_height(size) for size in (11, 12, 14)] == [15.0, 15.75, 18.75]


def test_a_row_is_as_tall_as_its_tallest_cell_and_never_lower_than_an_empty_one() -> None:
    assert row_height([]) == DEFAULT_ROW_HEIGHT
    assert row_height([("x", 200, 8, False)]) == DEFAULT_ROW_HEIGHT
    assert row_height([("x\ny\nz", 200, 12, False), ("x\ny", 200, 14, True)]) == 3 * 15.75


def test_a_row_that_excel_cannot_show_is_not_cut_off() -> None:
    assert row_height([("x\n" * 40, 200, 12, False)]) > MAX_ROW_HEIGHT


@pytest.mark.office
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_fits_each_row_to_no_more_height_and_not_to_much_less(tmp_path: Path) -> None:
    texts = random_texts(400)
    needed = libreoffice_heights(texts, tmp_path)
    cut = [(text, need) for text, need in zip(texts, needed, strict=True) if text.height < need]
    assert cut == []
    assert sum(text.height for text in texts) < 1.4 * sum(needed)
    wasteful = [
        (text, need)
        for text, need in zip(texts, needed, strict=True)
        if text.chars >= TEXT_COLUMN
        and "https:" not in text.text
        and text.height > 1.45 * need + 2 * line_height(text.size)
    ]
    assert wasteful == []


def random_texts(count: int) -> list[Text]:
    rng = random.Random(2026)
    texts: list[Text] = []
    while len(texts) < count:
        words = " ".join(rng.choices(PHRASES, k=rng.randint(1, 6))).split(" ")
        start = rng.randrange(len(words))
        text = " ".join(words[start : start + rng.randint(1, 120)])
        if rng.random() < 0.2:
            text = text.replace("; ", ";\n").replace(") ", ")\n- ")
        chars = rng.choice((4, 5.5, 8, 12.3, 18, 30, 48, 70))
        candidate = Text(text, chars, rng.choice((9, 10, 11, 12, 13, 14)), rng.random() < 0.3)
        if candidate.height <= MAX_ROW_HEIGHT:
            texts.append(candidate)
    return texts


def libreoffice_heights(texts: list[Text], folder: Path) -> list[float]:
    """Return the heights in points that LibreOffice gives to rows that have none of their own.

    It takes heights from a workbook as they are, or a row as one line, but fits each row of a flat
    ODF file that states no height.
    """
    write_workbook(texts, folder / "texts.xlsx")
    stated = convert(folder / "texts.xlsx", folder / "stated")
    bare = folder / "texts.fods"
    xml = re.sub(r' style:row-height="[^"]*"', "", stated.read_text(encoding="utf-8"))
    xml = re.sub(r'optimal-row-height="false"', 'optimal-row-height="true"', xml)
    bare.write_text(xml, encoding="utf-8")
    return row_heights(convert(bare, folder / "fitted").read_text(encoding="utf-8"))[: len(texts)]


def write_workbook(texts: list[Text], path: Path) -> None:
    widths = sorted({text.chars for text in texts})
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for column, chars in enumerate(widths):
            sheet.set_column(column, column, chars)
        for row, text in enumerate(texts):
            style = {"font_name": "Times New Roman", "font_size": text.size, "bold": text.bold}
            wrapped = book.add_format({**style, "text_wrap": True, "valign": "top"})
            sheet.set_row(row, text.height)
            sheet.write_string(row, widths.index(text.chars), text.text, wrapped)


def convert(source: Path, folder: Path) -> Path:
    assert SOFFICE is not None
    profile = (folder.parent / "profile").as_uri()
    options = ["--headless", "--norestore", "--convert-to", "fods", "--outdir", str(folder)]
    subprocess.run(
        [SOFFICE, f"-env:UserInstallation={profile}", *options, str(source)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return folder / source.with_suffix(".fods").name


def row_heights(xml: str) -> list[float]:
    styles = {
        name: float(number) * POINTS[unit]
        for name, number, unit in re.findall(
            r'<style:style style:name="([^"]+)" style:family="table-row">\s*'
            r'<style:table-row-properties style:row-height="([\d.]+)(\w\w)"',
            xml,
        )
    }
    heights: list[float] = []
    for attributes in re.findall(r"<table:table-row([^>]*)>", xml):
        style = re.search(r'table:style-name="([^"]+)"', attributes)
        repeated = re.search(r'number-rows-repeated="(\d+)"', attributes)
        assert style is not None
        heights += [styles[style[1]]] * min(int(repeated[1]) if repeated else 1, 1000)
    return heights
