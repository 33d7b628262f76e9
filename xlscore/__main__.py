"""`python -m xlscore`."""

from xlscore.cli import main

if __name__ == "__main__":
    main()
