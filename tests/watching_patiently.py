"""`xlscore watch` with a turn that may take its time to end: a machine that stalls is no share that hangs.

    python -m tests.watching_patiently watch -C folder

How long a turn may really take is tested where a share does hang.
"""

from __future__ import annotations

from xlscore.cli import main
from xlscore.watching import loop

if __name__ == "__main__":
    loop._PATIENCE = 300.0
    main()
