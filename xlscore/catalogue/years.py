"""Findings on earlier years: results of last year and before, and the units' predecessors.

None of them is an error: what cannot be compared is left out, and the campaign goes on.
"""

from __future__ import annotations

from xlscore.catalogue.entry import Entry, entry

ENTRIES: tuple[Entry, ...] = (
    entry(
        "C019",
        "year-not-earlier",
        "warning",
        (
            "Năm {entered} không phải năm trước của kỳ đánh giá năm {year}: không dùng.",
            "Sửa năm trong mục “earlier” của campaign.yaml, hoặc xóa dòng này.",
        ),
        (
            "{entered} is no earlier year of the campaign of {year}: it is not used.",
            "Correct the year under “earlier” in campaign.yaml, or delete the line.",
        ),
    ),
    entry(
        "C020",
        "year-twice",
        "warning",
        (
            "Năm {entered} ghi hai lần trong mục “earlier”: chỉ dùng lần đầu.",
            "Giữ lại một dòng.",
        ),
        (
            "{entered} stands twice under “earlier”: only the first is used.",
            "Keep one line.",
        ),
    ),
    entry(
        "C021",
        "year-unreadable",
        "warning",
        (
            "Không đọc được kết quả năm {year} ở “{entered}”: {what}. Năm đó không được so sánh.",
            "Sửa đường dẫn trong mục “earlier” của campaign.yaml, hoặc khôi phục tệp.",
        ),
        (
            "The results of {year} at “{entered}” cannot be read: {what}. That year is not compared.",
            "Correct the path under “earlier” in campaign.yaml, or restore the file.",
        ),
    ),
    entry(
        "C022",
        "year-without-edition",
        "warning",
        (
            "Kỳ đánh giá năm {year} ở “{entered}” chưa có lần ban hành nào: chưa có kết quả để so sánh.",
            "Ban hành kết quả của kỳ đó bằng “xlscore rank” tại thư mục ấy, hoặc ghi tên một bảng kết quả (.csv, .xlsx).",
        ),
        (
            "The campaign of {year} at “{entered}” has no edition yet: there are no results to compare with.",
            "Freeze its results with `xlscore rank` in that folder, or name a table of results (.csv, .xlsx).",
        ),
    ),
    entry(
        "C023",
        "year-is-another",
        "warning",
        (
            "“{entered}” là kết quả năm {found}, không phải năm {year}: không dùng.",
            "Sửa năm hoặc đường dẫn trong mục “earlier” của campaign.yaml.",
        ),
        (
            "“{entered}” has the results of {found}, not of {year}: it is not used.",
            "Correct the year or the path under “earlier” in campaign.yaml.",
        ),
    ),
    entry(
        "C024",
        "year-field",
        "warning",
        (
            "Tệp kết quả năm {year}: “{field}”: {what} (đang ghi “{entered}”). Năm đó không được so sánh.",
            "Tệp đã bị sửa hoặc của phiên bản khác: lấy lại bản gốc.",
        ),
        (
            "File of the results of {year}: “{field}”: {what} (it says “{entered}”). That year is not compared.",
            "The file was edited, or another version wrote it: take the original.",
        ),
    ),
    entry(
        "C025",
        "year-column-missing",
        "warning",
        (
            "Bảng kết quả năm {year} thiếu cột {column}: năm đó không được so sánh.",
            "Thêm cột đó; dòng đầu tiên của bảng là tên các cột.",
        ),
        (
            "The table of results of {year} lacks the column {column}: that year is not compared.",
            "Add the column; the first line of the table holds the names of the columns.",
        ),
    ),
    entry(
        "C026",
        "year-column-unknown",
        "warning",
        (
            "Cột “{entered}” của bảng kết quả năm {year} không dùng được: không phải mã một lĩnh vực hay một dòng của bộ tiêu chí.",
            "Đặt tên cột là mã định danh của lĩnh vực hoặc của dòng, hoặc xóa cột.",
        ),
        (
            "The column “{entered}” of the table of results of {year} is not used: it is no id of a domain or a row.",
            "Name the column by the id of a domain or a row, or delete it.",
        ),
    ),
    entry(
        "C027",
        "year-value",
        "warning",
        (
            "Kết quả năm {year}, đơn vị {unit}: {what} (đang ghi “{entered}”); bỏ qua ô này.",
            "Sửa ô này trong bảng.",
        ),
        (
            "Results of {year}, unit {unit}: {what} (it says “{entered}”); the cell is left out.",
            "Correct this cell of the table.",
        ),
    ),
    entry(
        "C028",
        "year-unit-twice",
        "warning",
        (
            "Đơn vị {entered} đã có ở {first}: chỉ dùng dòng đó.",
            "Giữ lại một dòng.",
        ),
        (
            "The unit {entered} stands already at {first}: only that line is used.",
            "Keep one line.",
        ),
    ),
    entry(
        "C029",
        "year-without-our-units",
        "warning",
        (
            "Không đơn vị nào của năm {year} ({source}) có trong danh sách hiện nay.",
            "Kiểm tra có chọn nhầm tệp không; đơn vị đổi mã thì ghi vào bảng “predecessors”.",
        ),
        (
            "No unit of {year} ({source}) is in today's list.",
            "Check whether it is the right file; units with new codes go into the table “predecessors”.",
        ),
    ),
    entry(
        "C030",
        "year-not-final",
        "note",
        (
            "Kết quả năm {year} ({source}) còn tạm tính khi được ghi lại.",
            "Nếu năm đó đã có kết quả cuối cùng, dùng lần ban hành sau.",
        ),
        (
            "The results of {year} ({source}) were provisional when they were written down.",
            "If that year has final results, use the later edition.",
        ),
    ),
    entry(
        "C031",
        "predecessors-unreadable",
        "warning",
        (
            "Không đọc được bảng đơn vị tiền thân “{entered}”: {what}.",
            "Sửa mục “predecessors” của campaign.yaml, hoặc lập bảng gồm các cột unit, year, predecessor.",
        ),
        (
            "The table of predecessors “{entered}” cannot be read: {what}.",
            "Correct “predecessors” in campaign.yaml, or make a table with the columns unit, year, predecessor.",
        ),
    ),
    entry(
        "C032",
        "predecessor-field",
        "warning",
        (
            "Bảng đơn vị tiền thân: {what} (đang ghi “{entered}”); bỏ qua dòng này.",
            "Sửa ô này trong bảng.",
        ),
        (
            "Table of predecessors: {what} (it says “{entered}”); the line is left out.",
            "Correct this cell of the table.",
        ),
    ),
    entry(
        "C033",
        "predecessor-not-there",
        "warning",
        (
            "Năm {year} không có đơn vị mã {entered} (tiền thân của {unit}). Gần giống: {choices}.",
            "Sửa mã theo kết quả của năm đó.",
        ),
        (
            "In {year} there is no unit {entered} (predecessor of {unit}). Nearest: {choices}.",
            "Correct the code after that year's results.",
        ),
    ),
    entry(
        "C034",
        "predecessor-twice",
        "warning",
        (
            "Tiền thân {entered} của đơn vị {unit} năm {year} ghi hai lần.",
            "Giữ lại một dòng.",
        ),
        (
            "The predecessor {entered} of unit {unit} in {year} stands twice.",
            "Keep one line.",
        ),
    ),
    entry(
        "C035",
        "year-fractions",
        "warning",
        (
            "Bảng kết quả năm {year}: mọi giá trị ở cột {entered} đều không quá 1 và không ghi %, có lẽ là tỷ lệ (0,813) chứ không phải phần trăm (81,3): bỏ qua các cột này.",
            "Định dạng cột là phần trăm trong Excel, hoặc nhân với 100.",
        ),
        (
            "Table of the results of {year}: no value of the columns {entered} passes 1 and none bears a percent sign; they seem to be fractions (0.813), not percents (81.3): these columns are left out.",
            "Format the columns as percent in Excel, or multiply them by 100.",
        ),
    ),
    entry(
        "C036",
        "year-units-by-name",
        "note",
        (
            "Năm {year} ({source}): {count} đơn vị mang mã không có hiện nay, ghép theo tên: {entered}.",
            "Ghép đúng thì không cần làm gì; không đúng thì ghi vào bảng “predecessors”.",
        ),
        (
            "{year} ({source}): {count} units have codes that nobody has today and are mapped by name: {entered}.",
            "If that is right, nothing needs to be done; if not, say so in the table “predecessors”.",
        ),
    ),
    entry(
        "C037",
        "year-units-unmapped",
        "warning",
        (
            "Năm {year} ({source}): {count} đơn vị không ghép được với đơn vị nào hiện nay ({entered}), trong khi {fresh} đơn vị hiện nay không có kết quả năm đó ({units}): không so sánh được.",
            "Mã ghi sai thì sửa trong kết quả năm đó; đổi mã, chia tách, hợp nhất thì ghi vào bảng “predecessors”; đã giải thể và mới lập thật thì không cần làm gì.",
        ),
        (
            "{year} ({source}): nobody of today comes from {count} units ({entered}), and {fresh} units of today have no results of that year ({units}): they are not compared.",
            "Correct codes that were mistyped; units renamed, split or merged go into the table “predecessors”; if they were dissolved and founded, nothing needs to be done.",
        ),
    ),
    entry(
        "C038",
        "year-units-gone",
        "note",
        (
            "Năm {year} ({source}): {count} đơn vị không còn hiện nay ({entered}), không so sánh.",
            "Đã giải thể thì không cần làm gì; đã nhập vào đơn vị khác thì ghi vào bảng “predecessors”.",
        ),
        (
            "{year} ({source}): {count} units are no longer there ({entered}) and are not compared.",
            "If they were dissolved, nothing needs to be done; units merged into others go into the table “predecessors”.",
        ),
    ),
)
