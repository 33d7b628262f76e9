"""The lines of a formula: declared variables, and the branches with the conditions on the figures."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from xlscore.workbooks.rubric_book.blocks import Read, Spec, each_line
from xlscore.workbooks.rubric_book.values import (
    REST,
    UnreadableError,
    UnspeakableError,
    read_number,
    write_number,
)

_VARIABLE = re.compile(r"(?P<id>\w+)\s*:\s*(?P<label>[^|]*[^|\s])\s*(?P<options>(?:\|[^|]*)*)")
_BRANCH = re.compile(r"nếu\s+(?P<when>[^:]*[^:\s])\s*:\s*(?P<score>.*)", re.IGNORECASE)
_LAST = re.compile(rf"(?:{REST}|điểm)\s*:\s*(?P<score>.*)", re.IGNORECASE)
_RULE = re.compile(r"yêu cầu\s+(?P<that>[^:]*[^:\s])\s*:\s*(?P<message>.*)", re.IGNORECASE)
_WHOLE = {"số nguyên": "true", "số lẻ": "false"}
_LIMITS = {"từ": "minimum", "đến": "maximum"}


class Variables:
    """Lines `tong: Tổng số nhiệm vụ`, with options behind bars: `| số lẻ | từ 0 | đến 100`."""

    keys = ("variables",)

    def write(self, spec: Spec) -> list[str]:
        """See `Block`."""
        try:
            return [_variable_line(variable) for variable in spec.get("variables") or ()]
        except (TypeError, KeyError, UnspeakableError):
            return []

    def read(self, lines: Sequence[str]) -> Read:
        """See `Block`."""
        variables: list[dict[str, Any]] = []
        problems = each_line(lines, lambda line: variables.append(_variable(line)))
        return Read({"variables": variables} if variables else {}, problems)


def _variable_line(variable: Mapping[str, Any]) -> str:
    said = [f"{variable['id']}: {variable['label']}"]
    if "whole" in variable:
        words = {meant: word for word, meant in _WHOLE.items()}
        said.append(words.get(variable["whole"], ""))
    limits = ((word, key) for word, key in _LIMITS.items() if key in variable)
    said += [f"{word} {write_number(variable[key])}" for word, key in limits]
    return " | ".join(said)


def _variable(line: str) -> dict[str, Any]:
    said = _VARIABLE.fullmatch(line)
    if said is None:
        raise UnreadableError(
            "mỗi dòng viết “tên_biến: Nội dung số liệu”, ví dụ tong: Tổng số hồ sơ"
        )
    variable: dict[str, Any] = {"id": said["id"], "label": said["label"]}
    for option in filter(None, map(str.strip, said["options"].split("|"))):
        word, _, number = option.partition(" ")
        if option.casefold() in _WHOLE:
            variable["whole"] = _WHOLE[option.casefold()]
        elif word.casefold() in _LIMITS:
            value, percent = read_number(number)
            if percent:
                raise UnreadableError("cần một số, không ghi %")
            variable[_LIMITS[word.casefold()]] = value
        else:
            raise UnreadableError("sau dấu | chỉ ghi: số nguyên, số lẻ, từ …, đến …")
    return variable


class Branches:
    """Lines `nếu tong == 0: max`, then `còn lại: …`; `yêu cầu a <= b: lời nhắc` for conditions."""

    keys = ("branches", "require")

    def write(self, spec: Spec) -> list[str]:
        """See `Block`."""
        try:
            branches = list(spec.get("branches") or ())
            last = REST if len(branches) > 1 else "điểm"
            lines = [
                f"nếu {branch['when']}: {branch['score']}"
                if "when" in branch
                else f"{last}: {branch['score']}"
                for branch in branches
            ]
            rules = [
                f"yêu cầu {rule['that']}: {rule['message']}" for rule in spec.get("require") or ()
            ]
        except (TypeError, KeyError):
            return []
        return [*lines, *rules]

    def read(self, lines: Sequence[str]) -> Read:
        """See `Block`."""
        spec: dict[str, list[dict[str, str]]] = {}

        def take(line: str) -> None:
            for key, pattern in (("branches", _BRANCH), ("branches", _LAST), ("require", _RULE)):
                if said := pattern.fullmatch(line):
                    spec.setdefault(key, []).append(said.groupdict())
                    return
            raise UnreadableError(
                "mỗi dòng viết “nếu điều kiện: biểu thức”, “còn lại: biểu thức” hoặc "
                "“yêu cầu điều kiện: lời nhắc”"
            )

        problems = each_line(lines, take)
        return Read(dict(spec), problems)
