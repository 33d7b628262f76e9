"""Editions of the ranking (lần ban hành): what each rests on, and its results recomputed from that."""

from xlscore.editions.basis import Basis, Input, basis_from_json, basis_of
from xlscore.editions.files import FileKind, file_name
from xlscore.editions.inputs import ChangedError
from xlscore.editions.provenance import as_edition, provenance
from xlscore.editions.reopening import NoEditionError, Reopened, reopen

__all__ = [
    "Basis",
    "ChangedError",
    "FileKind",
    "Input",
    "NoEditionError",
    "Reopened",
    "as_edition",
    "basis_from_json",
    "basis_of",
    "file_name",
    "provenance",
    "reopen",
]
