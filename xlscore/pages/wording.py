"""How the pages say times, sizes and figures, in Vietnamese."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from xlscore.numbers import plain, quantise

_UNIT = 1024


class Timeliness(StrEnum):
    """Whether a return came in time; `unproven`: nobody looked between the deadline and its first sight."""

    ON_TIME = "on_time"
    LATE = "late"
    UNPROVEN = "unproven"


def to_the_second(moment: datetime) -> str:
    """Say a moment as a receipt does: `05/12/2023 16:42:07`."""
    return f"{moment:%d/%m/%Y %H:%M:%S}"


def to_the_minute(moment: datetime) -> str:
    """Say a moment as a list does: `05/12/2023 16:42`."""
    return f"{moment:%d/%m/%Y %H:%M}"


def in_words(moment: datetime) -> str:
    """Say a day as a letterhead does: `ngày 05 tháng 12 năm 2023`."""
    return f"ngày {moment:%d} tháng {moment:%m} năm {moment:%Y}"


def count(number: int) -> str:
    """Say a whole number with thousands parted: `3.300`."""
    return f"{number:,}".replace(",", ".")


def points(value: Decimal, decimals: int) -> str:
    """Say points, rounded half up for reading only: `66,25`."""
    return plain(quantise(value, decimals)).replace(".", ",")


def file_size(size: int) -> str:
    """Say a size in the unit that a person would: `512 byte`, `34,2 KB`, `1,5 MB`."""
    if size < _UNIT:
        return f"{size} byte"
    amount, unit = Decimal(size) / _UNIT, "KB"
    for larger in ("MB", "GB", "TB"):
        if amount < _UNIT:
            break
        amount, unit = amount / _UNIT, larger
    return f"{points(amount, 1)} {unit}"


def timeliness_said(said: Timeliness, days_late: int) -> str:
    """Say whether something came in time: `Trễ hạn 2 ngày`."""
    return {
        Timeliness.ON_TIME: "Đúng hạn",
        Timeliness.LATE: f"Trễ hạn {count(days_late)} ngày",
        Timeliness.UNPROVEN: "Chưa xác định được thời điểm nộp",
    }[said]


FILTERS: Mapping[str, Callable[..., str]] = {
    "to_the_second": to_the_second,
    "to_the_minute": to_the_minute,
    "in_words": in_words,
    "count": count,
    "points": points,
    "file_size": file_size,
}
