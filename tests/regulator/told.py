"""What a regulator's tests begin with: an operator in the register, and records of its feed."""

from datetime import UTC, datetime, time, timedelta

from django.test import Client

from eventlog.subscriptions import catch_up
from kernel import clock
from regulator.contracts import Bracket, OperatorRegistered, Rates, TaxBase
from regulator.feeds import projection as feeds
from regulator.figures import projection as figures
from regulator.operators import commands
from regulator.operators import projection as operators
from tests.eventlog.events import settle

NAMES = (operators.NAME, feeds.NAME, figures.NAME)
REGISTERED = datetime.combine(clock.now().date() - timedelta(days=200), time(), UTC)
PATH = "/api/v1/gaming/events"


def entry(name="lucky", **changes):
    """An operator with a licence for slots and tables that owes 20 % of its GGR."""
    fields = {
        "operator": name, "name": name.title(), "licence": f"GA-{name}",
        "licensed_from": REGISTERED.date(), "licensed_until": None, "currency": "EUR",
        "game_types": ("slots", "table"),
        "rates": (
            Rates(since=REGISTERED.date(), base=TaxBase.GGR,
                  brackets=(Bracket(above=0, rate=200_000),)),
        ),
        "actor": "a" * 32,
    }  # fmt: skip
    return OperatorRegistered(**{**fields, **changes})


def registered(*names, **changes):
    """Enter operators, and read the register."""
    for name in names:
        commands.register(entry(name, **changes), now=REGISTERED)
    project()


def project():
    """Bring the regulator's projections up to the log's end."""
    settle()
    for name in NAMES:
        catch_up(name)


def stake(number, *, at, amount=500, **changes):
    """Record ``number`` of a feed."""
    fields = {
        "id": f"r-{number}", "type": "stake", "sequence": number, "amount": amount,
        "currency": "EUR", "game_type": "slots", "player": "p-1", "occurred_at": moment(at),
    }  # fmt: skip
    return {**fields, **changes}


def moment(at):
    """A time as JSON has it."""
    return at.isoformat() if isinstance(at, datetime) else at


def minutes(number):
    """A time some minutes after the register was opened."""
    return REGISTERED + timedelta(minutes=number)


def feed_key(tenant, operator="lucky"):
    """A key of ``operator``'s feed."""
    from django.db import connection

    from tenants import keys
    from tenants.contracts import Scope

    connection.set_schema_to_public()
    issued = keys.issue(
        tenant=tenant, name="feed", scopes=(Scope.FEED,), created_by="", now=clock.now(),
        feed=operator,
    )  # fmt: skip
    connection.set_tenant(tenant)
    return issued.text


def send(key, *events, tenant=None):
    """Post records as an operator does; the answer."""
    from django.db import connection

    answer = Client().post(
        PATH, {"events": list(events)}, content_type="application/json",
        headers={"authorization": f"Bearer {key}"},
    )  # fmt: skip
    if tenant is not None:
        connection.set_tenant(tenant)
    return answer


def ask(owner, authority, path, data=None):
    """Get a page, or post to it; the authority is active again afterwards."""
    from django.db import connection

    answer = owner.get(path) if data is None else owner.post(path, data)
    connection.set_tenant(authority)
    return answer
