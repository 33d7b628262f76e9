"""Real spreadsheet programs, driven without a screen: LibreOffice and Gnumeric."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.programs import PATIENCE, run, started

SOFFICE, SSCONVERT = shutil.which("soffice"), shutil.which("ssconvert")
PDFTOPPM, SYSTEM_PYTHON = shutil.which("pdftoppm"), Path("/usr/bin/python3")

needs_libreoffice = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
needs_uno = pytest.mark.skipif(
    SOFFICE is None or not Path("/usr/lib/python3/dist-packages/uno.py").exists(),
    reason="LibreOffice or its Python bridge is not installed",
)
needs_gnumeric = pytest.mark.skipif(SSCONVERT is None, reason="Gnumeric is not installed")

_BATCH = 200  # one call of LibreOffice silently leaves off what comes after some 247 files
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
           xmlns:xs="http://www.w3.org/2001/XMLSchema"
           xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <item oor:path="/org.openoffice.Office.Calc/Formula/Load">
  <prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
 </item>
</oor:items>
"""
"""Recalculate .xlsx files on load, always: otherwise LibreOffice shows what the file has cached."""

_CONNECT = """
import json, os, sys, time, uno
from com.sun.star.beans import PropertyValue
job = json.load(sys.stdin)
def prop(name, value):
    made = PropertyValue(); made.Name, made.Value = name, value
    return made
services = uno.getComponentContext().ServiceManager
resolver = services.createInstance("com.sun.star.bridge.UnoUrlResolver")
for _ in range(2000):
    try:
        context = resolver.resolve(
            f"uno:pipe,name={job['pipe']};urp;StarOffice.ComponentContext")
        break
    except Exception:
        time.sleep(0.1)
desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
"""
_CLOSE = """
try:
    desktop.terminate()
except Exception:
    pass  # the bridge may go down before the answer comes
os._exit(0)  # taking the bridge apart now and then ends in a crash, with the work long done
"""
_TYPING = """
document = desktop.loadComponentFromURL(job["source"], "_blank", 0, (prop("Hidden", True),))
sheet = document.Sheets.getByName(job["sheet"])
for address, typed in job["typed"].items():
    cell = sheet.getCellRangeByName(address)
    if isinstance(typed, str):
        cell.setString(typed)
    else:
        cell.setValue(typed)
document.calculateAll()
document.storeToURL(job["target"], (prop("FilterName", "Calc MS Excel 2007 XML"),))
document.close(True)
"""


def recalculate_with_libreoffice(paths: Sequence[Path], out_dir: Path) -> list[Path]:
    """Have LibreOffice open, recalculate and save workbooks as .xlsx, many in one call."""
    out_dir.mkdir(parents=True, exist_ok=True)
    options = [
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        str(out_dir),
    ]
    for start in range(0, len(paths), _BATCH):
        batch = map(str, paths[start : start + _BATCH])
        run([str(SOFFICE), _profile(out_dir), *options, *batch])
    return [out_dir / path.name for path in paths]


def fill_with_libreoffice(
    path: Path, typed: Mapping[str, str | float], target: Path, sheet: str = "Phiếu chấm điểm"
) -> Path:
    """Have LibreOffice open a workbook, set cells by address, recalculate and save as .xlsx."""
    job = {
        "source": path.as_uri(),
        "target": target.as_uri(),
        "sheet": sheet,
        "typed": dict(typed),
    }
    run_in_libreoffice(_TYPING, job, target.parent)
    return target


def run_in_libreoffice(
    script: str, job: Mapping[str, object], folder: Path, patience: float = PATIENCE
) -> None:
    """Start LibreOffice and run a UNO script there, with `desktop`, `job` and `prop` at hand."""
    pipe = f"xlscore-{uuid.uuid4().hex}"
    accept = f"--accept=pipe,name={pipe};urp;"
    with started([str(SOFFICE), _profile(folder), "--headless", "--norestore", accept]) as office:
        command = [str(SYSTEM_PYTHON), "-c", _CONNECT + script + _CLOSE]
        run(command, json.dumps({**job, "pipe": pipe}), patience)
        office.wait(PATIENCE)


def resave_with_gnumeric(path: Path, target: Path) -> Path:
    """Have Gnumeric open, recalculate and save a workbook as .xlsx."""
    run([str(SSCONVERT), "--recalc", "-T", "Gnumeric_Excel:xlsx2", str(path), str(target)])
    return target


def render_png(path: Path, out_dir: Path, dpi: int = 100) -> list[Path]:
    """Print a workbook to PDF with LibreOffice and return its pages as pictures, in order."""
    out_dir.mkdir(parents=True, exist_ok=True)
    options = ["--headless", "--convert-to", "pdf", "--outdir", str(out_dir)]
    run([str(SOFFICE), _profile(out_dir), *options, str(path)])
    pdf = out_dir / f"{path.stem}.pdf"
    run([str(PDFTOPPM), "-r", str(dpi), "-png", str(pdf), str(out_dir / path.stem)])
    return sorted(out_dir.glob(f"{path.stem}-*.png"))


def _profile(folder: Path) -> str:
    """Make a profile of its own and return the option that selects it."""
    user = folder / "libreoffice" / "user"
    user.mkdir(parents=True, exist_ok=True)
    settings = user / "registrymodifications.xcu"
    if not settings.exists():
        settings.write_text(_SETTINGS, encoding="utf-8")
    return f"-env:UserInstallation={user.parent.resolve().as_uri()}"
