"""The file as a package (`P`) and its intake (`N`)."""

from __future__ import annotations

from xlscore.catalogue.entry import Entry, entry

_SAVE_VI = (
    "Mở tệp bằng Excel, chọn Lưu thành (Save As), kiểu “Excel Workbook (*.xlsx)”, rồi gửi lại."
)
_SAVE_EN = "Open it in Excel, choose Save As, type “Excel Workbook (*.xlsx)”, and send it again."
_AGAIN_VI = "Lưu lại phiếu bằng Excel trên máy rồi gửi lại; nếu vẫn lỗi, xin cấp lại phiếu."
_AGAIN_EN = (
    "Save the scorecard again in Excel and resend it; if it still fails, ask for a new form."
)

ENTRIES: tuple[Entry, ...] = (
    entry(
        "P001",
        "empty",
        "error",
        ("Tệp rỗng (0 byte).", "Có thể tệp chưa chép xong: hãy chép lại."),
        ("The file is empty (0 bytes).", "It may not have been copied completely: copy it again."),
    ),
    entry(
        "P002",
        "not-a-regular-file",
        "error",
        (
            "Đây không phải là một tệp (là thư mục hoặc thiết bị).",
            "Hãy gửi chính tệp phiếu chấm điểm .xlsx.",
        ),
        ("This is not a file (it is a folder or a device).", "Send the .xlsx scorecard itself."),
    ),
    entry(
        "P003",
        "symlink",
        "error",
        ("Đây là một đường dẫn tắt, không phải tệp.", "Hãy chép chính tệp phiếu vào thư mục."),
        ("This is a link, not a file.", "Copy the scorecard itself into the folder."),
    ),
    entry(
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
    ),
    entry(
        "P005",
        "unreadable",
        "error",
        ("Không đọc được tệp ({what}).", "Đóng tệp trong Excel, kiểm tra quyền đọc, rồi thử lại."),
        (
            "The file cannot be read ({what}).",
            "Close it in Excel, check the permission, and try again.",
        ),
    ),
    entry(
        "P006",
        "old-xls",
        "error",
        ("Tệp ở định dạng Excel cũ (.xls).", _SAVE_VI),
        ("The file has the old Excel format (.xls).", _SAVE_EN),
    ),
    entry(
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
    ),
    entry(
        "P008",
        "ods",
        "error",
        ("Tệp ở định dạng OpenDocument (.ods).", _SAVE_VI),
        ("The file has the OpenDocument format (.ods).", _SAVE_EN),
    ),
    entry(
        "P009",
        "xlsb",
        "error",
        ("Tệp ở định dạng Excel nhị phân (.xlsb).", _SAVE_VI),
        ("The file has the binary Excel format (.xlsb).", _SAVE_EN),
    ),
    entry(
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
    ),
    entry(
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
    ),
    entry(
        "P012",
        "other-format",
        "error",
        ("Tệp không phải sổ Excel ({what}).", "Hãy gửi chính phiếu .xlsx đã được cấp."),
        (
            "The file is not an Excel workbook ({what}).",
            "Send the .xlsx scorecard that was issued.",
        ),
    ),
    entry(
        "P013",
        "damaged",
        "error",
        ("Tệp hỏng hoặc chưa chép xong ({what}).", _AGAIN_VI),
        ("The file is damaged or was not copied completely ({what}).", _AGAIN_EN),
    ),
    entry(
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
    ),
    entry(
        "P015",
        "ambiguous",
        "error",
        ("Cấu trúc tệp có chỗ hiểu được hai cách ({what}).", _AGAIN_VI),
        ("The file's structure can be read in two ways ({what}).", _AGAIN_EN),
    ),
    entry(
        "P016",
        "forbidden-xml",
        "error",
        ("Tệp chứa mã XML không được phép ({what}).", _AGAIN_VI),
        ("The file contains XML that is not allowed ({what}).", _AGAIN_EN),
    ),
    entry(
        "P017",
        "unsafe-path",
        "error",
        ("Tệp chứa đường dẫn không an toàn ({what}).", _AGAIN_VI),
        ("The file contains an unsafe path ({what}).", _AGAIN_EN),
    ),
    entry(
        "P018",
        "missing-part",
        "error",
        ("Tệp thiếu thành phần bắt buộc ({what}).", _AGAIN_VI),
        ("The file lacks a required part ({what}).", _AGAIN_EN),
    ),
    entry(
        "P019",
        "reader-stopped",
        "error",
        ("Chương trình đọc đã dừng khi xử lý tệp này ({what}).", _AGAIN_VI),
        ("The reader stopped on this file ({what}).", _AGAIN_EN),
    ),
    entry(
        "P020",
        "macros-ignored",
        "note",
        (
            "Tệp có chứa macro; macro không được chạy và không được đọc.",
            "Lần sau nên lưu ở dạng .xlsx.",
        ),
        (
            "The file contains macros; they were neither run nor read.",
            "Next time save it as .xlsx.",
        ),
    ),
    entry(
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
    ),
    entry(
        "N001",
        "still-being-copied",
        "note",
        ("Tệp đang được chép hoặc đang thay đổi.", "Chạy lại lệnh thu phiếu sau ít phút."),
        ("The file is still being copied or changed.", "Run collect again in a few minutes."),
    ),
    entry(
        "N002",
        "busy",
        "note",
        (
            "Tệp đang được chương trình khác giữ ({what}).",
            "Đóng tệp trong Excel rồi chạy lại lệnh thu phiếu.",
        ),
        (
            "The file is held by another program ({what}).",
            "Close it in Excel and run collect again.",
        ),
    ),
    entry(
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
    ),
)
