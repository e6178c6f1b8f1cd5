"""The demo's tenants: what they are, and how their data comes in, by the ways a customer would use.

Everything is repeatable: events have ids that depend on the seed or the file alone, so loading
again adds nothing, and a load that was cut off goes on.
"""

import json
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from tenants.contracts import Kind

DAYS = 90
TOUCHES = 200_000
SEED = 20_261_120
REAL_COLUMNS = [
    "subject=customer_id", "time=time", "kind=interaction", "conversion=conversion",
    "value=conversion_value", "channel=channel",
]  # fmt: skip
REAL_TOUCHES = "attribution/ad_touchpoints_july2018_62k.csv.gz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A demo tenant before it exists."""

    slug: str
    name: str
    kind: Kind
    email: str
    currency: str


NORTHWIND = Planned(
    slug="northwind",
    name="Northwind Outdoor",
    kind=Kind.ADVERTISER,
    email="demo@northwind.example",
    currency="EUR",
)
TIDEPOOL = Planned(
    slug="tidepool",
    name="Tidepool Games",
    kind=Kind.ADVERTISER,
    email="demo@tidepool.example",
    currency="USD",
)
MERIDIAN = Planned(
    slug="meridian",
    name="Meridian Gaming Authority",
    kind=Kind.REGULATOR,
    email="demo@meridian.example",
    currency="EUR",
)
JULY = Planned(
    slug="july",
    name="July Media (real touches, 2018)",
    kind=Kind.ADVERTISER,
    email="demo@july.example",
    currency="USD",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """What `.touchstone/demo.json` says of a tenant."""

    slug: str
    kind: str
    host: str
    user: str
    password: str
    write_key: str
    read_key: str


def planned(data: Path) -> list[Planned]:
    """The tenants this machine can show: the last needs the real touches in ``data``."""
    simulated = [NORTHWIND, TIDEPOOL, MERIDIAN]
    return [*simulated, JULY] if (data / REAL_TOUCHES).exists() else simulated


def first_day(made: datetime) -> date:
    """The first simulated day of a tenant made at ``made``: the last full one is the day before.

    It hangs on when the tenant was made, so that a later start simulates the same events again.
    """
    return made.date() - timedelta(days=DAYS)


def new_password() -> str:
    """A log-in for one machine's demo; it is written to a file only its owner reads."""
    return "demo-" + secrets.token_urlsafe(9)


def read_logins(path: Path) -> dict[str, Login]:
    """The tenants of an earlier start, by slug; nothing when the file is missing or unreadable."""
    try:
        tenants = json.loads(path.read_text())["tenants"]
        return {each["slug"]: Login(**each) for each in tenants}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def write_logins(path: Path, url: str, logins: list[Login]) -> None:
    """Write `.touchstone/demo.json`, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(
        json.dumps({"url": url, "tenants": [asdict(each) for each in logins]}, indent=2)
    )


def lines(url: str, logins: list[Login]) -> Iterator[str]:
    """What a newcomer needs to read: where to look, who to be, how to send an event."""
    yield f"Touchstone is at {url}"
    for login in logins:
        yield ""
        yield f"  {login.slug}: {login.host}"
        yield f"    log in as {login.user} with {login.password}"
    key = logins[0].write_key
    yield ""
    yield (
        "Visitors keep coming to its shop; TOUCHSTONE_DEMO_VISITORS=false make demo does without."
    )
    yield "Send an event, and see it on the page Live events:"
    yield ""
    yield (
        f"  curl -X POST {url}/api/v1/events -H 'Authorization: Bearer {key}' "
        "-H 'Content-Type: application/json' -d '"
        '{"events":[{"type":"custom.tracked","anonymous_id":"me","name":"Hello"}]}' + "'"
    )
