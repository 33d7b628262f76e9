"""The input files of a campaign: read as they are, and a campaign opened again from what was kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from tempfile import TemporaryDirectory
from typing import Any

from xlscore.located import load_yaml
from xlscore.plugins import Plugins
from xlscore.settings import Folders, Settings
from xlscore.workspace import Workspace, open_workspace

CAMPAIGN = "campaign.yaml"
Named = tuple[str, str]
"""Kind of an input, and its name as `campaign.yaml` spells it."""


class ChangedError(Exception):
    """The files on the disk are no longer those of the opened campaign: it must be opened again."""


def input_names(settings: Settings) -> Iterator[Named]:
    """Yield every file that a campaign is read from."""
    yield "campaign", CAMPAIGN
    yield "units", settings.units
    yield from (("surveys", name) for name in settings.surveys)
    yield from (("holidays", name) for name in settings.holidays)
    yield from (("rubric", tier.rubric) for tier in settings.tiers.values())
    if settings.predecessors:
        yield "predecessors", settings.predecessors
    yield from (("earlier", year.results) for year in settings.earlier)


def input_files(workspace: Workspace) -> dict[Named, bytes]:
    """Read every file that a campaign is made of; an earlier year that is a folder is no file.

    Raises:
        OSError: one cannot be read.
    """
    found: dict[Named, bytes] = {}
    for kind, name in input_names(workspace.campaign.settings):
        path = workspace.root / name
        if kind != "earlier" or path.is_file():
            found[kind, name] = path.read_bytes()
    return found


@dataclass(frozen=True)
class KeptCampaign:
    """A campaign as its kept input files have it: plain data, so that it can go to another process.

    Attributes:
        root, folders: today's, and so are the ledger, the archive and the keys.
    """

    root: Path
    folders: Folders
    inputs: Mapping[Named, bytes]

    def opened(self, plugins: Plugins | None = None) -> Workspace:
        """Open it in the place of today's, with the installed plugins unless others are given.

        Raises:
            WorkspaceError: what was kept cannot be read (any more) as a campaign.
        """
        with TemporaryDirectory(prefix="xlscore-") as folder:
            root = Path(folder)
            settings = _lay_out(root, self.inputs)
            opened = open_workspace(root, plugins)
        told = settings.model_copy(update={"folders": self.folders})
        return replace(opened, root=self.root, campaign=replace(opened.campaign, settings=told))


def kept_campaign(workspace: Workspace, inputs: Mapping[Named, bytes]) -> KeptCampaign:
    """Return the campaign of these files, in the place of today's."""
    return KeptCampaign(workspace.root, workspace.campaign.settings.folders, inputs)


def demand_unchanged(workspace: Workspace, inputs: Mapping[Named, bytes]) -> None:
    """Make sure that the opened campaign is the one that these files give.

    Raises:
        ChangedError: somebody has changed a file since it was opened.
    """
    kept = kept_campaign(workspace, inputs).opened(workspace.plugins)
    if kept.campaign != workspace.campaign:
        raise ChangedError(str(workspace.root / CAMPAIGN))


def _lay_out(root: Path, inputs: Mapping[Named, bytes]) -> Settings:
    """Write the files into an empty folder; those named outside it get names inside."""
    told = root / CAMPAIGN
    told.write_bytes(inputs["campaign", CAMPAIGN])
    data = load_yaml(told).data
    settings = Settings.model_validate(data)
    places: dict[Named, str] = {}
    for number, (kind, name) in enumerate(inputs):
        if (kind, name) != ("campaign", CAMPAIGN):
            places[kind, name] = _inside(name, number)
            target = root / places[kind, name]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(inputs[kind, name])
    renamed = _renamed(data, lambda kind, name: places.get((kind, name), name))
    said = json.dumps(renamed, ensure_ascii=False)
    told.write_text(_as_yaml(said), encoding="ascii")
    return settings


def _as_yaml(said: str) -> str:
    """Return JSON as YAML takes it: a sign beyond U+FFFF is one escape there, not two halves.

    DEL, which JSON leaves as it is, YAML takes as an escape only.
    """
    return said.replace("\x7f", "\\x7f").encode("ascii", "backslashreplace").decode("ascii")


def _inside(name: str, number: int) -> str:
    """Return a name that stays in the folder, with the extension that says how it is read."""
    path = PurePosixPath(name.replace("\\", "/"))
    outside = path.is_absolute() or PureWindowsPath(name).drive or ".." in path.parts
    return f"kept-{number}{path.suffix}" if outside else str(path)


def _renamed(data: Any, place: Callable[[str, str], str]) -> dict[str, Any]:
    """Return the campaign's data with other names for its files; earlier years were kept as read."""
    told = dict(data)
    told["units"] = place("units", told.get("units", Settings.model_fields["units"].default))
    for kind in ("surveys", "holidays"):
        if kind in told:
            named = told[kind] if isinstance(told[kind], list) else [told[kind]]
            told[kind] = [place(kind, name) for name in named]
    told["tiers"] = {
        tier: {**chosen, "rubric": place("rubric", chosen["rubric"])}
        for tier, chosen in told["tiers"].items()
    }
    if told.get("predecessors"):
        told["predecessors"] = place("predecessors", told["predecessors"])
    told.pop("earlier", None)
    return told
