"""The catalogue of findings: permanent codes with severity, message and remedy, Vietnamese and English.

A code is never reused and need not follow the one before. Prefixes: `P` the file as a package,
`I` identity, `S` the scorecard's rows and cells, `M` many hands, `N` intake, `R` rubrics,
`C` campaigns, `X` plugins. Messages say what is there, remedies what to do. `{entered}` and `{row}`
come from the finding, `{number}` is `entered` with the language's decimal mark, other names come from
`params`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error refuses the return (or the rubric, or the campaign); a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Words:
    """Message and remedy in one language, as templates."""

    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One code: its name is what the program uses, its code what people quote."""

    code: str
    name: str
    severity: Severity
    vi: Words
    en: Words

    def words(self, language: str) -> Words:
        """Return the templates for `language` (`vi`, anything else is English)."""
        return self.vi if language == "vi" else self.en


_ENTRIES: list[Entry] = []


def _add(code: str, name: str, severity: str, vi: tuple[str, str], en: tuple[str, str]) -> None:
    _ENTRIES.append(Entry(code, name, Severity(severity), Words(*vi), Words(*en)))


# --- P: the file ------------------------------------------------------------------------------------
_SAVE_VI = (
    "Mở tệp bằng Excel, chọn Lưu thành (Save As), kiểu “Excel Workbook (*.xlsx)”, rồi gửi lại."
)
_SAVE_EN = "Open it in Excel, choose Save As, type “Excel Workbook (*.xlsx)”, and send it again."
_AGAIN_VI = "Lưu lại phiếu bằng Excel trên máy rồi gửi lại; nếu vẫn lỗi, xin cấp lại phiếu."
_AGAIN_EN = (
    "Save the scorecard again in Excel and resend it; if it still fails, ask for a new form."
)

_add(
    "P001",
    "empty",
    "error",
    ("Tệp rỗng (0 byte).", "Có thể tệp chưa chép xong: hãy chép lại."),
    ("The file is empty (0 bytes).", "It may not have been copied completely: copy it again."),
)
_add(
    "P002",
    "not-a-regular-file",
    "error",
    (
        "Đây không phải là một tệp (là thư mục hoặc thiết bị).",
        "Hãy gửi chính tệp phiếu chấm điểm .xlsx.",
    ),
    ("This is not a file (it is a folder or a device).", "Send the .xlsx scorecard itself."),
)
_add(
    "P003",
    "symlink",
    "error",
    ("Đây là một đường dẫn tắt, không phải tệp.", "Hãy chép chính tệp phiếu vào thư mục."),
    ("This is a link, not a file.", "Copy the scorecard itself into the folder."),
)
_add(
    "P004",
    "too-large",
    "error",
    (
        "Tệp quá lớn (giới hạn {limit}).",
        "Xóa hình ảnh và trang tính đã thêm; gửi tài liệu kiểm chứng thành tệp riêng.",
    ),
    (
        "The file is too large (the limit is {limit}).",
        "Remove pictures and added sheets; send evidence as files of its own.",
    ),
)
_add(
    "P005",
    "unreadable",
    "error",
    ("Không đọc được tệp ({what}).", "Đóng tệp trong Excel, kiểm tra quyền đọc, rồi thử lại."),
    (
        "The file cannot be read ({what}).",
        "Close it in Excel, check the permission, and try again.",
    ),
)
_add(
    "P006",
    "old-xls",
    "error",
    ("Tệp ở định dạng Excel cũ (.xls).", _SAVE_VI),
    ("The file has the old Excel format (.xls).", _SAVE_EN),
)
_add(
    "P007",
    "encrypted",
    "error",
    (
        "Tệp được đặt mật khẩu mở.",
        "Mở tệp, vào Tệp > Thông tin > Bảo vệ sổ làm việc > Mã hóa bằng mật khẩu, xóa mật khẩu, lưu và gửi lại.",
    ),
    (
        "The file is protected by a password to open.",
        "Open it, go to File > Info > Protect Workbook > Encrypt with Password, clear it, save and resend.",
    ),
)
_add(
    "P008",
    "ods",
    "error",
    ("Tệp ở định dạng OpenDocument (.ods).", _SAVE_VI),
    ("The file has the OpenDocument format (.ods).", _SAVE_EN),
)
_add(
    "P009",
    "xlsb",
    "error",
    ("Tệp ở định dạng Excel nhị phân (.xlsb).", _SAVE_VI),
    ("The file has the binary Excel format (.xlsb).", _SAVE_EN),
)
_add(
    "P010",
    "csv-or-text",
    "error",
    (
        "Tệp chỉ là văn bản (CSV), không phải phiếu Excel.",
        "Hãy gửi lại chính phiếu .xlsx đã được cấp.",
    ),
    (
        "The file is plain text (CSV), not an Excel scorecard.",
        "Send the .xlsx scorecard that was issued.",
    ),
)
_add(
    "P011",
    "pdf",
    "error",
    (
        "Tệp là PDF, không phải phiếu Excel.",
        "Hãy gửi phiếu .xlsx; bản PDF đã ký để cùng tài liệu kiểm chứng.",
    ),
    (
        "The file is a PDF, not an Excel scorecard.",
        "Send the .xlsx; put the signed PDF with the evidence.",
    ),
)
_add(
    "P012",
    "other-format",
    "error",
    ("Tệp không phải sổ Excel ({what}).", "Hãy gửi chính phiếu .xlsx đã được cấp."),
    ("The file is not an Excel workbook ({what}).", "Send the .xlsx scorecard that was issued."),
)
_add(
    "P013",
    "damaged",
    "error",
    ("Tệp hỏng hoặc chưa chép xong ({what}).", _AGAIN_VI),
    ("The file is damaged or was not copied completely ({what}).", _AGAIN_EN),
)
_add(
    "P014",
    "bomb",
    "error",
    (
        "Nội dung tệp lớn bất thường ({what}).",
        "Xóa các trang, hàng, cột đã thêm ngoài phiếu. " + _AGAIN_VI,
    ),
    (
        "The content is abnormally large ({what}).",
        "Remove sheets, rows and columns added. " + _AGAIN_EN,
    ),
)
_add(
    "P015",
    "ambiguous",
    "error",
    ("Cấu trúc tệp có chỗ hiểu được hai cách ({what}).", _AGAIN_VI),
    ("The file's structure can be read in two ways ({what}).", _AGAIN_EN),
)
_add(
    "P016",
    "forbidden-xml",
    "error",
    ("Tệp chứa mã XML không được phép ({what}).", _AGAIN_VI),
    ("The file contains XML that is not allowed ({what}).", _AGAIN_EN),
)
_add(
    "P017",
    "unsafe-path",
    "error",
    ("Tệp chứa đường dẫn không an toàn ({what}).", _AGAIN_VI),
    ("The file contains an unsafe path ({what}).", _AGAIN_EN),
)
_add(
    "P018",
    "missing-part",
    "error",
    ("Tệp thiếu thành phần bắt buộc ({what}).", _AGAIN_VI),
    ("The file lacks a required part ({what}).", _AGAIN_EN),
)
_add(
    "P019",
    "reader-stopped",
    "error",
    ("Chương trình đọc đã dừng khi xử lý tệp này ({what}).", _AGAIN_VI),
    ("The reader stopped on this file ({what}).", _AGAIN_EN),
)
_add(
    "P020",
    "macros-ignored",
    "note",
    (
        "Tệp có chứa macro; macro không được chạy và không được đọc.",
        "Lần sau nên lưu ở dạng .xlsx.",
    ),
    ("The file contains macros; they were neither run nor read.", "Next time save it as .xlsx."),
)
_add(
    "P021",
    "external-links",
    "note",
    (
        "Tệp có liên kết tới sổ làm việc khác; các liên kết không được mở.",
        "Nhập trực tiếp số liệu vào phiếu.",
    ),
    (
        "The file links to other workbooks; the links were not followed.",
        "Type the figures themselves.",
    ),
)

# --- I: identity ------------------------------------------------------------------------------------
_ISSUED_VI = "Hãy dùng đúng phiếu đã được cấp cho đơn vị, không dùng bản sao từ nơi khác."
_ISSUED_EN = "Use the form that was issued to the unit, not a copy from elsewhere."
_add(
    "I001",
    "unsigned",
    "error",
    ("Không tìm thấy mã nhận dạng của phiếu.", _ISSUED_VI),
    ("The form's identity token was not found.", _ISSUED_EN),
)
_add(
    "I002",
    "bad-signature",
    "error",
    ("Mã nhận dạng của phiếu không hợp lệ (đã bị sửa hoặc do nơi khác cấp).", _ISSUED_VI),
    ("The form's identity token is not valid (altered, or issued elsewhere).", _ISSUED_EN),
)
_add(
    "I003",
    "contradicting-tokens",
    "error",
    (
        "Phiếu mang hai mã nhận dạng khác nhau ({first}; {second}).",
        "Không sao chép trang tính giữa các phiếu. " + _ISSUED_VI,
    ),
    (
        "The form carries two different identities ({first}; {second}).",
        "Do not copy sheets between forms. " + _ISSUED_EN,
    ),
)
_add(
    "I004",
    "other-campaign",
    "error",
    (
        "Phiếu thuộc kỳ đánh giá khác ({entered}).",
        "Kỳ này chỉ nhận phiếu của “{campaign}”. " + _ISSUED_VI,
    ),
    (
        "The form belongs to another campaign ({entered}).",
        "Only forms of “{campaign}” count. " + _ISSUED_EN,
    ),
)
_add(
    "I005",
    "unknown-unit",
    "error",
    (
        "Phiếu cấp cho đơn vị không có trong danh sách ({entered}).",
        "Báo cơ quan cấp phiếu kiểm tra danh sách đơn vị.",
    ),
    (
        "The form was issued to a unit that is not on the list ({entered}).",
        "Ask the office to check its list.",
    ),
)
_add(
    "I006",
    "other-unit",
    "error",
    (
        "Phiếu của đơn vị {entered} nằm trong thư mục của đơn vị {folder}.",
        "Chuyển phiếu về đúng thư mục, hoặc gửi phiếu của chính đơn vị.",
    ),
    (
        "A form of unit {entered} lies in the folder of unit {folder}.",
        "Move it to the right folder, or send the unit's own form.",
    ),
)
_add(
    "I007",
    "old-rubric",
    "error",
    (
        "Phiếu được lập theo bộ tiêu chí cũ (điểm, phương pháp chấm hoặc tiêu chí đã thay đổi).",
        "Xin phiếu mới và nhập lại các tiêu chí đã thay đổi.",
    ),
    (
        "The form follows an old rubric (points, methods or criteria have changed).",
        "Ask for the new form and re-enter what has changed.",
    ),
)
_add(
    "I008",
    "revoked",
    "error",
    ("Phiếu số {entered} đã được thu hồi ({reason}).", "Xin phiếu mới."),
    ("Form number {entered} has been revoked ({reason}).", "Ask for a new form."),
)
_add(
    "I009",
    "blank-sample",
    "error",
    ("Đây là phiếu mẫu, không phải phiếu cấp cho đơn vị.", _ISSUED_VI),
    ("This is a blank sample, not a form issued to a unit.", _ISSUED_EN),
)
_add(
    "I010",
    "wrong-kind",
    "error",
    ("Đây không phải phiếu tự chấm điểm ({entered}).", "Gửi đúng loại phiếu."),
    ("This is not a scorecard ({entered}).", "Send the right kind of form."),
)
_add(
    "I011",
    "outdated-role",
    "error",
    ("Phiếu cấp cho người thực hiện không còn trong bộ tiêu chí ({entered}).", "Xin phiếu mới."),
    (
        "The form was issued to a role that the rubric no longer has ({entered}).",
        "Ask for a new form.",
    ),
)

# --- S: rows and cells ------------------------------------------------------------------------------
_REISSUE_VI = "Chép số liệu sang phiếu gốc đã được cấp; không sắp xếp, xóa hoặc dán đè cả hàng."
_REISSUE_EN = (
    "Copy the figures into the form as issued; do not sort, delete or paste over whole rows."
)
_NUMBER_VI = "Nhập một con số, ví dụ 0,5."
_NUMBER_EN = "Type one number, for example 0.5."
_add(
    "S001",
    "no-form-sheet",
    "error",
    ("Không tìm thấy trang phiếu trong tệp.", _REISSUE_VI),
    ("The form's sheet was not found in the file.", _REISSUE_EN),
)
_add(
    "S002",
    "two-form-sheets",
    "error",
    (
        "Có nhiều trang cùng là phiếu ({entered}).",
        "Chỉ giữ lại một trang phiếu, xóa các trang sao chép.",
    ),
    ("Several sheets are the form ({entered}).", "Keep one form sheet and delete the copies."),
)
_add(
    "S003",
    "column-missing",
    "error",
    ("Thiếu cột “{column}”.", _REISSUE_VI),
    ("The column “{column}” is missing.", _REISSUE_EN),
)
_add(
    "S004",
    "column-twice",
    "error",
    ("Cột “{column}” xuất hiện hai lần.", "Xóa cột sao chép."),
    ("The column “{column}” stands twice.", "Delete the copy."),
)
_add(
    "S005",
    "row-missing",
    "error",
    ("Hàng “{title}” đã bị xóa.", _REISSUE_VI),
    ("The row “{title}” has been deleted.", _REISSUE_EN),
)
_add(
    "S006",
    "row-twice",
    "error",
    ("Hàng “{title}” xuất hiện hai lần (hàng {first} và {second}).", "Xóa hàng sao chép."),
    ("The row “{title}” stands twice (rows {first} and {second}).", "Delete the copy."),
)
_add(
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
)
_add(
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
)
_add(
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
)
_add(
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
)
_add(
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
)
_add(
    "S012",
    "over-maximum",
    "error",
    ("Đã nhập {number}, vượt mức tối đa {maximum}.", "Nhập không quá {maximum}."),
    ("{number} was entered, above the maximum {maximum}.", "Enter at most {maximum}."),
)
_add(
    "S013",
    "negative",
    "error",
    ("Đã nhập số âm {number}.", "Nhập từ {minimum} trở lên."),
    ("The negative number {number} was entered.", "Enter {minimum} or more."),
)
_add(
    "S043",
    "below-minimum",
    "error",
    ("Đã nhập {number}, dưới mức tối thiểu {minimum}.", "Nhập từ {minimum} trở lên."),
    ("{number} was entered, below the minimum {minimum}.", "Enter {minimum} or more."),
)
_add(
    "S014",
    "off-step",
    "error",
    ("Đã nhập {number}; điểm phải là bội số của {step}.", "Ví dụ: {example}."),
    ("{number} was entered; points go in steps of {step}.", "For example: {example}."),
)
_add(
    "S015",
    "not-a-number",
    "error",
    ("Đã nhập “{entered}”, không phải là số.", _NUMBER_VI),
    ("“{entered}” was entered, which is not a number.", _NUMBER_EN),
)
_add(
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
)
_add(
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
)
_add(
    "S018",
    "boolean-in-cell",
    "error",
    ("Ô chứa giá trị đúng/sai ({entered}).", _NUMBER_VI),
    ("The cell holds a true/false value ({entered}).", _NUMBER_EN),
)
_add(
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
)
_add(
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
)
_add(
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
)
_add(
    "S022",
    "formula-counted",
    "note",
    ("Ô nhập chứa công thức; giá trị hiện có {number} được dùng.", "Nên gõ trực tiếp giá trị."),
    ("The input cell holds a formula; its value {number} is used.", "Better type the value."),
)
_add(
    "S023",
    "numerator-above-denominator",
    "error",
    ("{numerator} ({number}) lớn hơn {denominator} ({whole}).", "Kiểm tra lại hai số liệu."),
    ("{numerator} ({number}) is larger than {denominator} ({whole}).", "Check both figures."),
)
_add(
    "S024",
    "unknown-level",
    "error",
    ("“{entered}” không có trong danh sách.", "Chọn một trong: {choices}."),
    ("“{entered}” is not on the list.", "Choose one of: {choices}."),
)
_add(
    "S025",
    "missing-evidence",
    "error",
    (
        "Đã tự chấm {number} điểm nhưng chưa ghi tài liệu kiểm chứng hoặc giải trình.",
        "Ghi số, ký hiệu, ngày của văn bản vào cột Tài liệu kiểm chứng, hoặc giải trình đầy đủ.",
    ),
    (
        "{number} points were claimed without evidence or explanation.",
        "Give number, symbol and date of the document, or a full explanation.",
    ),
)
_add(
    "S042",
    "evidence-advised",
    "warning",
    (
        "Đã tự chấm {number} điểm nhưng chưa ghi tài liệu kiểm chứng hoặc giải trình.",
        "Nên ghi số, ký hiệu, ngày của văn bản vào cột Tài liệu kiểm chứng.",
    ),
    (
        "{number} points were claimed without evidence or explanation.",
        "Better give number, symbol and date of the document.",
    ),
)
_add(
    "S026",
    "not-whole",
    "error",
    ("Đã nhập {number}; số lượng phải là số nguyên.", "Nhập số nguyên, ví dụ 3."),
    ("{number} was entered; a count is a whole number.", "Enter a whole number, such as 3."),
)
_add(
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
)
_add(
    "S028",
    "figures-contradict",
    "error",
    ("Các số liệu mâu thuẫn nhau: {reason}.", "Kiểm tra lại các số liệu của tiêu chí."),
    ("The figures contradict each other: {reason}.", "Check the criterion's figures."),
)
_add(
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
)
_add(
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
)
_add(
    "S031",
    "not-applicable-unexplained",
    "error",
    (
        "Chọn “Không áp dụng” nhưng chưa giải trình.",
        "Ghi lý do vào cột Giải trình (điều kiện: {condition}).",
    ),
    ("Marked not applicable without an explanation.", "Give the reason (condition: {condition})."),
)
_add(
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
)
_add(
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
)
_add(
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
)
_add(
    "S035",
    "percent-in-points",
    "error",
    ("Đã nhập phần trăm ({number}) vào ô không nhận phần trăm.", _NUMBER_VI),
    ("A percent ({number}) was entered in a cell that takes none.", _NUMBER_EN),
)
_add(
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
)
_add(
    "S037",
    "unknown-row",
    "note",
    ("Cột khóa ẩn có nội dung lạ “{entered}”; hàng này không được đọc.", "Không cần làm gì."),
    (
        "The hidden key column says “{entered}”, which the form does not know; the row was not read.",
        "Nothing to do.",
    ),
)
_add(
    "S038",
    "not-your-row",
    "warning",
    (
        "Ô này thuộc phần của người khác; giá trị “{number}” không được tính.",
        "Chỉ nhập các ô màu vàng.",
    ),
    ("This cell is another officer's; “{number}” does not count.", "Fill only the yellow cells."),
)
_add(
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
)
_add(
    "S040",
    "keys-damaged",
    "error",
    ("Hàng khóa ẩn hoặc cột khóa ẩn của phiếu bị hỏng ({entered}).", _REISSUE_VI),
    ("The form's hidden key row or key column is damaged ({entered}).", _REISSUE_EN),
)
_add(
    "S041",
    "text-too-long",
    "warning",
    (
        "Nội dung dài {length} ký tự, vượt mức Excel cho phép ({limit}).",
        "Rút gọn, để phần còn lại trong tài liệu kiểm chứng.",
    ),
    ("The text has {length} characters, above Excel's limit ({limit}).", "Shorten it."),
)

# --- M: many hands ----------------------------------------------------------------------------------
_add(
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
)
_add(
    "M002",
    "card-outstanding",
    "note",
    ("Chưa nhận phiếu của: {roles}.", "Đôn đốc người thực hiện gửi phiếu."),
    ("Cards are outstanding from: {roles}.", "Remind the officers."),
)

# --- N: intake --------------------------------------------------------------------------------------
_add(
    "N001",
    "still-being-copied",
    "note",
    ("Tệp đang được chép hoặc đang thay đổi.", "Chạy lại lệnh thu phiếu sau ít phút."),
    ("The file is still being copied or changed.", "Run collect again in a few minutes."),
)
_add(
    "N002",
    "busy",
    "note",
    (
        "Tệp đang được chương trình khác giữ ({what}).",
        "Đóng tệp trong Excel rồi chạy lại lệnh thu phiếu.",
    ),
    ("The file is held by another program ({what}).", "Close it in Excel and run collect again."),
)
_add(
    "N003",
    "late",
    "note",
    (
        "Nhận lúc {received}, sau hạn {deadline}: trễ {days} ngày.",
        "Áp dụng quy định của kỳ đánh giá.",
    ),
    (
        "Received {received}, after the deadline {deadline}: {days} days late.",
        "The campaign's rule applies.",
    ),
)

# --- R: rubrics -------------------------------------------------------------------------------------
_add(
    "R001",
    "rubric-unreadable",
    "error",
    ("Không đọc được tệp bộ tiêu chí ({what}).", "Kiểm tra tệp."),
    ("The rubric file cannot be read ({what}).", "Check the file."),
)
_add(
    "R002",
    "rubric-syntax",
    "error",
    ("Sai cú pháp YAML ({what}).", "Kiểm tra thụt lề, dấu hai chấm và dấu nháy ở dòng này."),
    ("YAML syntax error ({what}).", "Check indentation, colons and quotes on this line."),
)
_add(
    "R003",
    "rubric-field",
    "error",
    ("Trường “{field}”: {what}.", "Sửa giá trị đã ghi (“{entered}”)."),
    ("Field “{field}”: {what}.", "Correct what is written (“{entered}”)."),
)
_add(
    "R004",
    "duplicate-id",
    "error",
    ("Mã định danh “{entered}” đã dùng ở dòng {first}.", "Đặt mã khác: mỗi hàng có một mã riêng."),
    (
        "The id “{entered}” is already used on line {first}.",
        "Choose another: every node has its own id.",
    ),
)
_add(
    "R005",
    "duplicate-code",
    "warning",
    (
        "STT “{entered}” đã in ở dòng {first}.",
        "Kiểm tra văn bản gốc; nếu đúng như vậy thì không cần sửa.",
    ),
    (
        "The printed number “{entered}” stands already on line {first}.",
        "Check the decision; if it is so, leave it.",
    ),
)
_add(
    "R006",
    "sum-differs",
    "error",
    (
        "Điểm tối đa ghi {entered} nhưng các mục con cộng lại là {computed}.",
        "Sửa điểm của mục này hoặc mục con.",
    ),
    (
        "The maximum says {entered} but the parts sum to {computed}.",
        "Correct this node or its parts.",
    ),
)
_add(
    "R007",
    "best-differs",
    "error",
    (
        "Điểm tối đa ghi {entered} nhưng mục con cao nhất là {computed}.",
        "Sửa điểm của mục này hoặc mục con.",
    ),
    (
        "The maximum says {entered} but the best part has {computed}.",
        "Correct this node or its parts.",
    ),
)
_add(
    "R008",
    "count-differs",
    "error",
    (
        "Khai báo {entered} mục ở cấp {depth} nhưng đếm được {computed}.",
        "Bổ sung mục thiếu hoặc sửa khai báo.",
    ),
    (
        "{entered} nodes are declared at depth {depth}, {computed} are there.",
        "Add what is missing or correct the declaration.",
    ),
)
_add(
    "R009",
    "declared-total-differs",
    "error",
    (
        "Khai báo {entered} điểm cho phần “{part}” nhưng cộng được {computed}.",
        "Sửa điểm hoặc khai báo.",
    ),
    (
        "{entered} points are declared for “{part}”, {computed} are there.",
        "Correct the points or the declaration.",
    ),
)
_add(
    "R010",
    "scale-differs",
    "error",
    (
        "Thang điểm {entered} nhưng các lĩnh vực cộng lại là {computed}.",
        "Sửa điểm các lĩnh vực hoặc thang điểm.",
    ),
    (
        "The scale is {entered} but the domains sum to {computed}.",
        "Correct the domains or the scale.",
    ),
)
_add(
    "R011",
    "no-method",
    "error",
    ("Mục chấm điểm chưa có phương pháp chấm.", "Thêm “method” hoặc các mục con."),
    ("The leaf has no scoring method.", "Add a “method”, or parts."),
)
_add(
    "R012",
    "method-on-group",
    "error",
    ("Mục có mục con không được có phương pháp chấm.", "Bỏ “method”, hoặc bỏ các mục con."),
    ("A group cannot have a scoring method.", "Remove “method”, or the parts."),
)
_add(
    "R013",
    "unknown-method",
    "error",
    ("Không có phương pháp chấm “{entered}”.", "Các phương pháp có sẵn: {choices}."),
    ("There is no scoring method “{entered}”.", "Known methods: {choices}."),
)
_add(
    "R014",
    "method-field",
    "error",
    ("Phương pháp “{method}”, trường “{field}”: {what}.", "Sửa giá trị đã ghi (“{entered}”)."),
    ("Method “{method}”, field “{field}”: {what}.", "Correct what is written (“{entered}”)."),
)
_add(
    "R015",
    "level-above-maximum",
    "error",
    (
        "Mức “{level}” cho {entered} điểm, vượt điểm tối đa {maximum}.",
        "Sửa điểm của mức hoặc điểm tối đa.",
    ),
    (
        "The level “{level}” gives {entered} points, above the maximum {maximum}.",
        "Correct the level or the maximum.",
    ),
)
_add(
    "R016",
    "maximum-unreachable",
    "warning",
    (
        "Điểm cao nhất đạt được là {computed}, thấp hơn điểm tối đa {entered}.",
        "Kiểm tra lại các mức điểm.",
    ),
    ("The best reachable score is {computed}, below the maximum {entered}.", "Check the levels."),
)
_add(
    "R017",
    "unreachable-band",
    "error",
    (
        "Khoảng “{entered}” không bao giờ đạt tới vì các khoảng trước đã bao trùm.",
        "Sắp xếp hoặc sửa ngưỡng.",
    ),
    (
        "The band “{entered}” can never be reached: earlier bands cover it.",
        "Reorder or correct the thresholds.",
    ),
)
_add(
    "R018",
    "bad-formula",
    "error",
    (
        "Biểu thức “{entered}” không hợp lệ: {what}.",
        "Chỉ dùng biến đã khai báo, + − * /, so sánh, and/or/not, min, max, abs.",
    ),
    (
        "The expression “{entered}” is not valid: {what}.",
        "Use declared variables, + - * /, comparisons, and/or/not, min, max, abs.",
    ),
)
_add(
    "R019",
    "channel-mismatch",
    "error",
    (
        "Phương pháp “{method}” không dùng được cho phần “{entered}”.",
        "Sửa “channel” hoặc phương pháp.",
    ),
    (
        "The method “{method}” does not fit the channel “{entered}”.",
        "Correct the channel or the method.",
    ),
)
_add(
    "R020",
    "unknown-role",
    "error",
    ("Người thực hiện “{entered}” chưa khai báo trong “roles”.", "Khai báo, hoặc sửa tên."),
    ("The role “{entered}” is not declared in “roles”.", "Declare it, or correct the name."),
)
_add(
    "R021",
    "empty-rubric",
    "error",
    ("Bộ tiêu chí không có tiêu chí nào.", "Thêm các lĩnh vực vào “nodes”."),
    ("The rubric has no criteria.", "Add domains under “nodes”."),
)
_add(
    "R022",
    "bad-label",
    "error",
    ("Nhãn “{entered}” không dùng được trong danh sách chọn: {what}.", "Sửa nhãn."),
    ("The label “{entered}” cannot be used in a list: {what}.", "Change the label."),
)
_add(
    "R023",
    "part-not-positive",
    "error",
    ("Điểm tối đa {entered} phải lớn hơn 0.", "Sửa điểm tối đa."),
    ("The maximum {entered} must be above 0.", "Correct the maximum."),
)
_add(
    "R024",
    "unknown-agency",
    "warning",
    ("Cơ quan chủ trì “{entered}” chưa khai báo trong “agencies”.", "Khai báo tên cơ quan."),
    ("The agency “{entered}” is not declared in “agencies”.", "Declare its name."),
)
_add(
    "R030",
    "sheet-cell",
    "error",
    ("Cột “{column}”: {what} (đang ghi “{entered}”).", "Sửa ô này; xem trang Hướng dẫn của tệp."),
    (
        "Column “{column}”: {what} (it says “{entered}”).",
        "Correct the cell; see the workbook's guide sheet.",
    ),
)
_add(
    "R031",
    "sheet-heading",
    "error",
    ("Không tìm thấy cột “{column}”.", "Dùng đúng mẫu do lệnh “rubric export” tạo ra."),
    ("The column “{column}” was not found.", "Use the form that “rubric export” makes."),
)
_add(
    "R032",
    "sheet-missing",
    "error",
    ("Không tìm thấy trang “{sheet}”.", "Dùng đúng mẫu do lệnh “rubric export” tạo ra."),
    ("The sheet “{sheet}” was not found.", "Use the form that “rubric export” makes."),
)
_add(
    "R033",
    "sheet-heading-repeated",
    "error",
    ("Cột “{column}” có hai lần (cột trước ở ô {first}).", "Xóa hoặc đổi tên một cột."),
    ("The column “{column}” stands twice (first in {first}).", "Delete or rename one of them."),
)
_add(
    "R034",
    "sheet-part-ignored",
    "warning",
    (
        "“{entered}” không thuộc mẫu nên không được đọc.",
        "Xóa, hoặc ghi lại đúng tên của mẫu nếu cần đọc.",
    ),
    (
        "“{entered}” is not part of the form and was not read.",
        "Delete it, or use the form's own name for it.",
    ),
)
_add(
    "R035",
    "sheet-depth",
    "error",
    (
        "Cấp “{entered}” không nối tiếp hàng trên: ở đây chỉ có thể là 1 đến {deepest}.",
        "Sửa cột Cấp, hoặc thêm hàng cha.",
    ),
    (
        "The depth “{entered}” does not follow from the row above: 1 to {deepest} can stand here.",
        "Correct the depth, or add the row above it.",
    ),
)
_add(
    "R036",
    "sheet-not-text",
    "error",
    (
        "Cột “{column}”: Excel đã đổi nội dung thành số hoặc ngày tháng ({entered}).",
        "Định dạng ô là Văn bản (Text) rồi gõ lại, ví dụ 1.10.",
    ),
    (
        "Column “{column}”: Excel turned the entry into a number or a date ({entered}).",
        "Format the cell as Text and type it again, for example 1.10.",
    ),
)

# --- C: campaigns -----------------------------------------------------------------------------------
_add(
    "C001",
    "campaign-unreadable",
    "error",
    ("Không đọc được tệp ({what}).", "Kiểm tra tệp, hoặc tạo kỳ đánh giá bằng “xlscore init”."),
    ("The file cannot be read ({what}).", "Check it, or make a campaign with “xlscore init”."),
)
_add(
    "C002",
    "campaign-syntax",
    "error",
    ("Sai cú pháp YAML ({what}).", "Kiểm tra thụt lề, dấu hai chấm và dấu nháy ở dòng này."),
    ("YAML syntax error ({what}).", "Check indentation, colons and quotes on this line."),
)
_add(
    "C003",
    "campaign-field",
    "error",
    ("Trường “{field}”: {what}.", "Sửa giá trị đã ghi (“{entered}”)."),
    ("Field “{field}”: {what}.", "Correct what is written (“{entered}”)."),
)
_add(
    "C004",
    "unknown-reference",
    "error",
    ("Trường “{field}”: không có “{entered}”.", "Các giá trị có sẵn: {choices}."),
    ("Field “{field}”: there is no “{entered}”.", "Known values: {choices}."),
)
_add(
    "C005",
    "duplicate-unit",
    "error",
    ("Mã đơn vị “{entered}” đã dùng ở dòng {first}.", "Mỗi đơn vị có một mã riêng."),
    ("The unit code “{entered}” is already used on line {first}.", "Every unit has its own code."),
)
_add(
    "C006",
    "table-heading",
    "error",
    ("Bảng thiếu cột “{entered}”.", "Thêm cột này ở dòng tiêu đề."),
    ("The table lacks the column “{entered}”.", "Add it to the heading row."),
)
_add(
    "C007",
    "rubric-invalid",
    "error",
    (
        "Bộ tiêu chí {entered} có {count} lỗi.",
        "Chạy “xlscore rubric check {entered}” để xem và sửa.",
    ),
    (
        "The rubric {entered} has {count} errors.",
        "Run “xlscore rubric check {entered}” to see them.",
    ),
)
_add(
    "C008",
    "bad-survey-value",
    "error",
    ("Bảng điều tra: {what} (đang ghi “{entered}”).", "Sửa ô này trong bảng."),
    ("Survey table: {what} (it says “{entered}”).", "Correct this cell of the table."),
)
_add(
    "C009",
    "duplicate-survey-value",
    "error",
    (
        "Số liệu điều tra của đơn vị {unit}, tiêu chí {node} đã có ở dòng {first}.",
        "Giữ lại một dòng.",
    ),
    (
        "The survey figure of unit {unit}, criterion {node} stands already on line {first}.",
        "Keep one line.",
    ),
)

# --- X: plugins -------------------------------------------------------------------------------------
_add(
    "X001",
    "plugin-failed",
    "error",
    (
        "Phần mở rộng “{plugin}” gặp lỗi khi kiểm tra ({what}).",
        "Đơn vị không phải sửa phiếu; cơ quan tổng hợp báo người phát triển phần mở rộng rồi kiểm tra lại.",
    ),
    (
        "The plugin “{plugin}” failed ({what}).",
        "The unit has nothing to mend; the office tells the plugin's author and checks again.",
    ),
)
_add("X002", "plugin-finding", "warning", ("{text}", "{remedy}"), ("{text}", "{remedy}"))
_add("X003", "plugin-error", "error", ("{text}", "{remedy}"), ("{text}", "{remedy}"))

ENTRIES: tuple[Entry, ...] = tuple(_ENTRIES)
BY_CODE: dict[str, Entry] = {entry.code: entry for entry in ENTRIES}
BY_NAME: dict[str, Entry] = {entry.name: entry for entry in ENTRIES}
