"""The row ``regulator/leak``: an operator's key reads nothing and writes its own feed alone.

Two authorities with two operators each. The key of one feed is tried on every route of every host,
by every method, as bearer and as a basic-auth user, with the ids of its own operator, of another
one and of another authority's. An answer leaks when it holds anything that anybody has, or succeeds
where the same request without a key does not. Then records are sent in the name of others. At last
every row of the database is counted again: nothing but the own feed may have grown.
"""

import base64
import http.client
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from bench.regulator_cast import FOREIGN, MARKER, OTHER, OWN
from bench.served import ROOT, Served, prepared, start_web, stop
from kernel import clock

Row = dict[str, Any]
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
FEED = "/api/v1/gaming/events"
GROWS = (
    "t_acme.event", "t_acme.ingest_rejection", "t_acme.ingest_rejection_count",
    f"t_acme: gaming.stake of {OWN}", f"t_acme: gaming.batch_received of {OWN}",
)  # fmt: skip
"""What sending to one's own feed writes: the feed, and for the authority what was turned away."""


def leak() -> list[Row]:
    """Try everything; count again."""
    with prepared() as (place, environment):
        cast = json.loads(_cast("cast", environment))
        web = start_web(place, environment)
        try:
            tries, statuses = 0, Counter[int]()
            leaks: list[str] = []
            for name, count, status in _walk(place, cast):
                tries, leaks = tries + count, leaks + ([name] if name else [])
                statuses[status] += 1
            sent = _send(place, cast)
            control = _ask(place, "localhost", "GET", "/api/v1/regulator/operators",
                           f"Bearer {cast['reader']}")  # fmt: skip
        finally:
            stop(web)
        after = json.loads(_cast("rows", environment))
    before = cast["rows"]
    grown = {
        each: after.get(each, 0) - before.get(each, 0)
        for each in sorted(before.keys() | after.keys())
        if after.get(each, 0) != before.get(each, 0)
    }
    wrong = [each for each in grown if each not in GROWS]
    told = MARKER in control[1] and 429 not in statuses
    return [
        {
            "name": "regulator/leak", "value": len(leaks) + len(wrong), "n": tries + sent["tries"],
            "unit": "answers that tell something, tables that grew", "bar": "= 0",
            "ok": not leaks and not wrong and sent["foreign"] == 0 and told,
            "peer": f"{len(cast['routes'])} routes by {len(METHODS)} methods, with and without the"
            f" key; {leaks[:3] + wrong[:3]}; answered "
            + ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items())),
        },
        {
            "name": "regulator/leak writes", "value": sent["foreign"], "n": sent["tries"],
            "unit": "records taken into a feed that is not the key's", "bar": "= 0",
            "ok": sent["foreign"] == 0 and sent["own"] > 0,
            "peer": f"{sent['own']} of its own taken; grew: "
            + ", ".join(f"{name} {count:+}" for name, count in grown.items()),
        },
    ]  # fmt: skip


def _walk(place: Served, cast: dict[str, Any]) -> Iterator[tuple[str, int, int]]:
    """Every try: what leaked (``""``: nothing), how many requests it took, the key's status."""
    bearer = f"Bearer {cast['key']}"
    basic = "Basic " + base64.b64encode(f"{cast['key']}:".encode()).decode()
    for route in cast["routes"]:
        for method in METHODS:
            nobody, _ = _ask(place, route["host"], method, route["path"], "")
            for how, credential in (("bearer", bearer), ("basic", basic)):
                status, body = _ask(place, route["host"], method, route["path"], credential)
                own = route["path"] == FEED and method == "POST"
                gained = status < 300 <= nobody
                name = f"{method} {route['host']}{route['path']} {how}: {status}"
                yield name if MARKER in body or (gained and not own) else "", 2, status


def _send(place: Served, cast: dict[str, Any]) -> dict[str, int]:
    """Records in the name of others, and one of its own among them."""
    taken, tries, own = 0, 0, 0
    for number, operator in enumerate((OTHER, FOREIGN, "nobody", "", "LUCKY", f"{OWN}/", OWN), 2):
        record = {**_record(f"try-{number}", number), "operator": operator}
        body = json.dumps({"events": [record]})
        _, answer = _ask(place, "localhost", "POST", FEED, f"Bearer {cast['key']}", body=body)
        accepted = json.loads(answer)["accepted"]
        tries += 1
        if operator == OWN:
            own += accepted
        else:
            taken += accepted
    return {"foreign": taken, "own": own, "tries": tries}


def _record(name: str, number: int) -> dict[str, Any]:
    return {
        "id": name, "type": "stake", "sequence": number, "amount": 1, "currency": "EUR",
        "game_type": "slots", "player": "p", "occurred_at": clock.now().isoformat(),
    }  # fmt: skip


def _ask(
    place: Served, host: str, method: str, path: str, credential: str, *, body: str | None = None
) -> tuple[int, str]:
    """Status and body; a changing method carries a record, which a collector could take."""
    if body is None and method in ("POST", "PUT", "PATCH"):
        body = json.dumps({"events": [_record("walk", 1_000)], "name": "x", "type": "track"})
    headers = {"Host": host, "Content-Type": "application/json"}
    connection = http.client.HTTPConnection(place.host, place.port, timeout=60)
    try:
        connection.request(
            method, path, body, headers | ({"Authorization": credential} if credential else {})
        )
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    finally:
        connection.close()


def _cast(what: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bench.regulator_cast", what],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"bench.regulator_cast failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout.splitlines()[-1]


ROWS: dict[str, Callable[[], Row | list[Row]]] = {"regulator/leak": leak}
