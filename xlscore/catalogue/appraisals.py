"""Appraisal and what follows it: the words of several appraisers, replies, the council, results."""

from xlscore.catalogue.entry import Entry, entry

ENTRIES: tuple[Entry, ...] = (
    entry(
        "A001",
        "appraisal-conflict",
        "error",
        (
            "{unit}: hai cơ quan thẩm định khác nhau cho cùng một dòng: {first_by} “{first}” ({first_place}) và {second_by} “{second}” ({second_place}). Chưa kết quả nào được tính.",
            "Hai cơ quan thống nhất một kết quả; cơ quan cần sửa gửi lại sổ thẩm định.",
        ),
        (
            "{unit}: two agencies appraise one row differently: {first_by} “{first}” ({first_place}) and {second_by} “{second}” ({second_place}). Neither counts.",
            "Agree on one result; the agency to change its mind sends its book again.",
        ),
    ),
    entry(
        "A002",
        "appraisal-reopened",
        "warning",
        (
            "{unit} đã nộp bản mới và đổi số liệu của dòng này sau khi {agency} thẩm định lần {round}: “{said}” ({place}). Kết quả đó không còn được tính.",
            "Xuất lại sổ thẩm định và thẩm định dòng này theo số liệu mới.",
        ),
        (
            "{unit} sent a newer version and changed this row after {agency} appraised it in round {round}: “{said}” ({place}). That no longer counts.",
            "Export the appraisal book again and appraise this row on its new figures.",
        ),
    ),
    entry(
        "A003",
        "council-stands",
        "note",
        (
            "{unit} đã đổi số liệu của dòng này sau khi hội đồng quyết định: “{said}”. Quyết định của hội đồng vẫn được giữ.",
            "Nếu cần xem lại, trình hội đồng.",
        ),
        (
            "{unit} changed this row after the council decided: “{said}”. The council's word stands.",
            "Take it to the council if it must be looked at again.",
        ),
    ),
    entry(
        "A004",
        "foreign-rows",
        "error",
        (
            "{count} hàng có khóa ẩn bị sửa, hoặc được chép từ sổ khác (hàng {rows}); các hàng này không được đọc.",
            "Nhập nội dung vào đúng hàng của sổ này, rồi gửi lại.",
        ),
        (
            "The hidden keys of {count} rows were altered, or come from another book (rows {rows}); these rows were not read.",
            "Enter what they say in this book's own rows and send it again.",
        ),
    ),
    entry(
        "A005",
        "agency-unnamed",
        "warning",
        (
            "Cơ quan {agency} đã thẩm định {count} dòng nhưng campaign.yaml không còn nêu cơ quan này. Ý kiến đã ghi nhận vẫn được tính.",
            "Ghi lại cơ quan này ở mục appraisal, agencies; hoặc hủy các sổ thẩm định của cơ quan bằng “xlscore void” nếu không được tính nữa.",
        ),
        (
            "Agency {agency} has appraised {count} rows, but campaign.yaml names it no longer. What is on record still counts.",
            "Name the agency again under appraisal, agencies; or void its books with “xlscore void” if they should not count.",
        ),
    ),
)
