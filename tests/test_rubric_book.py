from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from tests.every_method import every_method
from tests.office import needs_libreoffice, recalculate_with_libreoffice
from xlscore.located import dump_yaml, parse_yaml
from xlscore.methods import BUILT_IN, registry
from xlscore.rubric import Channel, Combine, Declared, Node, Provenance, Rubric
from xlscore.rubric_file import RubricFile, read_rubric
from xlscore.text import is_safe_name
from xlscore.workbooks.pen import WritingError
from xlscore.workbooks.rubric_book import dump_rubric, export_rubric, import_rubric
from xlscore.workbooks.rubric_book.columns import COLUMNS
from xlscore.workbooks.rubric_book.guide import EXAMPLES
from xlscore.workbooks.rubric_book.spelling import read_method, write_method

METHODS = registry(BUILT_IN)
ROOT = Path(__file__).parents[1]
SHIPPED = sorted(ROOT.glob("rubrics/*/*.yaml"))
HEAD_ROW = 4
LETTERS = {column.key: chr(65 + place) for place, column in enumerate(COLUMNS)}


def shipped(path: Path) -> Rubric:
    rubric = read_rubric(path, METHODS).rubric
    assert rubric is not None
    return rubric


# --- round trips ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_shipped_rubric_comes_back_the_same(path: Path, tmp_path: Path) -> None:
    rubric = shipped(path)
    assert two_trips(rubric, tmp_path) == rubric


def test_every_method_with_every_option_comes_back_the_same(tmp_path: Path) -> None:
    rubric = every_method()
    assert two_trips(rubric, tmp_path) == rubric


def two_trips(rubric: Rubric, folder: Path) -> Rubric:
    """Go to Excel and YAML twice; the second trip must not change a byte."""
    first = trip(rubric, folder / "1.xlsx", folder / "1.yaml")
    second = trip(first, folder / "2.xlsx", folder / "2.yaml")
    assert (folder / "1.yaml").read_bytes() == (folder / "2.yaml").read_bytes()
    assert (folder / "1.xlsx").read_bytes() == (folder / "2.xlsx").read_bytes()
    assert second == first
    return first


def trip(rubric: Rubric, book: Path, yaml: Path) -> Rubric:
    export_rubric(rubric, METHODS, book)
    imported = import_rubric(book, METHODS)
    assert [f for f in imported.findings if f.code >= "R030"] == []
    assert imported.rubric == rubric
    dump_rubric(imported.located.data, yaml)
    read = read_rubric(yaml, METHODS).rubric
    assert read is not None
    return read


@pytest.mark.office
@needs_libreoffice
def test_a_workbook_that_libreoffice_saved_is_imported_the_same(tmp_path: Path) -> None:
    rubric = shipped(SHIPPED[0])
    export_rubric(rubric, METHODS, tmp_path / "so.xlsx")
    (saved,) = recalculate_with_libreoffice([tmp_path / "so.xlsx"], tmp_path / "saved")
    assert import_rubric(saved, METHODS).rubric == rubric


@pytest.mark.parametrize("method", [method for _, method in EXAMPLES], ids=lambda m: str(m["kind"]))
def test_the_guides_examples_are_readable_and_fit_their_methods(method: Mapping[str, Any]) -> None:
    cells = write_method(method)
    assert "{" not in "".join(cells.values())
    read = read_method(str(method["kind"]), cells)
    assert (read.spec, read.problems) == (method, [])
    METHODS[method["kind"]].model_validate({k: v for k, v in method.items() if k != "kind"})


def test_the_guide_has_every_method() -> None:
    assert {method["kind"] for _, method in EXAMPLES} == set(METHODS)


def test_a_text_too_long_for_a_cell_is_refused_rather_than_left_out(tmp_path: Path) -> None:
    rubric = every_method().model_copy(update={"legal_basis": "x" * 32_768})
    with pytest.raises(WritingError):
        export_rubric(rubric, METHODS, tmp_path / "long.xlsx")


# --- generated rubrics ----------------------------------------------------------------------------

_LETTERS = "aăâbcdđeêioôơuưy ABCĐ0123456789 .,:;|[]{}()\"'“”#&*!%@`=<>-–_/\\\n~?null"


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


texts = st.text(_LETTERS, max_size=20).map(composed)
words = texts.map(str.strip).filter(bool)
codes = st.text("abcXYZ019.-_", min_size=1, max_size=8).map(lambda text: f"n{text}")
plain_numbers = st.decimals(-50, 200, places=3).map(str) | st.sampled_from(
    ["0.50", "3", "1.10", "100"]
)
by_attribute = st.fixed_dictionaries(
    {
        "by": st.sampled_from(["kind", "hạng"]),
        "cases": st.dictionaries(words, plain_numbers, max_size=2),
    },
    optional={"default": plain_numbers},
)
numbers = plain_numbers | by_attribute
levels = st.lists(
    st.fixed_dictionaries({"label": words | texts, "points": numbers}), min_size=1, max_size=3
)
band = st.fixed_dictionaries(
    {"points": numbers},
    optional=dict.fromkeys(("at_least", "above", "at_most", "below"), numbers),
)
bands = st.lists(band, min_size=1, max_size=3)
by = st.sampled_from(["points", "percent"])
flags = st.sampled_from(["true", "false", "có", "không", "yes"])
expressions = st.sampled_from(["max", "tong == 0", "a / b * max", "min(a, 0.5)", "if(a > b, 1, 0)"])
variable = st.fixed_dictionaries(
    {"id": st.sampled_from(["tong", "a", "b_1"]), "label": words | texts},
    optional={"whole": flags, "minimum": plain_numbers, "maximum": plain_numbers},
)
branch = st.fixed_dictionaries({"score": expressions}, optional={"when": expressions})
rule = st.fixed_dictionaries({"that": expressions, "message": words | texts})
ratio = {
    "denominator": words | texts,
    "if_zero": st.sampled_from(["full", "zero", "not-applicable"]),
    "may_exceed": flags,
    "whole": flags,
}
anything = st.recursive(
    texts | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)


def method(kind: str, needed: Any, **optional: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"kind": st.just(kind), **needed}, optional=optional)


methods = st.one_of(
    method("points", {}, step=numbers, minimum=numbers),
    method("levels", {"levels": levels}, by=by),
    method("checklist", {"items": levels}, by=by),
    method("bands", {"numerator": words, "bands": bands}, by=by, **{"else": numbers}, **ratio),
    method("proportional", {"numerator": words}, floor=numbers, full_from=numbers, **ratio),
    method("count", {"unit": words, "points_each": numbers}, cap=numbers),
    method("deduction", {"unit": words, "points_each": numbers}, cap=numbers, floor=numbers),
    method(
        "formula",
        {
            "variables": st.lists(variable, min_size=1, max_size=3),
            "branches": st.lists(branch, min_size=1, max_size=3),
        },
        require=st.lists(rule, max_size=2),
    ),
    method("survey", {}, source=texts, options=st.dictionaries(words, numbers, max_size=4)),
    method("index", {}, source=texts, scale=numbers, fallback=plain_numbers, by=by, bands=bands),
    method(
        "derived",
        {"quantity": st.sampled_from(["days_late", "evidence_coverage"]), "bands": bands},
        by=by,
        **{"else": numbers},
    ),
    method("peer", {"label": words}),
    st.dictionaries(
        st.from_regex(r"[a-z][a-z_0-9]{0,6}", fullmatch=True), anything, max_size=4
    ).map(lambda spec: {**spec, "kind": "của-bên-thứ-ba"}),
)


def nodes(children: st.SearchStrategy[list[Node]], **more: Any) -> st.SearchStrategy[Node]:
    return st.builds(
        Node,
        id=codes,
        code=words | st.just(""),
        title=words,
        max=st.decimals(0, 100, places=2) | st.decimals("0.1", 9, places=20),
        combine=st.sampled_from(Combine),
        channel=st.sampled_from(Channel),
        evidence=st.lists(texts, max_size=3).map(tuple),
        applies_when=st.dictionaries(
            words | texts, st.lists(texts, max_size=2).map(tuple), max_size=2
        ),
        may_be_not_applicable=words | st.just(""),
        lead=words | st.just(""),
        role=st.lists(texts, max_size=2).map(tuple),
        note=words | st.just(""),
        counts=st.lists(st.integers(0, 120), max_size=3).map(tuple),
        nodes=children.map(tuple),
        **more,
    )


leaves = nodes(st.just([]), method=methods | st.none())
trees = st.recursive(leaves, lambda inner: nodes(st.lists(inner, max_size=3)), max_leaves=6)
rubrics = st.builds(
    Rubric,
    id=codes,
    title=words,
    year=st.integers(1990, 2100),
    tier=codes,
    legal_basis=words | st.just(""),
    annex=words | st.just(""),
    scale=st.decimals(0, 1000, places=3),
    declared=st.builds(
        Declared,
        counts=st.lists(st.integers(0, 120), max_size=3).map(tuple),
        totals=st.dictionaries(
            st.sampled_from(["self", "survey"]), st.decimals(0, 100, places=2), max_size=2
        ),
    ),
    provenance=st.builds(Provenance, structure=words | st.just(""), content=words | st.just("")),
    roles=st.dictionaries(codes.filter(is_safe_name), words | st.just(""), max_size=3),
    agencies=st.dictionaries(words, words | st.just(""), max_size=3),
    nodes=st.lists(trees, min_size=1, max_size=2).map(tuple),
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(rubric=rubrics)
def test_a_generated_rubric_comes_back_the_same(
    rubric: Rubric, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert two_trips(rubric, tmp_path_factory.mktemp("trip")) == rubric


@settings(max_examples=500, deadline=None)
@given(spec=methods)
@example(spec={"kind": "levels", "by": "points", "levels": [{"label": "a: 1", "points": "0.50"}]})
@example(spec={"kind": "bands", "numerator": "x", "bands": [{"points": "1"}], "else": "0"})
@example(spec={"kind": "formula", "variables": [{"id": "a", "label": "x", "maximum": None}]})
def test_a_generated_method_comes_back_the_same(spec: dict[str, Any]) -> None:
    read = read_method(str(spec["kind"]), write_method(spec))
    assert (read.spec, read.problems) == (spec, [])


odd_texts = st.sampled_from(
    ["null", "~", "", "1.10", "true", "<<", "---", "- a", "a: b", "2026-01-01"]
)


@settings(max_examples=150, deadline=None)
@given(
    data=st.recursive(
        odd_texts | texts | st.none(), lambda d: st.lists(d) | st.dictionaries(texts, d)
    )
)
def test_plain_data_is_dumped_as_yaml_and_loaded_the_same(data: Any) -> None:
    assert parse_yaml(dump_yaml(data), Path("x.yaml")).data == data


def test_yaml_is_dumped_as_people_write_it() -> None:
    data = {"max": "0.10", "title": "null", "counts": ["5", "11"], "nodes": [{"a": {"b": "c"}}]}
    assert dump_yaml(data).splitlines() == [
        "max: 0.10",
        "title: 'null'",
        "counts: [5, 11]",
        "nodes:",
        "- a: {b: c}",
    ]


# --- what officers write --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "cells", "spec"),
    [
        ("bands", {"rules": "≥ 90%: 2\n>= 80,5, < 90: 1\nCòn lại: 0"}, {
            "bands": [
                {"at_least": "90", "points": "2"},
                {"at_least": "80.5", "below": "90", "points": "1"},
            ],
            "else": "0",
        }),
        ("bands", {"rules": "Từ 90 trở lên: 2 điểm\ndưới 90: 0"}, {
            "bands": [{"at_least": "90", "points": "2"}, {"below": "90", "points": "0"}],
        }),
        ("points", {"rules": "bước 0,25"}, {"step": "0.25"}),
        ("proportional", {"rules": "SÀN 80"}, {"floor": "80"}),
        ("levels", {"rules": "Kịp thời : 0.5\n\n  Chậm: 0 "}, {
            "levels": [{"label": "Kịp thời", "points": "0.5"}, {"label": "Chậm", "points": "0"}],
        }),
        ("proportional", {"options": "floor: {by: kind, cases: {ban: 60}}"}, {
            "floor": {"by": "kind", "cases": {"ban": "60"}},
        }),
    ],
)  # fmt: skip
def test_methods_are_read_as_officers_write_them(
    kind: str, cells: dict[str, str], spec: dict[str, Any]
) -> None:
    read = read_method(
        kind, {key: unicodedata.normalize("NFD", text) for key, text in cells.items()}
    )
    assert (read.spec, read.problems) == ({"kind": kind, **spec}, [])


@pytest.mark.parametrize(
    ("kind", "cell", "line"),
    [
        ("bands", "rules", "70-90%: 1"),
        ("derived", "rules", "từ 90%: 1"),
        ("levels", "rules", "Kịp thời"),
        ("levels", "figures", "Tử số: x"),
        ("levels", "rules", "Đạt: [kind: ban = 60%; còn lại = 1]"),
        ("count", "rules", "mỗi trường hợp: 50%"),
        ("proportional", "options", "mẫu số bằng 0: tùy"),
        ("formula", "figures", "tổng số"),
        ("formula", "figures", "a: x | khoảng 3"),
        ("formula", "rules", "nếu a > b"),
        ("points", "options", "step: {by: kind"),
        ("formula", "figures", "a: x | từ 3%"),
        ("count", "rules", "mỗi trường hợp: 1\nmỗi trường hợp: 2"),
        ("survey", "rules", "A: 100\nA: 60"),
        ("levels", "rules", "Đạt: 100%\nChưa đạt: 0"),
        ("levels", "rules", "Đạt: [kind: ban = 1; ban = 2]"),
        ("bands", "rules", "còn lại: 0\ntừ 90: 1"),
    ],
)
def test_a_line_that_says_nothing_is_named(kind: str, cell: str, line: str) -> None:
    problems = read_method(kind, {cell: line}).problems
    assert [(where, said) for where, said, _ in problems] == [(cell, line.rpartition("\n")[2])]


def test_a_parameter_in_two_cells_is_named() -> None:
    read = read_method("proportional", {"rules": "sàn: 80%", "options": "floor: 90"})
    assert [(where, said) for where, said, _ in read.problems] == [("options", "floor")]


# --- mistakes -------------------------------------------------------------------------------------

Change = Callable[[Worksheet, Worksheet], None]


def changed(folder: Path, change: Change) -> RubricFile:
    """Export a shipped rubric, let `change` loose on its first two sheets, and import it."""
    path = folder / "so.xlsx"
    export_rubric(shipped(SHIPPED[0]), METHODS, path)
    book = openpyxl.load_workbook(path)
    change(book["Bộ tiêu chí"], book["Thông tin"])
    book.save(path)
    return import_rubric(path, METHODS)


def places(read: RubricFile) -> list[tuple[str, str]]:
    return [(f.code, f.cell) for f in read.findings]


def test_many_mistakes_are_reported_at_once_each_with_its_cell(tmp_path: Path) -> None:
    mistakes: list[tuple[str, int, Any, str]] = [
        ("code", 6, 1.1, "R036"),
        ("code", 7, datetime(2026, 1, 2), "R036"),  # noqa: DTZ001
        ("max", 8, datetime(2026, 5, 1), "R030"),  # noqa: DTZ001
        ("max", 10, "ba", "R030"),
        ("max", 11, "50%", "R030"),
        ("kind", 9, "Bốc thăm", "R013"),
        ("channel", 12, "Tự làm", "R030"),
        ("rules", 15, "từ 100: 3\nkhoảng 90: 1", "R030"),
        ("combine", 14, "Trung bình", "R030"),
        ("options", 18, "mẫu số bằng 0: tùy", "R030"),
        ("depth", 19, 5, "R035"),
        ("max", 21, True, "R030"),
        ("id", 20, "có dấu", "R003"),
        ("title", 23, None, "R003"),
        ("counts", 22, "ba; tám", "R030"),
        ("applies_when", 24, "phường", "R030"),
        ("max", 25, "=1+1", "R030"),
        ("lead", 27, "ABC", "R024"),
        ("role", 28, "nguoi-la", "R020"),
        ("id", 29, "tthc.kiem-soat", "R004"),
        ("kind", 30, None, "R030"),
        ("max", 31, "#N/A", "R030"),
    ]

    def change(criteria: Worksheet, information: Worksheet) -> None:
        for key, row, value, _ in mistakes:
            criteria[f"{LETTERS[key]}{row}"] = value
        information["B5"], information["B10"] = "hai nghìn", "tám"

    read = changed(tmp_path, change)
    wanted = [(code, f"{LETTERS[key]}{row}") for key, row, _, code in mistakes]
    assert set(places(read)) ^ {*wanted, ("R030", "B5"), ("R030", "B10")} == set()
    assert len(places(read)) == len(wanted) + 2
    assert read.rubric is None
    assert {f.file for f in read.findings if f.cell == "B5"} == {"so.xlsx!B5"}


def test_a_duplicate_id_names_the_cell_of_the_first(tmp_path: Path) -> None:
    def change(criteria: Worksheet, information: Worksheet) -> None:
        criteria["B7"] = "ke-hoach"

    (found,) = changed(tmp_path, change).findings
    assert (found.code, found.sheet, found.cell) == ("R004", "Bộ tiêu chí", "B7")
    assert found.params["first"] == "B6"


def test_a_method_that_lacks_a_figure_is_reported_where_the_figure_belongs(tmp_path: Path) -> None:
    def change(criteria: Worksheet, information: Worksheet) -> None:
        criteria[f"{LETTERS['figures']}8"] = None

    read = changed(tmp_path, change)
    assert places(read) == [("R014", f"{LETTERS['figures']}8")]


def test_a_missing_column_and_a_missing_sheet_are_named(tmp_path: Path) -> None:
    def change(criteria: Worksheet, information: Worksheet) -> None:
        criteria[f"{LETTERS['max']}{HEAD_ROW}"] = "Điểm"
        book = information.parent
        assert book is not None
        book.remove(information)

    read = changed(tmp_path, change)
    found = {
        (f.code, f.params.get("column", f.params.get("sheet", f.entered))) for f in read.findings
    }
    assert found == {("R031", "Điểm tối đa"), ("R032", "Thông tin"), ("R034", "Điểm")}
    assert read.rubric is None


def test_a_heading_that_stands_twice_is_refused(tmp_path: Path) -> None:
    def change(criteria: Worksheet, information: Worksheet) -> None:
        criteria[f"{LETTERS['note']}{HEAD_ROW}"] = "ĐIỂM  TỐI ĐA"

    read = changed(tmp_path, change)
    assert places(read) == [("R033", f"{LETTERS['note']}{HEAD_ROW}")]


def test_what_the_form_does_not_have_is_a_warning(tmp_path: Path) -> None:
    def change(criteria: Worksheet, information: Worksheet) -> None:
        criteria.cell(HEAD_ROW, len(COLUMNS) + 1).value = "Ý kiến"
        information["A40"], information["B40"] = "Người lập", "Nguyễn Văn A"

    read = changed(tmp_path, change)
    assert [(f.code, f.entered) for f in read.findings] == [
        ("R034", "Ý kiến"),
        ("R034", "Người lập"),
    ]
    assert read.rubric == shipped(SHIPPED[0])


def test_rows_and_columns_may_be_moved_and_sheets_renamed(tmp_path: Path) -> None:
    def change(criteria: Worksheet, information: Worksheet) -> None:
        criteria.title, information.title = "Tiêu chí 2026", "Chung"
        criteria.insert_rows(9)
        criteria.insert_rows(1, 2)
        criteria.insert_cols(1)

    assert changed(tmp_path, change).rubric == shipped(SHIPPED[0])


def test_numbers_are_taken_exactly_with_comma_or_point(tmp_path: Path) -> None:
    def change(criteria: Worksheet, information: Worksheet) -> None:
        criteria[f"{LETTERS['max']}7"] = 0.1
        criteria[f"{LETTERS['max']}8"] = "0,30"

    read = changed(tmp_path, change)
    assert read.rubric is not None
    first, second = read.rubric.domains[0].nodes[0].nodes
    assert (first.max, second.max) == (Decimal("0.1"), Decimal("0.3"))


def test_a_file_that_is_no_workbook_is_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "so.xlsx"
    path.write_bytes(b"PK no workbook")
    read = import_rubric(path, METHODS)
    assert [f.code for f in read.findings] == ["R001"]


def test_two_people_with_one_code_are_refused(tmp_path: Path) -> None:
    def change(criteria: Worksheet, information: Worksheet) -> None:
        row = next(c.row for c in information["A"] if c.value == "SNV")
        information.cell(row + 1, 1).value = "SNV"

    read = changed(tmp_path, change)
    assert ("R030", "SNV") in [(f.code, f.entered) for f in read.findings]
