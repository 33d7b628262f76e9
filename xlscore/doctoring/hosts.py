"""Checks of the computer: program and libraries, terminal, fonts, LibreOffice."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from xlscore import __version__
from xlscore.doctoring.checks import NOTHING, Check, Group, Level
from xlscore.doctoring.host import Host

_SERIF = ("times new roman", "times.ttf", "liberation serif", "tinos", "thorndale")
"""Times New Roman and fonts of the very same widths, as `fc-list` or Windows name them."""


def versions(host: Host) -> Iterator[Check]:
    """Name the program, Python, the system and the libraries."""
    found = host.libraries()
    lacking = [name for name, version in found.items() if not version]
    listed = ", ".join(f"{name} {version}" for name, version in found.items() if version)
    said = f"xlscore {__version__}, {host.python()}; {listed}"
    if not lacking:
        yield Check(Group.HOST, "versions", Level.OK, (said, said))
        return
    names = ", ".join(lacking)
    yield Check(
        Group.HOST,
        "versions",
        Level.WARNING,
        (f"{said}; không thấy {names}", f"{said}; not found: {names}"),
        ("Cài lại xlscore.", "Install xlscore anew."),
    )


def terminal(host: Host) -> Iterator[Check]:
    """Vietnamese must come out right on the terminal and in pipes."""
    encoding = host.encoding()
    fine = encoding.lower().replace("-", "").replace("_", "") in {"utf8", "cp65001"}
    said = (f"bảng mã {encoding}", f"encoding {encoding}")
    remedy = (
        "Chữ Việt có thể hiện sai khi nối lệnh: gõ “chcp 65001” (Windows) hoặc dùng ngôn ngữ UTF-8.",
        "Vietnamese may come out wrong in pipes: type “chcp 65001” (Windows), or use a UTF-8 locale.",
    )
    level = Level.OK if fine else Level.NOTE
    yield Check(Group.HOST, "terminal", level, said, NOTHING if fine else remedy)


def fonts(host: Host) -> Iterator[Check]:
    """Forms are set in Times New Roman; row heights are computed from its widths."""
    listed = host.fonts()
    if listed is None:
        said = ("không xem được phông chữ của máy", "the fonts of this host cannot be listed")
        yield Check(Group.HOST, "fonts", Level.NOTE, said)
        return
    known = listed.lower()
    found = next((name for name in _SERIF if name in known), "")
    if found:
        yield Check(Group.HOST, "fonts", Level.OK, (f"có {found}", f"{found} is there"))
        return
    yield Check(
        Group.HOST,
        "fonts",
        Level.NOTE,
        ("không có Times New Roman hay phông cùng cỡ chữ", "no Times New Roman or equal font"),
        (
            "Phiếu mở trên máy này sẽ dàn dòng khác; cài Times New Roman hoặc Liberation Serif.",
            "Forms opened here wrap otherwise; install Times New Roman or Liberation Serif.",
        ),
    )


def office(host: Host) -> Iterator[Check]:
    """LibreOffice is needed for nothing but PDF."""
    place = host.office()
    said = (f"có: {place}", f"found: {place}")
    if not place:
        said = ("không có; chỉ cần khi xuất PDF", "not found; needed for PDF only")
    yield Check(Group.HOST, "libreoffice", Level.OK if place else Level.NOTE, said)


EXAMINATIONS: tuple[Callable[[Host], Iterator[Check]], ...] = (versions, terminal, fonts, office)
