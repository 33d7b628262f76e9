"""Where an earlier year's results lie: in another campaign's folder, in a frozen file, in a table."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from xlscore.blobs import blob_path
from xlscore.earlier.tables import read_year_table
from xlscore.findings import Finding, finding
from xlscore.ledger import LedgerError, latest_frozen
from xlscore.located import LocatedError, load_yaml
from xlscore.reasons import Words, of_system
from xlscore.table import TableError
from xlscore.workbooks.tables import read_table
from xlscore.workspace import Workspace
from xlscore.yearfiles import YearFileError, year_from_json
from xlscore.years import EarlierYear, Year

RESULTS = "results"
"""The kind under which an edition keeps its results as data."""

_NO_JSON: Words = ("không phải tệp JSON", "it is no JSON file")
_NO_PATH: Words = ("đường dẫn không đúng", "it is no path")
_TABLES = {".csv", ".xlsx"}


class SourceError(Exception):
    """An earlier year that cannot be read; `findings` say why, without a place where it is campaign.yaml."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__(findings)
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Source:
    """An earlier year as read, with what was left out of it."""

    year: Year
    findings: tuple[Finding, ...] = ()


def read_source(workspace: Workspace, named: EarlierYear) -> Source:
    """Read what one entry of `earlier` names.

    Raises:
        SourceError: it cannot be read, or not as a whole.
    """
    try:
        path = workspace.root / Path(named.results).expanduser()
        if path.is_dir():
            return Source(_of_campaign(path, named))
        if path.suffix.lower() == ".json":
            return Source(_of_json(path.read_bytes(), named, path.name))
        if path.suffix.lower() in _TABLES:
            return _of_table(workspace, path, named)
        path.stat()  # what is not there is told as such, whatever its name
    except OSError as error:
        raise _unreadable(named, of_system(error)) from error
    except (RuntimeError, ValueError) as error:  # `~nobody/…`, or a sign that no path may have
        raise _unreadable(named, _NO_PATH) from error
    raise _unreadable(named, ("cần một thư mục kỳ đánh giá, hoặc tệp .json, .csv, .xlsx",
                              "a campaign folder, or a .json, .csv or .xlsx is needed"))  # fmt: skip


def _of_campaign(root: Path, named: EarlierYear) -> Year:
    """Return what the latest edition of another campaign found."""
    data = root / _data_folder(root, named)
    try:
        frozen = latest_frozen(data / "ledger.db", RESULTS)
    except FileNotFoundError:
        frozen = None
    except LedgerError as error:
        words = f"sổ theo dõi không dùng được ({error})", f"its ledger cannot be used ({error})"
        raise _unreadable(named, words) from error
    if frozen is None:
        params = {"year": str(named.year)}
        raise SourceError(finding("year-without-edition", entered=named.results, params=params))
    content = blob_path(data / "archive", frozen.sha256).read_bytes()
    if hashlib.sha256(content).hexdigest() != frozen.sha256:
        raise _unreadable(named, (
            f"kết quả của lần ban hành {frozen.edition} trong kho lưu đã bị thay đổi",
            f"the results of edition {frozen.edition} in its archive were altered",
        ))  # fmt: skip
    return _of_json(content, named, f"{named.results}/")


def _data_folder(root: Path, named: EarlierYear) -> Path:
    """Return what the other campaign's settings name; the rest of them need not be right any more."""
    try:
        said: Any = load_yaml(root / "campaign.yaml").data
    except LocatedError as error:
        raise _unreadable(named, (f"{error.place}: {error.words[0]}",
                                  f"{error.place}: {error.words[1]}")) from error  # fmt: skip
    folders = said.get("folders") if isinstance(said, dict) else None
    data = folders.get("data") if isinstance(folders, dict) else None
    return Path(str(data or "data")).expanduser()


def _of_json(content: bytes, named: EarlierYear, name: str) -> Year:
    try:
        data = json.loads(content.decode("utf-8-sig"))
        json.dumps(data, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError) as error:
        raise _unreadable(named, _NO_JSON) from error
    try:
        year = year_from_json(data)
    except YearFileError as error:
        raise SourceError(*(
            finding("year-field", file=name, entered=problem.entered,
                    params=problem.params | {"year": str(named.year)})
            for problem in error.problems
        )) from error  # fmt: skip
    return year if year.source else replace(year, source=name)


def _of_table(workspace: Workspace, path: Path, named: EarlierYear) -> Source:
    today = workspace.campaign
    units = today.units.values()
    try:
        read = read_year_table(path, named.year, today.rubrics.values(), units, read_table)
    except TableError as error:
        raise _unreadable(named, error.words) from error
    if read.year is None:
        raise SourceError(*read.findings)
    return Source(read.year, read.findings)


def _unreadable(named: EarlierYear, words: Words) -> SourceError:
    params = {"year": str(named.year), "what": words[0], "what_en": words[1]}
    return SourceError(finding("year-unreadable", entered=named.results, params=params))
