"""The alert centre's pages: who sees, who may act, what they say."""

import pytest

from alerts import commands, queries, raising
from alerts.commands import NewRoute
from alerts.contracts import Severity, State, Way
from alerts.models import Route, Rule
from tests.alerts.conftest import NOW, raised

pytestmark = pytest.mark.usefixtures("quiet_worker")


@pytest.fixture
def raised_one(acme, as_tenant):
    """An alert of acme's, named from outside."""
    with as_tenant(acme):
        return raising.raise_alert(raised("<i>net</i>"), now=NOW)


def test_nothing_standing_says_so(acme_page):
    assert "Nothing needs you" in acme_page("/alerts/").content.decode()


def test_it_lists_what_stands_and_escapes_names(acme_page, raised_one):
    text = acme_page("/alerts/").content.decode()
    assert "&lt;i&gt;net&lt;/i&gt; hijacks installs" in text
    assert "<i>net" not in text
    assert "No such alert" in acme_page("/alerts/?severity=critical").content.decode()


def test_it_exports(acme_page, raised_one):
    lines = acme_page("/alerts/?format=csv").content.decode().splitlines()
    assert lines[0].startswith("id,kind,severity")
    assert len(lines) == 2


def test_one_alert_shows_its_figures_its_chart_and_who_was_told(acme_page, raised_one):
    text = acme_page(f"/alerts/{raised_one}/").content.decode()
    for part in ("412.50 EUR", 'data-chart="alert-chart"', "Owners", "waiting", "Look into it"):
        assert part in text


def test_an_unknown_alert_is_not_found(acme_page):
    assert acme_page("/alerts/987654/").status_code == 404


@pytest.mark.parametrize(
    ("form", "state"),
    [
        ({"act": "acknowledge"}, State.ACKNOWLEDGED),
        ({"act": "snooze", "hours": "24"}, State.SNOOZED),
        ({"act": "resolve"}, State.RESOLVED),
    ],
)
def test_an_owner_settles_it(acme_page, acme, as_tenant, raised_one, form, state):
    assert acme_page(f"/alerts/{raised_one}/", form).status_code == 302
    with as_tenant(acme):
        found = queries.alert(raised_one)
    assert found.state is state
    assert len(found.by) == 32


@pytest.mark.parametrize("form", [{}, {"act": "erase"}, {"act": "snooze", "hours": "9999"}])
def test_what_can_not_be_meant_changes_nothing(acme_page, acme, as_tenant, raised_one, form):
    assert acme_page(f"/alerts/{raised_one}/", form).status_code == 400
    with as_tenant(acme):
        assert queries.alert(raised_one).state is State.OPEN


def test_a_webhooks_secret_is_shown_once(acme_page, settings):
    settings.PRIVATE_RECEIVERS = False
    form = {
        "name": "Ours", "way": "webhook", "address": "https://example.com/hook?token=abc",
        "lowest": "info", "kinds": "", "zone": "UTC", "after_minutes": "0",
    }  # fmt: skip
    assert "whsec_" in acme_page("/alerts/settings/routes/", form).content.decode()
    after = acme_page("/alerts/settings/").content.decode()
    assert "whsec_" not in after
    assert "example.com" in after
    assert "token=abc" not in after


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"way": "slack", "address": ""}, "Say where to send it."),
        ({"way": "slack", "address": "http://10.0.0.1/"}, "must begin with https://"),
        ({"way": "email"}, "Choose at least one role."),
        ({"zone": "Mars/Base"}, "There is no such time zone"),
        ({"quiet_from": "22:00"}, "Give both ends"),
        ({"after_minutes": "-1"}, "greater than or equal to 0"),
    ],
)
def test_a_route_that_tells_nobody_is_refused_with_a_reason(acme_page, settings, changes, says):
    settings.PRIVATE_RECEIVERS = False
    form = {
        "name": "Ours", "way": "webhook", "address": "https://example.com/", "lowest": "info",
        "kinds": "", "zone": "UTC", "after_minutes": "0",
    }  # fmt: skip
    answer = acme_page("/alerts/settings/routes/", {**form, **changes})
    assert answer.status_code == 400
    assert says in answer.content.decode()


def test_a_rule_is_made_and_deleted(acme_page, acme, as_tenant):
    form = {
        "name": "Quiet shop", "event_type": "page.viewed", "minutes": "60", "check": "absence",
        "amount": "0", "severity": "critical",
    }  # fmt: skip
    assert acme_page("/alerts/settings/rules/", form).status_code == 302
    assert "Quiet shop" in acme_page("/alerts/settings/").content.decode()
    with as_tenant(acme):
        number = Rule.objects.get().pk
    acme_page(f"/alerts/settings/rules/{number}/delete/", {})
    with as_tenant(acme):
        assert not Rule.objects.exists()


def test_a_route_is_tested_and_deleted(acme_page, acme, as_tenant):
    with as_tenant(acme):
        number = Route.objects.get().pk
    acme_page(f"/alerts/settings/routes/{number}/test/", {})
    assert "waiting" in acme_page("/alerts/settings/").content.decode()
    acme_page(f"/alerts/settings/routes/{number}/delete/", {})
    assert "Nobody is told of alerts" in acme_page("/alerts/settings/").content.decode()


def test_what_is_critical_and_open_stands_on_every_page(
    acme_page, acme, as_tenant, django_capture_on_commit_callbacks
):
    with as_tenant(acme), django_capture_on_commit_callbacks(execute=True):
        number = raising.raise_alert(raised(severity=Severity.CRITICAL), now=NOW)
    assert "network-1 hijacks installs" in acme_page("/settings/keys/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        acme_page(f"/alerts/{number}/", {"act": "acknowledge"})
    assert "network-1 hijacks installs" not in acme_page("/settings/keys/").content.decode()


def test_there_is_an_end_to_routes(acme, as_tenant, settings):
    from kernel.errors import InvalidInput

    with as_tenant(acme):
        for number in range(commands.MOST - 1):
            Route.objects.create(name=str(number), way=Way.EMAIL, created_at=NOW)
        new = NewRoute(name="one more", way=Way.EMAIL, roles=("owner",))
        with pytest.raises(InvalidInput):
            commands.add_route(new, actor="m", now=NOW)
