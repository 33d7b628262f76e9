"""Carriers of other makers (hook `xlscore_deliver`): asked before ours, and believed only in what they say.

One that raises may have sent the letter: it is uncertain then, and nobody else is asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from xlscore.hookspecs import Delivery, Fate, Outgoing
from xlscore.plugins import PluginFailure, Plugins

_HOOK = "xlscore_deliver"


@dataclass(frozen=True, slots=True)
class Told:
    """What a carrier said."""

    carrier: str
    delivery: Delivery


def offered(plugins: Plugins) -> bool:
    """Whether there is any such carrier."""
    return bool(getattr(plugins.manager.hook, _HOOK).get_hookimpls())


def ask(plugins: Plugins, message: Outgoing) -> Told | None:
    """Return what the first carrier says that takes the letter; None where it is nobody's."""
    for name, told in plugins.each(_HOOK, message=message):
        if isinstance(told, PluginFailure):
            return Told(name, Delivery(Fate.UNCERTAIN, told.error))
        if isinstance(told, Delivery):
            return Told(name, told)
        if told is not None:
            why = f"không trả về Delivery / did not return a Delivery: {type(told).__name__}"
            return Told(name, Delivery(Fate.UNCERTAIN, why))
    return None
