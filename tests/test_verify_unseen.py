"""Figures that a style hides, or shows as others, are told even where a program has saved the file again."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.editions import Workbook
from tests.fronts import WHEN, surveyed
from xlscore.verifying.claims import claim_of
from xlscore.workbooks.dump import Change, compare, read_dump
from xlscore.workbooks.dump.floating import Floating, floating_in
from xlscore.workbooks.members import replace_members
from xlscore.workbooks.package import Limits
from xlscore.workbooks.package.xml import TagBudget
from xlscore.workbooks.ranking import write_ranking

STYLES = "xl/styles.xml"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    path = tmp_path_factory.mktemp("unseen") / "r.xlsx"
    write_ranking(surveyed(), path, generated=WHEN)
    return Workbook.of(path)


def test_nothing_that_says_something_is_unseen_in_a_workbook_of_ours(book: Workbook) -> None:
    assert not [
        (sheet.name, place)
        for sheet in book.dump.sheets
        for place, cell in sheet.cells.items()
        if cell.format.endswith("[unseen]")
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r"<color [^>]*/>(?=<name)", '<color rgb="FFFFFFFF"/>'),
        (r"<color [^>]*/>(?=<name)", '<color theme="0"/>'),
        (r"<color [^>]*/>(?=<name)", '<color rgb="FFFAFAFC"/>'),
        (r'<sz val="[^"]*"/>', '<sz val="1"/>'),
    ],
    ids=["white", "theme", "nearly white", "tiny"],
)
def test_letters_that_cannot_be_seen_are_told(book: Workbook, old: str, new: str) -> None:
    data = book.put(STYLES, lambda x: re.sub(old, new, x))
    found = list(compare(book.dump, read_dump(data)))
    assert {one.change for one in found} == {Change.FORMAT}
    assert all(one.found == f"{one.frozen} [unseen]" for one in found)


def test_a_ground_without_a_pattern_is_none_and_white_letters_on_it_are_told(
    book: Workbook,
) -> None:
    def changed(xml: str) -> str:
        bare = '<fill><patternFill><fgColor rgb="FF000000"/></patternFill></fill>'
        fonts = re.sub(r"<color [^>]*/>(?=<name)", '<color rgb="FFFFFFFF"/>', xml)
        return re.sub(r"<fill><patternFill .*?</fill>", bare, fonts)

    found = compare(book.dump, read_dump(book.put(STYLES, changed)))
    assert {one.found.endswith(" [unseen]") for one in found} == {True}


def test_letters_of_another_colour_are_no_difference(book: Workbook) -> None:
    data = book.put(STYLES, lambda x: re.sub(r"<color [^>]*/>(?=<name)", '<color theme="1"/>', x))
    assert list(compare(book.dump, read_dump(data))) == []


@pytest.mark.parametrize(
    ("style", "said"),
    [
        ('<numFmt numFmtId="199" formatCode="&quot;99,99&quot;"/>', '"99,99"'),
        ('<numFmt numFmtId="199" formatCode=";;;"/>', ";;;"),
        ('<font><color rgb="FFFFFFFF"/></font>', "unseen"),
        (
            (
                '<font><color rgb="FFFF0000"/></font><fill><patternFill><bgColor rgb="FFFF0000"/>'
                "</patternFill></fill>"
            ),
            "unseen",
        ),
        ('<font><color rgb="FFFF0000"/></font>', ""),
    ],
)
def test_a_conditional_format_that_hides_figures_is_told(
    book: Workbook, style: str, said: str
) -> None:
    sheet = book.dump.sheets[2].name
    xml = book.xml(STYLES)
    lists = re.search(r'<dxfs count="(\d+)"(?:/>|>(.*?)</dxfs>)', xml, re.DOTALL)
    assert lists is not None
    more = f'<dxfs count="{int(lists[1]) + 1}">{lists[2] or ""}<dxf>{style}</dxf></dxfs>'
    rule = (
        f'<conditionalFormatting sqref="A5:J9"><cfRule type="expression" dxfId="{lists[1]}"'
        ' priority="99"><formula>TRUE</formula></cfRule></conditionalFormatting>'
    )
    part = book.part(sheet)
    changed = {
        STYLES: xml.replace(lists[0], more),
        part: book.xml(part).replace("<pageMargins", f"{rule}<pageMargins", 1),
    }
    data = replace_members(book.data, {name: text.encode() for name, text in changed.items()})
    told = [one.found for one in compare(book.dump, read_dump(data))]
    assert told == ([f"conditional format: A5:J9 → {said}"] if said else [])


@pytest.mark.parametrize(
    "anchor",
    [
        "<from><row><from/>5</row></from>",
        "<from><row><twoCellAnchor/>5</row></from>",
        "<to><row/>5</to>",
    ],
)
def test_a_drawing_whose_corners_are_nested_is_read(anchor: str) -> None:
    drawing = f'<d xmlns="d"><twoCellAnchor>{anchor}<sp/></twoCellAnchor></d>'
    read = floating_in(drawing.encode(), "xl/drawings/drawing1.xml", TagBudget(Limits()))
    assert (read.shapes, read.covered) == (["shape"], [])


def test_of_thousands_of_objects_only_their_number_is_told() -> None:
    floating = Floating(covered=[((5, 5), (3, 3))] * 20_000)
    cells = [(row, 1) for row in range(20_000)]  # compared one by one, this takes minutes
    assert list(floating.hides(cells)) == ["over cells: 20000 objects"]


def test_a_font_with_a_number_of_thousands_of_digits_is_none(book: Workbook) -> None:
    data = book.put(STYLES, lambda x: re.sub(r'fontId="1"', f'fontId="{"9" * 5000}"', x))
    assert read_dump(data).sheets[0].cells.keys() == book.dump.sheets[0].cells.keys()


def test_an_edition_with_a_number_of_thousands_of_digits_is_none(book: Workbook) -> None:
    dump = replace(book.dump, properties={"xlscore-edition": "9" * 5000})
    assert claim_of(dump).edition == 0
