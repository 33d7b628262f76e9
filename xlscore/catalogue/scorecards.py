"""The scorecard's rows and cells (`S`), and many hands on one card (`M`)."""

from __future__ import annotations

from xlscore.catalogue.entry import Entry, entry

_REISSUE_VI = "Chép số liệu sang phiếu gốc đã được cấp; không sắp xếp, xóa hoặc dán đè cả hàng."
_REISSUE_EN = (
    "Copy the figures into the form as issued; do not sort, delete or paste over whole rows."
)
_NUMBER_VI = "Nhập một con số, ví dụ 0,5."
_NUMBER_EN = "Type one number, for example 0.5."

ENTRIES: tuple[Entry, ...] = (
    entry(
        "S001",
        "no-form-sheet",
        "error",
        ("Không tìm thấy trang phiếu trong tệp.", _REISSUE_VI),
        ("The form's sheet was not found in the file.", _REISSUE_EN),
    ),
    entry(
        "S002",
        "two-form-sheets",
        "error",
        (
            "Có nhiều trang cùng là phiếu ({entered}).",
            "Chỉ giữ lại một trang phiếu, xóa các trang sao chép.",
        ),
        ("Several sheets are the form ({entered}).", "Keep one form sheet and delete the copies."),
    ),
    entry(
        "S003",
        "column-missing",
        "error",
        ("Thiếu cột “{column}”.", _REISSUE_VI),
        ("The column “{column}” is missing.", _REISSUE_EN),
    ),
    entry(
        "S004",
        "column-twice",
        "error",
        ("Cột “{column}” xuất hiện hai lần.", "Xóa cột sao chép."),
        ("The column “{column}” stands twice.", "Delete the copy."),
    ),
    entry(
        "S005",
        "row-missing",
        "error",
        ("Hàng “{title}” đã bị xóa.", _REISSUE_VI),
        ("The row “{title}” has been deleted.", _REISSUE_EN),
    ),
    entry(
        "S006",
        "row-twice",
        "error",
        ("Hàng “{title}” xuất hiện {count} lần (hàng {rows}).", "Xóa hàng sao chép."),
        ("The row “{title}” stands {count} times (rows {rows}).", "Delete the copy."),
    ),
    entry(
        "S007",
        "row-mismatch",
        "error",
        (
            "STT, tên hoặc điểm tối đa in trên hàng không khớp với hàng gốc (đang ghi “{entered}”). Hàng này không được tính.",
            _REISSUE_VI,
        ),
        (
            "The printed number, title or maximum does not belong to this row (it says “{entered}”). The row does not count.",
            _REISSUE_EN,
        ),
    ),
    entry(
        "S008",
        "altered-locked-cell",
        "warning",
        (
            "Ô bị khóa đã bị sửa (đang ghi “{entered}”).",
            "Nội dung gốc vẫn được dùng; không sửa ô bị khóa.",
        ),
        (
            "A locked cell was altered (it says “{entered}”).",
            "The original is used; leave locked cells alone.",
        ),
    ),
    entry(
        "S009",
        "formula-overwritten",
        "warning",
        (
            "Công thức trong ô đã bị xóa hoặc bị thay (đang ghi “{number}”).",
            "Giá trị vẫn được tính lại từ số liệu: {computed}. Kiểm tra số liệu đã nhập.",
        ),
        (
            "The cell's formula was deleted or replaced (it says “{number}”).",
            "The value is computed again from the figures: {computed}. Check the figures.",
        ),
    ),
    entry(
        "S010",
        "total-differs",
        "warning",
        (
            "Giá trị đang lưu trong tệp ({number}) khác giá trị tính lại ({computed}).",
            "Giá trị tính lại được dùng. Gõ lại các số đang ở dạng văn bản hoặc phần trăm (nếu có), rồi mở bằng Excel và lưu lại.",
        ),
        (
            "The value stored in the file ({number}) differs from the one computed ({computed}).",
            "The computed one is used. Retype figures kept as text or percent, if any, then open in Excel and save.",
        ),
    ),
    entry(
        "S011",
        "missing-entry",
        "error",
        (
            "Chưa nhập “{what}”.",
            "Nhập số liệu hoặc chọn mức trong danh sách; số liệu không phát sinh thì nhập 0.",
        ),
        (
            "“{what}” has not been entered.",
            "Enter the figure or choose from the list; where there was none, enter 0.",
        ),
    ),
    entry(
        "S012",
        "over-maximum",
        "error",
        ("Đã nhập {number}, vượt mức tối đa {maximum}.", "Nhập không quá {maximum}."),
        ("{number} was entered, above the maximum {maximum}.", "Enter at most {maximum}."),
    ),
    entry(
        "S013",
        "negative",
        "error",
        ("Đã nhập số âm {number}.", "Nhập từ {minimum} trở lên."),
        ("The negative number {number} was entered.", "Enter {minimum} or more."),
    ),
    entry(
        "S043",
        "below-minimum",
        "error",
        ("Đã nhập {number}, dưới mức tối thiểu {minimum}.", "Nhập từ {minimum} trở lên."),
        ("{number} was entered, below the minimum {minimum}.", "Enter {minimum} or more."),
    ),
    entry(
        "S014",
        "off-step",
        "error",
        ("Đã nhập {number}; điểm phải là bội số của {step}.", "Ví dụ: {example}."),
        ("{number} was entered; points go in steps of {step}.", "For example: {example}."),
    ),
    entry(
        "S015",
        "not-a-number",
        "error",
        ("Đã nhập “{entered}”, không phải là số.", _NUMBER_VI),
        ("“{entered}” was entered, which is not a number.", _NUMBER_EN),
    ),
    entry(
        "S016",
        "ambiguous-thousands",
        "error",
        (
            "Đã nhập “{entered}”: không rõ dấu chấm, dấu phẩy ngăn hàng nghìn hay phần thập phân.",
            "Nhập lại, không dùng dấu ngăn hàng nghìn: ví dụ 1000 hoặc 1,5.",
        ),
        (
            "“{entered}” was entered: a thousand or a decimal?",
            "Retype it without a thousands separator: 1000 or 1.5.",
        ),
    ),
    entry(
        "S017",
        "date-in-cell",
        "error",
        (
            "Ô chứa ngày tháng ({entered}); Excel đổi các cách gõ như 1.5 hoặc 1/2 thành ngày.",
            "Xóa nội dung ô rồi gõ lại với dấu phẩy thập phân, ví dụ 1,5; nếu vẫn hiện ngày tháng, gõ thêm dấu nháy đơn ở đầu: '1,5.",
        ),
        (
            "The cell holds a date ({entered}); Excel turns 1.5 or 1/2 into dates.",
            "Clear the cell and retype the number, for example 1.5; if a date shows again, put an apostrophe first: '1.5.",
        ),
    ),
    entry(
        "S018",
        "boolean-in-cell",
        "error",
        ("Ô chứa giá trị đúng/sai ({entered}).", _NUMBER_VI),
        ("The cell holds a true/false value ({entered}).", _NUMBER_EN),
    ),
    entry(
        "S019",
        "excel-error",
        "error",
        (
            "Ô chứa lỗi Excel {entered}.",
            "Xóa ô và gõ trực tiếp nội dung; nếu bắt đầu bằng dấu = + hoặc -, gõ thêm dấu nháy đơn (') ở đầu.",
        ),
        (
            "The cell holds the Excel error {entered}.",
            "Clear it and type the content itself; before a leading = + or - put an apostrophe (').",
        ),
    ),
    entry(
        "S020",
        "formula-without-value",
        "error",
        (
            "Ô chứa công thức chưa có kết quả.",
            "Gõ trực tiếp giá trị, hoặc mở bằng Excel, tính lại rồi lưu.",
        ),
        (
            "The cell holds a formula without a result.",
            "Type the value, or open in Excel, recalculate and save.",
        ),
    ),
    entry(
        "S021",
        "external-formula",
        "error",
        (
            "Ô chứa công thức lấy số liệu từ ngoài trang phiếu ({entered}).",
            "Gõ trực tiếp giá trị vào ô.",
        ),
        (
            "The cell's formula takes its value from outside the form's sheet ({entered}).",
            "Type the value itself.",
        ),
    ),
    entry(
        "S022",
        "formula-counted",
        "note",
        ("Ô nhập chứa công thức; giá trị hiện có {number} được dùng.", "Nên gõ trực tiếp giá trị."),
        ("The input cell holds a formula; its value {number} is used.", "Better type the value."),
    ),
    entry(
        "S023",
        "numerator-above-denominator",
        "error",
        ("{numerator} ({number}) lớn hơn {denominator} ({whole}).", "Kiểm tra lại hai số liệu."),
        ("{numerator} ({number}) is larger than {denominator} ({whole}).", "Check both figures."),
    ),
    entry(
        "S024",
        "unknown-level",
        "error",
        ("“{entered}” không có trong danh sách.", "Chọn một trong: {choices}."),
        ("“{entered}” is not on the list.", "Choose one of: {choices}."),
    ),
    entry(
        "S025",
        "missing-evidence",
        "error",
        (
            "Đã tự chấm {points} điểm nhưng chưa ghi tài liệu kiểm chứng hoặc giải trình.",
            "Ghi số, ký hiệu, ngày của văn bản vào cột Tài liệu kiểm chứng, hoặc giải trình đầy đủ.",
        ),
        (
            "{points} points were claimed without evidence or explanation.",
            "Give number, symbol and date of the document, or a full explanation.",
        ),
    ),
    entry(
        "S042",
        "evidence-advised",
        "warning",
        (
            "Đã tự chấm {points} điểm nhưng chưa ghi tài liệu kiểm chứng hoặc giải trình.",
            "Nên ghi số, ký hiệu, ngày của văn bản vào cột Tài liệu kiểm chứng.",
        ),
        (
            "{points} points were claimed without evidence or explanation.",
            "Better give number, symbol and date of the document.",
        ),
    ),
    entry(
        "S026",
        "not-whole",
        "error",
        ("Đã nhập {number}; số lượng phải là số nguyên.", "Nhập số nguyên, ví dụ 3."),
        ("{number} was entered; a count is a whole number.", "Enter a whole number, such as 3."),
    ),
    entry(
        "S027",
        "undefined-formula",
        "error",
        (
            "Không tính được điểm từ các số liệu đã nhập (công thức chấm gặp phép chia cho 0).",
            "Kiểm tra lại các số liệu của tiêu chí.",
        ),
        (
            "The score cannot be computed from these figures (the formula divides by 0).",
            "Check the criterion's figures.",
        ),
    ),
    entry(
        "S028",
        "figures-contradict",
        "error",
        ("Các số liệu mâu thuẫn nhau: {reason}.", "Kiểm tra lại các số liệu của tiêu chí."),
        ("The figures contradict each other: {reason}.", "Check the criterion's figures."),
    ),
    entry(
        "S029",
        "score-out-of-range",
        "error",
        (
            "Điểm tính ra {number} nằm ngoài khoảng {minimum} – {maximum}.",
            "Kiểm tra lại các số liệu của tiêu chí.",
        ),
        (
            "The computed score {number} lies outside {minimum} to {maximum}.",
            "Check the criterion's figures.",
        ),
    ),
    entry(
        "S030",
        "entry-not-applicable",
        "warning",
        (
            "Đã nhập “{number}” cho tiêu chí chọn “Không áp dụng”; số liệu này không được tính.",
            "Xóa số liệu, hoặc chọn lại “Áp dụng”.",
        ),
        (
            "“{number}” was entered for a criterion marked not applicable; it does not count.",
            "Delete it, or choose applicable again.",
        ),
    ),
    entry(
        "S031",
        "not-applicable-unexplained",
        "error",
        (
            "Chọn “Không áp dụng” nhưng chưa giải trình.",
            "Ghi lý do vào cột Giải trình (điều kiện: {condition}).",
        ),
        (
            "Marked not applicable without an explanation.",
            "Give the reason (condition: {condition}).",
        ),
    ),
    entry(
        "S032",
        "draft",
        "note",
        (
            "Phiếu chưa được đánh dấu hoàn thành, mới là bản nháp; còn {open} nội dung chưa nhập.",
            "Khi xong, chọn “ĐÃ HOÀN THÀNH” ở ô trạng thái cuối phiếu, lưu và gửi lại.",
        ),
        (
            "The scorecard is not ticked as complete, so it is a draft; {open} entries are open.",
            "When finished, choose “ĐÃ HOÀN THÀNH” in the state cell at the end, save and resend.",
        ),
    ),
    entry(
        "S045",
        "draft-unticked",
        "note",
        (
            "Phiếu đã nhập đủ nhưng chưa chọn “ĐÃ HOÀN THÀNH” nên mới là bản nháp.",
            "Chọn “ĐÃ HOÀN THÀNH” ở ô trạng thái cuối phiếu rồi gửi lại.",
        ),
        (
            "The scorecard is filled, but not ticked as complete, so it is a draft.",
            "Choose “ĐÃ HOÀN THÀNH” in the state cell at the end and resend.",
        ),
    ),
    entry(
        "S033",
        "number-as-text",
        "note",
        (
            "Số được lưu dạng văn bản (“{entered}”), được hiểu là {understood}.",
            "Điểm vẫn được tính; nên gõ lại thành số để tổng điểm in trên phiếu đúng.",
        ),
        (
            "The number is stored as text (“{entered}”) and was understood as {understood}.",
            "It counts; better retype it as a number, so that the printed total is right.",
        ),
    ),
    entry(
        "S034",
        "percent-understood",
        "note",
        (
            "Đã nhập phần trăm ({number}), được hiểu là {understood}.",
            "Điểm vẫn được tính; nên gõ {understood}, không kèm dấu %, để tổng điểm in trên phiếu đúng.",
        ),
        (
            "A percent was entered ({number}) and understood as {understood}.",
            "It counts; better type {understood} without the sign, so that the printed total is right.",
        ),
    ),
    entry(
        "S035",
        "percent-in-points",
        "error",
        ("Đã nhập phần trăm ({number}) vào ô không nhận phần trăm.", _NUMBER_VI),
        ("A percent ({number}) was entered in a cell that takes none.", _NUMBER_EN),
    ),
    entry(
        "S036",
        "return-refused",
        "error",
        (
            "Phiếu chưa được tiếp nhận: còn {errors} lỗi phải sửa.",
            "Sửa các lỗi nêu trên rồi gửi lại cả phiếu.",
        ),
        (
            "The return is not accepted yet: {errors} errors are to be mended.",
            "Mend the errors above and send it again.",
        ),
    ),
    entry(
        "S037",
        "unknown-row",
        "note",
        (
            "Cột khóa ẩn có nội dung lạ ({count} ô, đầu tiên là “{entered}”); các hàng này không được đọc.",
            "Không cần làm gì.",
        ),
        (
            "The hidden key column has content that the form does not know ({count} cells, the first says “{entered}”); these rows were not read.",
            "Nothing to do.",
        ),
    ),
    entry(
        "S038",
        "not-your-row",
        "warning",
        (
            "Ô này thuộc phần của người khác; giá trị “{number}” không được tính.",
            "Chỉ nhập các ô màu vàng.",
        ),
        (
            "This cell is another officer's; “{number}” does not count.",
            "Fill only the yellow cells.",
        ),
    ),
    entry(
        "S039",
        "unknown-state",
        "error",
        (
            "Ô trạng thái ghi “{entered}”, không có trong danh sách.",
            "Chọn “ĐÃ HOÀN THÀNH” hoặc để “Đang thực hiện”.",
        ),
        (
            "The state cell says “{entered}”, which is not on the list.",
            "Choose “ĐÃ HOÀN THÀNH” or leave it in progress.",
        ),
    ),
    entry(
        "S040",
        "keys-damaged",
        "error",
        ("Hàng khóa ẩn hoặc cột khóa ẩn của phiếu bị hỏng ({entered}).", _REISSUE_VI),
        ("The form's hidden key row or key column is damaged ({entered}).", _REISSUE_EN),
    ),
    entry(
        "S041",
        "text-too-long",
        "warning",
        (
            "Nội dung dài {length} ký tự, vượt mức Excel cho phép ({limit}).",
            "Rút gọn, để phần còn lại trong tài liệu kiểm chứng.",
        ),
        ("The text has {length} characters, above Excel's limit ({limit}).", "Shorten it."),
    ),
    entry(
        "S044",
        "more-findings",
        "note",
        (
            "Còn {count} lỗi, cảnh báo hoặc ghi chú khác không liệt kê ở đây.",
            "Xử lý các mục đã nêu rồi kiểm tra lại.",
        ),
        ("{count} further findings are not listed here.", "Settle those listed and check again."),
    ),
    entry(
        "M001",
        "role-conflict",
        "error",
        (
            "Hai phiếu điền khác nhau cho cùng một hàng: “{first}” ({first_place}) và “{second}” ({second_place}). Không giá trị nào được tính.",
            "Thống nhất một giá trị và gửi lại phiếu cần sửa.",
        ),
        (
            "Two cards fill one row differently: “{first}” ({first_place}) and “{second}” ({second_place}). Neither counts.",
            "Agree on one value and resend the card to be changed.",
        ),
    ),
    entry(
        "M002",
        "card-outstanding",
        "note",
        ("Chưa nhận phiếu của: {roles}.", "Đôn đốc người thực hiện gửi phiếu."),
        ("Cards are outstanding from: {roles}.", "Remind the officers."),
    ),
)
