"""Real clicks with their outcome (TalkingData's sample), the customer's way: import, label, fit.

What is foretold is the install: the rare outcome of a click, as fraud is. Codes of the data set
become what a file of clicks holds (an address per ip code, a model per device code). Protocol and
baseline: the README beside the data; the earliest 80,000 clicks are learned from, the last 20,000
judged. The label of a click that is judged is said after all clicks.
"""

import csv
import gzip
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
import numpy as np
from django.core.management import call_command

from bench.served import prepared
from ml.training.examples import Examples
from ml.training.judged import Judged, judged
from ml.trees.fitted import fit, margins

Row = dict[str, Any]
DATA = Path(os.environ.get("TOUCHSTONE_DATA_DIR", "")) / "fraud/talkingdata_train_sample.csv.gz"
LEARNED, TUNED = 80_000, 12_000
SEEDS = 3
_MAP = (
    "id=id", "subject=who", "time=click_time", "source=channel", "campaign=app", "context.ip=ip",
    "context.device.model=device", "context.os.version=os",
)  # fmt: skip


def real() -> Row:
    """AUC and average precision on the last 20,000 clicks, in a database of its own."""
    with prepared() as (_, environment):
        command = [sys.executable, "-m", "bench.fraud_real"]
        told = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    row: Row = json.loads(told.stdout.splitlines()[-1])
    return row


def main() -> None:
    """Import, label, learn and judge as the tenant ``bench``; prints the row."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django_tenants.utils import get_tenant_model, tenant_context

    from eventlog.seal import sealer
    from fraud.labels.files import say_all
    from fraud.training.learn import learn
    from fraud.training.run import log
    from kernel import clock

    tenant = get_tenant_model().objects.get(slug="bench")
    with tempfile.TemporaryDirectory() as folder, tenant_context(tenant):
        clicks, labels = _written(Path(folder))
        call_command("import", str(clicks), tenant="bench", kind="touchpoints", map=[list(_MAP)])
        sealer.catch_up(now=clock.now())
        said = say_all(labels, now=clock.now())
        found = _judged(learn(log()).examples)
    low, high = found.auc_interval
    row = {
        "name": "fraud/real", "value": round(found.auc, 4), "unit": "AUC, median of seeds",
        "bar": ">= 0.995, average precision >= 0.50", "n": found.n,
        "ok": found.auc >= 0.995 and found.average_precision >= 0.50,
        "peer": f"95 % {low:.4f} to {high:.4f}; average precision {found.average_precision:.3f}"
        f" ({found.average_precision_interval[0]:.3f} to"
        f" {found.average_precision_interval[1]:.3f}); XGBoost baseline .9940 / .466;"
        f" {said.kept:,} labels; {found.positives} installs",
    }  # fmt: skip
    print(json.dumps(row))


def _judged(examples: Examples) -> Judged:
    """What the trees make of the last clicks: of some seeds, the one in the middle."""
    rows = np.arange(len(examples))
    learn_from, tune = rows[: LEARNED - TUNED], rows[LEARNED - TUNED : LEARNED]
    parts = [examples.of(each) for each in (learn_from, tune, rows[LEARNED:])]
    test, found = parts[2], []
    for seed in range(1, SEEDS + 1):
        fitted = fit(parts[0], parts[1], seed=seed)
        chances = fitted.calibration(margins(fitted.booster, test.matrix))
        found.append(judged(test.truth, chances, seed=42, draws=1_000))
    return sorted(found, key=lambda each: each.auc)[len(found) // 2]


def _written(folder: Path) -> tuple[Path, Path]:
    """The clicks and their labels as a customer's files."""
    with gzip.open(DATA, "rt") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["click_time"])
    clicks, labels, last = folder / "clicks.csv", folder / "labels.csv", rows[-1]["click_time"]
    with clicks.open("w", newline="") as one, labels.open("w", newline="") as other:
        clicked, told = csv.writer(one), csv.writer(other)
        clicked.writerow(["id", "who", "click_time", "channel", "app", "ip", "device", "os"])
        told.writerow(["event", "fraud", "at"])
        for number, row in enumerate(rows):
            code = int(row["ip"])
            ip = f"20.{code >> 16 & 255}.{code >> 8 & 255}.{code & 255}"
            who = f"{row['ip']}/{row['device']}/{row['os']}"
            where = [f"channel {row['channel']}", f"app {row['app']}"]
            what = [ip, f"device {row['device']}", row["os"]]
            clicked.writerow([f"click-{number}", who, row["click_time"], *where, *what])
            at = row["click_time"] if number < LEARNED else last
            told.writerow([f"click-{number}", row["is_attributed"], at])
    return clicks, labels


ROWS: dict[str, Callable[[], Row | list[Row]]] = {"fraud/real": real}

if __name__ == "__main__":
    main()
