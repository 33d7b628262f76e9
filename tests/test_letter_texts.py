"""The words of letters: the built-in texts are whole, an office's own are checked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.campaigns import make_campaign
from xlscore.campaign import Campaign, Unit
from xlscore.letter_texts import (
    PLACEHOLDERS,
    LetterTextError,
    deadline_words,
    due_words,
    release_values,
    reminder_values,
    render,
)
from xlscore.standing import State
from xlscore.workdays import Calendar

NOW = datetime(2026, 12, 10, 1, 30, tzinfo=UTC)  # 08:30 in Viet Nam
FOLDER = r"\\may-chu\cchc\hop-nhan\STP"
REMINDED = [s.value for s in State if s not in {State.SUBMITTED, State.BY_PARENT}]


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    return make_campaign(tmp_path_factory.mktemp("letters")).workspace.campaign


@pytest.fixture
def unit(campaign: Campaign) -> Unit:
    return campaign.units["STP"]


def given(name: str) -> dict[str, str]:
    return {key: f"<{key}>" for key in PLACEHOLDERS[name]}


def own(tmp_path: Path, text: str, name: str = "release") -> Path:
    path = tmp_path / "letters" / f"{name}.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode())
    return path


def refused(path: Path, name: str = "release") -> tuple[str, str]:
    with pytest.raises(LetterTextError) as found:
        render(name, given(name), path)
    assert str(found.value) == found.value.words[1]
    return found.value.words


# --- the built-in texts -------------------------------------------------------------------------------


def test_a_release_letter_says_all_that_a_unit_needs(campaign: Campaign, unit: Unit) -> None:
    items = ["STP.xlsx: phiếu tự chấm điểm", "huong-dan.pdf: hướng dẫn"]
    values = release_values(campaign, unit, FOLDER, items, "Phòng CCHC, điện thoại 0270 000 000")
    subject, body = render("release", values)
    assert subject == "V/v gửi Phiếu tự chấm điểm – Sở Tư pháp – Kỳ thử 2026"
    assert body.startswith("Kính gửi: Sở Tư pháp\n\n")
    assert body.endswith("\nTrân trọng./.\n\nSở Nội vụ\n")
    for said in (
        "năm 2026",
        "kèm theo thư này:\n- STP.xlsx: phiếu tự chấm điểm\n- huong-dan.pdf: hướng dẫn\n\n",
        f"Nơi nộp phiếu: {FOLDER}\n",
        "Thời hạn nộp phiếu: hết ngày 15/12/2026.",
        "liên hệ Phòng CCHC, điện thoại 0270 000 000 để",
    ):
        assert said in body
    assert "$" not in subject + body


@pytest.mark.parametrize(
    ("state", "said", "asked"),
    [
        ("missing", "chưa nhận được phiếu của Quý cơ quan.", "khẩn trương hoàn thành phiếu và nộp"),
        ("draft", "mới là bản nháp", "chọn “ĐÃ HOÀN THÀNH” ở ô trạng thái cuối phiếu và nộp"),
        ("partial", "mới nhận được một phần phiếu", "hoàn thành các phần còn thiếu và nộp"),
        ("invalid", "còn lỗi nên chưa được chấp nhận.", "sửa các lỗi trên phiếu và nộp"),
    ],
)
def test_a_reminder_says_what_is_the_matter_and_what_to_do(
    campaign: Campaign, unit: Unit, state: str, said: str, asked: str
) -> None:
    values = reminder_values(campaign, unit, FOLDER, state, ["Văn phòng", "Dòng 1.2"], NOW)
    subject, body = render("reminder", values)
    assert subject == "V/v nhắc nộp Phiếu tự chấm điểm – Sở Tư pháp (còn 5 ngày)"
    assert body.startswith("Kính gửi: Sở Tư pháp\n\nThời hạn nộp Phiếu tự chấm điểm Kỳ thử 2026")
    assert "là hết ngày 15/12/2026 (còn 5 ngày). Tính đến 08 giờ 30 ngày 10/12/2026, " in body
    assert said in body
    assert asked in body
    assert ":\n- Văn phòng\n- Dòng 1.2\n\nĐề nghị" in body
    assert f"Nơi nộp phiếu: {FOLDER}\n" in body
    assert "liên hệ Sở Nội vụ để" in body
    assert "$" not in subject + body


@pytest.mark.parametrize("state", REMINDED)
def test_every_state_that_is_not_submitted_has_its_words(
    campaign: Campaign, unit: Unit, state: str
) -> None:
    _, body = render("reminder", reminder_values(campaign, unit, FOLDER, state, [], NOW))
    assert ".\n\nĐề nghị Quý cơ quan" in body
    assert "\n\n\n" not in body


def test_nobody_is_reminded_who_has_submitted(campaign: Campaign, unit: Unit) -> None:
    with pytest.raises(KeyError):
        reminder_values(campaign, unit, FOLDER, State.SUBMITTED.value, [], NOW)


@pytest.mark.parametrize("name", PLACEHOLDERS)
def test_a_value_that_is_missing_is_an_error_of_the_program(name: str) -> None:
    for key in PLACEHOLDERS[name]:
        with pytest.raises(KeyError, match=key):
            render(name, {k: v for k, v in given(name).items() if k != key})


# --- deadlines in words -------------------------------------------------------------------------------

DEADLINE = datetime(2026, 9, 3, 17, 0, tzinfo=UTC)
HOLIDAYS = Calendar(frozenset({DEADLINE.date() - timedelta(days=n) for n in (1, 2, 3)}))


@pytest.mark.parametrize(
    ("before", "known", "expected"),
    [
        (timedelta(days=10), False, "còn 10 ngày"),
        (timedelta(days=10), True, "còn 10 ngày, trong đó có 5 ngày làm việc"),
        (timedelta(hours=19), True, "còn 1 ngày, trong đó có 1 ngày làm việc"),
        (timedelta(hours=17), True, "hết hạn trong hôm nay"),
        (timedelta(0), True, "hết hạn trong hôm nay"),
        (timedelta(microseconds=-1), True, "đã quá hạn 1 ngày"),
        (timedelta(days=-1), True, "đã quá hạn 1 ngày"),
        (timedelta(days=-1, seconds=-1), True, "đã quá hạn 2 ngày"),
    ],
)
def test_how_long_is_left_or_overdue(before: timedelta, known: bool, expected: str) -> None:
    calendar = HOLIDAYS if known else Calendar()
    assert due_words(DEADLINE - before, DEADLINE, calendar) == expected


def test_days_left_are_those_of_the_deadlines_own_zone(campaign: Campaign, unit: Unit) -> None:
    deadline = campaign.deadline(unit)
    evening = datetime(2026, 12, 14, 18, 0, tzinfo=UTC)  # already the 15th in Viet Nam
    assert due_words(evening, deadline, Calendar()) == "hết hạn trong hôm nay"


def test_a_deadline_in_words_names_its_time_unless_it_is_the_end_of_the_day() -> None:
    assert deadline_words(DEADLINE) == "17 giờ 00 ngày 03/09/2026"
    end = datetime.max.time()
    assert deadline_words(datetime.combine(DEADLINE.date(), end)) == "hết ngày 03/09/2026"


# --- an office's own text ---------------------------------------------------------------------------


def test_an_offices_own_text_takes_the_place_of_the_built_in_one(tmp_path: Path) -> None:
    text = "\ufeffV/v $campaign năm ${year}\r\n\r\nGửi $unit:\r\ngiá $$5\r\n\r\n\r\n\r\n$office\r\n\r\n"
    subject, body = render("release", given("release"), own(tmp_path, text))
    assert subject == "V/v <campaign> năm <year>"
    assert body == "Gửi <unit>:\ngiá $5\n\n<office>\n"


def test_without_a_file_of_that_name_the_built_in_text_is_used(tmp_path: Path) -> None:
    values = given("reminder")
    assert render("reminder", values, tmp_path / "letters" / "reminder.txt") == render(
        "reminder", values
    )


def test_a_value_is_never_read_as_a_placeholder_and_a_subject_is_one_line(tmp_path: Path) -> None:
    values = given("release") | {"unit": "Sở\n $office  A", "campaign": "$$ ${x}"}
    subject, body = render("release", values, own(tmp_path, "V/v $unit\n\n$unit $campaign"))
    assert subject == "V/v Sở $office A"
    assert body == "Sở\n $office  A $$ ${x}\n"


def test_a_line_of_placeholders_without_a_value_is_left_out(tmp_path: Path) -> None:
    values = given("release") | {"attachments": " ", "contact": ""}
    text = "a\n\nđầu\n$attachments\n- $attachments $contact.\n\n$contact\n\nliên hệ $contact\ncuối"
    _, body = render("release", values, own(tmp_path, text))
    assert body == "đầu\n\nliên hệ \ncuối\n"


def test_words_are_composed_however_the_text_was_typed(tmp_path: Path) -> None:
    text = "Sơ\u0309\n\n$unit tu\u031b\u0323"
    assert render("release", given("release"), own(tmp_path, text)) == ("Sở", "<unit> tự\n")


def test_unknown_placeholders_are_told_with_file_line_and_the_known_ones(tmp_path: Path) -> None:
    text = "V/v $campain\n\n$unit\n$đơn_vị, ${tên}, $unité $Unit\ngiá 5$\n${unit\n$state $$x\n"
    vietnamese, english = refused(own(tmp_path, text))
    assert english == (
        "letters/release.txt: line 1: there is no “$campain”; line 4: there is no “$đơn_vị”; "
        "line 4: there is no “${tên}”; line 4: there is no “$unité”; line 4: there is no “$Unit”; "
        "line 5: there is no “$”; line 6: there is no “${unit”; line 7: there is no “$state”. "
        "Known placeholders: $unit, $unit_code, $campaign, $year, $authority, $office, $contact, "
        "$deadline, $folder, $attachments; a plain $ is written $$."
    )
    assert vietnamese.startswith("letters/release.txt: dòng 1: không có “$campain”; dòng 4: ")
    assert vietnamese.endswith("$folder, $attachments; dấu $ thường viết là $$.")


@pytest.mark.parametrize("text", ["", "\n\nbody", "subject", "subject\n\n \n", "subject\nbody\n"])
def test_a_text_of_another_shape_is_refused(tmp_path: Path, text: str) -> None:
    vietnamese, english = refused(own(tmp_path, text))
    assert vietnamese.startswith("letters/release.txt: dòng đầu là tiêu đề thư, dòng thứ hai")
    assert english.startswith("letters/release.txt: the first line is the subject")


def test_a_text_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = own(tmp_path, "")
    path.write_bytes("a\n\nSở".encode("utf-16"))
    assert refused(path) == (
        "letters/release.txt: không phải bảng mã UTF-8.",
        "letters/release.txt: not UTF-8.",
    )
    folder = tmp_path / "letters" / "reminder.txt"
    folder.mkdir()
    assert refused(folder, "reminder")[1].startswith("letters/reminder.txt: ")
