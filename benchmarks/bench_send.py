"""Sending letters through a mail server on this machine, beside bare smtplib with the same bytes.

    python benchmarks/bench_send.py [--letters 170] [--kilobytes 300] [--repeat 3]

Ours composes the letters, keeps them in the archive, queues them in the ledger, and hands each over with
its state put on record before and after, synced to the disk, so that none is ever sent twice. smtplib
only hands over. The server (aiosmtpd) runs in a process of its own and throws away what it gets.
"""

from __future__ import annotations

import argparse
import json
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.measuring import Figures, Stopwatch, apart, best, load  # noqa: E402  the path first

NOW = datetime(2026, 12, 20, 8, 0, tzinfo=UTC)
SENDER = "cchc@mau.example.vn"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENCODED = 4 / 3 * 78 / 76
"""Base64 in lines makes an attachment longer by so much."""


# --- ours ------------------------------------------------------------------------------------------


def ours(root: Path, port: int, letters: int, kilobytes: int) -> dict[str, Figures]:
    """Queue and send the letters; return the figures of both, and keep the bytes in `root/letters`."""
    from xlscore.ledger import open_ledger
    from xlscore.sending import send_waiting

    workspace = _workspace(root, port)
    attachment = random.Random(1).randbytes(int(kilobytes * 1000 / ENCODED))
    queued, sent = Stopwatch(), Stopwatch()
    with open_ledger(workspace.ledger_path) as ledger:
        with queued:
            _queue(workspace, ledger, letters, attachment)
        with sent:
            passed = send_waiting(workspace, ledger)
    if [row.state.value for row in passed.done] != ["sent"] * letters:
        sys.exit(f"not sent: {passed.trouble}")
    (root / "letters").mkdir()
    for row in passed.done:
        data = next(workspace.archive.rglob(f"{row.letter.sha256}*")).read_bytes()
        (root / "letters" / row.letter.recipient).write_bytes(data)
    return {"queue": queued.figures, "send": sent.figures}


def _workspace(root: Path, port: int) -> Any:
    from xlscore.bundled import examples, make_folder
    from xlscore.workspace import open_workspace

    make_folder(root, examples()["vinh-long-2023"])
    settings = {
        "id": "bench", "title": "Bench", "year": 2026, "units": "units.csv",
        "authority": {"name": "UBND tỉnh", "place": "Vĩnh Long"},
        "tiers": {"xa": {"title": "UBND cấp xã", "deadline": "2026-11-30",
                         "rubric": "rubrics/vinh-long-2023/xa.yaml"}},
        "mail": {"sender": SENDER,
                 "server": {"host": "127.0.0.1", "port": str(port), "security": "none"}},
    }  # fmt: skip
    (root / "campaign.yaml").write_text(json.dumps(settings), encoding="utf-8")
    (root / "units.csv").write_text("code,name,tier\nX1,Xã một,xa\n", encoding="utf-8")
    return open_workspace(root)


def _queue(workspace: Any, ledger: Any, letters: int, attachment: bytes) -> None:
    from xlscore.ledger import NewLetter, letter_key
    from xlscore.mail import Attachment, Letter
    from xlscore.sending import Plan, queue
    from xlscore.sending.planning import freeze

    files = (Attachment("ket-qua.xlsx", attachment, XLSX),)
    with Plan(workspace.data) as plan:
        for number in range(letters):
            to = f"x{number}@mau.example.vn"
            key = letter_key("bench", "ranking", 1, "lanh-dao", to, "")
            letter = Letter((to,), "Kết quả năm 2026", "Kính gửi: Quý cơ quan", files, "", NOW)
            new = NewLetter(key, "ranking", 1, "lanh-dao", to, "", "", "", 0)
            plan.add(freeze(workspace, letter, new))
        queue(workspace, ledger, plan, NOW)


# --- beside ----------------------------------------------------------------------------------------


def bare(folder: Path, port: int) -> Figures:
    """Hand the same bytes over with smtplib, in one conversation."""
    import smtplib

    letters = [(path.name, path.read_bytes()) for path in sorted(folder.iterdir())]
    with Stopwatch() as watch, smtplib.SMTP("127.0.0.1", port, "localhost") as smtp:
        for to, data in letters:
            smtp.sendmail(SENDER, [to], data)
    return watch.figures | {"megabytes": sum(len(data) for _, data in letters) / 1e6}


@contextmanager
def server() -> Iterator[int]:
    """Run a mail server that throws letters away; yield its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    sink = ["-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Sink"]
    running = subprocess.Popen([sys.executable, *sink], stdout=subprocess.DEVNULL)
    try:
        _await(port)
        yield port
    finally:
        running.terminate()
        running.wait()


def _await(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit("the mail server does not start")


def main(letters: int, kilobytes: int, repeat: int) -> None:
    """Measure both in turn and print seconds per letter."""
    before, runs = load(), []
    for _ in range(repeat):
        with tempfile.TemporaryDirectory() as folder, server() as port:
            root = Path(folder, "campaign")
            size = (str(letters), str(kilobytes))
            own: Any = apart(__file__, "--ours", str(root), str(port), *size)
            other = apart(__file__, "--bare", str(root / "letters"), str(port))
            runs.append(own | {"bare": other})
    found = {name: best([run[name] for run in runs]) for name in ("queue", "send", "bare")}
    each = found["bare"]["megabytes"] / letters * 1000
    print(f"{letters} letters of {each:.0f} kB; {before} before, {load()} after")
    print("| step | processor, each | clock, each | memory |\n|---|---|---|---|")
    for name, said in (("queue", "composing, keeping, queueing"), ("send", "handing over"),
                       ("bare", "smtplib, bare")):  # fmt: skip
        f = found[name]
        cpu, wall = f["cpu"] / letters * 1000, f["wall"] / letters * 1000
        print(f"| {said} | {cpu:.1f} ms | {wall:.1f} ms | {f['memory']:.0f} MB |")
    for kind, said in (("cpu", "processor"), ("wall", "clock")):
        ratio = (found["queue"][kind] + found["send"][kind]) / found["bare"][kind]
        print(f"xlscore ÷ smtplib, {said} {ratio:.2f}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--letters", type=int, default=170)
    parser.add_argument("--kilobytes", type=int, default=300)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--ours", nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--bare", nargs=2, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    asked = _arguments()
    if asked.ours:
        root, port, letters, kilobytes = asked.ours
        print(json.dumps(ours(Path(root), int(port), int(letters), int(kilobytes))))
    elif asked.bare:
        print(json.dumps(bare(Path(asked.bare[0]), int(asked.bare[1]))))
    else:
        main(asked.letters, asked.kilobytes, asked.repeat)
