"""A campaign folder, opened: its paths, its campaign, its plugins, its signing keys, its layouts."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from xlscore.campaign import Campaign, Unit
from xlscore.campaign_file import read_campaign
from xlscore.findings import Finding
from xlscore.form import scorecard_layout
from xlscore.identity import KeyRing
from xlscore.layout import Layout
from xlscore.methods import Registry
from xlscore.plugins import Plugins, load
from xlscore.rubric import Rubric
from xlscore.settings import Waiver
from xlscore.submission import roles_of
from xlscore.text import nfc
from xlscore.workbooks.tables import read_table


class WorkspaceError(Exception):
    """A folder that is no usable campaign; `findings` say why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(findings)  # all of it, so that it survives the way out of a worker process
        self.findings = findings

    def __str__(self) -> str:
        return f"{len(self.findings)} findings"


class KeysError(Exception):
    """The signing keys are damaged, or gone although forms were issued; the message is the path."""


@dataclass(frozen=True)
class Workspace:
    """An opened campaign folder.

    Attributes:
        root: the folder that holds `campaign.yaml`.
        plugins: the loaded plugins; `methods` are all scoring methods.
        warnings: findings that did not keep the campaign from opening.
    """

    root: Path
    campaign: Campaign
    plugins: Plugins
    methods: Registry
    warnings: tuple[Finding, ...] = ()
    _layouts: dict[tuple[int, str], tuple[Rubric, Layout]] = field(default_factory=dict, repr=False)

    @property
    def templates(self) -> Path:
        """Issued scorecards, one folder per tier."""
        return self.root / "templates"

    @property
    def inbox(self) -> Path:
        """Where returned workbooks are put."""
        return self._folder(self.campaign.settings.folders.inbox)

    @property
    def outbox(self) -> Path:
        """Receipts, marked copies, released forms and letters, one folder per unit."""
        return self._folder(self.campaign.settings.folders.outbox)

    @property
    def reports(self) -> Path:
        """Where rankings and the status page are written."""
        return self._folder(self.campaign.settings.folders.reports)

    @property
    def data(self) -> Path:
        """Ledger, archive and keys: private and local."""
        return self._folder(self.campaign.settings.folders.data)

    @property
    def status_folder(self) -> Path | None:
        """A further folder for the status page, if the campaign names one."""
        named = self.campaign.settings.folders.status
        return self._folder(named) if named else None

    def _folder(self, named: str) -> Path:
        return self.root / Path(named).expanduser()

    @property
    def archive(self) -> Path:
        """Content-addressed copies of everything that ever arrived."""
        return self.data / "archive"

    @property
    def ledger_path(self) -> Path:
        """The SQLite file that records every outcome."""
        return self.data / "ledger.db"

    @property
    def health_path(self) -> Path:
        """Where the watcher says that it lives."""
        return self.data / "health.json"

    @property
    def logs(self) -> Path:
        """What the watcher writes down, one file per process and day."""
        return self.data / "logs"

    def with_waivers(self, given: tuple[Waiver, ...]) -> Workspace:
        """Return the campaign with further waivers: those that were decided after it was written."""
        if not given:
            return self
        settings = self.campaign.settings
        more = settings.model_copy(update={"waivers": (*settings.waivers, *given)})
        return replace(self, campaign=replace(self.campaign, settings=more))

    def layout(self, unit: Unit, role: str = "") -> Layout:
        """Return the scorecard's layout for a unit; units alike share one."""
        rubric = self.campaign.rubric(unit)
        key = (id(rubric), role)
        if key not in self._layouts:
            decimals = self.campaign.settings.policies.leaf_decimals
            # The rubric is kept beside its layout, so that its id stays taken.
            self._layouts[key] = (rubric, scorecard_layout(rubric, self.methods, role, decimals))
        return self._layouts[key][1]

    def roles(self, unit: Unit) -> tuple[str, ...]:
        """Return the roles that fill this unit's scorecard, when it is issued by role."""
        return roles_of(self.layout(unit))

    def folder_unit(self, top: str) -> str:
        """Return the unit whose drop folder the inbox's folder `top` is: any named as a unit is one."""
        name = nfc(top)
        own = self._codes.get(name.lower(), "")
        return own or (name if self.campaign.settings.folders_per_unit else "")

    @cached_property
    def _codes(self) -> Mapping[str, str]:
        """Codes of units and agencies by their lower case: Windows and shares do not tell SNV from snv."""
        return {code.lower(): code for code in (*self.campaign.agencies, *self.campaign.units)}

    @cached_property
    def keys(self) -> Keys:
        """The signing keys and the sheet password, made at first use."""
        return _read_keys(self.data / "keys.json")

    def existing_keys(self) -> KeyRing | None:
        """Return the keys if the campaign has any; reading never makes them."""
        return self.keys.ring if (self.data / "keys.json").exists() else None

    def require_keys(self, *, issued: bool) -> None:
        """Make sure, before anything is concluded or signed, that the campaign has its keys.

        Args:
            issued: whether forms have been issued, and so keys must be there.

        Raises:
            KeysError: see there. Without this every genuine return would be refused, for good.
        """
        if self.existing_keys() is None and issued:
            raise KeysError(self.data / "keys.json")


@dataclass(frozen=True, slots=True)
class Keys:
    """What `data/keys.json` holds: signing keys, and the password of the sheet protection."""

    ring: KeyRing
    sheet_password: str


def open_workspace(root: Path, plugins: Plugins | None = None) -> Workspace:
    """Open the campaign in `root`, with the installed plugins unless others are given.

    Raises:
        WorkspaceError: `campaign.yaml` or something it names has errors.
    """
    used = plugins or load()
    read = read_campaign(root, used, read_table)
    if read.campaign is None:
        raise WorkspaceError(read.findings)
    return Workspace(root, read.campaign, used, used.methods(), read.findings)


def _read_keys(path: Path) -> Keys:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        data = _make_keys(path)
    except ValueError as error:
        raise KeysError(path) from error
    try:
        keys = {kid: bytes.fromhex(key) for kid, key in data["keys"].items()}
        return Keys(KeyRing(data["current"], keys), data["sheet_password"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise KeysError(path) from error


def _make_keys(path: Path) -> Mapping[str, object]:
    """Write fresh keys; where another process was quicker, its keys are used."""
    kid = secrets.token_hex(2)
    data = {
        "current": kid,
        "keys": {kid: secrets.token_hex(32)},
        "sheet_password": secrets.token_urlsafe(9),
    }
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f"keys-{secrets.token_hex(4)}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(json.dumps(data, indent=1).encode())
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(temporary, path)
    except FileExistsError:
        return json.loads(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]
    except OSError:  # a disk without hard links
        temporary.replace(path)
        return data
    finally:
        temporary.unlink(missing_ok=True)
    return data
