"""Books whose receipts would say something else by now, for what others have sent since."""

from __future__ import annotations

import hashlib
import json

from xlscore.delivering.book_receipts import merged
from xlscore.findings import Finding, Status
from xlscore.identity import APPRAISAL, COUNCIL
from xlscore.ledger import Ledger
from xlscore.proceedings import Proceedings

CONTESTED = "contested"
"""The fact that holds what the receipts of books say of other words, hashed, by number, as JSON."""


def tell_contested(ledger: Ledger, state: Proceedings) -> None:
    """Renew the receipts of books that contradict another's by now, or no longer; both sides hear.

    The same for rows that a unit's newer version reopens.

    Args:
        state: the ledger's state of this moment.
    """
    kinds = {APPRAISAL, COUNCIL}
    books = [a for a in state.recorded if a.kind in kinds and a.status is Status.VALID]
    if not books:
        return
    said = {str(b.id): _hashed(found) for b in books if (found := merged(state, b))}
    told: dict[str, str] = json.loads(ledger.fact(CONTESTED) or "{}")
    if said == told:
        return
    changed = {n for n in said.keys() | told.keys() if said.get(n) != told.get(n)}
    with ledger.transaction():
        ledger.renew_receipts([book for book in books if str(book.id) in changed], state.now)
        ledger.set_fact(CONTESTED, json.dumps(said, sort_keys=True))


def _hashed(found: tuple[Finding, ...]) -> str:
    text = json.dumps([[f.code, f.node, sorted(f.params.items())] for f in found])
    return hashlib.blake2s(text.encode(), digest_size=8).hexdigest()
