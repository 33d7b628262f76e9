"""Verification of a ranking file against its edition (`V`)."""

from __future__ import annotations

from xlscore.catalogue.entry import Entry, entry

_KEEP_VI = (
    "Không dùng tệp này; lấy lại tệp đã ban hành bằng lệnh “xlscore rank --edition N” (N là số lần ban hành),"
    " và tìm hiểu ai đã sửa."
)
_KEEP_EN = (
    "Do not use this file; “xlscore rank --edition N” (N: the edition's number) lays the frozen one there"
    " again. Find out who changed it."
)
_BACKUP_VI = "Chép lại tệp này từ bản sao lưu của kho lưu, rồi kiểm chứng lại."
_BACKUP_EN = "Copy it back from a backup of the archive, then verify again."
_LEDGER_VI = "Chạy “xlscore ledger check” và làm theo chỉ dẫn; sau đó kiểm chứng lại."
_LEDGER_EN = "Run “xlscore ledger check” and follow what it says; then verify again."
_RIGHT_VI = (
    "Kiểm chứng chính tệp mà “xlscore rank” đã ghi vào reports/ (tên có “-lan-N”);"
    " “xlscore rank --edition N” đặt lại các tệp của lần ban hành N ở đó."
)
_RIGHT_EN = (
    "Verify the file that “xlscore rank” wrote into reports/ (with “-lan-N” in its name);"
    " “xlscore rank --edition N” lays those of edition N there again."
)
_AGAIN_VI = (
    "Tệp đã được {entered} lưu lại. Đã đối chiếu: ô, công thức, trang, biểu đồ, ghi chú, đối tượng nhúng,"
    " vật che ô, chữ không thấy được, định dạng có điều kiện làm khuất số, đầu trang, chân trang, vùng in."
    " Không chứng minh được: phông, cỡ, màu, viền, nền, căn lề, cỡ hàng và cột, định dạng có điều kiện"
    " khác, màu và kiểu của biểu đồ, biểu đồ nhỏ trong ô, cách xem trang."
)
_AGAIN_EN = (
    "{entered} has saved the file again. Compared: cells, formulas, sheets, charts, notes, embedded objects,"
    " things laid over cells, letters that cannot be seen, conditional formats that hide figures, headers,"
    " footers, print areas. Unproven: fonts, sizes, colours, borders, fills, alignment, sizes of rows and"
    " columns, other conditional formats, colours and styles of charts, sparklines, views of sheets."
)
_ANEW_VI = (
    "Mọi phần của tệp đã được ghi lại, nhưng không phải do Excel, LibreOffice hay Gnumeric lưu: chữ vẫn nằm"
    " trong từng ô như khi ban hành. Tệp bị sửa tay, hoặc do một thư viện lập trình ghi (tệp tự ghi là"
    " “{entered}”); phông, màu, định dạng có điều kiện, bố cục của nó không phải của tệp đã ban hành."
)
_ANEW_EN = (
    "Every part of the file was written anew, but not by Excel, LibreOffice or Gnumeric: texts still stand"
    " in their cells as they were frozen. It was changed by hand, or written by a library (it says"
    " “{entered}”); its fonts, colours, conditional formats and layout are not those that were frozen."
)
_KNOW_VI = "Chỉ để biết."
_KNOW_EN = "For information only."


def _cells(code: str, name: str, vi: str, en: str) -> Entry:
    """A difference between the file and what was frozen; `more` tells of further cells of the sheet."""
    return entry(
        code, name, "error", (f"{vi}{{more}}", _KEEP_VI), (f"{en}{{more}}", _KEEP_EN)
    )  # fmt: skip


ENTRIES: tuple[Entry, ...] = (
    entry(
        "V001",
        "edition-unknown",
        "error",
        (
            "Không xác định được tệp này là lần ban hành nào: {what}.",
            "Kiểm tra xem có đúng tệp, đúng thư mục kỳ đánh giá không. " + _RIGHT_VI,
        ),
        (
            "It cannot be told which edition this file is: {what}.",
            "Check that it is the right file and the right campaign folder. " + _RIGHT_EN,
        ),
    ),
    entry(
        "V002",
        "edition-misclaimed",
        "error",
        ("Tệp tự ghi là {said}, nhưng nội dung gần nhất với {nearest}.", _KEEP_VI),
        ("The file says that it is {said}, but its content is nearest to {nearest}.", _KEEP_EN),
    ),
    entry(
        "V003",
        "other-edition",
        "error",
        (
            "Tệp là lần ban hành {entered}, không phải lần {wanted}.",
            "Dùng đúng tệp của lần ban hành ấy.",
        ),
        ("The file is edition {entered}, not edition {wanted}.", "Use the file of that edition."),
    ),
    entry(
        "V004",
        "edition-misnamed",
        "warning",
        ("Tên tệp nói lần ban hành {said}, tệp là lần {entered}.", "Đổi lại tên tệp."),
        ("The file's name says edition {said}, the file is edition {entered}.", "Rename the file."),
    ),
    entry(
        "V005",
        "edition-elsewhere",
        "error",
        (
            "Tệp thuộc kỳ đánh giá “{entered}”, không phải “{wanted}”.",
            "Kiểm chứng trong thư mục của kỳ đánh giá ấy.",
        ),
        (
            "The file is of the campaign “{entered}”, not of “{wanted}”.",
            "Verify it in the folder of that campaign.",
        ),
    ),
    entry(
        "V006",
        "edition-contradicts",
        "error",
        (
            "Thuộc tính và trang nguồn gốc của tệp nói hai lần ban hành khác nhau ({entered}).",
            _KEEP_VI,
        ),
        (
            "The file's properties and its provenance sheet tell of different editions ({entered}).",
            _KEEP_EN,
        ),
    ),
    entry(
        "V007",
        "edition-superseded",
        "note",
        ("Đã có lần ban hành {entered}, mới hơn tệp này.", _KNOW_VI),
        ("There is a newer edition, {entered}.", _KNOW_EN),
    ),
    entry(
        "V008",
        "edition-not-workbook",
        "error",
        ("Tệp không phải sổ tính và không giống từng byte một tệp nào đã ban hành.", _KEEP_VI),
        ("The file is no workbook, and is not byte for byte any file of an edition.", _KEEP_EN),
    ),
    entry(
        "V009",
        "edition-draft",
        "error",
        (
            "Tệp là bản dự thảo: không có gì để đối chiếu.",
            "Ban hành bằng “xlscore rank”, rồi dùng tệp đã ban hành. Bản dự thảo chỉ để xem trước.",
        ),
        (
            "The file is a draft: there is nothing to compare it with.",
            "Freeze an edition with “xlscore rank”, and use its file. A draft is for looking ahead only.",
        ),
    ),
    entry(
        "V010",
        "edition-ledger",
        "error",
        ("Sổ theo dõi không còn nguyên vẹn: {what}", _LEDGER_VI),
        ("The ledger is not sound: {what}", _LEDGER_EN),
    ),
    entry(
        "V011",
        "edition-head",
        "error",
        ("Đầu chuỗi {entered} của tệp không có trong nhật ký.", _LEDGER_VI),
        ("The head {entered} that the file cites is not in the log.", _LEDGER_EN),
    ),
    entry(
        "V012",
        "edition-foreign",
        "error",
        ("Tệp là {what}, không phải tệp đã ban hành nào: không có gì để đối chiếu.", _RIGHT_VI),
        ("The file is {what}, and no frozen file: there is nothing to compare it with.", _RIGHT_EN),
    ),
    entry(
        "V013",
        "edition-unreadable",
        "error",
        ("Không đọc được tệp như một sổ xếp hạng: {what}.", _RIGHT_VI),
        ("The file cannot be read as a ranking workbook: {what}.", _RIGHT_EN),
    ),
    entry(
        "V020",
        "edition-content-missing",
        "error",
        ("Kho lưu thiếu {what} ({entered}).", _BACKUP_VI),
        ("The archive lacks {what} ({entered}).", _BACKUP_EN),
    ),
    entry(
        "V021",
        "edition-content-altered",
        "error",
        ("Trong kho lưu, {what} ({entered}) đã bị sửa hoặc hỏng.", _BACKUP_VI),
        ("In the archive, {what} ({entered}) was altered or is damaged.", _BACKUP_EN),
    ),
    _cells(
        "V030",
        "value-changed",
        "Giá trị là “{found}”, khi ban hành là “{frozen}”.",
        "The value is “{found}”, it was frozen as “{frozen}”.",
    ),
    _cells(
        "V031",
        "formula-changed",
        "Công thức là “{found}”, khi ban hành là “{frozen}”.",
        "The formula is “{found}”, it was frozen as “{frozen}”.",
    ),
    _cells(
        "V032",
        "cached-changed",
        "Giá trị hiển thị của công thức là “{found}”, khi ban hành là “{frozen}”.",
        "The value that the formula shows is “{found}”, it was frozen as “{frozen}”.",
    ),
    _cells(
        "V033",
        "type-changed",
        "Kiểu giá trị đã đổi: “{found}”, khi ban hành là “{frozen}”.",
        "The kind of value has changed: “{found}”, it was frozen as “{frozen}”.",
    ),
    _cells(
        "V034",
        "look-changed",
        "Định dạng số làm giá trị hiện thành “{found}”, khi ban hành là “{frozen}”.",
        "The number format makes the value look like “{found}”, it was frozen as “{frozen}”.",
    ),
    _cells("V035", "cell-added", "Ô được thêm vào: “{found}”.", "A cell was added: “{found}”."),
    _cells(
        "V036",
        "cell-gone",
        "Ô không còn nội dung; khi ban hành là “{frozen}”.",
        "The cell is empty; it was frozen as “{frozen}”.",
    ),
    _cells("V037", "sheet-gone", "Thiếu trang “{entered}”.", "The sheet “{entered}” is missing."),
    _cells("V038", "sheet-added", "Thừa trang “{entered}”.", "The sheet “{entered}” was added."),
    _cells(
        "V039",
        "sheet-renamed",
        "Trang “{frozen}” đã bị đổi tên thành “{found}”.",
        "The sheet “{frozen}” was renamed to “{found}”.",
    ),
    _cells(
        "V040", "sheet-hidden", "Trang “{entered}” đã bị ẩn.", "The sheet “{entered}” was hidden."
    ),
    _cells(
        "V041",
        "sheet-shown",
        "Trang “{entered}” vốn ẩn đã được hiện ra.",
        "The sheet “{entered}”, which was hidden, is shown.",
    ),
    _cells(
        "V042",
        "sheet-order",
        "Thứ tự các trang đã đổi: {found}.",
        "The sheets stand in another order: {found}.",
    ),
    _cells(
        "V043",
        "rows-hidden",
        "Trang “{entered}” có hàng bị ẩn: {found}.",
        "Rows of the sheet “{entered}” were hidden: {found}.",
    ),
    _cells(
        "V044",
        "columns-hidden",
        "Trang “{entered}” có cột bị ẩn: {found}.",
        "Columns of the sheet “{entered}” were hidden: {found}.",
    ),
    _cells(
        "V045",
        "object-added",
        "Trang “{entered}” có thêm một thứ ngoài các ô (biểu đồ, hình, ghi chú, đối tượng nhúng, vật che ô,"
        " định dạng làm khuất số, liên kết, danh sách chọn, lời nhắc, đầu trang, chân trang, vùng in…): {found}.",
        "Something beside the cells was added to the sheet “{entered}” (a chart, picture, note, embedded object,"
        " a thing laid over cells, a rule that hides figures, a link, list, prompt, header, footer, print area…):"
        " {found}.",
    ),
    _cells(
        "V046",
        "object-gone",
        "Trang “{entered}” thiếu hoặc đã đổi một thứ ngoài các ô (biểu đồ, hình, ghi chú, đối tượng nhúng, vật che"
        " ô, định dạng làm khuất số, liên kết, danh sách chọn, lời nhắc, đầu trang, chân trang, vùng in…): {frozen}.",
        "Something beside the cells of the sheet “{entered}” is gone or changed (a chart, picture, note, embedded"
        " object, a thing laid over cells, a rule that hides figures, a link, list, prompt, header, footer, print"
        " area…): {frozen}.",
    ),
    _cells(
        "V047",
        "part-changed",
        "Ngoài các ô, phần “{entered}” của tệp (định dạng có điều kiện, kiểu chữ, bố cục…) đã bị sửa.",
        "Beside the cells, the part “{entered}” of the file (conditional formats, styles, layout…) was changed.",
    ),
    _cells(
        "V048",
        "property-changed",
        "Thuộc tính “{entered}” của tệp là “{found}”, khi ban hành là “{frozen}”.",
        "The file's property “{entered}” is “{found}”, it was frozen as “{frozen}”.",
    ),
    _cells(
        "V049",
        "sheet-digest",
        "Trang “{entered}” khác với khi ban hành; tệp gốc trong kho không còn nên không nêu được từng ô.",
        "The sheet “{entered}” is not what was frozen; the kept file is gone, so that no cell can be named.",
    ),
    entry(
        "V050",
        "edition-macros",
        "error",
        ("Tệp có macro hoặc liên kết ra ngoài mà tệp đã ban hành không có.", _KEEP_VI),
        ("The file has macros or external links that the frozen one has not.", _KEEP_EN),
    ),
    entry(
        "V051",
        "edition-saved-again",
        "note",
        (
            _AGAIN_VI,
            _KNOW_VI,
        ),
        (
            _AGAIN_EN,
            _KNOW_EN,
        ),
    ),
    _cells(
        "V052",
        "cells-merged",
        "Các ô được gộp lại, che mất {found}.",
        "Cells were merged, which leaves {found} unseen.",
    ),
    entry(
        "V053",
        "edition-rewritten",
        "error",
        (
            _ANEW_VI,
            _KEEP_VI,
        ),
        (
            _ANEW_EN,
            _KEEP_EN,
        ),
    ),
    _cells(
        "V054",
        "setting-changed",
        "Thiết đặt “{entered}” của sổ là “{found}”, khi ban hành là “{frozen}”.",
        "The workbook's setting “{entered}” is “{found}”, it was frozen as “{frozen}”.",
    ),
    entry(
        "V060",
        "return-differs",
        "error",
        ("Đọc lại bản gốc số {entered} của {unit} thì khác với sổ theo dõi ({what}).", _LEDGER_VI),
        (
            "Read again, the original of arrival {entered} of {unit} differs from the ledger ({what}).",
            _LEDGER_EN,
        ),
    ),
    entry(
        "V061",
        "return-accepted",
        "note",
        (
            "Bản số {entered} của {unit} được tính theo quyết định; đọc lại mà không có quyết định thì không được.",
            _KNOW_VI,
        ),
        (
            "Arrival {entered} of {unit} counts by a decision; it cannot be read again without that.",
            _KNOW_EN,
        ),
    ),
    entry(
        "V062",
        "results-differ",
        "error",
        (
            "Tính lại từ sổ theo dõi và kho lưu thì kết quả của {what} khác với khi ban hành.",
            _LEDGER_VI,
        ),
        (
            "Recomputed from ledger and archive, the results of {what} differ from what was frozen.",
            _LEDGER_EN,
        ),
    ),
    entry(
        "V063",
        "recomputed-differs",
        "error",
        (
            "Lập lại sổ xếp hạng thì ở {place} có “{found}”, khi ban hành là “{frozen}”.{more}",
            _LEDGER_VI,
        ),
        (
            "Written anew, the ranking has “{found}” in {place}, it was frozen as “{frozen}”.{more}",
            _LEDGER_EN,
        ),
    ),
    entry(
        "V064",
        "recomputed-otherwise",
        "note",
        (
            "Tệp được lập bằng {frozen}, nay là {found}: kết quả tính lại giống nhau hay không đã được đối chiếu, cách trình bày thì khác.",
            _KNOW_VI,
        ),
        (
            "The file was written by {frozen}, now it is {found}: the recomputed results are compared, the workbook's form differs.",
            _KNOW_EN,
        ),
    ),
    entry(
        "V065",
        "recomputing-impossible",
        "error",
        ("Không tính lại được kết quả của lần ban hành này: {what}.", _BACKUP_VI),
        ("The results of this edition cannot be recomputed: {what}.", _BACKUP_EN),
    ),
    entry(
        "V070",
        "input-changed",
        "note",
        (
            "Tệp {entered} nay khác với khi ban hành; lần ban hành được kiểm chứng bằng bản đã lưu.",
            _KNOW_VI,
        ),
        (
            "The file {entered} is no longer what it was; the edition is verified with the kept copy.",
            _KNOW_EN,
        ),
    ),
)
