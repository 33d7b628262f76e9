"""A round of appraisal: every agency's workbook exported, filled in, taken in, merged by row.

    python benchmarks/bench_appraise.py [--units 170]

The bundled rubric of the communes (87 rows) among 8 agencies; the communes' self-assessments stand in the
ledger as if they had been collected. Each step runs in a process of its own, which tells its peak memory.
What one would do otherwise stands beside: pandas writes the bare table of each agency, without locks,
lists of choices, formulas, views or seals, reads it back and merges it, believing every cell. Filling the
books in is the appraisers' work and not in the sums.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

UNITS, AGENCIES = 170, 8
ADJUSTED_EVERY = 10
"""Of so many rows one is adjusted, with a reason; all others are accepted by the one cell for the rest."""

RECEIVED = datetime(2026, 11, 20, tzinfo=UTC)
WHY = "Tài liệu kiểm chứng chưa đầy đủ"
TABLE = ["unit", "name", "code", "title", "max", "self", "evidence", "explanation"]
TYPED = ["choice", "score", "reason"]
Figures = dict[str, float]


# --- the campaign ---------------------------------------------------------------------------------


def prepare(root: Path, units: int) -> Figures:
    """Make the campaign and record what its communes have submitted."""
    from xlscore.bundled import examples, make_folder
    from xlscore.cardjson import card_to_json
    from xlscore.findings import Status
    from xlscore.ledger import Arrival, open_ledger
    from xlscore.plugins import load
    from xlscore.rubric_file import read_rubric
    from xlscore.workspace import open_workspace

    make_folder(root, examples()["vinh-long-2023"])
    rubric = read_rubric(root / "rubrics/vinh-long-2023/xa.yaml", load().methods()).rubric
    if rubric is None:
        sys.exit("the bundled rubric cannot be read")
    leaves = [leaf.id for leaf in rubric.leaves]
    (root / "campaign.yaml").write_text(json.dumps(_settings(leaves)), encoding="utf-8")
    listed = [f"X{i:04},Ủy ban nhân dân xã số {i},xa" for i in range(units)]
    (root / "units.csv").write_text("\n".join(["code,name,tier", *listed]), encoding="utf-8")
    workspace = open_workspace(root)
    with open_ledger(workspace.ledger_path) as ledger, ledger.transaction():
        for unit in workspace.campaign.active.values():
            digest = workspace.campaign.rubric(unit).form_digest[:16]
            card = {**card_to_json(_card(workspace, unit), "Phiếu"), "digest": digest}
            name = f"{unit.code}.xlsx"
            sha256 = hashlib.sha256(name.encode()).hexdigest()
            arrival = Arrival(
                name.encode(),
                sha256,
                1,
                0,
                name,
                Status.VALID,
                unit.code,
                "",
                0,
                RECEIVED,
                card,
                (),
            )
            ledger.record(arrival)
    return {}


def _settings(leaves: list[str]) -> dict[str, Any]:
    codes = [f"A{number}" for number in range(1, AGENCIES + 1)]
    shares = (leaves[place * len(leaves) // AGENCIES :][: len(leaves)] for place in range(AGENCIES))
    # The first rule that fits decides: each share reaches to where the next agency's begins.
    rules = [{"agency": a, "rows": rows} for a, rows in zip(codes, shares, strict=True)]
    tier = {
        "title": "UBND cấp xã",
        "rubric": "rubrics/vinh-long-2023/xa.yaml",
        "deadline": "2026-11-30",
    }
    return {
        "id": "bench", "title": "Bench", "year": 2026, "units": "units.csv", "tiers": {"xa": tier},
        "authority": {"name": "UBND tỉnh", "place": "Vĩnh Long"},
        "appraisal": {"agencies": {a: {"title": f"Sở {a}"} for a in codes}, "assignments": rules[::-1]},
    }  # fmt: skip


def _card(workspace: Any, unit: Any) -> Any:
    from xlscore.answers import Answers
    from xlscore.checking import CheckedCard
    from xlscore.demo.officers import officer
    from xlscore.issuing import Form
    from xlscore.layout import Slot
    from xlscore.scoring import score_card

    layout = workspace.layout(unit)
    values: dict[str, dict[str, Any]] = {}
    texts: dict[str, dict[str, str]] = {slot: {} for slot in Slot}
    for (node, slot), said in officer(workspace, Form(unit, "", Path())).items():
        if slot in texts:
            texts[slot][node] = str(said)
        else:
            values.setdefault(node, {})[slot] = said
    left_out = frozenset(texts[Slot.APPLICABILITY])
    evidence, explanation = texts[Slot.EVIDENCE], texts[Slot.EXPLANATION]
    answers = Answers(values, left_out, evidence, explanation, complete=True)
    scores = score_card(layout.rubric, layout.methods, answers)
    return CheckedCard(answers, scores, (), {}, frozenset())


# --- our steps ------------------------------------------------------------------------------------


def export(root: Path) -> Figures:
    """Write all books, from the ledger as it stands."""
    from xlscore.exporting.appraisal import export_appraisal
    from xlscore.ledger import open_ledger
    from xlscore.proceedings import proceedings
    from xlscore.workspace import open_workspace

    workspace = open_workspace(root)
    start = time.perf_counter()
    with open_ledger(workspace.ledger_path) as ledger:
        state = proceedings(workspace, ledger)
    written = export_appraisal(workspace, state, 1).written
    seconds = time.perf_counter() - start
    size = sum(path.stat().st_size for path in written)
    return {"seconds": seconds, "books": len(written), "bytes": size}


def fill(root: Path) -> Figures:
    """Fill in every book as appraisers would, into the inbox."""
    from xlscore.workbooks.appraisal.fill import Answer, Places, fill_appraisal
    from xlscore.workbooks.appraisal.model import ADJUST
    from xlscore.workspace import open_workspace

    workspace = open_workspace(root)
    start, rows = time.perf_counter(), 0
    workspace.inbox.mkdir(exist_ok=True)
    for path in sorted((workspace.templates / "tham-dinh").rglob("*.xlsx")):
        data = path.read_bytes()
        listed = Places(data).rows
        rows += len(listed)
        adjusted = dict.fromkeys(listed[::ADJUSTED_EVERY], Answer(ADJUST, Decimal(0), WHY))
        (workspace.inbox / path.name).write_bytes(fill_appraisal(data, adjusted, rest=True))
    return {"seconds": time.perf_counter() - start, "rows": rows}


def collect(root: Path) -> Figures:
    """Take the inbox in: archive, check, record, answer with receipts; nobody waits for it to settle."""
    from xlscore.watching.turns import run_once
    from xlscore.workspace import open_workspace

    workspace = open_workspace(root)
    start = time.perf_counter()
    turn = run_once(workspace, settle=0)
    seconds = time.perf_counter() - start
    refused = [r.file for r in turn.collected.recorded if r.status.value != "valid"]
    if refused or turn.troubles:
        raise AssertionError((refused, turn.troubles))
    said = sum(len(arrival.card["rows"]) for arrival in turn.collected.recorded)
    return {"seconds": seconds, "rows": said}


def merge(root: Path) -> Figures:
    """Merge all words by row, and rank by them."""
    from xlscore.ledger import open_ledger
    from xlscore.proceedings import proceedings
    from xlscore.workspace import open_workspace

    workspace = open_workspace(root)
    start = time.perf_counter()
    with open_ledger(workspace.ledger_path) as ledger:
        state = proceedings(workspace, ledger)
    decided = sum(len(said.decisions) for said in state.appraisals.values())
    appraised = time.perf_counter()
    ranked = sum(1 for _ in state.results.rows)
    done = time.perf_counter()
    return {
        "seconds": done - start, "merging": appraised - start, "ranking": done - appraised,
        "rows": decided, "units": ranked,
    }  # fmt: skip


# --- pandas ---------------------------------------------------------------------------------------


def tables(root: Path) -> Figures:
    """Keep the bare tables for pandas, filled in likewise: what the agencies' books show."""
    from xlscore.exporting.appraisal import AppraisedRows
    from xlscore.ledger import open_ledger
    from xlscore.proceedings import proceedings
    from xlscore.workspace import open_workspace

    workspace = open_workspace(root)
    with open_ledger(workspace.ledger_path) as ledger:
        state = proceedings(workspace, ledger)
    rows = AppraisedRows(state, 1)
    for agency in rows.agencies:
        cells = [
            [line.unit, line.unit_name, line.leaf.code, line.leaf.title, float(line.leaf.max),
             line.shown if isinstance(line.shown, str) else float(line.shown),
             line.evidence, line.explanation,
             *(("Điều chỉnh", 0.0, WHY) if n % ADJUSTED_EVERY == 0 else ("Công nhận", None, ""))]
            for n, line in enumerate(rows.lines(agency))
        ]  # fmt: skip
        (root / f"{agency}.json").write_text(json.dumps(cells), encoding="utf-8")
    return {}


def _table(path: Path) -> Any:
    import pandas as pd

    return pd.DataFrame(json.loads(path.read_text(encoding="utf-8")), columns=TABLE + TYPED)


def pandas_export(root: Path) -> Figures:
    """Write the bare tables, one workbook per agency."""
    bare = {path.stem: _table(path) for path in sorted(root.glob("A*.json"))}
    start = time.perf_counter()
    for agency, table in bare.items():
        table.to_excel(root / f"{agency}.xlsx", index=False, engine="xlsxwriter")
    seconds = time.perf_counter() - start
    written = list(root.glob("A*.xlsx"))
    return {
        "seconds": seconds,
        "books": len(written),
        "bytes": sum(p.stat().st_size for p in written),
    }


def pandas_merge(root: Path) -> Figures:
    """Read the tables back with the fastest engine there is, and merge them with the self scores."""
    import pandas as pd

    given = pd.concat([_table(path) for path in sorted(root.glob("A*.json"))])[TABLE]
    start = time.perf_counter()
    read = pd.concat(
        [pd.read_excel(path, engine="calamine") for path in sorted(root.glob("A*.xlsx"))]
    )
    merged = given.merge(read[["unit", "code", *TYPED]], on=["unit", "code"])
    result = merged["score"].where(merged["choice"] == "Điều chỉnh", merged["self"])
    totals = pd.to_numeric(result, errors="coerce").groupby(merged["unit"]).sum()
    ranked = totals.rank(ascending=False)
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "rows": len(merged), "units": len(ranked)}


# --- measuring ------------------------------------------------------------------------------------

STEPS = {
    step.__name__: step
    for step in (export, fill, collect, merge, tables, pandas_export, pandas_merge)
}


def _peak() -> float:
    """Return the peak memory in MB of this process, or of a worker of it; 0 where nobody says."""
    try:
        import resource
    except ImportError:
        return 0
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(who).ru_maxrss for who in whose) / 1024


def _measured(step: str, root: Path, units: int) -> Figures:
    made = subprocess.run(
        [sys.executable, __file__, "--units", str(units), "--step", step, str(root)],
        check=True, stdout=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    found: Figures = json.loads(made.stdout)
    return found


def main(units: int) -> None:
    """Measure every step and print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "campaign"
        made = {
            step: _measured(step, root, units)
            for step in ("prepare", "export", "tables", "pandas_export", "fill", "collect", "merge",
                         "pandas_merge")
        }  # fmt: skip
    if len({made[step]["rows"] for step in ("fill", "collect", "merge", "pandas_merge")}) != 1:
        raise AssertionError({step: figures.get("rows") for step, figures in made.items()})
    print(f"{units} units, {made['fill']['rows']:,.0f} rows, {AGENCIES} agencies")
    for step in ("export", "fill", "collect", "merge", "pandas_export", "pandas_merge"):
        told = made[step]
        books = (
            f", {told['books']:.0f} books, {told['bytes'] / 1e6:.1f} MB" if "books" in told else ""
        )
        print(f"{step:14}{told['seconds']:8.2f} s{told['memory']:8.0f} MB of memory{books}")
    ours = [made[step]["seconds"] for step in ("export", "collect", "merge")]
    theirs = [made[step]["seconds"] for step in ("pandas_export", "pandas_merge")]
    print(
        f"of merge: words {made['merge']['merging']:.2f} s, ranking {made['merge']['ranking']:.2f} s"
    )
    print(f"seconds, export + collect + merge {sum(ours):.1f}")
    print(f"seconds, pandas {sum(theirs):.1f}")
    print(f"xlscore ÷ pandas, writing {ours[0] / theirs[0]:.2f}")
    print(f"xlscore ÷ pandas, reading and merging {sum(ours[1:]) / theirs[1]:.2f}")
    print(f"xlscore ÷ pandas {sum(ours) / sum(theirs):.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--units", type=int, default=UNITS)
    parser.add_argument("--step", nargs=2, metavar=("STEP", "FOLDER"))
    asked = parser.parse_args()
    if asked.step:
        name, where = asked.step[0], Path(asked.step[1])
        told = prepare(where, asked.units) if name == "prepare" else STEPS[name](where)
        print(json.dumps({**told, "memory": _peak()}))
    else:
        main(asked.units)
