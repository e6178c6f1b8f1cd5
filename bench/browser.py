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
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        subprocess.run(
            [
                sys.executable, "-m", "pytest", "tests/browser", "-q", "-p", "no:cacheprovider",
                f"--junit-xml={report}",
            ],
            cwd=ROOT, check=False, timeout=LIMIT, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        suite = ET.parse(report).getroot().find("testsuite")
    counts = {name: int(suite.get(name, "0")) for name in _COUNTS} if suite is not None else {}
    wrong = counts.get("failures", 1) + counts.get("errors", 0) + counts.get("skipped", 0)
    ran = counts.get("tests", 0)
    return {
        "name": "spine/browser", "value": wrong,
        "unit": "journeys failed, skipped or with console errors", "bar": "= 0",
        "ok": wrong == 0 and ran > 0,
        "peer": f"{ran} journeys in Chromium, {time.monotonic() - began:.0f} s", "n": ran,
    }  # fmt: skip


_COUNTS = ("tests", "failures", "errors", "skipped")
ROWS: dict[str, Callable[[], Row | list[Row]]] = {"spine/browser": browser}
