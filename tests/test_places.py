"""What kind of place a path is, on systems that are faked by what they answer."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from xlscore.places import Kind, Place, System, free_bytes, place_of, user_data_folder

ROOT = "27 1 254:0 / / rw,relatime - {kind} /dev/vda rw,discard\n"


@dataclass
class Fake(System):
    """A system that answers as told."""

    platform: str = "linux"
    variables: Mapping[str, str] = field(default_factory=dict)
    table: str = ROOT.format(kind="ext4")
    drives: Mapping[str, int] = field(default_factory=dict)
    folders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)

    @property
    def environ(self) -> Mapping[str, str]:
        return self.variables

    @property
    def home(self) -> PurePath:
        return self.pure("C:\\Users\\An" if self.platform == "win32" else "/home/an")

    def pure(self, path: str) -> PurePath:
        return PureWindowsPath(path) if self.platform == "win32" else PurePosixPath(path)

    def nearest(self, path: PurePath) -> PurePath:
        return self.pure(self.links.get(str(path), str(path)))

    def names(self, folder: PurePath) -> Iterable[str]:
        return self.folders.get(str(folder), ())

    def mounts(self) -> str:
        return self.table

    def drive_type(self, root: str) -> int:
        return self.drives.get(root, 3)


def on_linux(path: str, **answers: object) -> Place:
    return place_of(PurePosixPath(path), Fake(**answers))  # type: ignore[arg-type]


def on_windows(path: str, **answers: object) -> Place:
    return place_of(PureWindowsPath(path), Fake(platform="win32", **answers))  # type: ignore[arg-type]


def mounted(kind: str, options: str = "rw", point: str = "/mnt/x", source: str = "src") -> str:
    return (
        ROOT.format(kind="ext4") + f"90 27 0:52 / {point} rw shared:1 - {kind} {source} {options}\n"
    )


NETWORK = (
    "cifs smb3 smbfs nfs nfs4 afs ceph davfs fuse.sshfs fuse.rclone fuse.s3fs fuse.davfs2"
    " fuse.gvfsd-fuse fuse.smbnetfs fuse.glusterfs fuse.curlftpfs drvfs"
)
LOCAL = (
    "overlay ext4 xfs tmpfs btrfs zfs fuse-overlayfs fuse.fuse-overlayfs 9p virtiofs fuseblk fuse"
)


@pytest.mark.parametrize("kind", NETWORK.split())
def test_a_share_is_named_by_its_file_system(kind: str) -> None:
    place = on_linux("/mnt/x/2026/data", table=mounted(kind))
    assert (place.kind, place.words[0]) == (Kind.NETWORK, f"ổ mạng ({kind})")


@pytest.mark.parametrize("kind", LOCAL.split())
def test_disks_and_the_roots_of_containers_are_never_refused(kind: str) -> None:
    assert on_linux("/mnt/x/2026/data", table=mounted(kind)).is_local
    assert on_linux("/srv/2026/data", table=ROOT.format(kind=kind)).is_local


@pytest.mark.parametrize("kind", ["9p", "virtiofs"])
def test_a_windows_disk_under_wsl_is_refused(kind: str) -> None:
    table = mounted(kind, "rw,aname=drvfs;path=C:\\134;uid=1000", "/mnt/c", "C:\\134")
    assert on_linux("/mnt/c/CCHC", table=table).kind is Kind.NETWORK
    assert on_linux("/home/an/CCHC", table=table).is_local


def test_the_longest_mount_decides_and_the_latest_of_equal_ones() -> None:
    table = (
        mounted("cifs")
        + "91 90 254:1 / /mnt/x/disk rw - ext4 /dev/sdb rw\n"
        + "92 27 0:60 / /mnt/auto rw - autofs systemd-1 rw\n"
        + "93 92 0:61 / /mnt/auto rw - nfs4 server:/x rw\n"
    )
    assert on_linux("/mnt/x/disk/2026", table=table).is_local
    assert on_linux("/mnt/x/other", table=table).kind is Kind.NETWORK
    assert on_linux("/mnt/xyz", table=table).is_local
    assert on_linux("/mnt/auto/2026", table=table).kind is Kind.NETWORK


def test_a_mount_point_with_spaces_and_vietnamese_letters_is_understood() -> None:
    table = mounted("cifs", point="/mnt/Hộp\\040nhận")
    assert on_linux("/mnt/Hộp nhận/SNV", table=table).kind is Kind.NETWORK


@pytest.mark.parametrize("table", ["", "\n\n", "nonsense - cifs\n", "1 2 3 4 /mnt/x rw cifs\n"])
def test_a_table_that_cannot_be_read_refuses_nothing(table: str) -> None:
    assert on_linux("/mnt/x", table=table).is_local


def test_a_link_to_a_share_is_a_share() -> None:
    place = on_linux("/srv/data", links={"/srv/data": "/mnt/x/data"}, table=mounted("cifs"))
    assert place.kind is Kind.NETWORK


@pytest.mark.parametrize(
    "path",
    [
        r"\\may-chu\cchc\2026\data",
        "//may-chu/cchc/2026",
        r"\\?\UNC\may-chu\cchc\2026",
        r"\\?\unc\may-chu\cchc",
    ],
)
def test_a_unc_path_is_a_share_in_every_spelling(path: str) -> None:
    place = on_windows(path)
    assert (place.kind, place.words[1]) == (Kind.NETWORK, r"a network share (\\may-chu\cchc)")


def test_a_mapped_drive_is_a_share_also_when_spelled_as_a_device() -> None:
    for path in ("Z:\\2026", "z:\\2026", r"\\?\Z:\2026"):
        place = on_windows(path, drives={"Z:\\": 4})
        assert (place.kind, place.words[0]) == (Kind.NETWORK, "ổ mạng (Z:)")


def test_disks_of_windows_are_local() -> None:
    for path in ("C:\\CCHC\\2026", r"\\?\C:\CCHC\2026"):
        assert on_windows(path, drives={"Z:\\": 4}).is_local


def test_a_mapped_drive_that_is_resolved_to_its_share_is_one() -> None:
    place = on_windows("Z:\\2026", links={"Z:\\2026": r"\\may-chu\cchc\2026"})
    assert place.kind is Kind.NETWORK


SYNCED = {
    "OneDrive": ("OneDrive", "OneDrive - Sở Nội vụ", "OneDrive-Personal"),
    "Google Drive": ("Google Drive", "GoogleDrive", "My Drive", "Drive của tôi", "GoogleDrive-a@b"),
    "Dropbox": ("Dropbox", "Dropbox (Sở Nội vụ)"),
    "Nextcloud": ("Nextcloud", "Nextcloud2"),
    "ownCloud": ("ownCloud",),
    "iCloud": ("iCloudDrive", "com~apple~CloudDocs"),
    "Box": ("Box",),
}


@pytest.mark.parametrize(("client", "name"), [(c, n) for c, names in SYNCED.items() for n in names])
def test_the_folder_of_a_sync_client_is_known_by_its_name(client: str, name: str) -> None:
    said = (Kind.SYNCED, f"thư mục do {client} đồng bộ")
    linux, windows = on_linux(f"/home/an/{name}/CCHC"), on_windows(f"C:\\Users\\An\\{name}\\CCHC")
    assert [(p.kind, p.words[0]) for p in (linux, windows)] == [said, said]


def test_names_are_compared_as_the_system_does() -> None:
    assert on_windows("c:\\users\\an\\onedrive\\cchc").kind is Kind.SYNCED
    assert on_linux("/srv/dropbox/cchc").is_local


@pytest.mark.parametrize("name", ["OneDriver", "My Drives", "Nextcloud-data", "Zalo", "Dropboxes"])
def test_a_name_that_only_resembles_one_is_local(name: str) -> None:
    assert on_linux(f"/home/an/{name}/CCHC").is_local


def test_a_box_is_only_a_sync_client_in_the_home_folder() -> None:
    assert on_windows("D:\\Kho\\Box\\CCHC").is_local


def test_the_folder_that_onedrive_names_in_the_environment_is_synced() -> None:
    variables = {"OneDriveCommercial": "D:\\Tai lieu", "OneDrive": ""}
    assert on_windows("d:\\tai LIEU\\CCHC", variables=variables).kind is Kind.SYNCED
    assert on_windows("D:\\Tai lieu khac\\CCHC", variables=variables).is_local


@pytest.mark.parametrize(
    ("mark", "client"),
    [
        (".stfolder", "Syncthing"),
        (".sync_0123456789ab.db", "Nextcloud"),
        ("._sync_0123456789ab.db", "Nextcloud"),
        (".nextcloudsync.log", "Nextcloud"),
        (".owncloudsync.log", "ownCloud"),
        (".dropbox.cache", "Dropbox"),
    ],
)
def test_a_mark_in_a_parent_folder_says_that_it_is_synced(mark: str, client: str) -> None:
    place = on_linux("/srv/cchc/2026/data", folders={"/srv/cchc": ("a.txt", mark)})
    assert (place.kind, place.words[1]) == (Kind.SYNCED, f"a folder that {client} syncs")


def test_the_settings_of_a_client_in_the_home_folder_make_nothing_synced() -> None:
    assert on_linux("/home/an/CCHC", folders={"/home/an": (".dropbox", ".sync")}).is_local


def test_a_share_is_called_a_share_even_where_it_is_synced_too() -> None:
    place = on_linux("/mnt/x/OneDrive", table=mounted("cifs"))
    assert place.kind is Kind.NETWORK


def test_a_path_that_does_not_exist_is_what_its_parents_are(tmp_path: Path) -> None:
    (tmp_path / ".stfolder").mkdir()
    assert place_of(tmp_path / "not" / "yet").kind is Kind.SYNCED
    assert free_bytes(tmp_path / "not" / "yet") == pytest.approx(free_bytes(tmp_path), rel=0.1)


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_links_are_followed_and_a_loop_of_links_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "plain").symlink_to(tmp_path / "Dropbox")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert place_of(tmp_path / "plain" / "x").kind is Kind.SYNCED
    assert place_of(tmp_path / "loop").kind is Kind.LOCAL


def test_this_disk_is_local_and_judged_in_a_moment(tmp_path: Path) -> None:
    for name in range(500):
        (tmp_path / f"{name}.xlsx").touch()
    best = 1.0
    for _ in range(10):
        start = time.process_time()
        assert place_of(tmp_path) == Place(Kind.LOCAL)
        best = min(best, time.process_time() - start)
    assert best < 0.01


@pytest.mark.parametrize(
    ("platform", "variables", "folder"),
    [
        ("linux", {}, "/home/an/.local/state/xlscore/vl-2026"),
        ("linux", {"XDG_STATE_HOME": "/var/x"}, "/var/x/xlscore/vl-2026"),
        ("linux", {"XDG_STATE_HOME": "relative"}, "/home/an/.local/state/xlscore/vl-2026"),
        ("darwin", {}, "/home/an/Library/Application Support/xlscore/vl-2026"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/xlscore/vl-2026"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="paths are spelled as on POSIX")
def test_the_users_data_folder_is_where_each_system_keeps_local_data(
    platform: str, variables: dict[str, str], folder: str
) -> None:
    system = Fake(platform=platform, variables=variables)
    assert user_data_folder("vl-2026", system).as_posix() == folder


@pytest.mark.parametrize("campaign", ["../x", "", "a/b", "CON", "Vĩnh Long"])
def test_an_id_that_is_no_folder_name_is_refused(campaign: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        user_data_folder(campaign)
