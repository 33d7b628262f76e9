"""What makes the template that comes along.

`python -m xlscore.announcing.maker` writes `thong-bao.docx` anew. Form and measures follow Nghị định
30/2020/NĐ-CP, Phụ lục I: A4, margins 20, 20, 30, 15 mm, Times New Roman 13 to 14, the issuing body at the
left, Quốc hiệu and Tiêu ngữ at the right, page numbers in the middle of the top from the second page on.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

if TYPE_CHECKING:
    from docx.document import Document as DocumentObject
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

_FONT = "Times New Roman"
_CENTRE, _BOTH = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
_INDENT = Mm(12.7)
_RECEIVERS = ("- Cơ quan cấp trên (để báo cáo);", "- Các đơn vị được đánh giá;", "- Lưu: VT.")


def make_template(path: Path) -> None:
    """Write the template.

    Raises:
        OSError: it cannot be written.
    """
    document = Document()
    _without_leftovers(document)
    _page(document)
    _fonts(document)
    _heading(document)
    _title(document)
    _body(document)
    _signature(document)
    _annexes(document)
    document.save(str(path))


def _without_leftovers(document: DocumentObject) -> None:
    """Drop what python-docx's own template brings of other papers.

    Word takes styles "with effects" that are not those of `styles.xml`, or another paper's picture, for
    signs of damage.
    """
    for part in (document.part.package, document.part):
        for key, one in list(part.rels.items()):
            if one.reltype.endswith(("/thumbnail", "/stylesWithEffects")):
                del part.rels[key]


def _page(document: DocumentObject) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = _CENTRE
    for kind, said in (("begin", ""), ("", " PAGE "), ("end", "")):
        run = number.add_run()
        made = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            made.set(qn("w:fldCharType"), kind)
        else:
            made.text = said
        run._r.append(made)  # noqa: SLF001  python-docx knows no fields


def _fonts(document: DocumentObject) -> None:
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(13)
    looks = normal.element.get_or_add_rPr()
    for script in ("eastAsia", "cs"):
        looks.rFonts.set(qn(f"w:{script}"), _FONT)
    looks.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="vi-VN"/>'))
    form = normal.paragraph_format
    form.space_before, form.space_after, form.line_spacing = Pt(0), Pt(0), 1.0
    header = document.styles["Header"]
    header.font.name, header.font.size = _FONT, Pt(13)


def _heading(document: DocumentObject) -> None:
    left, right = _pair(document, 70, 95)
    _line(left, "{{co_quan_chu_quan}}", size=12)
    _line(left, "{{co_quan_ban_hanh}}", size=12, bold=True)
    _rule(left, Mm(24))
    _line(left, "Số:          /TB-………", size=13, before=3)
    _line(left, "{{lan_ban_hanh}}", size=12, bold=True, before=3)
    _line(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True)
    _line(right, "Độc lập - Tự do - Hạnh phúc", size=13, bold=True)
    _rule(right, Mm(18))
    _line(right, "{{dia_danh}}, {{ngay_thang}}", size=13, italic=True, before=3)


def _title(document: DocumentObject) -> None:
    _line(document, "THÔNG BÁO", size=14, bold=True, before=18)
    _line(document, "{{tieu_de}}", size=14, bold=True)
    _line(document, "{{tam_tinh}}", size=13, italic=True)
    _rule(document, Mm(62))


def _body(document: DocumentObject) -> None:
    _text(document, "{{can_cu}}", italic=True, before=12)
    _text(document, "{{co_quan}} thông báo {{ten_ky}}, kết quả như sau:")
    _text(document, "1. Tình hình đánh giá", bold=True)
    _text(document, "{{tinh_hinh}}")
    _text(document, "2. Kết quả chung", bold=True)
    _text(document, "{{bang_tong_hop}}")
    _text(document, "{{tang_giam}}")
    _text(document, "3. Xếp loại", bold=True)
    _text(document, "{{so_luong_xep_loai}}")
    _text(document, "4. Các đơn vị khác", bold=True)
    _text(document, "{{don_vi_khac}}")
    _text(document, "Thứ hạng, điểm và chỉ số của từng đơn vị nêu tại Phụ lục I; danh sách theo xếp loại nêu"
          " tại Phụ lục II; cách tính nêu tại Phụ lục III.")  # fmt: skip
    _text(document, "{{co_quan}} thông báo để các cơ quan, đơn vị, địa phương biết, phát huy kết quả đạt"
          " được và khắc phục những nội dung còn hạn chế./.")  # fmt: skip


def _signature(document: DocumentObject) -> None:
    _line(document, "", size=13)
    left, right = _pair(document, 80, 85)
    _line(left, "Nơi nhận:", size=12, bold=True, italic=True, align=WD_ALIGN_PARAGRAPH.LEFT)
    for receiver in _RECEIVERS:
        _line(left, receiver, size=11, align=WD_ALIGN_PARAGRAPH.LEFT)
    _line(right, "{{chuc_danh}}", size=14, bold=True)
    for _ in range(5):
        _line(right, "", size=13)
    _line(right, "………………………………", size=13, bold=True)


def _annexes(document: DocumentObject) -> None:
    annexes = (
        (
            "PHỤ LỤC I",
            "KẾT QUẢ XẾP HẠNG CHỈ SỐ CẢI CÁCH HÀNH CHÍNH NĂM {{nam}}",
            "{{bang_xep_hang}}",
        ),
        ("PHỤ LỤC II", "DANH SÁCH ĐƠN VỊ THEO XẾP LOẠI", "{{danh_sach_xep_loai}}"),
        ("PHỤ LỤC III", "CÁCH TÍNH, XẾP HẠNG, XẾP LOẠI", "{{cach_tinh}}"),
    )
    for place, (number, title, block) in enumerate(annexes):
        if place == 0:
            document.add_section(WD_SECTION.NEW_PAGE).different_first_page_header_footer = False
        head = _line(document, number, size=14, bold=True, before=18 if place else 0)
        head.paragraph_format.keep_with_next = True
        _line(document, title, size=14, bold=True).paragraph_format.keep_with_next = True
        issued = "(Kèm theo Thông báo số        /TB-……… {{ngay_thang}} của {{co_quan}})"
        _line(document, issued, size=13, italic=True).paragraph_format.keep_with_next = True
        _rule(document, Mm(62))
        _text(document, block)


# --- the pieces -----------------------------------------------------------------------------------


def _line(
    place: DocumentObject | _Cell,
    said: str,
    *,
    size: float,
    bold: bool = False,
    italic: bool = False,
    before: float = 0,
    align: Any = _CENTRE,
) -> Paragraph:
    """Add a line without an indent; a new cell's first paragraph is used up first."""
    unused = getattr(place, "_tc", None) is not None and _is_new(place)
    paragraph = place.paragraphs[0] if unused else place.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_before = Pt(before)
    run = paragraph.add_run(said)
    run.font.size, run.bold, run.italic = Pt(size), bold or None, italic or None
    return paragraph


def _is_new(cell: Any) -> bool:
    return len(cell.paragraphs) == 1 and not cell.paragraphs[0].runs


def _text(
    document: DocumentObject,
    said: str,
    *,
    bold: bool = False,
    italic: bool = False,
    before: float = 6,
) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = _BOTH
    form = paragraph.paragraph_format
    form.first_line_indent, form.space_before, form.line_spacing = _INDENT, Pt(before), 1.15
    form.keep_with_next = bold or None
    form.space_after = Pt(3) if bold else None
    run = paragraph.add_run(said)
    run.bold, run.italic = bold or None, italic or None


def _rule(place: DocumentObject | _Cell, inset: Any) -> None:
    """Draw the line below a heading, as the lower border of an empty paragraph."""
    paragraph = place.add_paragraph()
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = inset
    form.line_spacing = Pt(3)
    border = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="6" w:space="1" w:color="000000"/></w:pBdr>'
    )
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001  python-docx knows no borders
    properties.insert_element_before(border, "w:spacing", "w:ind", "w:jc")


def _pair(document: DocumentObject, left: float, right: float) -> Sequence[_Cell]:
    """Add two columns without borders."""
    table = document.add_table(rows=1, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, (left, right), strict=True):
        column.width = Mm(width)
    cells: Sequence[_Cell] = table.rows[0].cells
    for cell, width in zip(cells, (left, right), strict=True):
        cell.width = Mm(width)
    return cells


if __name__ == "__main__":
    make_template(Path(__file__).with_name("thong-bao.docx"))
