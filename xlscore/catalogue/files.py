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
    entry(
        "P022",
        "misplaced-evidence",
        "error",
        (
            "Tệp này không phải phiếu chấm điểm mà là một tài liệu.",
            "Nếu là tài liệu kiểm chứng, chuyển tệp vào thư mục {folder} trong hộp nhận; phiếu thì gửi tệp .xlsx.",
        ),
        (
            "This file is no scorecard but a document.",
            "If it is evidence, move it to the folder {folder} of the inbox; send the scorecard as .xlsx.",
        ),
    ),
    entry(
        "P023",
        "evidence-too-large",
        "error",
        (
            "Tài liệu kiểm chứng quá lớn (giới hạn {limit}).",
            "Nén hoặc chia nhỏ tài liệu rồi đặt lại vào thư mục minh chứng.",
        ),
        (
            "The document of evidence is too large (the limit is {limit}).",
            "Compress or split it and put it into the folder of evidence again.",
        ),
    ),
    entry(
        "N004",
        "open-in-excel",
        "note",
        (
            "Tệp đang mở trong Excel hoặc LibreOffice.",
            "Lưu và đóng tệp; tệp sẽ được thu ngay sau đó.",
        ),
        (
            "The file is open in Excel or LibreOffice.",
            "Save and close it; it is taken right after.",
        ),
    ),
    entry(
        "N005",
        "taken-while-open",
        "note",
        (
            "Tệp được thu trong khi vẫn mở trong Excel, vì đã mở quá lâu.",
            "Nếu còn sửa sau đó: lưu lại, tệp mới sẽ được thu thành lần nộp sau.",
        ),
        (
            "The file was taken while still open in Excel, since it had been open for too long.",
            "If it was changed afterwards: save it again, it is taken as a further version.",
        ),
    ),
    entry(
        "N006",
        "in-the-cloud",
        "note",
        (
            "Tệp mới chỉ nằm trên đám mây, chưa có trên máy này.",
            "Trong OneDrive chọn “Luôn giữ trên thiết bị này” cho hộp nhận, hoặc đặt intake.download_placeholders.",
        ),
        (
            "The file is in the cloud only and not on this computer yet.",
            "In OneDrive choose “Always keep on this device” for the inbox, or set intake.download_placeholders.",
        ),
    ),
    entry(
        "N007",
        "incomplete",
        "note",
        (
            "Tệp chưa đầy đủ, có lẽ còn đang chép; nếu vẫn vậy sau {what} phút thì đơn vị được báo.",
            "Chờ chép xong; nếu đã xong thì chép lại tệp.",
        ),
        (
            "The file is incomplete, perhaps still being copied; after {what} minutes the unit is told.",
            "Wait for the copy to end; if it has, copy the file again.",
        ),
    ),
    entry(
        "N008",
        "orphaned-save",
        "note",
        (
            "Excel đã lưu dở tại đây một sổ làm việc không có tên và phần mở rộng.",
            "Báo đơn vị lưu lại phiếu; nếu tệp gốc không còn, đổi tên tệp này thành .xlsx.",
        ),
        (
            "Excel left a half-saved workbook here, without name and extension.",
            "Ask the unit to save its scorecard again; if that is gone, rename this file to .xlsx.",
        ),
    ),
    entry(
        "N009",
        "folder-unread",
        "note",
        (
            "Không xem được thư mục này của hộp nhận, nên chưa biết trong đó có gì.",
            "Kiểm tra quyền đọc của thư mục.",
        ),
        (
            "This folder of the inbox cannot be listed, so nobody knows what is in it.",
            "Check the permission to read it.",
        ),
    ),
    entry(
        "N010",
        "conflict-copy",
        "note",
        (
            "Tên tệp cho thấy đây là bản sao do phần mềm đồng bộ hoặc Windows tạo ra.",
            "Bản nhận sau cùng được tính; kiểm tra xem đó có phải bản đúng không.",
        ),
        (
            "By its name this is a copy that a sync program or Windows made.",
            "The one received last counts; check that it is the right one.",
        ),
    ),
    entry(
        "N040",
        "content-lost",
        "error",
        (
            "Khi dựng lại sổ theo dõi không còn biên bản của lần gửi này.",
            "Để tệp vào hộp nhận lần nữa dưới tên khác, hoặc đề nghị đơn vị gửi lại.",
        ),
        (
            "When the ledger was rebuilt, the record of this arrival was gone.",
            "Put the file into the inbox once more under another name, or ask the unit to send it again.",
        ),
    ),
)
