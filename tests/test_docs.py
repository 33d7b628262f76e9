"""The documentation is whole: every hook, every command, every finding."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import xlscore
from xlscore import hookspecs
from xlscore.catalogue import ENTRIES, Entry
from xlscore.catalogue_docs import findings_markdown
from xlscore.cli import cli

DOCS = Path(__file__).parent.parent / "docs"
HOOKS = [name for name in vars(hookspecs) if name.startswith("xlscore_")]
PREFIXES = {"A", "P", "I", "S", "M", "N", "R", "C", "V", "W", "X"}


def commands(command: click.Command, path: str = "xlscore") -> Iterator[tuple[str, click.Command]]:
    yield path, command
    for name, subcommand in getattr(command, "commands", {}).items():
        yield from commands(subcommand, f"{path} {name}")


COMMANDS = dict(commands(cli))


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_is_documented_with_its_exact_arguments(hook: str) -> None:
    arguments = ", ".join(inspect.signature(getattr(hookspecs, hook)).parameters)
    page = (DOCS / "plugins.md").read_text(encoding="utf-8")
    assert f"## {hook}({arguments})\n" in page


def test_no_hook_is_documented_that_does_not_exist() -> None:
    page = (DOCS / "plugins.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^## (xlscore_\w+)\(", page, re.MULTILINE)) == set(HOOKS)


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_says_what_it_gives(hook: str) -> None:
    assert inspect.getdoc(getattr(hookspecs, hook))


def test_the_map_of_the_architecture_shows_every_room_and_none_that_is_gone() -> None:
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    package = Path(xlscore.__file__).parent
    named = set(re.findall(r"`([\w/]+\.py)`", page))
    assert {name for name in named if not (package / name).exists()} == set()
    shown = set(re.findall(r"`([\w/]+(?:\.py|/))`", page.partition("## Decisions")[0]))
    rooms = {f"{p.name}/" for p in package.iterdir() if p.is_dir()} - {"__pycache__/"}
    rooms |= {p.name for p in package.glob("*.py")} - {"__init__.py", "__main__.py"}
    assert rooms - shown == set()


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_and_option_has_help(path: str) -> None:
    command = COMMANDS[path]
    assert command.help
    options = [p for p in command.params if isinstance(p, click.Option)]
    assert [o.name for o in options if not o.help] == []


def test_the_page_of_findings_is_what_the_catalogue_gives() -> None:
    written = (DOCS / "findings.md").read_text(encoding="utf-8")
    assert written == findings_markdown(), "run `make docs`"


def test_the_page_of_findings_has_every_code_once() -> None:
    headings = re.findall(r"^### (\w+) `([\w-]+)`", findings_markdown(), re.MULTILINE)
    assert sorted(headings) == sorted((entry.code, entry.name) for entry in ENTRIES)


@pytest.mark.parametrize("attribute", ["code", "name"])
def test_codes_and_names_are_unique(attribute: str) -> None:
    counted = Counter(getattr(entry, attribute) for entry in ENTRIES)
    assert [value for value, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)
def test_a_code_is_a_letter_and_three_digits_and_its_name_kebab_case(entry: Entry) -> None:
    assert re.fullmatch(r"[A-Z]\d{3}", entry.code)
    assert entry.code[0] in PREFIXES
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry.name)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)
def test_both_languages_say_something_and_name_the_same_values(entry: Entry) -> None:
    def named(*texts: str) -> set[str]:
        return {name for text in texts for name in re.findall(r"\{(\w+)\}", text)}

    for words in (entry.vi, entry.en):
        assert words.message
        assert words.remedy
    assert named(entry.vi.message) == named(entry.en.message)
