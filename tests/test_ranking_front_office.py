"""Real programs recalculate the front of the ranking workbook to the figures that it shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fronts import CASES, WHEN
from tests.office import (
    needs_gnumeric,
    needs_libreoffice,
    recalculate_with_libreoffice,
    resave_with_gnumeric,
)
from tests.test_ranking_book import differences, without_cached_values
from xlscore.workbooks.ranking import write_ranking

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Path]]:
    """The cases as written, and without cached values."""
    folder = tmp_path_factory.mktemp("fronts")
    made = {}
    for name, results in CASES.items():
        path = folder / f"{name}.xlsx"
        write_ranking(results(), path, generated=WHEN)
        made[name] = path, without_cached_values(path, folder / f"{name}-bare.xlsx")
    return made


@pytest.mark.office
@needs_libreoffice
def test_libreoffice_recalculates_the_front_to_what_is_cached(
    books: dict[str, tuple[Path, Path]], tmp_path: Path
) -> None:
    recalculated = recalculate_with_libreoffice([bare for _, bare in books.values()], tmp_path)
    for (written, _), theirs in zip(books.values(), recalculated, strict=True):
        assert differences(written, theirs) == []


@pytest.mark.office
@needs_gnumeric
@pytest.mark.filterwarnings("ignore:Workbook contains no default style:UserWarning")
def test_gnumeric_recalculates_the_front_to_what_is_cached(
    books: dict[str, tuple[Path, Path]], tmp_path: Path
) -> None:
    # Of sheet names with an apostrophe Gnumeric writes print areas that openpyxl cannot read.
    for name in books.keys() - {"odd"}:
        written, bare = books[name]
        assert differences(written, resave_with_gnumeric(bare, tmp_path / written.name)) == []
