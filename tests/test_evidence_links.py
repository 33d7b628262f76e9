"""Documents of evidence find the criteria that name them, and no others."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlscore.answers import Answers
from xlscore.evidence_links import links
from xlscore.rubric import Rubric

TEXTS = {
    "1.1": "Kế hoạch số 12/KH-UBND ngày 05/01/2026 của UBND tỉnh",
    "1.2.1": "Quyết định số 1877/QĐ-UBND ngày 3/2/2026; Công văn số 45/SNV-CCHC",
    "1.2.2": "Báo cáo kết quả công tác cải cách hành chính; ảnh chụp scan0001; kh.pdf",
    "3": "Nghị quyết số 05/2026/NQ-HĐND; có 5 kế hoạch, 12 báo cáo được ban hành năm 2026",
    "C": "",
}


def rubric(codes: list[str]) -> Rubric:
    nodes = [
        {"id": f"n{c}", "code": c, "title": c, "max": "1", "method": {"kind": "points"}}
        for c in codes
    ]
    return Rubric.model_validate(
        {"id": "t", "title": "T", "year": 2026, "tier": "so", "scale": len(codes), "nodes": nodes}
    )


RUBRIC = rubric(list(TEXTS))


def answers(texts: dict[str, str]) -> Answers:
    return Answers(
        {}, frozenset(), {f"n{code}": text for code, text in texts.items()}, complete=True
    )


def linked(name: str) -> list[str]:
    path = f"STP/minh-chung/{name}"
    return [node.code for node in links(RUBRIC, answers(TEXTS), [path])[path]]


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        # the document's number and symbol, as files spell them
        ("12-KH-UBND.pdf", ["1.1"]),
        ("Kế hoạch số 12.pdf", ["1.1"]),
        ("KH12.pdf", ["1.1"]),
        ("QĐ 1877.pdf", ["1.2.1"]),
        ("1877_QD-UBND ngày 03.02.2026 về việc ban hành.pdf", ["1.2.1"]),
        ("1877.pdf", ["1.2.1"]),
        ("CV so 45.docx", ["1.2.1"]),
        ("NQ 5.pdf", ["3"]),
        ("5-NQ-HĐND.pdf", ["3"]),
        # the name itself
        ("scan0001.jpg", ["1.2.2"]),
        ("kh.pdf", ["1.2.2"]),
        ("Báo cáo kết quả công tác cải cách hành chính.docx", ["1.2.2"]),
        # the criterion's number
        ("minh chung 1.2.1 - Báo cáo.docx", ["1.2.1"]),
        ("1.2.1 Ke hoach.pdf", ["1.2.1"]),
        ("1_2_1-KH.pdf", ["1.2.1"]),
        ("1.2.2/a.pdf", ["1.2.2"]),
        ("Tiêu chí 3/a.pdf", ["3"]),
        ("TC 3 - biên bản.pdf", ["3"]),
        ("Biên bản TC 1.2.1.pdf", ["1.2.1"]),
        ("1.2.1/QĐ 1877.pdf", ["1.2.1"]),
        ("1.1/QĐ 1877.pdf", ["1.1", "1.2.1"]),
    ],
)
def test_a_document_belongs_to_the_criteria_that_name_it(name: str, codes: list[str]) -> None:
    for form in ("NFC", "NFD"):
        assert linked(unicodedata.normalize(form, name)) == codes


@pytest.mark.parametrize(
    "name",
    [
        "Kế hoạch.pdf",
        "Báo cáo.docx",
        "3. Quyết định.pdf",
        "3.pdf",
        "12.pdf",
        "2026.pdf",
        "KH 5.pdf",
        "KH 120.pdf",
        "QĐ 877.pdf",
        "QĐ 187.pdf",
        "18770.pdf",
        "scan00010.jpg",
        "scan.jpg",
        "1.2.1.5 x.pdf",
        "2026-01-05.pdf",
        "05.01.2026.pdf",
        "1.1.2026 lịch.pdf",
        "C.pdf",
        "ảnh.png",
        "…",
    ],
)
def test_a_document_that_nothing_names_is_left_alone(name: str) -> None:
    assert linked(name) == []


def test_an_evidence_folder_or_a_unit_is_no_criterion() -> None:
    path = "1.1/1.2.1/a.pdf"
    assert links(RUBRIC, answers(TEXTS), [path])[path] == ()


def test_texts_are_read_in_either_normal_form() -> None:
    texts = {code: unicodedata.normalize("NFD", text) for code, text in TEXTS.items()}
    path = "S/minh-chung/12-KH-UBND.pdf"
    assert [n.code for n in links(RUBRIC, answers(texts), [path])[path]] == ["1.1"]


@given(st.text(max_size=60), st.lists(st.text(max_size=40), max_size=4))
def test_any_text_and_any_name_is_taken(text: str, names: list[str]) -> None:
    files = [f"S/minh-chung/{name}" for name in names]
    found = links(RUBRIC, answers({"1.1": text}), files)
    assert set(found) == set(files)
    order = list(RUBRIC.leaves)
    for nodes in found.values():
        places = [order.index(node) for node in nodes]
        assert places == sorted(set(places))


@given(
    st.from_regex(r"[a-zđ]{3,8} [a-zăâê]{3,8} [0-9]{3,5}", fullmatch=True),
    st.sampled_from(["", "Xem ", "(", "1) "]),
    st.sampled_from(["", ".pdf", ";", " và các văn bản khác"]),
)
def test_a_name_that_stands_in_a_text_is_found(name: str, before: str, after: str) -> None:
    path = f"S/minh-chung/{name}.pdf"
    found = links(RUBRIC, answers({"1.2.1": f"{before}{name}{after}"}), [path])
    assert "1.2.1" in [node.code for node in found[path]]


def test_many_files_and_long_texts_take_no_time() -> None:
    codes = [f"{a}.{b}.{c}" for a in range(1, 9) for b in range(1, 6) for c in range(1, 6)]
    text = "Quyết định số {}/QĐ-UBND ngày 3/2/2026; Kế hoạch số {}/KH-UBND về cải cách hành chính"
    said = answers(
        {code: text.format(n, 2 * n) for n, code in enumerate(codes)} | {"1.1.1": "kế " * 9999}
    )
    files = [f"S/minh-chung/Quyết định số {n}-QĐ-UBND.pdf" for n in range(250)]
    files += [f"S/minh-chung/Kế hoạch số {n} năm 2026.pdf" for n in range(250)]
    whole = rubric(codes)
    began = time.process_time()
    found = links(whole, said, files)
    assert time.process_time() - began < 2  # some hundredths of a second
    assert sum(1 for nodes in found.values() if nodes) > 250
