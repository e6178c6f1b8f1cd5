"""What a touch earns, looked up: fitted credit and Markov's live effects, one person at a time.

`python -m bench.attribution_lookup` is the reader, in a process that knows the bench's tenant.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np
import psycopg

from bench.served import ROOT, prepared

Row = dict[str, Any]
JOURNEYS = 300_000
TOUCHES = 4
CHANNELS = 50
ASKED = 5_000
SEED = 7
GENERATION = 1
MODELS = ("data-driven", "survival", "deep", "ensemble")
_COPY = """
COPY {}.attribution_fitted_touch (journey, model, generation, credit, confidence) FROM STDIN
"""


def lookup() -> Row:
    """Milliseconds for the credit of a journey's touches under all fitted models and Markov."""
    with prepared() as (place, environment):
        with psycopg.connect(place.database_url) as connection:
            with (
                connection.cursor() as cursor,
                cursor.copy(_COPY.format(place.schema)) as copy,
            ):
                for row in _credits():
                    copy.write_row(row)
            connection.execute(f"ANALYZE {place.schema}.attribution_fitted_touch")
        done = subprocess.run(
            [sys.executable, "-m", "bench.attribution_lookup"],
            env=environment, cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
    times = {name: np.array(each) for name, each in json.loads(done.stdout).items()}
    late = {name: float(np.percentile(each, 99)) for name, each in times.items()}
    return {
        "name": "attribution/lookup", "value": round(late["fitted"], 3), "unit": "ms p99",
        "bar": "< 1", "ok": max(late.values()) < 1, "n": ASKED,
        "peer": f"median {float(np.median(times['fitted'])):.3f} ms for {len(MODELS)} models of"
        f" {JOURNEYS} journeys; Markov's effects of {CHANNELS} channels"
        f" {float(np.median(times['live'])):.3f} (p99 {late['live']:.3f})",
    }  # fmt: skip


def _credits() -> Iterator[tuple[Any, ...]]:
    rng = np.random.default_rng(SEED)
    parts = rng.dirichlet(np.ones(TOUCHES), (len(MODELS), JOURNEYS)).round(9).tolist()
    for place, model in enumerate(MODELS):
        for journey in range(JOURNEYS):
            sure = [0.5] * TOUCHES if model == "ensemble" else None
            yield journey + 1, model, GENERATION, parts[place][journey], sure


def _read() -> None:
    """Print the milliseconds of each lookup as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django_tenants.utils import tenant_context

    from attribution.learned import touches
    from attribution.models import Fit, LiveEffects
    from attribution.projection import live
    from tenants.models import Tenant

    rng = np.random.default_rng(SEED)
    asked = rng.integers(1, JOURNEYS + 1, ASKED).tolist()
    with tenant_context(Tenant.objects.get(slug="bench")):
        LiveEffects.objects.create(
            id=1, revision=1, conversions=JOURNEYS, channels=list(range(1, CHANNELS + 1)),
            removal=rng.random(CHANNELS).tolist(), followed=[9] * CHANNELS, touches=[90] * CHANNELS,
        )  # fmt: skip
        for model in MODELS:
            Fit.objects.create(
                model=model, fitted_at=datetime.now(UTC), xid=1, position=1, journeys=JOURNEYS,
                details={}, generation=GENERATION,
            )  # fmt: skip
        found = {
            "fitted": [_timed(lambda each=each: touches.touched([each])) for each in asked],  # type: ignore[misc]
            "live": [_timed(live.known) for _ in asked],
        }
    print(json.dumps(found))


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    if not work():
        raise RuntimeError("nothing was found")
    return (time.perf_counter() - began) * 1000


ROWS: dict[str, Callable[[], Row | list[Row]]] = {"attribution/lookup": lookup}

if __name__ == "__main__":
    _read()
