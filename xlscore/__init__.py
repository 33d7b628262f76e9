"""Scorecards, intake and ranking for the administrative-reform index (Chỉ số cải cách hành chính)."""

# `typing` takes its time, and nothing is guarded against Ctrl+C before this is through.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from xlscore.hookspecs import Choice, Delivery, Fate, Outgoing, hookimpl
else:

    def __getattr__(name: str) -> object:
        """Import what plugins need once one asks for it."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from xlscore import hookspecs

        return getattr(hookspecs, name)


__version__ = "0.1.0"

__all__ = ["Choice", "Delivery", "Fate", "Outgoing", "__version__", "hookimpl"]
