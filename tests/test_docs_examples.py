"""What the documentation shows is true: its rubrics are linted, its plugins and snippets run."""

from __future__ import annotations

import json
import re
import shlex
import sys
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest
from click.testing import CliRunner

from xlscore.campaign_file import UNIT_COLUMNS
from xlscore.cli import cli
from xlscore.findings import as_json, finding
from xlscore.form import scorecard_layout
from xlscore.jsonshapes import ranking_to_json, return_to_json, status_to_json
from xlscore.ledger import open_ledger
from xlscore.located import parse_yaml
from xlscore.methods import BUILT_IN
from xlscore.plugins import build
from xlscore.procedure import (
    Agency,
    AppraisalSettings,
    Assignment,
    Council,
    Round,
    SampleGroup,
    SurveySettings,
)
from xlscore.rubric import Node, Rubric
from xlscore.rubric_file import parse_rubric
from xlscore.settings import Settings, TierSettings
from xlscore.standing import standings
from xlscore.table import heading_key
from xlscore.testing import TestCampaign, campaign
from xlscore.workbooks.rubric_book import export_rubric, import_rubric

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
Typing = dict[tuple[str, str], Decimal | str]
_FENCE = re.compile(r"<!-- tested: ([a-z ]+) -->\n```\w*\n(.*?)```", re.DOTALL)


def examples(page: str, kind: str) -> list[str]:
    """Return the fenced examples of one page that are marked as tested, by kind."""
    text = (DOCS / page).read_text(encoding="utf-8")
    found = [body for marked, body in _FENCE.findall(text) if marked == kind]
    assert found, f"{page} has no example of “{kind}”"
    return found


# --- rubrics and campaigns -----------------------------------------------------------------------

HEADER = "id: vi-du\ntitle: Ví dụ\nyear: 2026\ntier: so\nscale: {scale}\nnodes:\n"
FILLER = "  - {{id: x, code: x, title: Khác, max: 1, method: {{kind: points}}}}\n"


def linted(text: str) -> tuple[Rubric | None, list[str]]:
    read = parse_rubric(parse_yaml(text, Path("docs.yaml")), build(()).methods())
    return read.rubric, [f"{f.code} {f.file} {f.entered}" for f in read.findings]


def with_leaf(leaf: str) -> str:
    maximum = re.search(r"max: ([\d.]+)", leaf)
    assert maximum is not None
    scale = Decimal(1) if "penalty" in leaf else Decimal(1) + Decimal(maximum[1])
    item = textwrap.indent(leaf, "    ").replace("    ", "  - ", 1)
    return HEADER.format(scale=scale) + FILLER.format() + item


def test_the_whole_rubric_of_the_docs_has_no_defect() -> None:
    (text,) = examples("rubrics.md", "rubric")
    rubric, findings = linted(text)
    assert findings == []
    assert rubric is not None
    assert scorecard_layout(rubric.for_unit({}), build(()).methods()).entries


@pytest.mark.parametrize("leaf", examples("rubrics.md", "leaf"))
def test_every_method_example_has_no_defect(leaf: str) -> None:
    rubric, findings = linted(with_leaf(leaf))
    assert findings == []
    assert rubric is not None
    assert scorecard_layout(rubric.for_unit({}), build(()).methods()).rows


@pytest.mark.parametrize("leaf", examples("rubrics.md", "leaf"))
def test_every_method_example_comes_back_from_excel(leaf: str, tmp_path: Path) -> None:
    rubric, _ = linted(with_leaf(leaf))
    assert rubric is not None
    methods = build(()).methods()
    export_rubric(rubric, methods, tmp_path / "rubric.xlsx")
    read = import_rubric(tmp_path / "rubric.xlsx", methods)
    assert (read.findings, read.rubric) == ((), rubric)


def test_every_method_has_an_example() -> None:
    shown = set(re.findall(r"kind: (\w+)", "\n".join(examples("rubrics.md", "leaf"))))
    assert {method.kind for method in BUILT_IN} <= shown


@pytest.mark.parametrize("model", [Rubric, Node])
def test_every_field_of_a_rubric_is_explained(model: type[Rubric | Node]) -> None:
    text = (DOCS / "rubrics.md").read_text(encoding="utf-8")
    assert [name for name in model.model_fields if f"`{name}" not in text] == []


PROCEDURE = (Agency, AppraisalSettings, Assignment, Council, Round, SampleGroup, SurveySettings)


def test_the_settings_of_the_docs_are_valid_and_each_is_explained() -> None:
    (text,) = examples("campaign.md", "campaign")
    settings = Settings.model_validate(parse_yaml(text, Path("campaign.yaml")).data)
    page = (DOCS / "campaign.md").read_text(encoding="utf-8")
    names = [*Settings.model_fields, *type(settings.policies).model_fields]
    assert [n for n in names if f"`{n}" not in page and f"## {n}" not in page.lower()] == []
    named = (*PROCEDURE, TierSettings)
    further = [name for model in named for name in model.model_fields]
    assert [n for n in further if not re.search(rf"[`.]{n}\b", page)] == []


def test_no_setting_is_explained_twice() -> None:
    page = (DOCS / "campaign.md").read_text(encoding="utf-8")
    tables = re.findall(r"^\| setting .*\n((?:\|.*\n)+)", page, re.MULTILINE)
    names = [name for rows in tables for name in re.findall(r"^\| `([^`]+)`", rows, re.MULTILINE)]
    counted = Counter(
        name for name in names if not name.startswith(".")
    )  # `.title`: of the row above
    assert {"id", "intake.unproven", "robustness.seed"} <= counted.keys()
    assert [name for name, times in counted.items() if times > 1] == []


def test_every_vietnamese_heading_of_the_units_is_one_that_is_read() -> None:
    page = (DOCS / "campaign.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| `([^|]+)` \| ([^|]+) \|", page.split("## Units")[1].split("## ")[0], re.MULTILINE
    )
    told = {
        heading_key(name): column.split("`")[0]
        for column, names in rows
        for name in names.split(",")
        if name.strip()
    }
    assert {heading: UNIT_COLUMNS.get(heading) for heading in told} == told


# --- plugins --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def my_plugin() -> Iterator[ModuleType]:
    """Yield the plugin that the examples of the page make together."""
    module = ModuleType("docs_plugin")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, module.__name__, module)
        for body in examples("plugins.md", "plugin"):
            exec(compile(body, "plugins.md", "exec"), module.__dict__)  # noqa: S102
        yield module


def test_the_plugin_of_the_docs_registers_and_its_test_passes(
    my_plugin: ModuleType, tmp_path: Path
) -> None:
    offered = set(build((), [my_plugin]).methods()) - set(build(()).methods())
    assert offered == {"halving"}
    (body,) = examples("plugins.md", "kit")
    names: dict[str, Any] = {}
    exec(compile(body, "plugins.md", "exec"), names)  # noqa: S102
    names["test_every_case_halves_the_score"](tmp_path, my_plugin)


def test_every_hook_of_the_docs_does_what_the_page_says(
    my_plugin: ModuleType, tmp_path: Path
) -> None:
    leaf = {"id": "n1", "code": "1", "title": "Việc", "max": 2, "evidence": "Văn bản"}
    method = {"kind": "halving", "unit": "lỗi"}
    head = {"id": "thu", "title": "Thử", "year": 2026, "tier": "so", "scale": 2}
    document = json.dumps({**head, "nodes": [{**leaf, "method": method}]})
    (tmp_path / "rubric.json").write_text(document, encoding="utf-8")
    assert build((), [my_plugin]).read_rubric(tmp_path / "rubric.json").findings == ()
    office = campaign(tmp_path / "a", rubric=document, plugins=[my_plugin])
    typed: Typing = {("n1", "count"): Decimal(1), ("n1", "@evidence"): "http://example.vn"}
    path = office.fill("A", typed)
    assert [f.code for f in office.check(path).findings] == ["X002"]
    office.send(path)
    office.collect(days_late=3)
    published = office.rank()
    assert published.failures == ()
    columns = my_plugin.xlscore_ranking_columns(published.results)
    late = {r.result.unit.code: columns[0].value(r.result) for r in published.results.rows}
    assert late == {"A": 3, "B": None}


def test_the_plugin_of_the_docs_decides_which_version_counts(
    my_plugin: ModuleType, tmp_path: Path
) -> None:
    (text,) = examples("rubrics.md", "rubric")
    office = campaign(tmp_path, rubric=text, plugins=[my_plugin])
    typed: Typing = {("d1.1.1", "level"): "Kịp thời", ("d1.1.1", "@evidence"): "1/KH"}
    typed |= {("d1.1.2", "numerator"): Decimal(3), ("d1.1.2", "denominator"): Decimal(4)}
    counting = []
    for numerator, days_late in ((3, 0), (2, 0), (1, 3)):
        typed["d1.1.2", "numerator"] = Decimal(numerator)
        office.send(office.fill("A", typed))
        office.collect(days_late=days_late)
        with open_ledger(office.workspace.ledger_path) as ledger:
            recorded = ledger.submissions()
        standing = standings(office.workspace, recorded)["A"]
        counting.append((standing.version, [f.code for f in standing.findings]))
    assert counting == [(1, []), (2, []), (2, ["X002"])]
    assert "sau hạn không thay" in standing.findings[0].params["text"]


def test_the_command_of_the_docs_runs(my_plugin: ModuleType, tmp_path: Path) -> None:
    (text,) = examples("rubrics.md", "rubric")
    campaign(tmp_path, rubric=text)
    my_plugin.xlscore_commands(cli)
    try:
        told = CliRunner().invoke(cli, ["unit-count", "-C", str(tmp_path)])
    finally:
        del cli.commands["unit-count"]
    assert told.output == "2\n"


# --- JSON -------------------------------------------------------------------------------------------


BY_ID = {"scores", "domains"}
"""Objects whose keys are node ids: the documented ones need not be the real ones."""


def shape(value: Any, key: str = "") -> Any:
    """Return what a JSON value is made of: keys of objects, the shape of a list's first item."""
    if key in BY_ID:
        return [shape(part) for part in value.values()]
    if isinstance(value, dict):
        return {key: shape(part, key) for key, part in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def same_shape(told: Any, real: Any) -> bool:
    """Whether a documented value has the keys of a real one; an empty list matches any."""
    if isinstance(told, dict) and isinstance(real, dict):
        return bool(told.keys() == real.keys()) and all(same_shape(told[k], real[k]) for k in told)
    if isinstance(told, list) and isinstance(real, list):
        return not told or not real or same_shape(told[0], real[0])
    return bool(told == real)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> TestCampaign:
    (text,) = examples("rubrics.md", "rubric")
    office = campaign(tmp_path_factory.mktemp("json"), rubric=text)
    typed: Typing = {
        ("d1.1.1", "level"): "Kịp thời",
        ("d1.1.1", "@evidence"): "1/KH",
        ("d1.1.2", "numerator"): Decimal(3),
        ("d1.1.2", "denominator"): Decimal(4),
    }
    office.send(office.fill("A", typed))
    office.collect()
    return office


def status_of(office: TestCampaign) -> Any:
    with open_ledger(office.workspace.ledger_path) as ledger:
        recorded = ledger.submissions()
    return status_to_json(office.workspace.campaign, standings(office.workspace, recorded).values())


REAL: dict[str, Callable[[TestCampaign], Any]] = {
    "finding": lambda _: as_json(finding("draft"), "vi"),
    "check": lambda office: [return_to_json(office.check(office.workspace.inbox / "A.xlsx"), 1)],
    "status": status_of,
    "rank": lambda office: ranking_to_json(office.rank(draft=False)),
}


@pytest.mark.parametrize("kind", REAL)
def test_the_json_of_the_docs_has_the_real_shape(kind: str, office: TestCampaign) -> None:
    (text,) = examples("json.md", f"json {kind}")
    told, real = shape(json.loads(text)), shape(REAL[kind](office))
    assert same_shape(told, real), (told, real)


# --- links ------------------------------------------------------------------------------------------

PAGES = [*DOCS.glob("*.md"), *ROOT.glob("*.md"), *ROOT.glob("examples/*/README.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_inside_the_project_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:|mailto:)([^)#]+)", text)
    assert [link for link in links if not (page.parent / link).exists()] == []


# --- commands ---------------------------------------------------------------------------------------


def commands(page: Path) -> Iterator[list[str]]:
    """Yield the `xlscore …` lines of a page's fenced blocks."""
    for block in re.findall(r"```\w*\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        for line in block.splitlines():
            if line.startswith("xlscore "):
                yield shlex.split(line)[1:]


def parsed(arguments: list[str]) -> None:
    command: click.Command = cli
    context = click.Context(cli)
    while isinstance(command, click.Group):
        name, *arguments = arguments
        assert name in command.commands, name
        command = command.commands[name]
    command.make_parser(context).parse_args(list(arguments))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_shown_exists_with_its_options(page: Path) -> None:
    for arguments in commands(page):
        parsed(arguments)


def test_the_tour_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = [
        line
        for kind, body in _FENCE.findall(text)
        if kind == "commands"
        for line in body.splitlines()
    ]
    ended = {}
    for line in lines:
        program, *arguments = shlex.split(line)
        if program == "cd":
            monkeypatch.chdir(arguments[0])
            continue
        told = CliRunner().invoke(cli, arguments)
        ended[" ".join(arguments[:2])] = told.exit_code
        assert told.exit_code in {0, 1}, (line, told.output, told.exception)
    # An unfilled card is a draft, and nobody has sent anything: these have something to say.
    assert {line for line, code in ended.items() if code} == {
        "check templates/so/SNV.xlsx",
        "status",
        "rank",
        "rank --publish",
    }
