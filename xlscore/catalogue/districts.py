"""Books of results that come up from districts (`A080` to `A099`)."""

from xlscore.catalogue.entry import Entry, entry

_AGAIN_VI = "Đề nghị {parent} lập lại sổ bằng lệnh “xlscore district report” và gửi lại."
_AGAIN_EN = "Ask {parent} to make the book again with “xlscore district report” and send it."

ENTRIES: tuple[Entry, ...] = (
    entry(
        "A080",
        "book-damaged",
        "error",
        ("Sổ kết quả không còn phần dữ liệu có niêm phong, hoặc phần đó bị hỏng.", _AGAIN_VI),
        ("The book of results has no sealed content any more, or it is damaged.", _AGAIN_EN),
    ),
    entry(
        "A081",
        "book-seal",
        "error",
        (
            "Dữ liệu của sổ kết quả không khớp niêm phong: đã bị sửa, hoặc không lập bằng giấy ủy quyền số {serial} của {parent}.",
            _AGAIN_VI,
        ),
        (
            "The content of the book does not fit its seal: it was altered, or not made under authorisation number {serial} of {parent}.",
            _AGAIN_EN,
        ),
    ),
    entry(
        "A082",
        "book-contradicts",
        "error",
        (
            "Dữ liệu trong sổ ghi là của {entered}, khác với mã nhận dạng của sổ ({expected}).",
            _AGAIN_VI,
        ),
        ("The content says that it is of {entered}, the book's token says {expected}.", _AGAIN_EN),
    ),
    entry(
        "A083",
        "book-stranger",
        "error",
        (
            "Sổ của {parent} có kết quả của {entered}, không phải đơn vị do {parent} chấm và báo cáo.",
            "Kiểm tra danh sách đơn vị của hai kỳ đánh giá (cột parent); " + _AGAIN_VI,
        ),
        (
            "The book of {parent} holds a result of {entered}, which {parent} does not appraise and report.",
            "Compare the lists of units of both campaigns (column parent); " + _AGAIN_EN,
        ),
    ),
    entry(
        "A084",
        "book-old-rubric",
        "error",
        (
            "{unit} được chấm theo bộ tiêu chí khác với bộ tiêu chí hiện hành (điểm, phương pháp chấm hoặc tiêu chí khác nhau).",
            "Gửi {parent} bộ tiêu chí hiện hành và giấy ủy quyền mới (xlscore district authorize {code}); " + _AGAIN_VI,
        ),
        (
            "{unit} was scored by another rubric than today's (points, methods or criteria differ).",
            "Send {parent} today's rubric and a new authorisation (xlscore district authorize {code}); " + _AGAIN_EN,
        ),
    ),
    entry(
        "A085",
        "book-rows",
        "error",
        (
            "Kết quả của {unit} không gồm đúng các dòng của bộ tiêu chí: {what}.",
            _AGAIN_VI,
        ),
        ("The result of {unit} has not just the rows of the rubric: {what}.", _AGAIN_EN),
    ),
    entry(
        "A086",
        "book-points",
        "error",
        (
            "{unit}: {what} là {number}, ngoài khoảng từ {minimum} đến {maximum} của dòng này.",
            _AGAIN_VI,
        ),
        (
            "{unit}: {what} is {number}, outside the {minimum} to {maximum} of this row.",
            _AGAIN_EN,
        ),
    ),
    entry(
        "A087",
        "book-sums",
        "error",
        (
            "{unit}: {what} ghi trong sổ là {number}, cộng lại từ các dòng là {expected}.",
            "Kiểm tra quy định chung (policies) của hai kỳ đánh giá có như nhau không; " + _AGAIN_VI,
        ),
        (
            "{unit}: {what} in the book is {number}, added up from its rows it is {expected}.",
            "See whether the policies of both campaigns are the same; " + _AGAIN_EN,
        ),
    ),
    entry(
        "A088",
        "book-lacks-unit",
        "error",
        (
            "Sổ của {parent} không có {unit}.",
            "Gửi {parent} giấy ủy quyền mới có đủ đơn vị (xlscore district authorize {code}); " + _AGAIN_VI,
        ),
        (
            "The book of {parent} says nothing of {unit}.",
            "Send {parent} a new authorisation with all its units (xlscore district authorize {code}); " + _AGAIN_EN,
        ),
    ),
    entry(
        "A089",
        "book-shown",
        "warning",
        (
            "Ô này ghi “{entered}”, khác với dữ liệu có niêm phong của sổ: “{expected}”. Dữ liệu có niêm phong được tính.",
            "Nếu muốn đổi kết quả, {parent} đổi trong kỳ đánh giá của mình rồi lập lại sổ; không sửa trên sổ.",
        ),
        (
            "This cell says “{entered}”, the sealed content of the book “{expected}”. The sealed content counts.",
            "To change a result, {parent} changes it in its own campaign and makes the book again, not in the book.",
        ),
    ),
    entry(
        "A090",
        "book-provisional",
        "warning",
        (
            "Kết quả của {parent} còn tạm tính: {count} nội dung chưa có kết quả.",
            "Khi có đủ kết quả, {parent} lập và gửi lại sổ.",
        ),
        (
            "The results of {parent} are provisional: {count} rows have none yet.",
            "Once they have, {parent} makes the book again and sends it.",
        ),
    ),
    entry(
        "A091",
        "book-superseded",
        "warning",
        (
            "Sổ này lập lúc {made}, cũ hơn sổ lập lúc {newer} đã nhận trước đó. Sổ mới hơn được tính.",
            "Nếu {parent} thật sự muốn trở lại kết quả cũ, lập lại sổ từ kỳ đánh giá của mình.",
        ),
        (
            "This book was made at {made}, before one that had been received already ({newer}). The newer one counts.",
            "If {parent} does want the old results again, it makes a new book from its own campaign.",
        ),
    ),
    entry(
        "A092",
        "card-of-reported-unit",
        "warning",
        (
            "{unit} gửi phiếu tự chấm cho kỳ này, nhưng do {parent} trực tiếp chấm. Phiếu này không được tính; kết quả lấy theo sổ của {parent}.",
            "Chuyển phiếu cho {parent}.",
        ),
        (
            "{unit} sent this campaign its scorecard, but {parent} appraises it. This card does not count; the book of {parent} does.",
            "Pass the card on to {parent}.",
        ),
    ),
    entry(
        "A093",
        "book-outdated",
        "warning",
        (
            "Bộ tiêu chí đã thay đổi sau khi nhận sổ của {parent}; kết quả của {unit} trong sổ đó không còn được tính.",
            "Gửi {parent} bộ tiêu chí hiện hành và giấy ủy quyền mới (xlscore district authorize {code}); " + _AGAIN_VI,
        ),
        (
            "The rubric has changed since the book of {parent} was received; its result of {unit} counts no longer.",
            "Send {parent} today's rubric and a new authorisation (xlscore district authorize {code}); " + _AGAIN_EN,
        ),
    ),
)  # fmt: skip
