"""The announcement: the figures of the results in the form of administrative papers, from any template."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from tests.small_campaign import Returned, leaf, points, random_results, ranked, rubric
from xlscore.announcing import (
    BLOCKS,
    FIELDS,
    AnnouncementError,
    bundled_template,
    write_announcement,
)
from xlscore.announcing.maker import make_template
from xlscore.campaign import Unit
from xlscore.converting import find_office, to_pdf
from xlscore.ranking import Results, parts
from xlscore.summaries import figure

NOW = datetime(2027, 1, 8, 9, 30)  # noqa: DTZ001  as the campaign's zone says it
ONE = rubric([leaf("a", "100")])
DOCS = Path(__file__).parent.parent / "docs"
OFFICE = find_office()
WRITER = OFFICE is not None and any(OFFICE.resolve().parent.glob("libswlo.*"))
needs_writer = pytest.mark.skipif(not WRITER, reason="LibreOffice Writer is not installed")


def small(*names: str, **more: Any) -> Results:
    named = names or ("Sở A", "Sở B", "Sở C")
    units = [Unit(code=f"u{i}", name=name, tier="so") for i, name in enumerate(named)]
    sent = {f"u{i}": Returned(points(a=str(95 - 10 * i))) for i in range(len(named))}
    away = Unit(code="away", name="Sở Vắng", tier="so")
    return ranked(ONE, sent, [*units, away], **more)


def written(results: Results, folder: Path, template: Path | None = None) -> Any:
    path = folder / "thong-bao.docx"
    write_announcement(results, path, generated=NOW, template=template)
    return Document(str(path))


def said(document: Any) -> str:
    return "\n".join(
        "".join(text.text or "" for text in paragraph.iter(qn("w:t")))
        for paragraph in document.element.body.iter(qn("w:p"))
    )


def tables(document: Any) -> list[list[list[str]]]:
    """Return the ranking tables, headings aside."""
    whole = [[[cell.text for cell in row.cells] for row in t.rows] for t in document.tables]
    return [rows[1:] for rows in whole if rows[0][0] == "Hạng"]


def template_of(folder: Path, *lines: str) -> Path:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    path = folder / "letters" / "thong-bao.docx"
    path.parent.mkdir(exist_ok=True)
    document.save(str(path))
    return path


def refusal(results: Results, folder: Path, template: Path) -> tuple[str, str]:
    with pytest.raises(AnnouncementError) as error:
        write_announcement(results, folder / "no.docx", generated=NOW, template=template)
    assert not (folder / "no.docx").exists()
    words: tuple[str, str] = error.value.words
    return words


# --- what it says -------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_the_tables_hold_the_figures_of_the_results(seed: int, tmp_path: Path) -> None:
    results = random_results(seed)
    open_ = {result.unit.code for result, _ in results.waiting}
    found = tables(written(results, tmp_path))
    assert len(found) == len(results.groups)
    for group, rows in zip(results.groups, found, strict=True):
        for row, cells in zip(group.rows, rows, strict=True):
            result = row.result
            assert (cells[0], cells[-1]) == (str(row.rank), row.band)
            assert cells[-2] == figure(result.index, 2) + "*" * (result.unit.code in open_)
            if result.assessed:
                assert cells[1:4] == [
                    result.unit.name,
                    figure(parts(result).appraised, 2),
                    figure(parts(result).survey, 2),
                ]
                assert cells[-4:-2] == [
                    figure(result.totals.achieved, 2),
                    figure(result.totals.applicable, 2),
                ]
            else:
                assert cells[1:3] == [f"{result.unit.name} (chưa có kết quả)", "–"]


def test_it_says_who_announces_what_when_and_on_which_edition(tmp_path: Path) -> None:
    results = small(authority={"name": "Ủy ban nhân dân tỉnh Mẫu", "place": "Mẫu"})
    text = said(written(results, tmp_path))
    for line in (
        "ỦY BAN NHÂN DÂN TỈNH\u00a0MẪU", "SỞ NỘI VỤ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "DỰ THẢO",
        "Mẫu, ngày 08 tháng 01 năm 2027", "Kết quả xác định Chỉ số cải cách hành chính năm 2026",
        "- Cấp so: A: 2 đơn vị; B: 2 đơn vị.", "- A (2 đơn vị): Sở A; Sở B.", "GIÁM ĐỐC",
        "- Chưa có kết quả (1 đơn vị): Sở Vắng.", "1. Cấp so", "PHỤ LỤC I",
    ):  # fmt: skip
        assert f"\n{line}\n" in f"\n{text}\n"
    assert "(Kết quả tạm tính)" not in text
    assert "So với năm" not in text
    assert "{{" not in text
    banded = said(written(small("Sở A", "Sở B", policies={"missing_unit": "list_only"}), tmp_path))
    assert "- A (2 đơn vị): Sở A; Sở B." in banded
    assert "- B (0 đơn vị)" not in banded
    assert "Bản ban hành lần 3" in said(written(replace(results, edition=3), tmp_path))
    waiting = next(r for seed in range(20) if (r := random_results(seed)).provisional)
    assert "(Kết quả tạm tính)" in said(written(waiting, tmp_path))


def test_it_has_the_form_of_administrative_papers(tmp_path: Path) -> None:
    document = written(small(), tmp_path)
    for section in document.sections:
        size = (round(section.page_width.mm), round(section.page_height.mm))
        assert size == (210, 297)
        margins = (section.top_margin, section.bottom_margin, section.left_margin)
        assert [round(margin.mm) for margin in margins] == [20, 20, 30]
        assert round(section.right_margin.mm) == 15
    normal = document.styles["Normal"].font
    assert (normal.name, normal.size) == ("Times New Roman", Pt(13))
    first = document.sections[0]
    assert first.different_first_page_header_footer
    assert first.header.paragraphs[0].alignment == 1
    assert " PAGE " in first.header._element.xml
    assert not first.first_page_header.paragraphs[0].text


def test_headings_of_tables_repeat_and_rows_are_never_split(tmp_path: Path) -> None:
    found = [t for t in written(small(), tmp_path).tables if t.rows[0].cells[0].text == "Hạng"]
    assert found
    for table in found:
        rows = list(table._tbl.iter(qn("w:tr")))
        assert [row.find(f".//{qn('w:tblHeader')}") is not None for row in rows] == [
            True, *[False] * (len(rows) - 1),
        ]  # fmt: skip
        assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in rows)


def test_text_stays_text_and_is_never_taken_for_a_placeholder(tmp_path: Path) -> None:
    hostile = "{{can_cu}} <w:br/> & \x07\u202eMẫu\n{{sai"
    document = written(small(hostile, title=hostile), tmp_path)
    shown = "{{can_cu}} <w:br/> & ‹U+0007›‹U+202E›Mẫu"
    assert tables(document)[0][0][1].startswith(shown)
    assert f"thông báo {shown} {{{{sai, kết quả như sau" in said(document)


def test_a_sign_that_no_document_may_hold_is_spelt_out(tmp_path: Path) -> None:
    results = small("A")
    campaign = results.campaign
    authority = campaign.settings.authority.model_copy(update={"office": "Sở\x07 Nội vụ"})
    settings = campaign.settings.model_copy(update={"authority": authority})
    made = written(replace(results, campaign=replace(campaign, settings=settings)), tmp_path)
    assert made.core_properties.author == "Sở‹U+0007› Nội vụ"


def test_the_same_results_give_the_same_bytes(tmp_path: Path) -> None:
    files = [tmp_path / "a.docx", tmp_path / "b.docx"]
    for path in files:
        write_announcement(small(), path, generated=NOW)
    assert files[0].read_bytes() == files[1].read_bytes()


# --- templates ----------------------------------------------------------------------------------------


def test_the_template_that_comes_along_is_what_its_maker_makes(tmp_path: Path) -> None:
    make_template(tmp_path / "made.docx")
    with (
        zipfile.ZipFile(tmp_path / "made.docx") as made,
        zipfile.ZipFile(bundled_template()) as ours,
    ):
        assert made.namelist() == ours.namelist()
        for name in set(made.namelist()) - {"docProps/core.xml"}:
            assert made.read(name) == ours.read(name), "run python -m xlscore.announcing.maker"


def test_every_placeholder_is_documented() -> None:
    page = (DOCS / "campaign.md").read_text(encoding="utf-8")
    for name, means in {**FIELDS, **BLOCKS}.items():
        assert f"| `{{{{{name}}}}}` | {means} |" in page


def test_nothing_of_another_paper_comes_along(tmp_path: Path) -> None:
    make_template(tmp_path / "made.docx")
    written(small(), tmp_path)
    for path in (tmp_path / "made.docx", bundled_template(), tmp_path / "thong-bao.docx"):
        with zipfile.ZipFile(path) as package:
            names = package.namelist()
            told = b"".join(package.read(one) for one in names if one.endswith((".rels", ".xml")))
        assert not [one for one in names if "thumbnail" in one or "stylesWithEffects" in one]
        assert b"stylesWithEffects.xml" not in told
        assert b"thumbnail.jpeg" not in told


def test_an_office_s_own_template_takes_the_place_of_ours(tmp_path: Path) -> None:
    own = template_of(tmp_path, "Công bố {{ten_ky}}:", "{{bang_xep_hang}}", "{{can_cu}}", "hết")
    document = written(small(), tmp_path, own)
    assert said(document).startswith("Công bố Kỳ thử:\n1. Cấp so\nHạng\n")
    assert said(document).endswith("\nhết")
    assert len(tables(document)[0]) == 4
    assert "THÔNG BÁO" in said(written(small(), tmp_path, tmp_path / "nowhere.docx"))


def test_a_placeholder_is_found_however_word_cut_it_up(tmp_path: Path) -> None:
    document = Document()
    paragraph = document.add_paragraph()
    for piece in ("Năm {", "{n", "am", "}} của ", "{{co_quan}}", "."):
        paragraph.add_run(piece)
    paragraph.runs[0].bold = True
    document.add_table(1, 1).cell(0, 0).text = "{{tang_giam}}"
    document.sections[0].footer.paragraphs[0].text = "{{dia_danh}}"
    path = tmp_path / "own.docx"
    document.save(str(path))
    made = written(small(), tmp_path, path)
    assert made.paragraphs[0].text == "Năm 2026 của Sở Nội vụ."
    assert made.paragraphs[0].runs[0].bold
    assert made.tables[0].cell(0, 0).text == ""
    assert made.sections[0].footer.paragraphs[0].text == "Mẫu"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Năm {{nam_nay}}", "letters/thong-bao.docx: không có trường “{{nam_nay}}”. Các trường có"),
        ("{{Tiêu_đề}}", "letters/thong-bao.docx: không có trường “{{Tiêu_đề}}”. Các trường có sẵn"),
        ("{{nam", "letters/thong-bao.docx: không có trường “{{nam”. Các trường có sẵn: {{co_quan_"),
        (
            "Bảng: {{can_cu}}",
            "letters/thong-bao.docx: “{{can_cu}}” phải đứng riêng trong một đoạn.",
        ),
    ],
)
def test_a_wrong_placeholder_is_named_and_nothing_is_written(
    line: str, words: str, tmp_path: Path
) -> None:
    vietnamese, english = refusal(small(), tmp_path, template_of(tmp_path, line))
    assert vietnamese.startswith(words)
    assert english.startswith("letters/thong-bao.docx: ")


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _text(path: Path) -> None:
    path.write_text("{{nam}}", encoding="utf-8")


def _half(path: Path) -> None:
    path.write_bytes(bundled_template().read_bytes()[:9000])


def _workbook(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("xl/workbook.xml", "<workbook/>")


def _broken(path: Path) -> None:
    with zipfile.ZipFile(bundled_template()) as good, zipfile.ZipFile(path, "w") as bad:
        for name in good.namelist():
            data = good.read(name)
            bad.writestr(name, data[:300] if name == "word/document.xml" else data)


@pytest.mark.parametrize("spoil", [_empty, _text, _half, _workbook, _broken])
def test_a_damaged_template_is_refused_by_name(
    spoil: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "thong-bao.docx"
    spoil(path)
    vietnamese, _ = refusal(small(), tmp_path, path)
    assert (
        vietnamese
        == f"{tmp_path.name}/thong-bao.docx: không phải văn bản Word .docx, hoặc tệp hỏng."
    )


# --- in Writer ----------------------------------------------------------------------------------------


@pytest.mark.office
@needs_writer
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_writer_prints_it_with_page_numbers_from_the_second_page_on(tmp_path: Path) -> None:
    write_announcement(small(), tmp_path / "a.docx", generated=NOW)
    pdf = to_pdf(tmp_path / "a.docx", tmp_path / "a.pdf")
    text = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], capture_output=True, encoding="utf-8", check=True
    ).stdout
    pages = text.split("\f")
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in pages[0]
    assert not re.match(r"\s*1\s*\n", pages[0])
    assert re.match(r"\s*2\s*\n", pages[1])
    assert re.search(r"1\s+Sở A\s+95,00\s+0,00\s+95,00\s+100,00\s+95,00\s+A", text)
