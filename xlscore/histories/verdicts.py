"""What became of an appraiser's word on a row, and which other word is the reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xlscore.appraising import Claim, Decision, RowAppraisal


class Verdict(StrEnum):
    """What became of a word.

    `counts`: it decides; `agrees`: another agency said the same in that round; `asks`: a query decides
    nothing; `waits`: another agency asks in the same round; `yields`: given by the cell that accepts
    what is left, while somebody speaks on the row itself, in whatever round; `conflict`: another agency
    contradicts it; `replaced`: the same agency spoke again; `overruled`: a later round or the council decided
    otherwise; `outdated`: the unit has changed its figures since; `void`, `refused`: its file does not
    count; `unheard`: there is nothing that it could be about.
    """

    COUNTS = "counts"
    AGREES = "agrees"
    ASKS = "asks"
    WAITS = "waits"
    YIELDS = "yields"
    CONFLICT = "conflict"
    REPLACED = "replaced"
    OVERRULED = "overruled"
    OUTDATED = "outdated"
    VOID = "void"
    REFUSED = "refused"
    UNHEARD = "unheard"


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict, with the word that is its reason where there is one."""

    verdict: Verdict
    other: Claim | None = None


def judge(row: RowAppraisal | None, claim: Claim) -> Judged:
    """Return what became of a word of a file that counts.

    Args:
        row: the row as appraisal has it now; None where nothing that counts was submitted.
    """
    if row is None:
        return Judged(Verdict.UNHEARD)
    if row.decided == claim:
        return Judged(Verdict.COUNTS)
    if claim not in row.words:
        return _unheard(row, claim)
    if claim.decision is Decision.QUERY:
        return Judged(Verdict.ASKS)
    return _among(row, claim)


def _unheard(row: RowAppraisal, claim: Claim) -> Judged:
    if claim.basis != row.basis and not claim.council:
        return Judged(Verdict.OUTDATED)
    heard = (row.council,) if claim.council else row.words
    same = [w for w in heard if w and (claim.council or w.round == claim.round)]
    later = next((w for w in same if w.council or w.agency == claim.agency), None)
    # Without a later word of its own it was never one: an acceptance where the unit has said nothing.
    return Judged(Verdict.REPLACED if later else Verdict.UNHEARD, later)


def _among(row: RowAppraisal, claim: Claim) -> Judged:
    """Judge a word beside those of the other agencies in its round."""
    if not claim.council and claim not in row.heard:
        return Judged(Verdict.YIELDS, row.heard[0])
    heard = row.in_round(claim.round)
    asking = next((word for word in heard if word.decision is Decision.QUERY), None)
    if asking is not None:
        return Judged(Verdict.WAITS, asking)
    contrary = next((word for word in heard if word.said != claim.said), None)
    if contrary is not None:
        return Judged(Verdict.CONFLICT, contrary)
    decided = row.decided
    if decided is not None and decided.round == claim.round and not decided.council:
        return Judged(Verdict.AGREES, decided)
    return Judged(Verdict.OVERRULED, decided)
