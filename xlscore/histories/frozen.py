"""The results that an edition froze, as the archive keeps them: nothing is computed again here."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from xlscore.archive import ContentError, kept
from xlscore.ledger import EditionFile
from xlscore.ledger.editions import files_by_kind
from xlscore.yearfiles import YearFileError, year_from_json
from xlscore.years import Year

RESULTS = "results"
"""The kind of the file that holds them (see `xlscore.editions.files`)."""


def frozen_results(archive: Path, files: Iterable[EditionFile]) -> Year | None:
    """Return what an edition with these files found; None where that is gone or altered."""
    file = files_by_kind(files).get(RESULTS)
    if file is None:
        return None
    try:
        return year_from_json(json.loads(kept(archive, file.sha256)))
    except (OSError, ContentError, ValueError, YearFileError):
        return None  # `ledger check` and `verify` tell what is wrong with it
