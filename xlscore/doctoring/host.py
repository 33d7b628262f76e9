"""What the checks ask the computer; tests put their own answers in its place."""

from __future__ import annotations

import ctypes
import locale
import os
import platform
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from xlscore.converting import find_office
from xlscore.places import Place, free_bytes, place_of

_LIBRARIES = ("click", "Jinja2", "openpyxl", "pluggy", "pydantic", "PyYAML", "rich", "watchdog",
              "XlsxWriter")  # fmt: skip
_SECONDS = 10


class Host:
    """This computer."""

    windows: bool = sys.platform == "win32"

    def clock(self) -> float:
        """Return the seconds since 1970 by this computer's clock."""
        return time.time()

    def python(self) -> str:
        """Name Python and the system."""
        return f"Python {platform.python_version()}, {platform.system()} {platform.release()}"

    def libraries(self) -> dict[str, str]:
        """Return the versions of the libraries that the program needs; empty where one is missing."""
        found = {}
        for name in _LIBRARIES:
            try:
                found[name] = version(name)
            except PackageNotFoundError:
                found[name] = ""
        return found

    def encoding(self) -> str:
        """Return the encoding of the terminal (on Windows: of its code page)."""
        page = 0
        if sys.platform == "win32":
            page = int(ctypes.windll.kernel32.GetConsoleOutputCP())
        # No code page: there is no console, and files are written as UTF-8 anyway.
        return f"cp{page}" if page else "utf-8" if self.windows else locale.getencoding()

    def fonts(self) -> str | None:
        """Return the names of the installed fonts as one text; None where that cannot be found out."""
        if self.windows:
            folder = Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts"
            with suppress(OSError):
                return "\n".join(path.name for path in folder.iterdir())
            return None
        program = shutil.which("fc-list")
        if program is None:
            return None
        with suppress(OSError, subprocess.SubprocessError):
            return subprocess.run(  # noqa: S603  its path was found above
                [program, ":", "family"], capture_output=True, timeout=_SECONDS, check=True
            ).stdout.decode("utf-8", "replace")
        return None

    def office(self) -> str:
        """Return where LibreOffice is, or nothing."""
        found = find_office()
        return str(found) if found else ""

    def long_paths(self) -> bool:
        """Whether paths of more than 259 characters may be used."""
        allowed = not self.windows
        if sys.platform == "win32":
            import winreg

            key = r"SYSTEM\CurrentControlSet\Control\FileSystem"
            with suppress(OSError), winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, key) as opened:
                allowed = winreg.QueryValueEx(opened, "LongPathsEnabled")[0] == 1
        return allowed

    def place(self, folder: Path) -> Place:
        """Return what kind of place a folder is."""
        return place_of(folder)

    def free(self, folder: Path) -> int:
        """Return the free bytes where a folder is, or will be.

        Raises:
            OSError: the disk cannot be asked.
        """
        return free_bytes(folder)

    def others_may_read(self, path: Path) -> bool:
        """Whether other users of this computer may read a file or a folder, as far as can be told."""
        real = path.resolve()
        if self.windows:  # a profile is closed to others; elsewhere all users may read by default
            return not real.is_relative_to(Path.home().resolve())
        if not real.exists() or not real.stat().st_mode & 0o005:
            return False
        return all(folder.stat().st_mode & 0o001 for folder in real.parents)
