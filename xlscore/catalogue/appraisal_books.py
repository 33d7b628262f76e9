"""Appraisal workbooks that come back (`A010`–`A039`): what an appraiser typed on a row."""

from __future__ import annotations

from xlscore.catalogue.entry import Entry, entry

ENTRIES: tuple[Entry, ...] = (
    entry(
        "A010",
        "appraisal-row-altered",
        "error",
        (
            "Dòng này không còn là dòng đã xuất: nay ghi “{entered}”. Nội dung thẩm định trên dòng không được nhận.",
            "Thẩm định lại dòng này trong sổ đã xuất; không dán đè lên các ô đã khóa.",
        ),
        (
            "This row is no longer the one that was exported: it now says “{entered}”. What was typed there is not taken.",
            "Appraise the row again in the book as exported; do not paste over locked cells.",
        ),
    ),
    entry(
        "A011",
        "appraisal-row-outdated",
        "error",
        (
            "Đơn vị hoặc tiêu chí của dòng này không còn trong kỳ đánh giá, hoặc điểm tối đa đã đổi từ khi xuất sổ. Nội dung thẩm định trên dòng không được nhận.",
            "Kiểm tra danh sách đơn vị và bộ tiêu chí; dòng nào vẫn phải thẩm định thì xuất lại sổ và thẩm định lại.",
        ),
        (
            "The unit or criterion of this row is no longer in the campaign, or its maximum has changed since the book was exported. What was typed there is not taken.",
            "Check the list of units and the rubric; if the row is still to be appraised, export the book again.",
        ),
    ),
    entry(
        "A012",
        "accepted-otherwise",
        "error",
        (
            "Chọn “Công nhận” nhưng lại nhập {entered}, khác với đơn vị ({self_score}).",
            "Chọn “Điều chỉnh” và ghi lý do, hoặc xóa điểm, số liệu đã nhập.",
        ),
        (
            "“Công nhận” (accept) was chosen, yet {entered} was entered, which differs from the unit ({self_score}).",
            "Choose “Điều chỉnh” (adjust) and give the reason, or clear what was entered.",
        ),
    ),
    entry(
        "A013",
        "adjusted-to-nothing",
        "error",
        (
            "Chọn “Điều chỉnh” nhưng chưa nhập điểm hay số liệu.",
            "Nhập Điểm thẩm định hoặc Số liệu thẩm định.",
        ),
        (
            "“Điều chỉnh” (adjust) was chosen, yet neither a score nor figures were entered.",
            "Enter the appraised score or the appraised figures.",
        ),
    ),
    entry(
        "A014",
        "adjustment-unexplained",
        "error",
        (
            "Kết quả thẩm định ({entered}) khác với đơn vị ({self_score}) nhưng chưa ghi lý do.",
            "Ghi lý do ở cột “Lý do / nội dung cần giải trình”.",
        ),
        (
            "The appraisal ({entered}) differs from the unit ({self_score}), and no reason is given.",
            "Give the reason in the column “Lý do / nội dung cần giải trình”.",
        ),
    ),
    entry(
        "A015",
        "query-unasked",
        "error",
        (
            "Yêu cầu giải trình nhưng chưa ghi nội dung cần giải trình.",
            "Ghi nội dung ở cột “Lý do / nội dung cần giải trình”.",
        ),
        (
            "An explanation is requested, yet what is to be explained is not said.",
            "Say it in the column “Lý do / nội dung cần giải trình”.",
        ),
    ),
    entry(
        "A016",
        "query-decided",
        "error",
        (
            "Vừa yêu cầu giải trình vừa nhập {entered}: không rõ đã quyết định hay chưa.",
            "Xóa điểm, số liệu đã nhập; hoặc chọn “Điều chỉnh”.",
        ),
        (
            "An explanation is requested and {entered} is entered: it is not clear whether this is decided.",
            "Clear what was entered, or choose “Điều chỉnh” (adjust).",
        ),
    ),
    entry(
        "A017",
        "score-against-figures",
        "error",
        (
            "Điểm nhập là {number}, nhưng theo số liệu thẩm định thì là {computed}.",
            "Chỉ nhập một trong hai, hoặc sửa cho khớp.",
        ),
        (
            "The score entered is {number}, yet the figures entered give {computed}.",
            "Enter only one of the two, or make them agree.",
        ),
    ),
    entry(
        "A018",
        "reason-alone",
        "warning",
        (
            "Có ghi lý do “{entered}” nhưng chưa chọn và chưa nhập điểm: dòng này coi như chưa thẩm định.",
            "Chọn “Công nhận”, “Điều chỉnh” hoặc “Yêu cầu giải trình”.",
        ),
        (
            "There is a reason “{entered}”, yet no choice and no score: the row counts as not appraised.",
            "Choose “Công nhận” (accept), “Điều chỉnh” (adjust) or “Yêu cầu giải trình” (query).",
        ),
    ),
    entry(
        "A019",
        "nothing-to-accept",
        "error",
        (
            "Dòng này chỉ do cơ quan thẩm định chấm: không có điểm tự chấm để công nhận.",
            "Nhập Điểm thẩm định.",
        ),
        (
            "Only appraisers score this row: there is no self score to accept.",
            "Enter the appraised score.",
        ),
    ),
    entry(
        "A020",
        "figures-incomplete",
        "error",
        (
            "Số liệu thẩm định chưa đủ để tính điểm: còn thiếu {missing}.",
            "Nhập đủ số liệu, hoặc nhập thẳng Điểm thẩm định.",
        ),
        (
            "The figures entered are not enough for a score: {missing} is missing.",
            "Enter all figures, or the appraised score itself.",
        ),
    ),
    entry(
        "A021",
        "figures-without-score",
        "error",
        (
            "Với số liệu thẩm định đã nhập thì không tính được điểm (chia cho 0).",
            "Kiểm tra số liệu, hoặc nhập thẳng Điểm thẩm định.",
        ),
        (
            "The figures entered have no score (a division by zero).",
            "Check the figures, or enter the appraised score itself.",
        ),
    ),
    entry(
        "A022",
        "rest-leaves-open",
        "note",
        (
            "Đã công nhận {count} dòng còn lại; còn {open} dòng vẫn để ngỏ, vì không có gì để công nhận hoặc đã có cơ quan nêu ý kiến riêng mà chưa kết luận.",
            "Trả lời từng dòng đó ở sổ gửi sau.",
        ),
        (
            "{count} remaining rows were accepted; {open} rows stay open: there is nothing to accept, or an agency spoke of the row itself without deciding it.",
            "Answer each of those in a later book.",
        ),
    ),
    entry(
        "A023",
        "appraisal-rows-gone",
        "warning",
        (
            "Sổ có {count} dòng khi xuất, nay chỉ đọc được {found}.",
            "Những dòng bị mất coi như chưa thẩm định; nếu cần, dùng lại sổ đã xuất.",
        ),
        (
            "The book had {count} rows when exported; only {found} can be read now.",
            "The rows that are gone count as not appraised; use the book as exported if they matter.",
        ),
    ),
    entry(
        "A024",
        "appraisal-empty",
        "warning",
        (
            "Sổ đã chọn “ĐÃ HOÀN THÀNH” nhưng chưa có dòng nào được thẩm định.",
            "Kiểm tra xem có gửi nhầm sổ trắng không.",
        ),
        (
            "The book is ticked as complete, yet no row of it was appraised.",
            "Check whether the blank book was sent by mistake.",
        ),
    ),
)
