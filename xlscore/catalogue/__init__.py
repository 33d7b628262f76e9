"""The catalogue of findings: permanent codes with severity, message and remedy, Vietnamese and English.

A code is never reused and need not follow the one before. Prefixes: `P` the file as a package,
`I` identity, `S` the scorecard's rows and cells, `A` appraisal and what follows it, `M` many hands, `N` intake, `R` rubrics,
`C` campaigns, `V` verification of a ranking, `W` suppositions, `X` plugins. Messages say what is there, remedies what to do. `{entered}` and `{row}`
come from the finding, `{number}` is `entered` with the language's decimal mark, other names come from
`params`.
"""

from xlscore.catalogue import (
    appraisal_books,
    appraisals,
    campaigns,
    council,
    districts,
    editions,
    files,
    identity,
    plugins,
    replies,
    rubrics,
    scorecards,
    surveys,
    what_if,
    years,
)
from xlscore.catalogue.entry import Entry, Severity, Words

__all__ = ["BY_CODE", "BY_NAME", "ENTRIES", "Entry", "Severity", "Words"]

ENTRIES: tuple[Entry, ...] = (
    *files.ENTRIES,
    *identity.ENTRIES,
    *scorecards.ENTRIES,
    *rubrics.ENTRIES,
    *campaigns.ENTRIES,
    *years.ENTRIES,
    *appraisals.ENTRIES,
    *appraisal_books.ENTRIES,
    *council.ENTRIES,
    *districts.ENTRIES,
    *surveys.ENTRIES,
    *replies.ENTRIES,
    *editions.ENTRIES,
    *plugins.ENTRIES,
    *what_if.ENTRIES,
)
BY_CODE: dict[str, Entry] = {entry.code: entry for entry in ENTRIES}
BY_NAME: dict[str, Entry] = {entry.name: entry for entry in ENTRIES}
