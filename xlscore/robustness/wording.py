"""What the figures say, in plain words for leadership (Vietnamese, decimal comma)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from xlscore.methods.base import vi_number
from xlscore.robustness.analysis import Robustness, UnitRobustness
from xlscore.robustness.disagreement import LEAST_PAIRS, Neighbours
from xlscore.robustness.leaving_out import LeftOut
from xlscore.robustness.material import Part
from xlscore.summaries import count, figure

_NAMED = 12
"""So many pairs of neighbours are named at the top of a sheet; the table has them all."""


def between(low: int, high: int) -> str:
    """Return ranks from `low` to `high`: 2–4, or one rank alone."""
    return str(low) if low == high else f"{low}–{high}"


def sentence(found: Robustness, unit: UnitRobustness) -> str:
    """Say in one sentence how firm the rank of a unit is, and what moves it."""
    tried = f"90% các phép thử cho hạng {between(unit.spread.low, unit.spread.high)}"
    if found.is_firm(unit):
        return f"Hạng {unit.nominal} vững: {tried}."
    if unit.moved_by is not None and unit.criterion_shift > found.tolerance:
        without = f"bỏ {called(unit.moved_by)} thì thành hạng {unit.moved_to}"
        return f"Hạng {unit.nominal} nhạy: {without}; {tried}."
    return f"Hạng {unit.nominal} nhạy: {tried}."


def called(part: Part) -> str:
    """Return a criterion or domain as it is called in a sentence."""
    return f"{'lĩnh vực' if part.domain else 'tiêu chí'} {part.label}"


def summary(found: Robustness) -> Iterator[str]:
    """Yield what is said first of a group."""
    units = len(found.units)
    if units == 0:
        yield "Nhóm không có hai đơn vị có kết quả nên không có gì để so sánh."
        return
    firm = sum(found.is_firm(unit) for unit in found.units)
    yield (
        f"{count(firm)}/{count(units)} hạng vững: bỏ một tiêu chí bất kỳ, hoặc trong 90% các phép thử trọng "
        f"số, đổi không quá {found.tolerance} bậc; {count(units - firm)} hạng nhạy."
    )
    yield from _criteria(found)
    yield _judged(found)
    if found.neighbours:
        yield _neighbours(found)


def overall(groups: Iterable[Robustness]) -> Iterator[str]:
    """Yield what is said of all groups in one sentence; nothing where nothing could be compared."""
    tried = [found for found in groups if found.units]
    if not tried:
        return
    firm = sum(found.is_firm(unit) for found in tried for unit in found.units)
    said = f"{count(firm)}/{count(sum(len(f.units) for f in tried))} hạng vững khi thử đổi trọng số"
    said = f"Độ vững của thứ hạng: {said} hoặc bỏ một tiêu chí"
    pairs = [pair for found in tried for pair in found.neighbours]
    close = sum(not pair.told_apart for pair in pairs)
    if close:
        said += (
            f"; {count(close)}/{count(len(pairs))} cặp hạng liền kề chênh nhau ít hơn sai lệch giữa các cơ "
            "quan thẩm định, chưa chắc chắn đơn vị nào hơn"
        )
    yield f"{said}."


def _criteria(found: Robustness) -> Iterator[str]:
    most = max(found.without_criterion, key=lambda trial: trial.mean_shift, default=None)
    if most is None:
        yield "Không bỏ thử được tiêu chí nào: bỏ đi thì có đơn vị không còn gì để so sánh."
    elif most.most == 0:
        yield "Bỏ bất kỳ tiêu chí nào cũng không đổi thứ hạng."
    else:
        yield (
            f"Ảnh hưởng nhiều nhất là {called(most.part)}: bỏ đi thì mỗi đơn vị đổi trung bình "
            f"{figure(most.mean_shift, 1)} bậc, nhiều nhất {most.most} bậc{_rebanded(most)}."
        )


def furthest(found: Robustness, trial: LeftOut) -> str:
    """Say which unit moves furthest without a criterion, and where; nothing where none moves."""
    if trial.most == 0:
        return ""
    place = trial.shifts.index(trial.most)
    unit = found.units[place]
    return f"{unit.row.result.unit.name}: hạng {unit.nominal} thành hạng {trial.ranks[place]}."


def _rebanded(trial: LeftOut) -> str:
    return f"; {trial.rebanded} đơn vị đổi xếp loại" if trial.rebanded else ""


def _judged(found: Robustness) -> str:
    apart = found.disagreement
    if apart.share is None:
        return (
            f"Chưa đủ căn cứ để ước lượng sai lệch giữa các cơ quan thẩm định: có {apart.pairs} cặp ý kiến "
            f"về cùng một nội dung, cần ít nhất {LEAST_PAIRS}. Vì vậy không kết luận về chênh lệch giữa "
            "các hạng liền kề."
        )
    share = figure(Fraction(apart.share) * 100, 1)
    return (
        f"Sai lệch giữa các cơ quan thẩm định: {share}% điểm tối đa của một nội dung (căn bậc hai của "
        f"trung bình bình phương), tính từ {count(apart.pairs)} cặp ý kiến, trong đó "
        f"{count(apart.different)} cặp khác nhau, và {count(apart.left)} nội dung mà vòng sau giữ nguyên, "
        "trong cả kỳ đánh giá."
    )


def _neighbours(found: Robustness) -> str:
    close = [between(*ranks(found, pair)) for pair in found.neighbours if not pair.told_apart]
    if not close:
        return (
            "Mọi chênh lệch giữa hai hạng liền kề đều lớn hơn sai lệch giữa các cơ quan thẩm định."
        )
    more = f" và {len(close) - _NAMED} cặp khác" if len(close) > _NAMED else ""
    return (
        f"{count(len(close))}/{count(len(found.neighbours))} chênh lệch giữa hai hạng liền kề nhỏ hơn sai "
        "lệch giữa các cơ quan thẩm định, không nên coi hai đơn vị là khác nhau: hạng "
        f"{', '.join(close[:_NAMED])}{more}."
    )


def ranks(found: Robustness, pair: Neighbours) -> tuple[int, int]:
    """Return the ranks of two neighbours."""
    upper, lower = pair.upper.result.unit.code, pair.lower.result.unit.code
    return found.by_code[upper].nominal, found.by_code[lower].nominal


def gap(found: Robustness, pair: Neighbours) -> str:
    """Say whether two neighbours can be told apart."""
    upper, lower = ranks(found, pair)
    by, error = figures(pair)
    relation = "không nhỏ hơn" if pair.told_apart else "nhỏ hơn"
    verdict = "" if pair.told_apart else ": không nên coi là khác nhau"
    return (
        f"Chênh lệch giữa hạng {upper} và hạng {lower} ({by} điểm %) {relation} sai lệch giữa các cơ quan "
        f"thẩm định ({error}){verdict}."
    )


def figures(pair: Neighbours) -> tuple[str, str]:
    """Return gap and error with as many decimals as keep a small gap from looking like none."""
    decimals = 2 if pair.gap >= Fraction(1, 100) else 4
    return figure(pair.gap, decimals), figure(Fraction(pair.error), decimals)


def method(found: Robustness) -> Iterator[str]:
    """Yield how the figures were found."""
    settings = found.settings
    noise = vi_number(Decimal(settings.noise))
    yield (
        "Các phép thử không thay đổi điểm, thứ hạng hay xếp loại; chúng cho biết thứ hạng dựa vào "
        "từng tiêu chí và từng trọng số đến mức nào."
    )
    yield (
        f"Thử trọng số: {count(settings.draws)} lần, điểm tối đa của mỗi nội dung được nhân ngẫu nhiên với "
        f"một hệ số từ {_factor(1 - settings.noise / 100)} đến {_factor(1 + settings.noise / 100)} "
        f"(±{noise}%), như nhau cho mọi đơn vị; điểm đạt được nhân cùng hệ số. Số ngẫu nhiên bắt đầu từ "
        f"{settings.seed} nên lần nào tính lại cũng ra đúng các số này. Khoảng hạng 5–95%: ít nhất 90% số "
        "lần thử cho hạng trong khoảng đó."
    )
    yield (
        "Bỏ từng tiêu chí: lần lượt bỏ một tiêu chí (hoặc cả một lĩnh vực) khỏi điểm đạt được và điểm tối đa "
        "rồi xếp hạng lại. Không thử bỏ phần chưa có kết quả của ai, hoặc là tất cả những gì một đơn vị có."
    )
    yield (
        f"Hạng vững: cả khoảng hạng 5–95% lẫn mọi hạng khi bỏ một tiêu chí đều cách hạng gốc không quá "
        f"{found.tolerance} bậc (một phần hai mươi số đơn vị, ít nhất 1). Trong các phép thử, đơn vị bằng "
        "chỉ số luôn cùng hạng (1, 2, 2, 4), không xét tiêu chí phụ."
    )
    yield (
        "Điểm cộng, điểm trừ giữ nguyên, không có trọng số. Nhóm nội dung chỉ lấy trường hợp tốt nhất được "
        "coi là một nội dung. Đơn vị chưa có kết quả luôn ở cuối, không đưa vào phép thử."
    )
    yield (
        "Sai lệch của một chênh lệch: mỗi nội dung đã thẩm định mang một sai số độc lập bằng sai lệch nói "
        "trên chia căn bậc hai của 2; cộng theo bình phương trên các nội dung của hai đơn vị, chia cho điểm "
        "tối đa áp dụng. Đơn vị do cấp huyện báo cáo không được so theo cách này vì không có ý kiến từng "
        "nội dung."
    )


def _factor(value: Decimal) -> str:
    return vi_number(value.normalize())
