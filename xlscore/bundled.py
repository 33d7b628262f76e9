"""The examples that come with xlscore, and how a campaign folder is made from one of them."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from xlscore.durable import write_whole
from xlscore.places import place_of, user_data_folder
from xlscore.text import plain_ascii

_PACKAGE = Path(__file__).parent
_FOLDERS = ("templates", "inbox", "outbox", "reports")


@dataclass(frozen=True, slots=True)
class Example:
    """Where an example's files are: campaign and its tables in `folder`, rubrics beside."""

    name: str
    folder: Path
    rubrics: Path


def examples() -> dict[str, Example]:
    """Return the bundled examples by name.

    An installed package carries them in `xlscore/bundled`; in a checkout the repository root is the
    first example itself.
    """
    installed = _PACKAGE / "bundled"
    if installed.is_dir():
        folders = {p.name: p for p in installed.iterdir() if (p / "campaign.yaml").exists()}
        rubrics = installed / "rubrics"
    else:
        root = _PACKAGE.parent
        folders = {"vinh-long-2023": root}
        folders |= {p.parent.name: p.parent for p in (root / "examples").glob("*/campaign.yaml")}
        rubrics = root / "rubrics"
    return {name: Example(name, folder, rubrics / name) for name, folder in sorted(folders.items())}


def make_folder(target: Path, example: Example) -> None:
    """Make a campaign folder from an example.

    Raises:
        FileExistsError: there is a campaign already.
        OSError: the folder cannot be written to.
    """
    new_folder(target)
    for source in (example.folder / "campaign.yaml", *sorted(example.folder.glob("*.csv"))):
        shutil.copyfile(source, target / source.name)
    shutil.copytree(example.rubrics, target / "rubrics" / example.name, dirs_exist_ok=True)


def make_empty(target: Path) -> None:
    """Make an empty campaign folder with commented settings, a table of units and a small rubric.

    Raises: as `make_folder`.
    """
    new_folder(target)
    for source in (_PACKAGE / "starter").iterdir():
        place = target / ("rubrics" if source.name == "so.yaml" else "") / source.name
        shutil.copyfile(source, place)


def keep_data_local(target: Path, final: Path | None = None) -> Path | None:
    """Give a campaign that lies on a network drive or in a synced folder a data folder of the user's.

    Args:
        final: where the campaign will lie, if `target` is only where it is being made.

    Returns: the folder that `campaign.yaml` names from now on, or None where `data/` may stay inside.

    Raises:
        OSError: `campaign.yaml` cannot be written.
    """
    folder = data_elsewhere(final or target)
    if folder is None:
        return None
    path = target / "campaign.yaml"
    text = path.read_text(encoding="utf-8")
    line = f"  data: {json.dumps(str(folder), ensure_ascii=False)}"
    said, found = re.subn(r"(?m)^  data: data(?= |$)", lambda _: line, text, count=1)
    if not found:
        said = f"{text.rstrip()}\n\nfolders:\n{line}\n"
    write_whole(path, said.encode())
    return folder


def data_elsewhere(home: Path) -> Path | None:
    """Return the user's folder for the data of a campaign at `home`; None where `data/` may stay inside."""
    if place_of(home / "data").is_local:
        return None
    mark = hashlib.sha256(str(home.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:6]
    name = "-".join(re.findall(r"[a-z0-9]+", plain_ascii(home.resolve().name).lower()))
    return user_data_folder(f"{name[:40] or 'cchc'}-{mark}")


def new_folder(target: Path) -> None:
    """Make the folders of a campaign.

    Raises: as `make_folder`.
    """
    if (target / "campaign.yaml").exists():
        raise FileExistsError(target / "campaign.yaml")
    for name in (*_FOLDERS, "rubrics"):
        (target / name).mkdir(parents=True, exist_ok=True)
