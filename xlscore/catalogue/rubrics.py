"""Rubrics (`R`), in YAML and in Excel."""

from __future__ import annotations

from xlscore.catalogue.entry import Entry, entry

ENTRIES: tuple[Entry, ...] = (
    entry(
        "R001",
        "rubric-unreadable",
        "error",
        ("Không đọc được tệp bộ tiêu chí ({what}).", "Kiểm tra tệp."),
        ("The rubric file cannot be read ({what}).", "Check the file."),
    ),
    entry(
        "R002",
        "rubric-syntax",
        "error",
        ("Sai cú pháp YAML ({what}).", "Kiểm tra thụt lề, dấu hai chấm và dấu nháy ở dòng này."),
        ("YAML syntax error ({what}).", "Check indentation, colons and quotes on this line."),
    ),
    entry(
        "R003",
        "rubric-field",
        "error",
        ("Trường “{field}”: {what}.", "Sửa giá trị đã ghi (“{entered}”)."),
        ("Field “{field}”: {what}.", "Correct what is written (“{entered}”)."),
    ),
    entry(
        "R004",
        "duplicate-id",
        "error",
        (
            "Mã định danh “{entered}” đã dùng ở dòng {first}.",
            "Đặt mã khác: mỗi hàng có một mã riêng.",
        ),
        (
            "The id “{entered}” is already used on line {first}.",
            "Choose another: every node has its own id.",
        ),
    ),
    entry(
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
    ),
    entry(
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
    ),
    entry(
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
    ),
    entry(
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
    ),
    entry(
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
    ),
    entry(
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
    ),
    entry(
        "R011",
        "no-method",
        "error",
        ("Mục chấm điểm chưa có phương pháp chấm.", "Thêm “method” hoặc các mục con."),
        ("The leaf has no scoring method.", "Add a “method”, or parts."),
    ),
    entry(
        "R012",
        "method-on-group",
        "error",
        ("Mục có mục con không được có phương pháp chấm.", "Bỏ “method”, hoặc bỏ các mục con."),
        ("A group cannot have a scoring method.", "Remove “method”, or the parts."),
    ),
    entry(
        "R013",
        "unknown-method",
        "error",
        ("Không có phương pháp chấm “{entered}”.", "Các phương pháp có sẵn: {choices}."),
        ("There is no scoring method “{entered}”.", "Known methods: {choices}."),
    ),
    entry(
        "R014",
        "method-field",
        "error",
        ("Phương pháp “{method}”, trường “{field}”: {what}.", "Sửa giá trị đã ghi (“{entered}”)."),
        ("Method “{method}”, field “{field}”: {what}.", "Correct what is written (“{entered}”)."),
    ),
    entry(
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
    ),
    entry(
        "R016",
        "maximum-unreachable",
        "warning",
        (
            "Điểm cao nhất đạt được là {computed}, thấp hơn điểm tối đa {entered}.",
            "Kiểm tra lại các mức điểm.",
        ),
        (
            "The best reachable score is {computed}, below the maximum {entered}.",
            "Check the levels.",
        ),
    ),
    entry(
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
    ),
    entry(
        "R018",
        "bad-formula",
        "error",
        (
            "Biểu thức “{entered}” không hợp lệ: {what}.",
            "Chỉ dùng biến đã khai báo, + − * /, so sánh, and/or/not, min, max, abs, if(điều kiện, đúng, sai).",
        ),
        (
            "The expression “{entered}” is not valid: {what}.",
            "Use declared variables, + - * /, comparisons, and/or/not, min, max, abs, if(condition, then, else).",
        ),
    ),
    entry(
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
    ),
    entry(
        "R020",
        "unknown-role",
        "error",
        ("Người thực hiện “{entered}” chưa khai báo trong “roles”.", "Khai báo, hoặc sửa tên."),
        ("The role “{entered}” is not declared in “roles”.", "Declare it, or correct the name."),
    ),
    entry(
        "R021",
        "empty-rubric",
        "error",
        ("Bộ tiêu chí không có tiêu chí nào.", "Thêm các lĩnh vực vào “nodes”."),
        ("The rubric has no criteria.", "Add domains under “nodes”."),
    ),
    entry(
        "R022",
        "bad-label",
        "error",
        ("Nhãn “{entered}” không dùng được trong danh sách chọn: {what}.", "Sửa nhãn."),
        ("The label “{entered}” cannot be used in a list: {what}.", "Change the label."),
    ),
    entry(
        "R023",
        "part-not-positive",
        "error",
        ("Điểm tối đa {entered} phải lớn hơn 0.", "Sửa điểm tối đa."),
        ("The maximum {entered} must be above 0.", "Correct the maximum."),
    ),
    entry(
        "R024",
        "unknown-agency",
        "warning",
        ("Cơ quan chủ trì “{entered}” chưa khai báo trong “agencies”.", "Khai báo tên cơ quan."),
        ("The agency “{entered}” is not declared in “agencies”.", "Declare its name."),
    ),
    entry(
        "R025",
        "misplaced-extra",
        "error",
        (
            "Mục thuộc phần “{entered}” nằm trong mục thuộc phần “{outer}”.",
            "Điểm cộng, điểm trừ phải ở một mục lớn riêng, ngoài các lĩnh vực; mọi mục con cùng một phần.",
        ),
        (
            "A node of the channel “{entered}” stands inside one of the channel “{outer}”.",
            "Bonus and penalty points need a top group of their own, with the same channel throughout.",
        ),
    ),
    entry(
        "R030",
        "sheet-cell",
        "error",
        (
            "Cột “{column}”: {what} (đang ghi “{entered}”).",
            "Sửa ô này; xem trang Hướng dẫn của tệp.",
        ),
        (
            "Column “{column}”: {what} (it says “{entered}”).",
            "Correct the cell; see the workbook's guide sheet.",
        ),
    ),
    entry(
        "R031",
        "sheet-heading",
        "error",
        ("Không tìm thấy cột “{column}”.", "Dùng đúng mẫu do lệnh “rubric export” tạo ra."),
        ("The column “{column}” was not found.", "Use the form that “rubric export” makes."),
    ),
    entry(
        "R032",
        "sheet-missing",
        "error",
        ("Không tìm thấy trang “{sheet}”.", "Dùng đúng mẫu do lệnh “rubric export” tạo ra."),
        ("The sheet “{sheet}” was not found.", "Use the form that “rubric export” makes."),
    ),
    entry(
        "R033",
        "sheet-heading-repeated",
        "error",
        ("Cột “{column}” có hai lần (cột trước ở ô {first}).", "Xóa hoặc đổi tên một cột."),
        ("The column “{column}” stands twice (first in {first}).", "Delete or rename one of them."),
    ),
    entry(
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
    ),
    entry(
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
    ),
    entry(
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
    ),
)
