"""What the letter to leadership says of the groups: all of few, a line of each of many."""

from __future__ import annotations

from tests.fronts import many, surveyed
from xlscore.sending.texts import group_words


def test_few_groups_are_told_in_full() -> None:
    assert group_words(surveyed(years=True)).splitlines() == [
        "Cấp so (4 đơn vị, chưa có kết quả: 1)",
        "- Trung bình: 66,17%",
        "- Cao nhất: hạng 1 Sở A 95,00%; hạng 2 Sở B 72,50%; hạng 3 Sở C 31,00%",
        "- Xếp loại: A 1; B 3",
        "- Tăng nhiều nhất so với năm trước: Sở A +4,50 điểm %",
        "- Giảm nhiều nhất so với năm trước: Sở B −22,75 điểm %",
    ]


def test_many_groups_have_a_line_each_and_the_last_ones_are_in_the_workbook() -> None:
    lines = group_words(many(16)).splitlines()
    assert lines[:2] == [
        (
            "- Nhóm 0 (2 đơn vị, chưa có kết quả: 1): trung bình 75,00%; dẫn đầu Xã 16 75,00%;"
            " xếp loại B 2."
        ),
        (
            "- Nhóm 1 (2 đơn vị): trung bình 82,00%; dẫn đầu Xã 1 90,00%; cuối nhóm Xã 17 74,00%;"
            " xếp loại A 1, B 1."
        ),
    ]
    assert lines[15:] == ["- Còn 1 nhóm khác: xem tệp kèm theo thư."]
