"""The state of the procedure is that of one moment, whoever else writes meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaigns import make_campaign
from tests.recorded import NOW, Office
from xlscore.ledger import Ledger, Recorded, open_ledger
from xlscore.proceedings import proceedings


def test_what_another_process_records_meanwhile_is_wholly_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(make_campaign(tmp_path).workspace)
    with open_ledger(office.path) as ledger:
        office.arrive(ledger, b"one")
        read, late = Ledger.arrivals, [b"two"]

        def overtaken(self: Ledger, *kinds: str) -> list[Recorded]:
            found = read(self, *kinds)
            while late:  # another process records just after we have read
                with open_ledger(office.path) as other:
                    office.arrive(other, late.pop(), entry=b"STP-2.xlsx")
            return found

        monkeypatch.setattr(Ledger, "arrivals", overtaken)
        state = proceedings(office.workspace, ledger, NOW)
        assert state.head == ledger.head()
        assert [arrival.id for arrival in state.recorded] == [1, 2]
