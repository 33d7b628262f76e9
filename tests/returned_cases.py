"""All spoiled returns: one at least for every code that a return can get."""

from __future__ import annotations

from tests.spoiled_checks import PLUGINS, ROLES
from tests.spoiled_entries import TYPED
from tests.spoiled_files import FILES
from tests.spoiled_identity import IDENTITY
from tests.spoiled_sheets import STRUCTURE

CASES = (*TYPED, *STRUCTURE, *FILES, *IDENTITY, *ROLES, *PLUGINS)
