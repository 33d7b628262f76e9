"""Scorecards, intake and ranking for the administrative-reform index (Chỉ số cải cách hành chính)."""

from xlscore.hookspecs import Choice, Delivery, Fate, Outgoing, hookimpl

__version__ = "0.1.0"

__all__ = ["Choice", "Delivery", "Fate", "Outgoing", "__version__", "hookimpl"]
