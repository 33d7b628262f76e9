"""Suppositions (giả định): what a what-if file says that cannot be supposed."""

from xlscore.catalogue.entry import Entry, entry

ENTRIES: tuple[Entry, ...] = (
    entry(
        "W001",
        "what-if-unreadable",
        "error",
        ("Không đọc được tệp giả định: {what}.", "Kiểm tra lại đường dẫn và tệp."),
        ("The what-if file cannot be read: {what}.", "Check the path and the file."),
    ),
    entry(
        "W002",
        "what-if-syntax",
        "error",
        (
            "Tệp giả định sai cách viết YAML: {what}.",
            "Sửa dòng này; xem ví dụ trong hướng dẫn cho người vận hành, mục “Thử giả định”.",
        ),
        (
            "The what-if file is not proper YAML: {what}.",
            "Mend this line; the operator's guide has an example.",
        ),
    ),
    entry(
        "W003",
        "what-if-field",
        "error",
        ("Trường “{field}” đã ghi “{entered}”: {what}.", "Sửa giá trị này."),
        ("The field “{field}” says “{entered}”: {what}.", "Mend this value."),
    ),
    entry(
        "W004",
        "what-if-unknown",
        "error",
        ("Trường “{field}”: không có “{entered}”.", "Có thể là: {choices}."),
        ("The field “{field}”: there is no “{entered}”.", "Perhaps: {choices}."),
    ),
    entry(
        "W005",
        "what-if-ambiguous",
        "error",
        (
            "Trường “{field}”: có nhiều hàng mang số “{entered}”.",
            "Ghi mã định danh của một hàng: {choices}.",
        ),
        (
            "The field “{field}”: several rows have the number “{entered}”.",
            "Name one by its id: {choices}.",
        ),
    ),
    entry(
        "W006",
        "what-if-above-maximum",
        "error",
        (
            "Đã ghi {number} điểm cho {unit}, vượt điểm tối đa {maximum} của nội dung này.",
            "Ghi không quá {maximum}, hoặc giả định cả điểm tối đa lớn hơn ở “weights”.",
        ),
        (
            "{number} points were entered for {unit}, above this row's maximum {maximum}.",
            "Enter at most {maximum}, or suppose a higher maximum under “weights” as well.",
        ),
    ),
    entry(
        "W007",
        "what-if-sum",
        "error",
        (
            "Điểm tối đa đã ghi cho các phần bên dưới là {parts}, không khớp điểm tối đa {maximum} của nhóm “{entered}”.",
            "Sửa một trong các số này, hoặc bỏ điểm tối đa của nhóm để nhóm tự cộng lại.",
        ),
        (
            "The maxima given to the parts below come to {parts}, which does not fit the maximum {maximum} of the group “{entered}”.",
            "Mend one of them, or leave the group's maximum out: it follows from its parts.",
        ),
    ),
    entry(
        "W008",
        "what-if-bands",
        "error",
        (
            "Mức xếp loại “{entered}” không thấp hơn mức đứng trước nó ({before}).",
            "Xếp các mức từ cao xuống thấp.",
        ),
        (
            "The band “{entered}” is not below the one before it ({before}).",
            "List the bands from the highest down.",
        ),
    ),
    entry(
        "W009",
        "what-if-no-return",
        "error",
        (
            "Đơn vị “{entered}” không có kết quả nào được tính nên không có điểm để thay.",
            "Bỏ mục này, hoặc thu phiếu của đơn vị trước.",
        ),
        (
            "The unit “{entered}” has no result that counts, and so no score to change.",
            "Leave this out, or take in the unit's return first.",
        ),
    ),
    entry(
        "W010",
        "what-if-not-its-row",
        "error",
        (
            "Nội dung “{entered}” không thuộc phiếu của {unit}.",
            "Chọn một nội dung có trong phiếu của đơn vị này.",
        ),
        (
            "The row “{entered}” is not on the scorecard of {unit}.",
            "Choose a row of this unit's scorecard.",
        ),
    ),
    entry(
        "W011",
        "what-if-group-score",
        "error",
        (
            "“{entered}” là một nhóm; điểm được thay ở từng nội dung.",
            "Ghi các nội dung bên dưới: {choices}.",
        ),
        (
            "“{entered}” is a group; scores are changed row by row.",
            "Name the rows below it: {choices}.",
        ),
    ),
    entry(
        "W012",
        "what-if-twice",
        "error",
        (
            "Nội dung “{entered}” của {unit} được ghi hai lần (lần đầu ở dòng {first}).",
            "Giữ lại một lần.",
        ),
        (
            "The row “{entered}” of {unit} stands twice (first on line {first}).",
            "Keep one of them.",
        ),
    ),
    entry(
        "W013",
        "what-if-beside-scenarios",
        "error",
        (
            "“{entered}” đứng cạnh “scenarios” nên không rõ thuộc kịch bản nào.",
            "Ghi nó vào từng kịch bản.",
        ),
        (
            "“{entered}” stands beside “scenarios”: it is not clear to which one it belongs.",
            "Put it into the scenarios.",
        ),
    ),
    entry(
        "W014",
        "what-if-nothing",
        "warning",
        (
            "Kịch bản “{entered}” không khác kỳ đánh giá ở điểm nào.",
            "Ghi ít nhất một thay đổi: policies, tiers, weights, scores hoặc not_applicable.",
        ),
        (
            "The scenario “{entered}” differs from the campaign in nothing.",
            "Name at least one change: policies, tiers, weights, scores or not_applicable.",
        ),
    ),
    entry(
        "W015",
        "what-if-no-effect",
        "warning",
        (
            "“{entered}” không làm thay đổi xếp hạng: quy định này đã được áp dụng khi thu phiếu hoặc chỉ để hiển thị.",
            "Không cần làm gì; muốn đổi thì sửa campaign.yaml.",
        ),
        (
            "“{entered}” changes no ranking: it was applied when the returns were taken in, or is for display.",
            "Nothing to do; to change it, edit campaign.yaml.",
        ),
    ),
    entry(
        "W016",
        "what-if-from-above",
        "warning",
        (
            "Điểm của {count} đơn vị do cấp trên trực tiếp báo lên ({units}) đã tính theo quy định ở đó, giả định “{entered}” không tính lại.",
            "Đọc kết quả của các đơn vị này với lưu ý đó.",
        ),
        (
            "The scores of {count} units that come from the unit above ({units}) were computed there; supposing “{entered}” does not compute them anew.",
            "Read their results with that in mind.",
        ),
    ),
    entry(
        "W017",
        "what-if-all-zero",
        "warning",
        (
            "Mọi lĩnh vực của cấp “{entered}” đều được giả định có điểm tối đa 0: đơn vị nào cũng có chỉ số 0.",
            "Ghi điểm tối đa lớn hơn 0 cho ít nhất một lĩnh vực.",
        ),
        (
            "All domains of the tier “{entered}” are supposed to have the maximum 0: every unit has the index 0.",
            "Give at least one domain a maximum above 0.",
        ),
    ),
)
