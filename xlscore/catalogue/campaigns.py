"""Campaigns (`C`): settings, units, surveys."""

from __future__ import annotations

from xlscore.catalogue.entry import Entry, entry

ENTRIES: tuple[Entry, ...] = (
    entry(
        "C001",
        "campaign-unreadable",
        "error",
        ("Không đọc được tệp ({what}).", "Kiểm tra tệp, hoặc tạo kỳ đánh giá bằng “xlscore init”."),
        ("The file cannot be read ({what}).", "Check it, or make a campaign with “xlscore init”."),
    ),
    entry(
        "C002",
        "campaign-syntax",
        "error",
        ("Sai cú pháp YAML ({what}).", "Kiểm tra thụt lề, dấu hai chấm và dấu nháy ở dòng này."),
        ("YAML syntax error ({what}).", "Check indentation, colons and quotes on this line."),
    ),
    entry(
        "C003",
        "campaign-field",
        "error",
        ("Trường “{field}”: {what}.", "Sửa giá trị đã ghi (“{entered}”)."),
        ("Field “{field}”: {what}.", "Correct what is written (“{entered}”)."),
    ),
    entry(
        "C004",
        "unknown-reference",
        "error",
        ("Trường “{field}”: không có “{entered}”.", "Các giá trị có sẵn: {choices}."),
        ("Field “{field}”: there is no “{entered}”.", "Known values: {choices}."),
    ),
    entry(
        "C005",
        "duplicate-unit",
        "error",
        ("Mã đơn vị “{entered}” đã dùng ở dòng {first}.", "Mỗi đơn vị có một mã riêng."),
        (
            "The unit code “{entered}” is already used on line {first}.",
            "Every unit has its own code.",
        ),
    ),
    entry(
        "C006",
        "table-heading",
        "error",
        ("Bảng thiếu cột “{entered}”.", "Thêm cột này ở dòng tiêu đề."),
        ("The table lacks the column “{entered}”.", "Add it to the heading row."),
    ),
    entry(
        "C007",
        "rubric-invalid",
        "error",
        (
            "Bộ tiêu chí {entered} có {count} lỗi.",
            "Chạy “xlscore rubric check {path}” để xem và sửa.",
        ),
        (
            "The rubric {entered} has {count} errors.",
            "Run “xlscore rubric check {path}” to see them.",
        ),
    ),
    entry(
        "C008",
        "bad-survey-value",
        "error",
        ("Bảng điều tra: {what} (đang ghi “{entered}”).", "Sửa ô này trong bảng."),
        ("Survey table: {what} (it says “{entered}”).", "Correct this cell of the table."),
    ),
    entry(
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
    ),
    entry(
        "C010",
        "survey-year-unused",
        "warning",
        (
            "Số liệu điều tra năm {entered} của tiêu chí {node} không được dùng: chỉ dùng năm {oldest} đến {newest}.",
            "Sửa năm, hoặc xóa dòng này.",
        ),
        (
            "The survey figure of {entered} for criterion {node} is not used: only {oldest} to {newest} count.",
            "Correct the year, or delete the line.",
        ),
    ),
    entry(
        "C011",
        "rubric-for-another",
        "warning",
        (
            "Bộ tiêu chí ghi “{field}” là “{entered}”, kỳ đánh giá cần “{wanted}”.",
            "Kiểm tra có chọn nhầm tệp không; nếu đúng tệp, sửa trường này trong bộ tiêu chí.",
        ),
        (
            "The rubric says “{entered}” for “{field}”, the campaign wants “{wanted}”.",
            "Check whether it is the right file; if so, correct the field in the rubric.",
        ),
    ),
    entry(
        "C012",
        "bad-holiday",
        "error",
        ("Bảng ngày nghỉ: {what} (đang ghi “{entered}”).", "Sửa ô này trong bảng."),
        ("Table of days off: {what} (it says “{entered}”).", "Correct this cell of the table."),
    ),
    entry(
        "C013",
        "duplicate-holiday",
        "error",
        ("Ngày {entered} đã có ở {first}.", "Giữ lại một dòng."),
        ("The day {entered} stands already at {first}.", "Keep one line."),
    ),
    entry(
        "C014",
        "made-up-on-a-weekday",
        "warning",
        (
            "Ngày làm bù {entered} không phải thứ Bảy, Chủ nhật: vốn là ngày làm việc.",
            "Kiểm tra ngày và loại theo thông báo nghỉ lễ của năm.",
        ),
        (
            "The made-up day {entered} is no Saturday or Sunday: it is worked in any case.",
            "Check day and kind against the year's notice.",
        ),
    ),
    entry(
        "C015",
        "holidays-not-covered",
        "warning",
        (
            "Thời hạn “{field}” tính theo ngày làm việc, nhưng chưa có ngày nghỉ lễ nào của năm {entered}.",
            "Thêm ngày nghỉ, ngày làm bù của năm đó vào một bảng trong mục “holidays” của campaign.yaml.",
        ),
        (
            "The deadline “{field}” counts working days, but no day off of {entered} is known.",
            "Add that year's days off and made-up days to a table under “holidays” in campaign.yaml.",
        ),
    ),
    entry(
        "C016",
        "folders-overlap",
        "error",
        (
            "Thư mục {inner} (“{entered}”) nằm trong thư mục {outer} (“{path}”): {what}.",
            "Sửa mục “folders” của campaign.yaml để hai thư mục nằm tách nhau.",
        ),
        (
            "The folder {inner} (“{entered}”) lies in the folder {outer} (“{path}”): {what}.",
            "Correct “folders” in campaign.yaml so that the two lie apart.",
        ),
    ),
    entry(
        "C017",
        "lead-no-agency",
        "warning",
        (
            "Bộ tiêu chí cấp {tier} giao dòng này cho “{entered}”, không có trong appraisal.agencies: {leader} sẽ thẩm định.",
            "Khai cơ quan đó, hoặc thêm một quy tắc trong appraisal.assignments.",
        ),
        (
            "The rubric of tier {tier} gives this row to “{entered}”, which appraisal.agencies does not declare: {leader} will appraise it.",
            "Declare that agency, or add a rule to appraisal.assignments.",
        ),
    ),
    entry(
        "C018",
        "nobody-reports",
        "error",
        (
            "Kết quả cấp {tier} do đơn vị cấp trên gửi lên, nhưng {count} đơn vị chưa ghi đơn vị cấp trên ({units}).",
            "Ghi mã đơn vị cấp trên vào cột “Trực thuộc” của bảng đơn vị, hoặc bỏ reported_by_parent.",
        ),
        (
            "The results of tier {tier} come up from the units above, but {count} units name none ({units}).",
            "Put the unit above into the column “parent” of the table of units, or drop reported_by_parent.",
        ),
    ),
    entry(
        "C039",
        "campaign-field-missing",
        "error",
        (
            "Chưa ghi trường “{field}”.",
            "Thêm “{key}: {example}” vào “{above}”; cách ghi: docs/campaign.md.",
        ),
        (
            "The field “{field}” is missing.",
            "Add “{key}: {example}” to “{above}”; docs/campaign.md tells how.",
        ),
    ),
)
