"""Replies (phản hồi): what a unit writes on its appraised rows."""

from xlscore.catalogue.entry import Entry, entry

ENTRIES: tuple[Entry, ...] = (
    entry(
        "A050",
        "reply-not-open",
        "error",
        (
            "Có ý kiến phản hồi “{entered}” ở một dòng mà phiếu này không mở để phản hồi; ý kiến đó không được tính.",
            "Chỉ ghi vào các ô màu vàng; việc khác gửi bằng văn bản.",
        ),
        (
            "A reply “{entered}” stands on a row that this form does not open for replies; it does not count.",
            "Write into the yellow cells only; send anything else by letter.",
        ),
    ),
    entry(
        "A051",
        "reply-none",
        "note",
        (
            "Phiếu không có ý kiến về {count} nội dung đã điều chỉnh điểm ({rows}): đơn vị được coi là không có ý kiến khác.",
            "Nếu còn ý kiến, gửi lại phiếu trước thời hạn.",
        ),
        (
            "The form says nothing on {count} adjusted rows ({rows}): the unit is taken to have no objection.",
            "If there is one, send the form again in time.",
        ),
    ),
    entry(
        "A052",
        "reply-owed",
        "warning",
        (
            "Cơ quan thẩm định yêu cầu giải trình {count} nội dung mà phiếu chưa trả lời ({rows}).",
            "Ghi giải trình, tài liệu bổ sung vào các ô màu vàng của những dòng đó rồi gửi lại phiếu.",
        ),
        (
            "The appraisers asked to explain {count} rows that the form leaves unanswered ({rows}).",
            "Write the explanation or further evidence into the yellow cells of those rows and send the form again.",
        ),
    ),
)
