"""Every kind of file that is written holds to what Excel demands, and each rule finds what breaks it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.districts import make_province
from tests.excel_formulas import formula_faults
from tests.excel_package import RULES
from tests.excel_rules import faults
from tests.fronts import WHEN, surveyed
from tests.survey_campaign import SAMPLE, survey_rubric
from tests.under_appraisal import ADJUST, QUERY, UnderAppraisal
from xlscore.cli import cli
from xlscore.workbooks.ranking.write import write_ranking

EXPORTS = (
    "generate --blank", "generate --unit AB", "generate --by-role --unit AB", "appraise export",
    "appraise export --council --all", "reply export", "result export", "survey export",
    "survey export --as answers", "rank --draft", "rank --publish", "rank --what-if if.yaml",
    "rubric export rubrics/so.yaml rubric.xlsx", "collect",
)  # fmt: skip
KINDS = {
    "scorecard": "templates/so/STP.xlsx",
    "scorecard of a role": "templates/xa/AB__van-phong.xlsx",
    "blank sample": "templates/blank/so.xlsx",
    "marked copy": "outbox/STC/phieu-can-sua*.xlsx",
    "book of appraisal": "templates/tham-dinh/lan-1/SNV.xlsx",
    "council's book": "templates/hoi-dong/hoi-dong.xlsx",
    "reply form": "templates/phan-hoi/lan-1/STP.xlsx",
    "result sheet": "templates/ket-qua/so/STP.xlsx",
    "survey book": "templates/dieu-tra/so-percent.xlsx",
    "survey book of answers": "templates/dieu-tra/so-answers.xlsx",
    "rubric": "rubric.xlsx",
    "ranking": "reports/xep-hang-thu-2026-lan-1.xlsx",
    "draft": "reports/xep-hang-thu-2026-du-thao.xlsx",
    "public version": "reports/cong-bo-thu-2026-lan-1.xlsx",
    "comparison": "reports/gia-dinh-thu-2026-if.xlsx",
    "announcement": "reports/thong-bao-thu-2026-lan-1.docx",
    "ranking with years": "",
    "district's results": "",
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """One file of every kind."""
    root = tmp_path_factory.mktemp("kinds")
    _campaign(root)
    (root / "if.yaml").write_text("policies: {missing_unit: list_only}", encoding="utf-8")
    for line in EXPORTS:
        words = [str(root / w) if "/" in w or "." in w else w for w in line.split()]
        where = [] if "rubric" in words else ["-C", str(root)]
        done = CliRunner().invoke(cli, [*words, *where])
        assert done.exit_code in (0, 1), (line, done.output, done.exception)
    found = {kind: next(root.glob(path)).read_bytes() for kind, path in KINDS.items() if path}
    write_ranking(surveyed(years=True), root / "years.xlsx", generated=WHEN)
    province = make_province(root / "province")
    report = province.report("H1")
    return {
        **found,
        "ranking with years": (root / "years.xlsx").read_bytes(),
        "district's results": report.path.read_bytes(),
    }


def _campaign(root: Path) -> None:
    given = {"rubrics": {"so": survey_rubric()}, "survey": {"sample": SAMPLE}}
    # A title that begins with a digit stands behind a size in the pages' feet.
    office = UnderAppraisal(root, title="2026: kỳ thử", **given)
    office.submit()
    adjusted = office.word("n1.1", ADJUST, "0.5", reason="Thiếu")
    office.say(adjusted, office.word("n1.2", QUERY, reason="Nêu rõ số văn bản"))
    office.send("STC.xlsx", office.campaign.filled({("n1.1", "points"): Decimal(99)}, unit="STC"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_every_kind_holds_to_what_excel_demands(
    kind: str, files: Mapping[str, bytes]
) -> None:
    assert faults(files[kind]) == []


# --- the rules find what breaks them --------------------------------------------------------------

SHEET, BOOK, STYLES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"
SHEET_2, SHEET_3 = "xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml"
SPOILED = [
    ("parts_have_a_type", "scorecard", "[Content_Types].xml", '<Override PartName="/xl/styles[^>]*>', ""),
    ("relations_lead_somewhere", "scorecard", "xl/_rels/workbook.xml.rels", "sheet1.xml", "sheet9.xml"),
    ("relations_lead_somewhere", "ranking", SHEET, 'r:id="rId1"', 'r:id="rId99"'),
    ("properties_are_valid", "scorecard", "docProps/core.xml", "(<dcterms:created[^>]*>)", r"\1hôm nay "),
    ("properties_are_valid", "scorecard", "docProps/custom.xml", 'pid="2"', 'pid="1"'),
    ("sheets_are_named_well", "scorecard", BOOK, 'sheet name="', 'sheet name="a/b'),
    ("sheets_are_named_well", "ranking", BOOK, 'sheet name="', 'sheet name="ba mươi hai ký tự thì quá dài '),
    ("sheets_are_named_well", "scorecard", BOOK, "<workbookView ", '<workbookView activeTab="2" '),
    ("names_are_valid", "scorecard", BOOK, 'name="dm_1"', 'name="DM1"'),
    ("names_are_valid", "scorecard", BOOK, 'name="dm_2"', 'name="DM_1"'),
    ("names_are_valid", "scorecard", BOOK, "(xlscore_token[^>]*>&?[^X]*)", r"\1" + "x" * 256),
    ("styles_are_in_range", "scorecard", STYLES, '(<cellXfs.*?) fontId="[0-9]+"', r'\1 fontId="999"'),
    ("styles_are_in_range", "ranking", STYLES, 'formatCode="', 'formatCode="−'),
    ("cells_are_in_order", "scorecard", SHEET, '<c r="C([0-9]+)"', r'<c r="A\1"'),
    ("cells_are_in_order", "ranking", SHEET, ' ht="[0-9.]+"', ' ht="410"'),
    ("values_are_of_their_type", "scorecard", SHEET, 't="s"><v>', 't="s"><v>99999'),
    ("values_are_of_their_type", "scorecard", SHEET, "</f><v>[0-9]", "</f><v>1/3"),
    ("values_are_of_their_type", "scorecard", "xl/sharedStrings.xml", "<t>", "<t>" + "a" * 32_768),
    ("formulas_are_read", "scorecard", SHEET, "<f>", "<f>XLOOKUP(1,A1:A2,B1:B2)+"),
    ("merges_lie_apart", "scorecard", SHEET, "(<mergeCell [^>]*>)", r"\1\1"),
    ("merges_lie_apart", "scorecard", SHEET, '<mergeCell ref="[^"]*"', '<mergeCell ref="A1"'),
    ("filters_are_named", "ranking", SHEET_3, '<autoFilter ref="A4', '<autoFilter ref="A3'),
    ("validations_are_valid", "survey book", SHEET_2, ' sqref="E8', ' sqref="E8 E8'),
    ("validations_are_valid", "scorecard", SHEET, ' prompt="', ' prompt="' + "a" * 250),
    ("validations_are_valid", "scorecard", SHEET, "<formula1>dm_1<", "<formula1>dm_99<"),
    ("conditions_are_valid", "scorecard", SHEET, 'priority="2"', 'priority="1"'),
    ("conditions_are_valid", "scorecard", SHEET, 'dxfId="0"', 'dxfId="9"'),
    ("conditions_are_valid", "ranking", SHEET_3, "<x14:id>{DA", "<x14:id>{DB"),
    ("panes_are_split_where_they_say", "scorecard", SHEET, '<pane ySplit="[0-9]+"', "<pane"),
    ("pages_are_in_limits", "scorecard", SHEET, "&amp;13", "&amp;132026"),
    ("pages_are_in_limits", "scorecard", SHEET, 'width="4', 'width="444'),
    ("links_lead_somewhere", "ranking", SHEET_2, "location=\"'", "location=\"'x"),
    ("sparklines_are_in_place", "ranking with years", SHEET_3, "<xm:f>'", "<xm:f>'x"),
    ("charts_refer_to_cells", "ranking", "xl/charts/chart1.xml", "<c:f>'", "<c:f>'x"),
    ("documents_hold_together", "announcement", "word/document.xml", "(<w:t(?: [^>]*)?>)", r"\1a\nb"),
    ("documents_hold_together", "announcement", "word/document.xml", "<w:gridCol [^>]*/>", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "kind", "member", "pattern", "new"),
    SPOILED,
    ids=[f"{n}-{spoiled[0]}" for n, spoiled in enumerate(SPOILED)],
)
def test_what_breaks_a_rule_is_found(
    rule: str, kind: str, member: str, pattern: str, new: str, files: Mapping[str, bytes]
) -> None:
    before = _members(files[kind])[member].decode()
    after = re.sub(pattern, new, before, count=1, flags=re.DOTALL)
    assert after != before
    assert faults(_changed(files[kind], member, after.encode()), rule)


def test_a_member_in_another_case_is_found(files: Mapping[str, bytes]) -> None:
    twice = _changed(files["scorecard"], "XL/Workbook.xml", b"<x/>")
    assert faults(twice, "members_are_unique")


def test_every_rule_is_seen_to_find_something() -> None:
    assert {r.__name__ for r in RULES} == {"members_are_unique", *(rule for rule, *_ in SPOILED)}


def _members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def _changed(data: bytes, member: str, content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, held in (_members(data) | {member: content}).items():
            made.writestr(name, held)
    return target.getvalue()


# --- formulas -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "what"),
    [
        ("IF(A1:A3=1,2,3)", "an operator over a range outside SUMPRODUCT"),
        ("MATCH(1,(A1:A3=1)*(B1:B3=2),0)", "an operator over a range outside SUMPRODUCT"),
        ("SUMPRODUCT(IF(A1:A3>0,1,0))", "an operator over a range outside SUMPRODUCT"),
        ("ROUND(A1:A3,2)", "a range as argument 1 of ROUND"),
        ("'Bảng 1'!A:A", "a range where one value stands"),
        ("SUM(A1;A2)", "cannot be read at ';A1)'"),
        ("SUM(A1,A2", "SUM is not closed"),
        ("SUM(A1))", "ends at ')'"),
        ("FILTER(A1:A3,B1:B3)", "function FILTER"),
        ("'Bảng 2'!A1", "unknown sheet Bảng 2"),
        ('HYPERLINK("#\'Bảng 2\'!A1","x")', "unknown sheet Bảng 2"),
        ("dm_2", "unknown name dm_2"),
        ("A1048577", "no such row 1048577"),
        (f'LEN("{"x" * 256}")', "a text of 256 characters"),
        ("+".join(["1"] * 4097), "8193 characters"),
        ("(" * 65 + "1" + ")" * 65, "65 levels"),
        (f"SUM({','.join(['1'] * 256)})", "256 arguments of SUM"),
        ("SUM(#REF!)", "a lost reference"),
    ],
)
def test_a_formula_that_excel_would_not_take_is_told(formula: str, what: str) -> None:
    assert what in formula_faults(formula, {"bảng 1"}, {"dm_1"}, single=True)


@pytest.mark.parametrize(
    "formula",
    [
        "IF(A1=1,SUM(B1:B3),INDEX('Bảng 1'!$A$1:$C$9,MATCH(A1,'Bảng 1'!$A$1:$A$9,0),2))",
        'SUMPRODUCT((A1:A3=1)*ROUND(B1:B3,2)*(C1:C3<>""))',
        'COUNTIFS(A1:A3,"<="&B1,C1:C3,dm_1)/-2%',
        'HYPERLINK("#\'Bảng 1\'!A"&ROW(),"a, b!c""d")',
        "SUM(CHOOSE(A1,B1:B3,C1:C3))",
    ],
)
def test_a_formula_that_excel_takes_is_left_alone(formula: str) -> None:
    assert formula_faults(formula, {"bảng 1"}, {"dm_1"}, single=True) == []
