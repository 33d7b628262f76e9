"""The council's book (`A040`–`A049`): its score, its reason, and rows that it left as they were."""

from xlscore.catalogue.entry import Entry, entry

_REISSUE_VI = "Xuất lại sổ hội đồng và chép quyết định của dòng này sang."
_REISSUE_EN = "Export the council's book again and copy this row's decision into it."

ENTRIES: tuple[Entry, ...] = (
    entry(
        "A040",
        "council-reason-missing",
        "error",
        (
            "{unit}: hội đồng cho {number} khác với đề xuất {proposal} nhưng chưa ghi ý kiến. Dòng này chưa được tính.",
            "Ghi lý do ở cột Ý kiến của hội đồng.",
        ),
        (
            "{unit}: the council gives {number} against the proposed {proposal} without a reason. The row does not count.",
            "Write the reason into the council's remark.",
        ),
    ),
    entry(
        "A041",
        "council-row-unknown",
        "error",
        (
            "Đơn vị hoặc tiêu chí của dòng này không còn trong kỳ đánh giá ({unit}, {criterion}). Dòng này không được tính.",
            "Kiểm tra danh sách đơn vị và bộ tiêu chí; nếu cần, xuất lại sổ hội đồng.",
        ),
        (
            "The unit or criterion of this row is no longer in the campaign ({unit}, {criterion}). The row does not count.",
            "Check the list of units and the rubric; export the council's book again if need be.",
        ),
    ),
    entry(
        "A042",
        "council-row-changed",
        "error",
        (
            "{unit}: điểm tối đa của tiêu chí đã đổi từ {before} thành {now} sau khi xuất sổ hội đồng. Dòng này không được tính.",
            _REISSUE_VI,
        ),
        (
            "{unit}: the criterion's maximum went from {before} to {now} after the book was issued. The row does not count.",
            _REISSUE_EN,
        ),
    ),
    entry(
        "A043",
        "council-row-moved",
        "error",
        (
            "Đơn vị, STT, tiêu chí hoặc điểm in trên hàng không còn khớp với hàng gốc của {unit} (đang ghi “{entered}”). Dòng này không được tính.",
            "Không sắp xếp, không chép đè cả hàng. " + _REISSUE_VI,
        ),
        (
            "The printed unit, number, criterion or scores no longer belong to this row of {unit} (it says “{entered}”). The row does not count.",
            "Do not sort or paste over whole rows. " + _REISSUE_EN,
        ),
    ),
    entry(
        "A044",
        "council-nothing-proposed",
        "warning",
        (
            "{unit}: hội đồng thống nhất các đề xuất còn lại, nhưng dòng này chưa có đề xuất nào nên vẫn để mở.",
            "Nhập điểm hội đồng cho dòng này, hoặc chờ thẩm định.",
        ),
        (
            "{unit}: the council agreed to the remaining proposals, but nothing is proposed for this row; it stays open.",
            "Enter the council's score for it, or wait for its appraisal.",
        ),
    ),
    entry(
        "A045",
        "council-rows-left",
        "warning",
        (
            "Còn {count} dòng hội đồng chưa cho điểm và chưa chọn thống nhất; các dòng đó giữ đề xuất nhưng chưa phải kết luận cuối cùng.",
            "Cho điểm từng dòng, hoặc chọn “{choice}” ở đầu trang rồi gửi lại.",
        ),
        (
            "{count} rows have no score of the council, and the remaining proposals were not agreed to; they stand, but not as its final word.",
            "Score each of them, or choose “{choice}” at the top and send the book again.",
        ),
    ),
    entry(
        "A046",
        "council-remark-alone",
        "warning",
        (
            "{unit}: có ý kiến của hội đồng nhưng không có điểm; dòng này chưa được quyết định.",
            "Nhập điểm hội đồng; nếu giữ nguyên đề xuất thì nhập đúng điểm đề xuất.",
        ),
        (
            "{unit}: there is a remark of the council but no score; nothing is decided on this row.",
            "Enter the council's score; to keep the proposal, enter the proposed score.",
        ),
    ),
    entry(
        "A047",
        "council-word-kept",
        "warning",
        (
            "{unit}: ô điểm hội đồng đã bị xóa trắng; kết luận trước đây ({before}) vẫn được giữ.",
            "Muốn trở lại đề xuất thì nhập đúng điểm đề xuất.",
        ),
        (
            "{unit}: the council's score was emptied; its earlier word ({before}) stands.",
            "To go back to the proposal, enter the proposed score.",
        ),
    ),
)
