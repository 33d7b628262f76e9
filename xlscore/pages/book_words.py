"""How the forms that follow self-assessment are called, in Vietnamese, wherever they are written of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xlscore.identity import APPRAISAL, COUNCIL, REPLY, RESULT_BOOK, RESULT_SHEET, SURVEY


@dataclass(frozen=True, slots=True)
class BookWords:
    """The words for one kind of form.

    Attributes:
        title: what it is called; in a sentence, `name`.
        whose: what stands before the name of whom it is from.
        what: what its rows are, as they are counted.
        in_rounds: whether there is one in every round.
    """

    title: str
    whose: str
    what: str = "dòng"
    in_rounds: bool = False

    @property
    def name(self) -> str:
        """The title within a sentence."""
        return self.title[0].lower() + self.title[1:]

    def of_round(self, number: int) -> str:
        """Return the title with the round's number, where the kind has rounds."""
        return f"{self.title} lần {number}" if self.in_rounds else self.title


BOOKS: Mapping[str, BookWords] = {
    APPRAISAL: BookWords("Sổ thẩm định", "Cơ quan thẩm định", in_rounds=True),
    REPLY: BookWords("Phiếu phản hồi kết quả thẩm định", "Đơn vị", in_rounds=True),
    COUNCIL: BookWords("Sổ kết luận của hội đồng thẩm định", "Cơ quan tổng hợp"),
    SURVEY: BookWords("Sổ số liệu điều tra", "Cấp", "số liệu"),
    RESULT_SHEET: BookWords("Phiếu kết quả", "Đơn vị"),
    RESULT_BOOK: BookWords("Sổ kết quả của cấp dưới", "Đơn vị", "đơn vị"),
}
