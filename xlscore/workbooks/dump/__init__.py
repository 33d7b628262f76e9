"""What a ranking workbook says, cell by cell, in a spelling that survives being saved by other programs."""

from xlscore.workbooks.dump.comparing import Change, Difference, compare
from xlscore.workbooks.dump.model import Dump, DumpCell, SheetDump
from xlscore.workbooks.dump.reading import OURS, STRANGE, like, read_digests, read_dump

__all__ = [
    "OURS",
    "STRANGE",
    "Change",
    "Difference",
    "Dump",
    "DumpCell",
    "SheetDump",
    "compare",
    "like",
    "read_digests",
    "read_dump",
]
