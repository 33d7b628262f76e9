"""`python -m xlscore`, and the console script: one way in, which Ctrl+C ends quietly from the first moment.

Nothing stands above that would take a while to import: what is not guarded yet answers with a traceback.
"""

import sys


def main() -> None:
    """Run the command line."""
    try:
        from xlscore.cli import main as run

        run()
    except KeyboardInterrupt:
        _stopped()


def _stopped() -> None:
    """Leave as any command that is interrupted (`cli.common.ENVIRONMENT`, which may not be there yet)."""
    if hasattr(sys.stderr, "reconfigure"):  # Windows consoles may stand on a legacy code page
        sys.stderr.reconfigure(encoding="utf-8", errors="replace")
    sys.stderr.write("Đã dừng.\n")
    raise SystemExit(3) from None


if __name__ == "__main__":
    main()
