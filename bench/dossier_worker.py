"""`python -m bench.dossier_worker INSIDE OUTSIDE`: write and check evidence of a long stretch.

Runs in the environment of a prepared benchmark tenant and prints one line of JSON.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

SCHEMA, COPIED = "t_bench", 5_000
BEGIN = datetime(2026, 6, 1, tzinfo=UTC)
STRETCH = timedelta(days=5)
# The program as somebody outside runs it; then the most memory it had, in kB.
_CHECK = """
import pathlib, runpy, sys
sys.argv = sys.argv[1:]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
finally:
    status = pathlib.Path("/proc/self/status").read_text()
    print(status.split("VmHWM:")[1].split()[0], file=sys.stderr)
"""


def _stake(number: int, at: datetime) -> Any:
    import msgspec

    from eventlog import canonical
    from eventlog.contracts import NewEvent
    from kernel import ids
    from regulator.contracts import Stake

    body = Stake(
        operator="lucky", sequence=number, event=f"r-{number}", amount=100 + number % 900,
        currency="EUR", game_type="slots", player=f"p-{number % 997}",
    )  # fmt: skip
    return NewEvent(
        id=ids.event_id(f"feed lucky r-{number}"), type="gaming.stake", version=1,
        subject=f"{number % 997:032x}", occurred_at=at, source="feed",
        payload=canonical.encode(msgspec.to_builtins(body)),
    )  # fmt: skip


def _fill(inside: int, outside: int) -> None:
    """Stakes spread over the stretch, and before it."""
    from eventlog.append import append

    number = 0
    for count, start, span in (
        (outside, BEGIN - 8 * STRETCH, 8 * STRETCH), (inside, BEGIN, STRETCH),
    ):  # fmt: skip
        for low in range(0, count, COPIED):
            high = min(low + COPIED, count)
            events = [_stake(number + at, start + span * (at / count)) for at in range(low, high)]
            append(events, recorded_at=BEGIN + STRETCH)
        number += count


def _case(now: datetime) -> Any:
    from eventlog.seal import sealer
    from eventlog.subscriptions import catch_up
    from regulator import queries_cases
    from regulator.cases import commands, projection
    from regulator.contracts_cases import About, AboutKind
    from regulator.figures import projection as figures
    from tests.eventlog.events import settle
    from tests.regulator.told import registered

    registered("lucky")  # type: ignore[no-untyped-call]  # a test's own
    about = About(
        kind=AboutKind.ANOMALY, id="a-1", title="Stakes fell", operator="lucky",
        started_at=BEGIN, ended_at=BEGIN + STRETCH,
    )  # fmt: skip
    case = commands.open_case(
        operator="lucky", title="Stakes fell", about=(about,), actor="a" * 32, now=now
    )
    settle()
    for name in (figures.NAME, projection.NAME):
        catch_up(name)
    sealer.catch_up(now=now)
    return queries_cases.case(case)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(inside: int, outside: int, folder: str) -> dict[str, Any]:
    """Fill a log, write the dossier of its last days, check it as somebody outside would."""
    from django.conf import settings

    from kernel import clock
    from regulator.dossier import jobs, making
    from tenants.models import Tenant

    settings.STATE = Path(folder)
    now = clock.now()
    _fill(inside, outside)
    case = _case(now)
    job = jobs.ask_for_case(case, actor="a" * 32, now=now)
    before, began = _peak_mb(), time.perf_counter()
    told = making.make(job, tenant=Tenant.objects.get(schema_name=SCHEMA), now=now)
    wrote, grown = time.perf_counter() - began, _peak_mb() - before
    path, program = jobs.path_of(job), Path(__file__).parents[1] / "platform/evidence/verifier.py"
    began = time.perf_counter()
    checked = subprocess.run(
        [sys.executable, "-I", "-c", _CHECK, program, path], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    return {
        "events": told["events"], "log": told["size"], "write_s": round(wrote, 1),
        "memory_mb": round(grown), "zip_mb": round(path.stat().st_size / 2**20, 1),
        "check_s": round(time.perf_counter() - began, 1),
        "check_mb": round(int(checked.stderr.split()[-1]) / 1024),
        "holds": checked.stdout.endswith("HOLDS\n"),
    }  # fmt: skip


def main(inside: int, outside: int) -> None:
    """Measure in the tenant's schema, print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django_tenants.utils import get_tenant_model, tenant_context

    tenant = get_tenant_model().objects.get(schema_name=SCHEMA)
    with tempfile.TemporaryDirectory() as folder, tenant_context(tenant):
        print(json.dumps(measured(inside, outside, folder)))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
