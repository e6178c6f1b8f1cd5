"""`python -m bench.regulator_volume_worker check|pass`: what the volume's row asks of the product.

Runs in the environment of a filled benchmark tenant and prints one line of JSON.
"""

import importlib
import importlib.util
import json
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

SCHEMA, NAME = "t_bench", "op-007"
_TABLES = ("regulator_total", "regulator_player_day")
_COPY = f"""
INSERT INTO event (id, type, version, subject, occurred_at, recorded_at, source, payload, leaf)
SELECT id, type, version, subject, occurred_at, recorded_at, source, payload, leaf
FROM {SCHEMA}.event WHERE payload->>'operator' = '{NAME}' ORDER BY position
"""


def check() -> dict[str, Any]:
    """One operator's records through the projections; rows that differ from those made in SQL."""
    from django.db import connection
    from django_tenants.utils import schema_context, tenant_context

    from eventlog import subscriptions
    from kernel import clock
    from regulator.figures import projection
    from tenants import provisioning
    from tenants.contracts import Kind
    from tenants.models import Tenant
    from tests.eventlog.events import settle

    with schema_context("public"):
        tenant = Tenant.objects.create(
            slug="check", name="Check", kind=Kind.REGULATOR, schema_name="t_check",
            created_at=clock.now(),
        )  # fmt: skip
        provisioning.provision(tenant=tenant, now=clock.now())
    with tenant_context(tenant):
        with connection.cursor() as cursor:
            cursor.execute(_COPY)
        settle()
        began = time.perf_counter()
        applied = subscriptions.catch_up(projection.NAME)
        spent = time.perf_counter() - began
        return {"applied": applied, "rate": round(applied / spent), "differ": _differences()}


def _differences() -> int:
    from django.db import connection

    columns = {
        "regulator_total": "operator, span, start, game, currency, stakes, payouts, refunds,"
        " events, players",
        "regulator_player_day": "operator, day, player, game, currency, hours",
    }
    found = 0
    with connection.cursor() as cursor:
        for table in _TABLES:
            mine = f"SELECT {columns[table]} FROM t_check.{table}"
            made = f"SELECT {columns[table]} FROM {SCHEMA}.{table} WHERE operator = '{NAME}'"
            for one, other in ((mine, made), (made, mine)):
                cursor.execute(f"SELECT count(*) FROM ({one} EXCEPT {other}) apart")
                found += cursor.fetchone()[0]
    return found


def detection() -> dict[str, Any]:
    """A pass over all operators' last hour: that of the watch, or what it begins with."""
    from django_tenants.utils import schema_context

    from kernel import clock

    watch = importlib.util.find_spec("regulator.watch")
    passes = importlib.import_module("regulator.watch.passes") if watch else None
    run = passes.hours if passes else _hours
    spent = []
    with schema_context(SCHEMA):
        for _ in range(2):
            began = time.perf_counter()
            run(now=clock.now())
            spent.append(time.perf_counter() - began)
    what = "the watch's pass" if passes else "six weeks of hours read, feed drops looked for"
    return {"first": spent[0], "again": spent[1], "what": what}


def _hours(*, now: datetime) -> None:
    import numpy as np

    from regulator.detectors import drop
    from regulator.figures.projection import ALL, HOUR
    from regulator.models import Operator, Total

    end = now.replace(minute=0, second=0, microsecond=0)
    start = end - timedelta(days=42)
    names = {
        name: place for place, name in enumerate(Operator.objects.values_list("name", flat=True))
    }
    counts = np.zeros((42 * 24, len(names)))
    rows = Total.objects.filter(
        operator__in=list(names), span=HOUR, game=ALL, start__gte=start, start__lt=end
    )
    for name, at, events in rows.values_list("operator", "start", "events"):
        counts[int((at.astimezone(UTC) - start).total_seconds() // 3600), names[name]] = events
    drop.anomalies(counts)


def main(what: str) -> None:
    """Set the product up, measure, print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    print(json.dumps({"check": check, "pass": detection}[what]()))


if __name__ == "__main__":
    main(sys.argv[1])
