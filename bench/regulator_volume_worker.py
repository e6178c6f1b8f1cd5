"""`python -m bench.regulator_volume_worker check|pass`: what the volume's row asks of the product.

Runs in the environment of a filled benchmark tenant and prints one line of JSON.
"""

import json
import os
import sys
import time
from datetime import timedelta
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


def detection() -> dict[str, float]:
    """Seconds of a pass when the last hour is over, after one an hour before and the night's."""
    from django_tenants.utils import schema_context

    from kernel import clock
    from regulator.watch import passes

    now, spent = clock.now(), {}
    runs = (
        ("learned", passes.learn_games, now), ("first", passes.hours, now - timedelta(hours=1)),
        ("hour", passes.hours, now), ("again", passes.hours, now),
    )  # fmt: skip
    with schema_context(SCHEMA):
        for name, run, at in runs:
            began = time.perf_counter()
            run(now=at)
            spent[name] = time.perf_counter() - began
    return spent


def main(what: str) -> None:
    """Set the product up, measure, print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    print(json.dumps({"check": check, "pass": detection}[what]()))


if __name__ == "__main__":
    main(sys.argv[1])
