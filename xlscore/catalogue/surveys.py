"""Surveys and published indices: the books that bring them, the tables that fill these (`A060`–`A079`)."""

from xlscore.catalogue.entry import Entry, entry

_BOOKS: tuple[Entry, ...] = (
    entry(
        "A060",
        "survey-year-missing",
        "error",
        (
            "Sổ điều tra chưa ghi năm của số liệu; chưa có số liệu nào được tính.",
            "Ghi năm ở trang Thông tin chung (kỳ này là {year}) rồi gửi lại.",
        ),
        (
            "The survey book does not say of which year its figures are; none of them counts.",
            "Enter the year on the first sheet (this campaign's is {year}) and send it again.",
        ),
    ),
    entry(
        "A061",
        "survey-source-missing",
        "warning",
        (
            "Sổ điều tra chưa ghi nguồn số liệu.",
            "Ghi tên cuộc điều tra hoặc văn bản công bố để đối chiếu về sau.",
        ),
        (
            "The survey book does not say where its figures come from.",
            "Name the survey or the publication, so that they can be traced.",
        ),
    ),
    entry(
        "A062",
        "survey-by-missing",
        "warning",
        ("Sổ điều tra chưa ghi người nhập.", "Ghi họ tên, đơn vị của người nhập."),
        ("The survey book does not say who entered it.", "Enter name and office."),
    ),
    entry(
        "A063",
        "survey-book-year-unused",
        "warning",
        (
            "Số liệu năm {entered} của tiêu chí này không được dùng: chỉ tính từ {oldest} đến {newest}.",
            "Sửa năm của số liệu, hoặc bỏ các ô này.",
        ),
        (
            "Figures of {entered} are not used for this criterion: only {oldest} to {newest} count.",
            "Correct the year, or leave these cells out.",
        ),
    ),
    entry(
        "A064",
        "survey-column-outdated",
        "warning",
        (
            "Cột của tiêu chí {entered} theo bộ tiêu chí cũ (điểm tối đa, thang đo, nhóm hoặc phương án đã đổi); số liệu trong cột này không được tính.",
            "Xuất lại sổ điều tra và nhập lại tiêu chí này.",
        ),
        (
            "A column of criterion {entered} follows an older rubric (its maximum, scale, groups or options have changed); what stands in it does not count.",
            "Export the survey book again and enter this criterion there.",
        ),
    ),
    entry(
        "A065",
        "survey-column-lacking",
        "warning",
        (
            "Sổ này thiếu cột của tiêu chí {entered} mà bộ tiêu chí đang dùng.",
            "Nếu cần nhập tiêu chí này, xuất lại sổ điều tra.",
        ),
        (
            "The book lacks a column of criterion {entered} that the rubric asks for.",
            "Export the survey book again if the criterion is to be entered.",
        ),
    ),
    entry(
        "A066",
        "survey-no-answers",
        "note",
        (
            "Mọi phương án đều ghi 0 phiếu: không có kết quả cho tiêu chí này.",
            "Nếu có phiếu trả lời, nhập số phiếu rồi gửi lại.",
        ),
        (
            "Every option has 0 answers: there is no figure for this criterion.",
            "If there are answers, enter them and send the book again.",
        ),
    ),
    entry(
        "A067",
        "survey-unit-gone",
        "warning",
        (
            "Đơn vị {entered} không còn trong cấp này của kỳ đánh giá; số liệu ở dòng này không được tính.",
            "Kiểm tra danh sách đơn vị.",
        ),
        (
            "The unit {entered} is no longer in this tier; what stands in its row does not count.",
            "Check the table of units.",
        ),
    ),
    entry(
        "A068",
        "survey-not-asked",
        "error",
        (
            "Ô này ghi “{entered}” nhưng tiêu chí hoặc phương án không áp dụng cho đơn vị; số liệu của tiêu chí này ở đơn vị này không được tính.",
            "Xóa nội dung ô; kiểm tra có nhập lệch dòng hoặc lệch cột không.",
        ),
        (
            "The cell says “{entered}”, but the criterion or option does not apply to this unit; its figure for this criterion does not count.",
            "Clear the cell; check whether a row or column was mistaken.",
        ),
    ),
    entry(
        "A069",
        "survey-sample-missing",
        "warning",
        (
            "Không đọc được trang kế hoạch mẫu của sổ điều tra; số phiếu đã thu không được ghi nhận.",
            "Dùng đúng sổ đã phát hành, không xóa trang.",
        ),
        (
            "The sheet of the sample plan cannot be read; what was collected is not recorded.",
            "Use the book as issued, delete no sheet.",
        ),
    ),
    entry(
        "A070",
        "survey-empty",
        "warning",
        ("Sổ điều tra chưa có số liệu nào.", "Nhập số liệu rồi gửi lại."),
        ("The survey book holds no figure.", "Enter the figures and send it again."),
    ),
    entry(
        "A071",
        "survey-figure-differs",
        "warning",
        (
            "{unit}: sổ điều tra đã gửi ghi {entered} cho tiêu chí này (năm {year}), bảng số liệu của kỳ đánh giá ghi {table}. Số liệu trong sổ điều tra được dùng.",
            "Kiểm tra số nào đúng; sửa bảng số liệu, hoặc gửi lại sổ điều tra.",
        ),
        (
            "{unit}: the survey book says {entered} for this criterion (year {year}), the campaign's table says {table}. The book's figure is used.",
            "Check which is right; correct the table, or send the book again.",
        ),
    ),
    entry(
        "A072",
        "survey-figure-outgrown",
        "warning",
        (
            "{unit}: số liệu {entered} trong sổ điều tra đã gửi vượt thang đo {maximum} của tiêu chí hiện nay; không được tính.",
            "Thang đo đã đổi sau khi nhập: xuất lại sổ điều tra và nhập lại.",
        ),
        (
            "{unit}: the figure {entered} of the survey book is above the criterion's scale of today, {maximum}; it does not count.",
            "The scale has changed since: export the survey book again and enter it there.",
        ),
    ),
)

_TABLES: tuple[Entry, ...] = (
    entry(
        "A073",
        "table-unit-unknown",
        "error",
        (
            "Không có đơn vị “{entered}” trong cấp này. Gần giống: {choices}.",
            "Sửa tên theo danh sách đơn vị, hoặc ghi tên này và mã đơn vị vào tệp của --map.",
        ),
        (
            "There is no unit “{entered}” in this tier. Similar: {choices}.",
            "Write the name as in the table of units, or settle it in the file of --map (name,code).",
        ),
    ),
    entry(
        "A074",
        "table-unit-ambiguous",
        "error",
        (
            "“{entered}” có thể là nhiều đơn vị: {choices}.",
            "Ghi mã đơn vị, hoặc ghi tên này và mã đơn vị vào tệp của --map.",
        ),
        (
            "“{entered}” may be several units: {choices}.",
            "Write the unit's code, or settle it in the file of --map (name,code).",
        ),
    ),
    entry(
        "A075",
        "table-twice",
        "error",
        (
            "“{entered}” có ở hai nơi: {first} và ở đây.",
            "Giữ một nơi: không tự chọn số liệu nào đúng.",
        ),
        (
            "“{entered}” stands in two places: {first}, and here.",
            "Keep one of them: nothing is chosen by itself.",
        ),
    ),
    entry(
        "A076",
        "table-criterion-unknown",
        "error",
        (
            "Không nhận ra tiêu chí điều tra “{entered}”. Gần giống: {choices}.",
            "Ghi mã định danh hoặc STT của tiêu chí; nếu cột không phải số liệu điều tra thì bỏ cột.",
        ),
        (
            "“{entered}” is no survey criterion that is known. Similar: {choices}.",
            "Write the criterion's id or printed number; remove a column that holds no survey figures.",
        ),
    ),
    entry(
        "A077",
        "table-criterion-ambiguous",
        "error",
        (
            "“{entered}” có thể là nhiều tiêu chí hoặc nhiều cột: {choices}.",
            "Ghi mã định danh; tiêu chí có nhóm hoặc phương án thì ghi kèm nhóm, phương án.",
        ),
        (
            "“{entered}” may be several criteria or columns: {choices}.",
            "Write the id, and with it the group and option where the criterion has them.",
        ),
    ),
    entry(
        "A078",
        "table-value",
        "error",
        ("Giá trị “{entered}”: {what}.", "Sửa giá trị trong bảng."),
        ("The value “{entered}”: {what}.", "Correct the value in the table."),
    ),
    entry(
        "A079",
        "table-columns",
        "error",
        (
            "Không đọc được bảng: {what}.",
            "Dòng đầu ghi tên cột: mã hoặc tên đơn vị, rồi các tiêu chí (hoặc cột “tiêu chí” và “giá trị”).",
        ),
        (
            "The table cannot be used: {what}.",
            "Its first row names the columns: the unit's code or name, then the criteria (or columns “node” and “value”).",
        ),
    ),
)

ENTRIES = (*_BOOKS, *_TABLES)
