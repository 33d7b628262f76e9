"""What can be wrong with the ledger, its journal and the archive: by name, in words, with the cure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xlscore.reasons import Words


class Cure(StrEnum):
    """What helps.

    `rebuild`: writing ledger and journal anew from what is sound; `backup`: bytes are gone that only a
    backup has; `again`: the next command mends it; `know`: nothing to do but to know.
    """

    REBUILD = "rebuild"
    BACKUP = "backup"
    AGAIN = "again"
    KNOW = "know"

    @property
    def words(self) -> Words:
        """What to do, in Vietnamese and in English."""
        return _CURES[self]


_CURES: dict[Cure, Words] = {
    Cure.REBUILD: (
        "Sao lưu data/, dừng các lệnh đang chạy, rồi chạy “xlscore ledger rebuild”.",
        "Back up data/, stop running commands, then run “xlscore ledger rebuild”.",
    ),
    Cure.BACKUP: (
        "Chép lại tệp này từ bản sao lưu.",
        "Copy this file back from a backup.",
    ),
    Cure.AGAIN: (
        "Chạy “xlscore collect” rồi kiểm tra lại.",
        "Run “xlscore collect”, then check again.",
    ),
    Cure.KNOW: (
        "Ghi lại vào hồ sơ kỳ đánh giá; không cần làm gì thêm.",
        "Keep this with the campaign's papers; there is nothing else to do.",
    ),
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """One trouble.

    Attributes:
        name: see `_TABLE`.
        place: which file, event, form, arrival …
        what: further detail, such as the fields that differ.
    """

    name: str
    place: str = ""
    what: str = ""

    @property
    def cure(self) -> Cure:
        """What helps against it."""
        return _TABLE[self.name][0]

    @property
    def words(self) -> Words:
        """What is wrong, in Vietnamese and in English."""
        _cure, vietnamese, english = _TABLE[self.name]
        filled = {"place": self.place, "what": self.what}
        return vietnamese.format(**filled), english.format(**filled)


def _of_rows(noun: str, vietnamese: str, english: str) -> dict[str, tuple[Cure, str, str]]:
    """What can be wrong with the rows of one chapter, held against the log."""
    return {
        f"{noun}-missing": (
            Cure.REBUILD,
            f"Nhật ký có {vietnamese} {{place}}, sổ không có.",
            f"The log has {english} {{place}}, the ledger has not.",
        ),
        f"{noun}-unlogged": (
            Cure.REBUILD,
            f"Sổ có {vietnamese} {{place}} mà nhật ký không biết.",
            f"The ledger has {english} {{place}}, of which the log knows nothing.",
        ),
        f"{noun}-altered": (
            Cure.REBUILD,
            f"Trong sổ, {vietnamese} {{place}} khác với nhật ký ({{what}}).",
            f"In the ledger, {english} {{place}} differs from the log ({{what}}).",
        ),
    }


_TABLE: dict[str, tuple[Cure, str, str]] = {
    "ledger-missing": (
        Cure.REBUILD,
        "Không thấy sổ theo dõi {place}.",
        "The ledger {place} is not there.",
    ),
    "ledger-unreadable": (
        Cure.REBUILD,
        "Không đọc được sổ theo dõi {place} ({what}).",
        "The ledger {place} cannot be read ({what}).",
    ),
    "ledger-older": (
        Cure.AGAIN,
        "Sổ theo dõi {place} chưa được nâng cấp ({what}); lệnh thu phiếu tiếp theo sẽ nâng cấp.",
        "The ledger {place} is not yet brought up to date ({what}); the next collection does so.",
    ),
    "database-damaged": (
        Cure.REBUILD,
        "SQLite báo tệp sổ bị hỏng: {what}.",
        "SQLite finds the file damaged: {what}.",
    ),
    "identity-altered": (
        Cure.REBUILD,
        "Mã số của sổ ({what}) không phải mã trong nhật ký ({place}).",
        "The ledger's id ({what}) is not the one in the log ({place}).",
    ),
    "chain-broken": (
        Cure.REBUILD,
        "Chuỗi nhật ký đứt ở sự kiện {place}: sự kiện này hoặc sự kiện trước đã bị sửa hay xóa.",
        "The chain of the log breaks at event {place}: it or the one before was altered or removed.",
    ),
    "event-unclear": (
        Cure.KNOW,
        "Không hiểu sự kiện {place} ({what}).",
        "Event {place} ({what}) cannot be understood.",
    ),
    "journal-missing": (
        Cure.BACKUP,
        "Không thấy tệp nhật ký {place}.",
        "The journal {place} is not there.",
    ),
    "journal-behind": (
        Cure.AGAIN,
        "Tệp nhật ký {place} còn thiếu các sự kiện cuối ({what}).",
        "The journal {place} lacks the last events ({what}).",
    ),
    "journal-ahead": (
        Cure.REBUILD,
        "Tệp nhật ký {place} có sự kiện mà sổ không có ({what}): sổ cũ hơn nhật ký, hoặc đã bị cắt.",
        "The journal {place} has events that the ledger lacks ({what}): the ledger is older, or was cut.",
    ),
    "journal-line-damaged": (
        Cure.REBUILD,
        "Dòng {place} của nhật ký bị hỏng.",
        "Line {place} of the journal is damaged.",
    ),
    "journal-line-altered": (
        Cure.REBUILD,
        "Dòng {place} của nhật ký đã bị sửa (sự kiện {what}).",
        "Line {place} of the journal was altered (event {what}).",
    ),
    "journal-line-missing": (
        Cure.REBUILD,
        "Tệp nhật ký {place} thiếu sự kiện {what}.",
        "The journal {place} lacks event {what}.",
    ),
    "journal-line-extra": (
        Cure.REBUILD,
        "Dòng {place} của nhật ký thừa (sự kiện {what}).",
        "Line {place} of the journal is one too many (event {what}).",
    ),
    "earlier-journal-altered": (
        Cure.BACKUP,
        "Tệp nhật ký cũ {place} không còn như khi sổ được dựng lại.",
        "The earlier journal {place} is no longer what it was when the ledger was rebuilt.",
    ),
    "content-missing": (
        Cure.BACKUP,
        "Kho lưu thiếu tệp gốc {place}.",
        "The archive lacks the original {place}.",
    ),
    "content-altered": (
        Cure.BACKUP,
        "Tệp gốc {place} trong kho lưu đã bị sửa hoặc hỏng.",
        "The original {place} in the archive was altered or is damaged.",
    ),
    "content-unlisted": (
        Cure.REBUILD,
        "Danh mục kho lưu trong sổ thiếu tệp gốc {place}.",
        "The ledger's list of originals lacks {place}.",
    ),
    "record-missing": (
        Cure.BACKUP,
        "Kho lưu thiếu biên bản {place}.",
        "The archive lacks the record {place}.",
    ),
    "record-altered": (
        Cure.BACKUP,
        "Biên bản {place} trong kho lưu đã bị sửa hoặc hỏng.",
        "The record {place} in the archive was altered or is damaged.",
    ),
    "record-unknown": (
        Cure.REBUILD,
        "Sổ không biết biên bản {place}: lần thu trước bị ngắt, hoặc sổ cũ hơn kho lưu.",
        "The ledger does not know the record {place}: a run was cut short, or the ledger is older.",
    ),
    "keys-missing": (
        Cure.BACKUP,
        "Không thấy khóa ký {place}, mà đã cấp phiếu.",
        "The signing keys {place} are not there, though forms were issued.",
    ),
    "keys-damaged": (
        Cure.BACKUP,
        "Khóa ký {place} bị hỏng.",
        "The signing keys {place} are damaged.",
    ),
    **_of_rows("form", "phiếu số", "form"),
    **_of_rows("arrival", "lần gửi số", "arrival"),
    **_of_rows("evidence", "tài liệu minh chứng số", "evidence"),
    **_of_rows("decision", "quyết định số", "decision"),
    **_of_rows("release", "lần giao phiếu", "release"),
    **_of_rows("letter", "thư số", "letter"),
    **_of_rows("edition", "lần ban hành thứ", "edition"),
    **_of_rows("edition-file", "tệp ban hành số", "file of an edition, number"),
    # What a rebuild says besides.
    "id-unknown": (
        Cure.KNOW,
        "Không tìm được mã số của sổ cũ: sổ mới mang mã mới {place}; chạy “xlscore takeover”.",
        "The old ledger's id is unknown: the new one is {place}; run “xlscore takeover”.",
    ),
    "number-missing": (
        Cure.KNOW,
        "Không còn dấu vết nào của lần gửi số {place}.",
        "Nothing is left of arrival {place}.",
    ),
    "serial-missing": (
        Cure.KNOW,
        "Không còn dấu vết nào của phiếu số {place}.",
        "Nothing is left of form {place}.",
    ),
    "arrival-from-record": (
        Cure.KNOW,
        "Tệp số {place} được lấy từ biên bản, không có sự kiện nào xác nhận.",
        "Arrival {place} was taken from its record; no event vouches for it.",
    ),
    "arrival-read-again": (
        Cure.KNOW,
        "Tệp số {place} được đọc lại từ tệp gốc theo kỳ đánh giá hiện nay ({what}).",
        "Arrival {place} was read again from its original under today's campaign ({what}).",
    ),
    "arrival-lost": (
        Cure.BACKUP,
        "Tệp số {place} ({what}) chỉ còn tên: không tính được nữa, phải thu lại tệp.",
        "Of arrival {place} ({what}) only the name is left: it no longer counts, collect it again.",
    ),
    "record-unused": (
        Cure.KNOW,
        "Biên bản {place} không được dùng: số hoặc lần gửi của nó đã có chủ.",
        "The record {place} was not used: its number or its version is taken.",
    ),
    "form-recovered": (
        Cure.KNOW,
        "Phiếu số {place} ({what}) được lấy từ tệp phiếu, không có sự kiện nào xác nhận.",
        "Form {place} ({what}) was taken from workbooks; no event vouches for it.",
    ),
    "letter-doubtful": (
        Cure.KNOW,
        "Thư số {place} có thể đã gửi (nhật ký thiếu sự kiện): hỏi người nhận, rồi “xlscore send --settle”.",
        "Letter {place} may have been sent (events are missing): ask, then “xlscore send --settle”.",
    ),
    "dropped": (
        Cure.KNOW,
        "Bỏ qua {place}: điều nó nói tới không còn.",
        "{place} was left out: what it speaks of is gone.",
    ),
}
