"""A rubric's plain data as the YAML file that a person would write."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xlscore.located import dump_yaml
from xlscore.rubric_file import INHERITED

_ORDER = (
    "id",
    "code",
    "title",
    "max",
    "combine",
    "channel",
    "lead",
    "role",
    "applies_when",
    "may_be_not_applicable",
    "counts",
    "method",
    "evidence",
    "note",
)
_DEFAULTS: Mapping[str, Any] = {"combine": "sum", "channel": "self", "lead": "", "role": []}


def dump_rubric(document: Mapping[str, Any], path: Path) -> None:
    """Write the document of an imported rubric as YAML; what a node inherits is left out."""
    nodes = [_compact(node, {}) for node in document.get("nodes", ())]
    text = dump_yaml({**document, "nodes": nodes})
    waiting = path.with_name(f"{path.name}.tmp")
    waiting.write_text(text, encoding="utf-8", newline="\n")
    os.replace(waiting, path)  # noqa: PTH105  atomic on Windows too


def _compact(node: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    own = {name: node[name] for name in INHERITED if name in node}
    kept = {
        key: node[key]
        for key in _ORDER
        if key in node and node[key] != {**_DEFAULTS, **above}.get(key, _NOTHING)
    }
    parts = [_compact(child, {**above, **own}) for child in node.get("nodes", ())]
    return {**kept, **({"nodes": parts} if parts else {})}


_NOTHING = object()
