"""The rows ``trust/isolation``: no foreign credential gets through, no answer tells what exists.

Against a served product, GET and POST: every page of a tenant's host for nobody, another tenant's
owner and each role the door is closed to; every route of the API for no, an invented, a revoked and
a scopeless key. Then a rival asks, at its own host and with its own key, for things by the ids of
acme's and by ids nobody has: status, headers and body must be the same but for the id itself, and
so must the time it takes (Mann-Whitney U over requests taken in turns).
"""

import http.client
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scipy.stats import mannwhitneyu

from bench.served import ROOT, Served, prepared, start_web, stop

Row = dict[str, Any]
REFUSED = {400, 401, 403, 404, 405}
TURNS = 150
_CHANGING = {"date", "x-request-id", "set-cookie", "expires"}
_TOKENS = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
_CSRF = "k" * 32
FORM = "role=analyst&step=identity_checked&reason=asked"  # what the forms behind an id want


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks: a session's cookie or a key, at a host."""

    host: str
    cookie: str = ""
    key: str = ""

    def headers(self) -> dict[str, str]:
        """As a browser or a program would send them; the form's token is right."""
        cookies = f"csrftoken={_CSRF}" + (f"; sessionid={self.cookie}" if self.cookie else "")
        found = {"Host": self.host, "Cookie": cookies, "X-CSRFToken": _CSRF}
        return found | ({"Authorization": f"Bearer {self.key}"} if self.key else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, and the seconds until it had."""

    status: int
    headers: dict[str, str]
    body: str
    seconds: float

    @property
    def refused(self) -> bool:
        """Refused, or sent to the log-in."""
        return self.status in REFUSED or (
            self.status == 302 and "/login/" in self.headers.get("location", "")
        )

    def without(self, own: str) -> tuple[int, str, str]:
        """What may be compared: less the asked id, the form's token and the request's own ids."""
        kept = sorted(f"{k}: {v}" for k, v in self.headers.items() if k not in _CHANGING)
        body = _TOKENS.sub("", self.body).replace(own, "ID")
        return self.status, "\n".join(kept).replace(own, "ID"), body


class Wire:
    """One connection to the served product."""

    def __init__(self, place: Served) -> None:
        self._connection = http.client.HTTPConnection(place.host, place.port, timeout=30)

    def ask(self, who: Asker, method: str, path: str) -> Answer:
        """One request; a POST has what the forms behind an id want."""
        headers = who.headers()
        if method == "post":
            headers["Content-Type"] = (
                "application/json" if who.key else "application/x-www-form-urlencoded"
            )
        body = ("{}" if who.key else FORM) if method == "post" else None
        began = time.perf_counter()
        self._connection.request(method.upper(), path, body, headers)
        answer = self._connection.getresponse()
        content = answer.read().decode("utf-8", "replace")
        seconds = time.perf_counter() - began
        given = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(status=answer.status, headers=given, body=content, seconds=seconds)


def _attempts(cast: dict[str, Any]) -> Iterator[tuple[str, Asker, str, str]]:
    """Everything that must be refused: who it is, as whom, method and path."""
    host = "acme.localhost"
    for door in cast["doors"]:
        if not door["asks"]:
            continue
        for method in ("get", "post"):
            yield "nobody", Asker(host=host), method, door["path"]
            yield "rival", Asker(host=host, cookie=cast["rival"]), method, door["path"]
            for role in door["closed"][method]:
                yield role, Asker(host=host, cookie=cast["cookies"][role]), method, door["path"]
    for gate in cast["gates"]:
        for method in ("get", "post"):
            for name, key in cast["keys"].items():
                yield f"key: {name}", Asker(host="localhost", key=key), method, gate["path"]


def _pairs(cast: dict[str, Any]) -> Iterator[tuple[Asker, str, str, str]]:
    """What a rival may ask by id: as whom, method, acme's path and an invented one."""
    for asker, routes in (
        (Asker(host="rival.localhost", cookie=cast["rival"]), cast["doors"]),
        (Asker(host="localhost", key=cast["rival_key"]), cast["gates"]),
    ):
        for route in routes:
            if route["path"] != route["invented"]:
                for method in ("get", "post"):
                    yield asker, method, route["path"], route["invented"]


def _own(path: str, other: str) -> str:
    """The id in ``path``: its one part that ``other`` has not."""
    parts = zip(path.split("/"), other.split("/"), strict=True)
    return next(mine for mine, theirs in parts if mine != theirs)


def _in_turns(wire: Wire, asker: Asker, method: str, here: str, there: str) -> float:
    """The chance that equally quick answers would differ as these do."""
    took: tuple[list[float], list[float]] = ([], [])
    for turn in range(TURNS):
        order = (0, 1) if turn % 2 else (1, 0)
        for which in order:
            took[which].append(wire.ask(asker, method, (here, there)[which]).seconds)
    return float(mannwhitneyu(*took).pvalue)


def _control(wire: Wire, cast: dict[str, Any]) -> int:
    """Pages that do tell acme's own owner what exists: without any, nothing would be shown here."""
    owner = Asker(host="acme.localhost", cookie=cast["owner"])
    pairs = [(door["path"], door["invented"]) for door in cast["doors"]]
    asked = [[wire.ask(owner, "get", path).status for path in pair] for pair in pairs]
    return sum(here == 200 and there == 404 for here, there in asked)


def _refusals(wire: Wire, cast: dict[str, Any]) -> Row:
    count, through = 0, []
    for name, asker, method, path in _attempts(cast):
        answer = wire.ask(asker, method, path)
        count += 1
        if not answer.refused:
            through.append(f"{name} {method} {path}: {answer.status}")
    return {
        "name": "trust/isolation", "value": len(through), "unit": "foreign requests let through",
        "bar": "= 0", "ok": not through,
        "peer": f"{len(cast['doors'])} pages, {len(cast['gates'])} API routes; {through[:5]}",
        "n": count,
    }  # fmt: skip


def _tells(wire: Wire, cast: dict[str, Any]) -> list[Row]:
    pairs, differ, chances = list(_pairs(cast)), [], []
    shown = _control(wire, cast)
    for asker, method, here, there in pairs:
        one, other = wire.ask(asker, method, here), wire.ask(asker, method, there)
        if one.without(_own(here, there)) != other.without(_own(there, here)):
            differ.append(f"{method} {here}: {one.status}, {other.status}")
        chances.append((_in_turns(wire, asker, method, here, there), f"{method} {here}"))
    least, where = min(chances)
    bar = 0.001 / len(pairs)  # one in a thousand over all of them (Bonferroni)
    return [
        {
            "name": "trust/isolation-text", "value": len(differ), "bar": "= 0",
            "ok": not differ and shown > 0,
            "unit": "answers that tell a foreign id from an invented one",
            "peer": f"{len(pairs)} pairs; the owner is told on {shown} pages; {differ[:5]}",
            "n": len(pairs),
        },
        {
            "name": "trust/isolation-time", "value": least, "bar": f">= {bar:.2e}",
            "ok": least >= bar,
            "unit": "least p of Mann-Whitney over all pairs",
            "peer": f"{len(pairs)} pairs, {TURNS} requests each in turns; least at {where}",
            "n": 2 * TURNS * len(pairs),
        },
    ]  # fmt: skip


def isolation() -> list[Row]:
    """Make the cast, serve, ask."""
    with prepared() as (place, environment):
        made = subprocess.run(
            [sys.executable, "-m", "bench.isolation_cast"], env=environment, cwd=ROOT,
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        cast = json.loads(made.stdout.splitlines()[-1])
        web = start_web(place, environment)
        try:
            wire = Wire(place)
            return [_refusals(wire, cast), *_tells(wire, cast)]
        finally:
            stop(web)


ROWS = {"trust/isolation": isolation}
