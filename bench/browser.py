"""The browser's row: the journeys of tests/browser in a real Chromium with a silent console."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from bench.served import ROOT

Row = dict[str, Any]
LIMIT = 600


def browser() -> Row:
    """Journeys that failed or whose console complained: sign-up to attribution, light and dark."""
    return _row("spine/browser", "journeys failed, skipped or with console errors", "tests/browser")


def accessibility() -> Row:
    """Pages with a serious or critical complaint of axe, or not to be used by keyboard."""
    where = "tests/browser/test_accessibility.py"
    return _row("trust/accessibility", "tests failed or skipped", where)


def _row(name: str, unit: str, where: str) -> Row:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        subprocess.run(
            [
                sys.executable, "-m", "pytest", where, "-q", "-p", "no:cacheprovider",
                f"--junit-xml={report}",
            ],
            cwd=ROOT, check=False, timeout=LIMIT, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        suite = ET.parse(report).getroot().find("testsuite")
    counts = {name: int(suite.get(name, "0")) for name in _COUNTS} if suite is not None else {}
    wrong = counts.get("failures", 1) + counts.get("errors", 0) + counts.get("skipped", 0)
    ran = counts.get("tests", 0)
    return {
        "name": name, "value": wrong, "unit": unit, "bar": "= 0",
        "ok": wrong == 0 and ran > 0,
        "peer": f"{ran} journeys in Chromium, {time.monotonic() - began:.0f} s", "n": ran,
    }  # fmt: skip


_COUNTS = ("tests", "failures", "errors", "skipped")
ROWS: dict[str, Callable[[], Row | list[Row]]] = {
    "spine/browser": browser,
    "trust/accessibility": accessibility,
}
