"""Identity (`I`): whose form it is, and whether it still counts."""

from __future__ import annotations

from xlscore.catalogue.entry import Entry, entry

_ISSUED_VI = "Hãy dùng đúng phiếu đã được cấp cho đơn vị, không dùng bản sao từ nơi khác."
_ISSUED_EN = "Use the form that was issued to the unit, not a copy from elsewhere."

ENTRIES: tuple[Entry, ...] = (
    entry(
        "I001",
        "unsigned",
        "error",
        ("Không tìm thấy mã nhận dạng của phiếu.", _ISSUED_VI),
        ("The form's identity token was not found.", _ISSUED_EN),
    ),
    entry(
        "I002",
        "bad-signature",
        "error",
        ("Mã nhận dạng của phiếu không hợp lệ (đã bị sửa hoặc do nơi khác cấp).", _ISSUED_VI),
        ("The form's identity token is not valid (altered, or issued elsewhere).", _ISSUED_EN),
    ),
    entry(
        "I003",
        "contradicting-tokens",
        "error",
        (
            "Phiếu mang hai mã nhận dạng khác nhau ({first}; {second}).",
            "Không sao chép trang tính giữa các phiếu. " + _ISSUED_VI,
        ),
        (
            "The form carries two different identities ({first}; {second}).",
            "Do not copy sheets between forms. " + _ISSUED_EN,
        ),
    ),
    entry(
        "I004",
        "other-campaign",
        "error",
        (
            "Phiếu thuộc kỳ đánh giá khác ({entered}).",
            "Kỳ này chỉ nhận phiếu của “{campaign}”. " + _ISSUED_VI,
        ),
        (
            "The form belongs to another campaign ({entered}).",
            "Only forms of “{campaign}” count. " + _ISSUED_EN,
        ),
    ),
    entry(
        "I005",
        "unknown-unit",
        "error",
        (
            "Phiếu cấp cho đơn vị, cơ quan hoặc cấp không có trong kỳ đánh giá ({entered}).",
            "Báo cơ quan cấp phiếu kiểm tra danh sách đơn vị và các cơ quan thẩm định, các cấp khai trong campaign.yaml.",
        ),
        (
            "The form was issued to a unit, agency or tier that is not in the campaign ({entered}).",
            "Ask the office to check its list of units, and the agencies and tiers in campaign.yaml.",
        ),
    ),
    entry(
        "I006",
        "other-unit",
        "error",
        (
            "Phiếu của đơn vị {entered} nằm trong thư mục của đơn vị {folder}.",
            "Chuyển phiếu về đúng thư mục, hoặc gửi phiếu của chính đơn vị.",
        ),
        (
            "A form of unit {entered} lies in the folder of unit {folder}.",
            "Move it to the right folder, or send the unit's own form.",
        ),
    ),
    entry(
        "I007",
        "old-rubric",
        "error",
        (
            "Phiếu được lập theo bộ tiêu chí cũ (điểm, phương pháp chấm hoặc tiêu chí đã thay đổi).",
            "Xin phiếu mới và nhập lại các tiêu chí đã thay đổi.",
        ),
        (
            "The form follows an old rubric (points, methods or criteria have changed).",
            "Ask for the new form and re-enter what has changed.",
        ),
    ),
    entry(
        "I008",
        "revoked",
        "error",
        ("Phiếu số {entered} đã được thu hồi ({reason}).", "Xin phiếu mới."),
        ("Form number {entered} has been revoked ({reason}).", "Ask for a new form."),
    ),
    entry(
        "I009",
        "blank-sample",
        "error",
        ("Đây là phiếu mẫu, không phải phiếu cấp cho đơn vị.", _ISSUED_VI),
        ("This is a blank sample, not a form issued to a unit.", _ISSUED_EN),
    ),
    entry(
        "I010",
        "wrong-kind",
        "error",
        ("Đây không phải phiếu tự chấm điểm ({entered}).", "Gửi đúng loại phiếu."),
        ("This is not a scorecard ({entered}).", "Send the right kind of form."),
    ),
    entry(
        "I011",
        "outdated-role",
        "error",
        (
            "Phiếu cấp cho người thực hiện không còn trong bộ tiêu chí ({entered}).",
            "Xin phiếu mới.",
        ),
        (
            "The form was issued to a role that the rubric no longer has ({entered}).",
            "Ask for a new form.",
        ),
    ),
)
