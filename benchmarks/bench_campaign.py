"""A whole campaign through the command line, step by step, as large as is asked for.

    python benchmarks/bench_campaign.py FOLDER [--units 3300] [--groups 30] [--steps …]

100 rows of every usual kind in 20 criteria and 5 domains, survey rows among them, two earlier years, an
address for every unit. Every unit returns a card, with figures of its own, typed into the form that it was
issued. Each step is a command of its own: time on the processor with its worker processes (user and
system), the largest process's memory, and the files that it made. The folder is kept, so that its files can
be looked at, and steps be run again.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

try:
    import resource
except ImportError:  # Windows does not tell
    resource = None  # type: ignore[assignment]

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

DOMAINS, CRITERIA = 5, 4
YEAR, EARLIER = 2026, (2025, 2024)
BANDS = (("Xuất sắc", 90), ("Tốt", 80), ("Khá", 65), ("Trung bình", 50), ("Yếu", 0))
WHAT_IF = """scenarios:
  - title: Ngưỡng xếp loại khác
    tiers:
      xa:
        bands: [{name: Tốt, at_least: 85}, {name: Khá, at_least: 70}, {name: Yếu, at_least: 0}]
  - title: Lĩnh vực 1 nặng gấp đôi
    weights:
      xa: {d1: 40}
"""

MISSING_EVERY = 97
"""Of so many units one returns nothing."""

FIRST = 2
"""Begins the random figures of the first returns; those of the correction differ."""

SURVEYED = (1, 2)
"""In these criteria of a domain the fourth row is surveyed."""

STEPS: Mapping[str, Sequence[str]] = {
    "generate": ("generate",),
    "collect": ("collect", "--settle", "0"),
    "status": ("status",),
    "draft": ("rank", "--draft"),
    "edition 1": ("rank",),
    "edition 1 again": ("rank",),
    "correction": ("collect", "--settle", "0"),
    "edition 2": ("rank",),
    "public": ("rank", "--publish"),
    "what-if": ("rank", "--what-if", "what-if.yaml"),
    "verify": ("verify", "reports/{workbook}"),
    "results": ("result", "export"),
    "letters": ("send", "--to", "don-vi", "--dry-run", "--into", "letters"),
    "leadership": ("send", "--to", "lanh-dao", "--dry-run", "--into", "letters-leadership"),
    "years": ("history", "X0001", "--years"),
    "history": ("history", "X0001"),
    "doctor": ("doctor", "--offline"),
    "ledger": ("ledger", "check"),
}


def make(root: Path, units: int, groups: int) -> None:
    """Write the campaign folder."""
    (root / "rubrics").mkdir(parents=True)
    (root / "campaign.yaml").write_text(json.dumps(_settings(groups)), encoding="utf-8")
    (root / "rubrics" / "xa.yaml").write_text(json.dumps(_rubric()), encoding="utf-8")
    (root / "what-if.yaml").write_text(WHAT_IF, encoding="utf-8")
    draw = random.Random(1)
    rows = [
        (f"X{n:04}", f"Ủy ban nhân dân xã Tân Hòa {n}", "xa", f"g{n % groups + 1}",
         f"x{n:04}@vidu.gov.vn")
        for n in range(units)
    ]  # fmt: skip
    _table(root / "units.csv", ("code", "name", "tier", "group", "email"), rows)
    surveyed = [f"d{d}.{c}.4" for d in range(1, DOMAINS + 1) for c in SURVEYED]
    figures = [
        (row[0], node, str(Decimal(draw.randrange(600, 1000)) / 10), str(YEAR), "Điều tra")
        for row in rows
        for node in surveyed
    ]
    _table(root / "surveys.csv", ("unit", "node", "value", "year", "source"), figures)
    for year in EARLIER:
        domains = [f"d{d}" for d in range(1, DOMAINS + 1)]
        lines = []
        for place, row in enumerate(rows):
            by_domain = [draw.randrange(500, 1000) / 10 for _ in domains]
            index = f"{sum(by_domain) / len(by_domain):.2f}"
            group = f"Huyện thứ {place % groups + 1}"
            lines.append((row[0], row[1], group, index, *map(str, by_domain)))
        _table(root / f"ket-qua-{year}.csv", ("code", "name", "group", "index", *domains), lines)


def send_in(root: Path, chosen: Iterable[int] | None = None, seed: int = FIRST) -> None:
    """Fill in the issued forms, and put them into the inbox."""
    from xlscore.form import card_inputs
    from xlscore.issuing import forms
    from xlscore.layout import COMPLETE, Slot
    from xlscore.workbooks.scorecard.fill import Typed, fill
    from xlscore.workspace import open_workspace

    workspace, draw = open_workspace(root), random.Random(seed)
    workspace.inbox.mkdir(exist_ok=True)
    wanted = forms(workspace, workspace.campaign.active.values(), by_role=False)
    everybody = (n for n in range(len(wanted)) if n % MISSING_EVERY)
    for number in everybody if chosen is None else chosen:
        form = wanted[number]
        layout = workspace.layout(form.unit)
        able = draw.randrange(40, 100)
        typed: dict[tuple[str, str], Typed] = {("", Slot.SUBMIT): COMPLETE}
        for leaf in layout.rubric.leaves:
            for item in card_inputs(leaf, layout.methods[leaf.id]):
                typed[leaf.id, item.key] = _answer(item, able, draw)
            if leaf.id in layout.owned and leaf.evidence:
                typed[leaf.id, Slot.EVIDENCE] = f"Báo cáo số {draw.randrange(900)}/BC-UBND"
        data = fill(form.path.read_bytes(), layout, typed)
        (workspace.inbox / f"{form.unit.code}{'' if seed == FIRST else ' sửa'}.xlsx").write_bytes(
            data
        )


def _answer(item: Any, able: int, draw: random.Random) -> Any:
    if item.choices:
        return item.choices[0 if draw.randrange(100) < able else -1]
    if item.key in ("numerator", "denominator"):
        return Decimal(200) if item.key == "denominator" else Decimal(draw.randrange(able, 200))
    if item.maximum is not None:
        return item.maximum if draw.randrange(100) < able else Decimal(0)
    return Decimal(draw.randrange(1, 5))


def _table(path: Path, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heads)
        writer.writerows(rows)


def _settings(groups: int) -> dict[str, Any]:
    bands = [{"name": name, "at_least": str(least)} for name, least in BANDS]
    tier = {"title": "UBND các xã, phường, đặc khu", "rubric": "rubrics/xa.yaml",
            "deadline": f"{YEAR}-12-15", "bands": bands}  # fmt: skip
    leaders = {"title": "Lãnh đạo", "to": ["Chủ tịch <ct@vidu.gov.vn>"]}
    return {
        "id": "ca-nuoc-2026", "title": "Xếp hạng cải cách hành chính cấp xã năm 2026",
        "year": str(YEAR), "tiers": {"xa": tier}, "surveys": ["surveys.csv"],
        "authority": {"name": "ỦY BAN NHÂN DÂN TỈNH MẪU", "place": "Mẫu", "office": "Sở Nội vụ"},
        "groups": {f"g{n}": {"title": f"Huyện thứ {n}"} for n in range(1, groups + 1)},
        "earlier": [{"year": str(y), "results": f"ket-qua-{y}.csv"} for y in EARLIER],
        "mail": {"sender": "Sở Nội vụ <cchc@vidu.gov.vn>", "groups": {"lanh-dao": leaders}},
        "intake": {"incomplete_minutes": "0"},
    }  # fmt: skip


def _rubric() -> dict[str, Any]:
    def group(node: str, most: int, nodes: list[dict[str, Any]]) -> dict[str, Any]:
        title = f"Nội dung {node}: tổ chức thực hiện cải cách hành chính"
        return {"id": f"d{node}", "code": node, "title": title, "max": str(most), "nodes": nodes}

    nodes = [
        group(str(d), CRITERIA * 5, [group(f"{d}.{c}", 5, _leaves(d, c)) for c in range(1, 5)])
        for d in range(1, DOMAINS + 1)
    ]
    head = {"id": "xa-2026", "title": "Bộ tiêu chí cấp xã", "year": str(YEAR), "tier": "xa"}
    return {**head, "scale": "100", "nodes": nodes}


def _leaves(domain: int, criterion: int) -> list[dict[str, Any]]:
    """Return the five rows of a criterion; the fourth is surveyed in half of them."""
    label = [{"label": "Kịp thời", "points": "1"}, {"label": "Chậm", "points": "0.5"},
             {"label": "Không", "points": "0"}]  # fmt: skip
    ratio = {"numerator": "Số hồ sơ đúng hạn", "denominator": "Tổng số hồ sơ"}
    items = [{"label": "Có kế hoạch", "points": "0.4"}, {"label": "Có báo cáo", "points": "0.6"}]
    kinds: list[dict[str, Any]] = [
        {"kind": "points", "step": "0.25"},
        {"kind": "levels", "levels": label},
        {"kind": "proportional", **ratio},
        {"kind": "survey"} if criterion in SURVEYED else {"kind": "count", "unit": "sáng kiến",
                                                  "points_each": "0.25"},
        {"kind": "checklist", "items": items},
    ]  # fmt: skip
    made = []
    for place, method in enumerate(kinds, 1):
        code = f"{domain}.{criterion}.{place}"
        title = f"Tiêu chí thành phần {code}: mức độ hoàn thành nhiệm vụ được giao trong năm"
        one = {"id": f"d{code}", "code": code, "title": title, "max": "1", "method": method}
        if method["kind"] == "survey":
            one["channel"] = "survey"
        elif place == 1:
            one["evidence"] = ["Kế hoạch"]
        made.append(one)
    return made


# --- the steps ------------------------------------------------------------------------------------


def run(root: Path, arguments: Sequence[str]) -> dict[str, Any]:
    """Run a command; return its figures, exit code and last words."""
    before = {path: path.stat().st_mtime_ns for path in _files(root)}
    start, used = time.perf_counter(), os.times()
    command = [sys.executable, "-m", "xlscore", arguments[0]]
    done = subprocess.run(
        [sys.executable, __file__, "--measured", *command, *arguments[1:]],
        check=False, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        encoding="utf-8", env=os.environ | {"XLSCORE_PLUGINS": "", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    wall, after = time.perf_counter() - start, os.times()
    said, _, figures = done.stdout.rpartition("\n@@")
    cpu = after.children_user + after.children_system - used.children_user - used.children_system
    made = [p for p in _files(root) if before.get(p) != p.stat().st_mtime_ns]
    return json.loads(figures) | {"cpu": cpu, "wall": wall, "said": said, "made": made}


def measured(command: Sequence[str]) -> None:
    """Run a command in place, and print the memory of the largest process below."""
    code = subprocess.run(command, check=False).returncode
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024 if resource else 0
    print(f"\n@@{json.dumps({'memory': peak, 'code': code})}", end="")


def _files(root: Path) -> list[Path]:
    return [p for top in ("reports", "letters", "letters-leadership", "templates", "data/ledger.db")
            for p in ([root / top] if (root / top).is_file() else (root / top).rglob("*"))
            if p.is_file()]  # fmt: skip


def main(root: Path, units: int, groups: int, steps: Sequence[str]) -> None:
    """Run the steps in their order and print a line each."""
    if not root.exists():
        make(root, units, groups)
    for name in steps:
        if name in ("collect", "correction"):
            send_in(
                root, None if name == "collect" else [1], FIRST if name == "collect" else FIRST + 1
            )
        books = sorted((root / "reports").glob("xep-hang*.xlsx"), key=lambda p: p.stat().st_mtime)
        book = books[-1].name if books else ""
        f = run(root, [part.format(workbook=book) for part in STEPS[name]])
        size = sum(p.stat().st_size for p in f["made"]) / 1e6
        (root / f"{name}.said").write_text(f["said"], encoding="utf-8")
        print(
            f"| {name} | exit {f['code']} | {f['cpu']:.1f} s | {f['wall']:.1f} s | {f['memory']:.0f} MB "
            f"| {len(f['made'])} files, {size:.1f} MB | {len(f['said']):,} characters |",
            flush=True,
        )
        if f["code"] not in (0, 1):
            sys.exit(f["said"])


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measured"]:
        measured(sys.argv[2:])
        sys.exit()
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--units", type=int, default=3300)
    parser.add_argument("--groups", type=int, default=30)
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=list(STEPS))
    asked = parser.parse_args()
    main(asked.folder, asked.units, asked.groups, asked.steps)
