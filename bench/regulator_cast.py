"""Two authorities with two operators each, in the configured database; printed as JSON.

``python -m bench.regulator_cast``: the key of one operator's feed, every route with the ids of its
own things and of others', and how many rows every table has. For ``regulator/leak``.
"""

import json
import os
import sys
from dataclasses import replace
from typing import Any

MARKER = "Zebrafinch"
"""In the name of everything that anybody has."""
OWN, OTHER, FOREIGN = "lucky", "other", "third"
_UUID = "00000000-0000-0000-0000-000000000007"
_IDS = {"id": _UUID, "uidb64": "MQ", "token": "x", "digest": "7" * 64, "day": "2026-09-01",
        "currency": "EUR", "slug": "acme", "person": "5a" * 16, "subject": "5a" * 16}  # fmt: skip


def cast() -> dict[str, Any]:
    """Make everything; what the row needs to know of it."""
    from kernel import clock
    from tenants import keys
    from tenants.contracts import Scope

    now = clock.now()
    acme = _authority("acme", (OWN, OTHER))
    rival = _authority("rival", (OWN, FOREIGN))
    issued = keys.issue(
        tenant=acme, name="feed", scopes=(Scope.FEED,), created_by="", now=now, feed=OWN
    )
    reader = keys.issue(tenant=acme, name="reader", scopes=(Scope.READ,), created_by="", now=now)
    return {
        "key": issued.text, "reader": reader.text, "routes": _routes(),
        "schemas": [acme.schema_name, rival.schema_name], "rows": rows(),
    }  # fmt: skip


def _authority(slug: str, operators: tuple[str, ...]) -> Any:
    """A regulator whose operators have sent and filed, and whose pages would show it."""
    from django_tenants.utils import tenant_context

    from eventlog import subscriptions
    from ingest.imports.run import principal_of
    from kernel import clock
    from regulator.contracts import OperatorRegistered
    from regulator.feeds import accept
    from regulator.operators import commands
    from tenants import provisioning
    from tenants.contracts import Kind
    from tenants.models import Tenant
    from tests.eventlog.events import settle

    now = clock.now()
    tenant = Tenant.objects.create(
        slug=slug, name=f"{MARKER} {slug}", kind=Kind.REGULATOR, schema_name=f"t_{slug}",
        created_at=now,
    )  # fmt: skip
    provisioning.provision(tenant=tenant, now=now)
    with tenant_context(tenant):
        for name in operators:
            entry = OperatorRegistered(
                operator=name, name=f"{MARKER} {name}", licence=MARKER, licensed_from=now.date(),
                licensed_until=None, currency="EUR", game_types=("slots",), rates=(), actor="",
            )  # fmt: skip
            commands.register(entry, now=now)
        _catch_up(subscriptions, settle)
        for name in operators:
            record = json.dumps(
                {"id": f"{MARKER}-1", "type": "stake", "sequence": 1, "amount": 5,
                 "currency": "EUR", "game_type": "slots", "player": MARKER,
                 "occurred_at": now.isoformat()}
            ).encode()  # fmt: skip
            principal = replace(principal_of(tenant), feed=name)
            accept.accept([record], principal=principal, now=now)
        _catch_up(subscriptions, settle)
    return tenant


def _catch_up(subscriptions: Any, settle: Any) -> None:
    settle()
    for name in subscriptions.names():
        subscriptions.catch_up(name)


def _routes() -> list[dict[str, Any]]:
    """Every route of every host, with everybody's ids in it."""
    from tests.isolation.routes import walk

    found = []
    for route in walk():
        hosts = {"bare": ["localhost"], "tenant": ["acme.localhost"],
                 "regulator": ["acme.localhost", "rival.localhost"]}[route.host]  # fmt: skip
        paths = {route.path(_things(route.parameters, name)) for name in (OWN, OTHER, FOREIGN)}
        found += [
            {"host": "localhost" if route.is_api else host, "path": path, "api": route.is_api}
            for host in hosts
            for path in sorted(paths)
        ]
    return [dict(each) for each in {tuple(sorted(each.items())) for each in found}]


def _things(parameters: tuple[str, ...], operator: str) -> dict[str, object]:
    """Something fit for every parameter: numbers where ids are numbers is all there is to know."""
    given = {**_IDS, "operator": operator}
    numbers = ("key_id", "member_id", "sign_in_id", "job_id", "alert_id", "route_id", "rule_id",
               "size", "channel", "import_id", "invitation_id")  # fmt: skip
    return {name: given.get(name, 1 if name in numbers else _UUID) for name in parameters}


def rows() -> dict[str, int]:
    """How many rows each table has, of all schemas; of the log by type and operator."""
    from django.db import connection

    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables"
            " WHERE schemaname IN ('public', 't_acme', 't_rival')"
        )
        for schema, table in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{schema}"."{table}"')
            found[f"{schema}.{table}"] = cursor.fetchone()[0]
        for schema in ("t_acme", "t_rival"):
            cursor.execute(
                f"SELECT type, payload->>'operator', count(*) FROM {schema}.event GROUP BY 1, 2"
            )
            for kind, operator, count in cursor.fetchall():
                found[f"{schema}: {kind} of {operator}"] = count
    return found


def main(what: str) -> None:
    """Set the product up; make the cast, or count again."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    print(json.dumps({"cast": cast, "rows": rows}[what](), default=str))


if __name__ == "__main__":
    main(sys.argv[1])
