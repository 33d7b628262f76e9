"""The Vietnamese catalogue is complete, compiled, and says the same as the English."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from string import Formatter

import click
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import xlscore
from xlscore import i18n
from xlscore.cli import cli
from xlscore.findings import Severity, Status
from xlscore.standing import State

PACKAGE = Path(xlscore.__file__).parent
PO = i18n.LOCALE / "vi" / "LC_MESSAGES" / "xlscore.po"


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    yield
    i18n.use("vi")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    with PO.open("rb") as stream:
        return read_po(stream, locale="vi", domain="xlscore", abort_invalid=True)


def said_in_source() -> set[str]:
    found = extract_from_dir(PACKAGE, keywords={"_": None}, comment_tags=())
    return {str(message) for _file, _line, message, _comments, _context in found}


def said_in_help(command: click.Command) -> Iterator[str]:
    for thing in (command, *command.params):
        for attribute in ("help", "short_help"):
            if english := getattr(thing, attribute, None):
                yield inspect.cleandoc(english)
    if isinstance(command, click.Group):
        for subcommand in command.commands.values():
            yield from said_in_help(subcommand)


def names_of_values(command: click.Command) -> Iterator[str]:
    for parameter in command.params:
        if parameter.metavar:
            yield parameter.metavar
    if isinstance(command, click.Group):
        for subcommand in command.commands.values():
            yield from names_of_values(subcommand)


def literals(package: Path) -> Iterator[str]:
    for module in package.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def translated(catalog: Catalog) -> dict[str, str]:
    return {english(m): vietnamese_of(m) for m in catalog if m.id}


def english(message: Message) -> str:
    return str(message.id if isinstance(message.id, str) else message.id[0])


def vietnamese_of(message: Message) -> str:
    said = message.string or ""
    return said if isinstance(said, str) else said[0]


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_message_of_the_source_has_a_vietnamese_translation(catalog: Catalog) -> None:
    said = said_in_source()
    assert "Edition {number} is frozen." in said
    lacking = {text for text in said if not translated(catalog).get(text)}
    assert lacking == set()


def test_every_help_text_of_the_command_line_has_a_vietnamese_translation(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XLSCORE_LANGUAGE", "en")
    cli.make_context("xlscore", ["plugins"])  # puts the English texts back
    said = set(said_in_help(cli))
    assert "Print JSON (see docs/json.md)." in said
    assert {text for text in said if not translated(catalog).get(text)} == set()


def test_every_name_of_a_value_on_the_command_line_is_translated(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XLSCORE_LANGUAGE", "en")
    cli.make_context("xlscore", ["plugins"])  # puts the English names back
    named = {re.sub(r"[\[\].]", "", name) for name in names_of_values(cli)}
    assert {"FILES", "UNIT", "TEXT"} <= named
    assert {name for name in named if not translated(catalog).get(name)} == {"N", "10s", "5s"}


@pytest.mark.parametrize("words", [State, Status, Severity])
def test_every_word_for_a_state_is_translated(words: type[State], catalog: Catalog) -> None:
    known = translated(catalog)
    assert {
        word.value for word in words if known.get(word.value, word.value) == word.value
    } == set()


def test_nothing_is_translated_that_nobody_says(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XLSCORE_LANGUAGE", "en")
    cli.make_context("xlscore", ["plugins"])  # puts the English texts back
    said = {*literals(PACKAGE), *literals(Path(click.__file__).parent), *said_in_help(cli)}
    named = {re.sub(r"[\[\].]", "", name) for name in names_of_values(cli)}
    assert [text for text in translated(catalog) if text not in said | named] == []


def test_no_translation_is_fuzzy_or_obsolete(catalog: Catalog) -> None:
    assert [m.id for m in catalog if m.id and m.fuzzy] == []
    assert list(catalog.obsolete) == []


def test_placeholders_agree(catalog: Catalog) -> None:
    for message in catalog:
        if message.id:
            forms = [message.id] if isinstance(message.id, str) else message.id
            # Vietnamese has one form for all numbers: it stands where the plural does.
            assert fields(vietnamese_of(message)) == fields(forms[-1]), message.id


def test_the_compiled_catalogue_is_what_compiling_gives(catalog: Catalog) -> None:
    compiled = BytesIO()
    write_mo(compiled, catalog)
    assert PO.with_suffix(".mo").read_bytes() == compiled.getvalue()


def test_values_are_put_into_the_translation() -> None:
    i18n.use("vi")
    assert i18n._("Missing: {units}", units="STP") == "Chưa có phiếu được tính: STP"
    i18n.use("en")
    assert i18n._("Missing: {units}", units="STP") == "Missing: STP"


@pytest.mark.parametrize(
    ("language", "value", "decimals", "expected"),
    [
        ("vi", "1234.565", 2, "1.234,57"),
        ("en", "1234.565", 2, "1,234.57"),
        ("vi", "0.5", 0, "1"),
        ("vi", "99.999", 2, "100,00"),
    ],
)
def test_numbers_are_shown_as_the_language_writes_them(
    language: str, value: str, decimals: int, expected: str
) -> None:
    i18n.use(language)
    assert i18n.shown(Decimal(value), decimals) == expected


@pytest.mark.parametrize(
    ("value", "said"),
    [("-1234.567", "−1.234,57"), ("0.004", "0,00"), ("-0.004", "0,00"), ("5", "+5,00")],
)
def test_a_difference_has_its_sign_and_what_rounds_to_nothing_none(value: str, said: str) -> None:
    assert i18n.signed(Decimal(value)) == said
