"""A receiver that behaves as Slack's webhooks do, failures included; and what is raised."""

from datetime import UTC, datetime

import pytest

from alerts.contracts import Fact, Point, Raised, Severity
from bench.outside import receiving
from tests.conftest import _key
from tests.mail import sink  # noqa: F401  # a fixture

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def receiver(settings):
    """The receiver, which is allowed although it is on this machine."""
    settings.PRIVATE_RECEIVERS = True
    with receiving() as found:
        yield found


@pytest.fixture
def quiet_worker(monkeypatch):
    """Nobody is woken: tests deliver when they mean to."""
    from alerts import planning

    monkeypatch.setattr(planning, "_wake", lambda _: None)


@pytest.fixture
def acme_page(acme_owner_client):
    """Ask for a page as acme's owner; with a form, post it."""

    def ask(path, form=None):
        return acme_owner_client.get(path) if form is None else acme_owner_client.post(path, form)

    return ask


@pytest.fixture
def admin_key(acme):
    """Acme's key that may do everything."""
    return _key(acme, "admin")


def raised(key: str = "network-1", **changes) -> Raised:
    """A publisher that hijacks."""
    given = {
        "kind": "fraud.publisher",
        "key": key,
        "severity": Severity.WARNING,
        "title": f"{key} hijacks installs",
        "text": "57 of 80 installs came 3 to 10 s after their click; people's do so 3 %.",
        "path": "/fraud/publishers/?source=x",
        "since": datetime(2026, 11, 19, 8, 30, tzinfo=UTC),
        "facts": (Fact(label="Publisher", value=key), Fact(label="Spent", value="412.50 EUR")),
        "series": (Point(label="18 Nov", value=2.0), Point(label="19 Nov", value=71.0)),
        "unit": "% of installs",
    }
    return Raised(**{**given, **changes})
