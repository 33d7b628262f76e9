"""What kind of place a path is: this machine's disk, a network share (ổ mạng), a synced folder.

The ledger and the archive must lie on a disk of this machine: over a share that does not pass locks on,
two writers were told that 267 transactions had succeeded, of which 182 were there afterwards, and a sync
client uploads a database in the middle of a transaction. What is not recognised counts as local:
a wrong refusal would stop an office, and containers stand on odd file systems.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

from xlscore.reasons import Words
from xlscore.text import is_safe_name, nfc

_NETWORK_TYPE = re.compile(
    "(cifs|smb[23]|smbfs|nfs4?|afs|ncpfs|coda|ceph|glusterfs|lustre|beegfs|gpfs|pvfs2|davfs|drvfs"
    "|vboxsf|prl_fs|vmhgfs)"
    r"|fuse\.(sshfs|rclone|s3fs|s3ql|goofys|gcsfuse|blobfuse2?|juicefs|davfs2?|curlftpfs|smbnetfs"
    "|gvfsd-fuse|kio-fuse|glusterfs|ceph(-fuse)?|vmhgfs-fuse|onedriver|google-drive-ocamlfuse)"
)
_WINDOWS_DISK_TYPES = frozenset({"9p", "virtiofs"})
"""Roots of containers and virtual machines; only as WSL's view of a Windows disk are they refused."""

_CLIENTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("OneDrive", re.compile(r"OneDrive( ?- ?.+)?")),
    ("Google Drive", re.compile(r"Google ?Drive(-.+)?|My Drive|Drive của tôi")),
    ("Dropbox", re.compile(r"Dropbox( \(.+\))?")),
    ("Nextcloud", re.compile(r"Nextcloud\d*")),
    ("ownCloud", re.compile(r"ownCloud\d*")),
    ("iCloud", re.compile(r"iCloud ?Drive|com~apple~CloudDocs")),
    ("Box", re.compile(r"Box Sync|Box-Box")),
)
_MARKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("Syncthing", re.compile(r"\.stfolder")),
    ("Nextcloud", re.compile(r"\.nextcloudsync\.log|\._?sync_[0-9a-f]+\.db")),
    ("ownCloud", re.compile(r"\.owncloudsync\.log")),
    # Not `.dropbox`: on Linux a home folder holds the client's settings under that name.
    ("Dropbox", re.compile(r"\.dropbox\.cache")),
)
_NAMES_LOOKED_AT = 4096
"""Entries of one folder that are searched for marks, so that a huge folder costs milliseconds."""

_DRIVE_REMOTE = 4


class Kind(StrEnum):
    """Where a path leads."""

    LOCAL = "local"
    NETWORK = "network"
    SYNCED = "synced"


@dataclass(frozen=True, slots=True)
class Place:
    """What a path is; `words` say why it is not local, in Vietnamese and in English."""

    kind: Kind
    words: Words = ("ổ đĩa của máy", "a local disk")

    @property
    def is_local(self) -> bool:
        """Whether a ledger may lie here."""
        return self.kind is Kind.LOCAL


class System:
    """What `place_of` asks the operating system; tests put their own answers in its place."""

    platform: str = sys.platform

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment's variables."""
        return os.environ

    @property
    def home(self) -> PurePath:
        """The user's home folder."""
        return Path.home()

    def nearest(self, path: PurePath) -> PurePath:
        """Return the absolute path, links followed; what is not there yet is left as it is named."""
        with suppress(OSError, RuntimeError):  # RuntimeError: a loop of links
            return Path(path).resolve()
        return Path(path).absolute()

    def names(self, folder: PurePath) -> Iterable[str]:
        """Return names in a folder; none where it cannot be listed."""
        with suppress(OSError), os.scandir(folder) as listing:
            return [entry.name for entry in islice(listing, _NAMES_LOOKED_AT)]
        return ()

    def mounts(self) -> str:
        """Return the table of mounts (`/proc/self/mountinfo`); nothing where there is none."""
        with suppress(OSError):
            return Path("/proc/self/mountinfo").read_text(
                encoding="utf-8", errors="surrogateescape"
            )
        return ""

    def drive_type(self, root: str) -> int:
        r"""Return what Windows says of a drive such as `Z:\`; 0 on other systems."""
        kind = 0
        if sys.platform == "win32":
            import ctypes

            kind = int(ctypes.windll.kernel32.GetDriveTypeW(root))
        return kind


_HERE = System()


def place_of(path: Path | PurePath, system: System = _HERE) -> Place:
    """Return what kind of place `path` is; one that does not exist yet is what its parents are.

    Links are followed, and both the path as named and the path as it is are judged.
    """
    real = system.nearest(path)
    paths = tuple(dict.fromkeys((_pure(path, system), _pure(real, system))))
    folders = [real, *real.parents]
    # Looking into the folders first wakes an automounter, whose share then stands in the table.
    marked = None if _unc(paths) else _marked(folders, system)
    return _network(paths, system) or _synced(paths, system) or marked or Place(Kind.LOCAL)


def free_bytes(path: Path) -> int:
    """Return the free bytes at `path`, or at its nearest existing parent.

    Raises:
        OSError: the disk cannot be asked.
    """
    folder = path.absolute()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free


def user_data_folder(campaign_id: str, system: System = _HERE) -> Path:
    """Return the local folder of this user for a campaign's `data`, where the campaign itself is synced.

    Raises:
        ValueError: the id cannot be a folder's name.
    """
    if not is_safe_name(campaign_id):
        raise ValueError(campaign_id)
    home = Path(system.home)
    if system.platform == "win32":
        base = _absolute(system.environ.get("LOCALAPPDATA")) or home / "AppData" / "Local"
    elif system.platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = _absolute(system.environ.get("XDG_STATE_HOME")) or home / ".local" / "state"
    return base / "xlscore" / campaign_id


def _absolute(named: str | None) -> Path | None:
    """Return a folder named by a variable; a relative one is to be ignored (XDG base directories)."""
    return Path(named) if named and Path(named).is_absolute() else None


def _pure(path: PurePath | str, system: System) -> PurePath:
    return PureWindowsPath(path) if system.platform == "win32" else PurePosixPath(path)


# --- shares ---------------------------------------------------------------------------------------


def _network(paths: Iterable[PurePath], system: System) -> Place | None:
    if system.platform == "win32":
        if share := _unc(paths):
            return Place(Kind.NETWORK, (f"ổ mạng ({share})", f"a network share ({share})"))
        for drive in dict.fromkeys(_drive(path) for path in paths):
            if drive and system.drive_type(f"{drive}\\") == _DRIVE_REMOTE:
                return Place(Kind.NETWORK, (f"ổ mạng ({drive})", f"a network drive ({drive})"))
        return None
    table = system.mounts()
    for path in paths:
        mount = _mount_of(path, table)
        if mount and (called := mount.network):
            return Place(Kind.NETWORK, (f"ổ mạng ({called})", f"a network file system ({called})"))
    return None


def _unc(paths: Iterable[PurePath]) -> str:
    r"""Return the first share that a Windows path names: `\\server\share`, `\\?\UNC\server\share`."""
    for path in paths:
        if not isinstance(path, PureWindowsPath):
            continue
        text = str(path).replace("/", "\\")
        device = re.match(r"\\\\[?.]\\", text)
        named = re.match(r"\\\\[?.]\\UNC\\(.+)", text, re.IGNORECASE)
        if named or (text.startswith("\\\\") and not device):
            rest = named[1] if named else text[2:]
            return "\\\\" + "\\".join(rest.split("\\")[:2])
    return ""


def _drive(path: PurePath) -> str:
    found = re.match(r"(?:\\\\[?.]\\)?([A-Za-z]:)", str(path))
    return found[1].upper() if found else ""


@dataclass(frozen=True, slots=True)
class _Mount:
    """One line of mountinfo: where it is mounted, the kind of file system, its source and options."""

    point: str
    kind: str
    details: str

    @property
    def network(self) -> str:
        """What to call it if it is no disk of this machine, else nothing."""
        if _NETWORK_TYPE.fullmatch(self.kind):
            return self.kind
        if self.kind in _WINDOWS_DISK_TYPES and "drvfs" in self.details:
            return f"drvfs, {self.kind}"
        return ""


def _mount_of(path: PurePath, table: str) -> _Mount | None:
    """Return the mount that holds `path`: the longest, and of equal ones the latest, which is on top."""
    best: _Mount | None = None
    for line in table.splitlines():
        mount = _parsed(line)
        if mount and path.is_relative_to(mount.point):
            best = mount if best is None or len(mount.point) >= len(best.point) else best
    return best


def _parsed(line: str) -> _Mount | None:
    # 36 35 0:52 /root /mount/point rw,noatime [optional fields] - type source options
    left, separator, right = line.partition(" - ")
    fields, kinds = left.split(" "), right.split(" ")
    if not separator or len(fields) < 5:  # noqa: PLR2004  the fifth field is the mount point
        return None
    point = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[4])
    return _Mount(point, kinds[0], " ".join(kinds[1:]))


# --- synced folders -------------------------------------------------------------------------------


def _synced(paths: Iterable[PurePath], system: System) -> Place | None:
    roots = {
        name: value for name, value in system.environ.items() if name.upper().startswith("ONEDRIVE")
    }
    for path in paths:
        for value in roots.values():
            root = _pure(value, system)
            if root.is_absolute() and path.is_relative_to(root):
                return _synced_by("OneDrive")
        for client, pattern in _CLIENTS:
            if any(_is_named(part, pattern, system) for part in path.parts):
                return _synced_by(client)
        if path.is_relative_to(_pure(system.home, system) / "Box"):  # elsewhere it may be any box
            return _synced_by("Box")
    return None


def _is_named(part: str, pattern: re.Pattern[str], system: System) -> bool:
    # On Linux `dropbox` may be any drop folder; Windows does not tell the cases apart.
    flags = re.IGNORECASE if system.platform == "win32" else re.NOFLAG
    return bool(re.fullmatch(pattern.pattern, nfc(part), flags))


def _marked(folders: Iterable[PurePath], system: System) -> Place | None:
    for folder in folders:
        for name in system.names(folder):
            if not name.startswith("."):
                continue
            for client, pattern in _MARKS:
                if pattern.fullmatch(name):
                    return _synced_by(client)
    return None


def _synced_by(client: str) -> Place:
    said = (f"thư mục do {client} đồng bộ", f"a folder that {client} syncs")
    return Place(Kind.SYNCED, said)
