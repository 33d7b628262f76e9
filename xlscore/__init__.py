"""Scorecards, intake and ranking for the administrative-reform index (Chỉ số cải cách hành chính)."""

from xlscore.hookspecs import hookimpl

__version__ = "0.1.0"

__all__ = ["__version__", "hookimpl"]
