"""Deliveries arrive by every way, are tried again, escalate, and give up in the end."""

import base64
import hashlib
import hmac
import json
from datetime import time, timedelta

import pytest

from alerts import commands, outbox, queries, raising
from alerts.commands import NewRoute
from alerts.contracts import Severity, Way
from alerts.models import Delivery, Route
from alerts.ways.webhook import signature
from tests.alerts.conftest import NOW, raised

pytestmark = pytest.mark.usefixtures("quiet_worker")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def tenant(acme, as_tenant):
    with as_tenant(acme):
        yield acme


@pytest.fixture
def alone(tenant):
    """No route yet: not even the owners' own."""
    Route.objects.all().delete()
    return tenant


def slack(receiver, **changes):
    new = NewRoute(name="Ops", way=Way.SLACK, address=receiver.url, **changes)
    commands.add_route(new, actor="m", now=NOW)


def test_a_new_tenant_tells_its_owners_by_mail_with_the_chart_in_it(tenant, sink):
    raising.raise_alert(raised(), now=NOW)
    assert outbox.deliver(now=NOW) == 1

    (letter,) = sink.letters
    assert letter["To"] == "owner@acme.example"
    assert letter["Subject"] == "[Acme] network-1 hijacks installs"
    assert "Spent: 412.50 EUR" in sink.text()
    html = letter.get_body(("html",)).get_content()
    assert 'src="cid:chart"' in html
    (picture,) = [part for part in letter.walk() if part.get_content_type() == "image/png"]
    assert picture["Content-ID"] == "<chart>"
    assert picture.get_content().startswith(b"\x89PNG")


def test_a_mail_shows_names_from_outside_as_text(tenant, sink):
    raising.raise_alert(raised("<b>x</b>"), now=NOW)
    outbox.deliver(now=NOW)
    assert "&lt;b&gt;x&lt;/b&gt;" in sink.letters[0].get_body(("html",)).get_content()


def test_slack_gets_blocks_it_takes(alone, receiver):
    slack(receiver)
    number = raising.raise_alert(raised(), now=NOW)
    assert outbox.deliver(now=NOW) == 1

    ((headers, document),) = receiver.requests
    assert headers["Content-Type"] == "application/json"
    assert document["text"] == "network-1 hijacks installs"
    assert f"/alerts/{number}/" in json.dumps(document["blocks"])


def test_slack_is_not_made_to_call_everybody(alone, receiver):
    slack(receiver)
    raising.raise_alert(raised("<!channel>"), now=NOW)
    outbox.deliver(now=NOW)
    assert receiver.requests[0][1]["text"] == "&lt;!channel&gt; hijacks installs"


def test_what_can_not_be_written_is_dropped_and_keeps_nothing_waiting(alone, receiver):
    slack(receiver)
    Route.objects.update(address=_sealed(f"{receiver.url}/\u00e9\ud7ff"))
    raising.raise_alert(raised(), now=NOW)
    outbox.deliver(now=NOW)
    slack(receiver)
    raising.raise_alert(raised("next"), now=NOW)
    assert outbox.deliver(now=NOW + MINUTE) >= 1


def test_a_webhook_says_another_id_when_others_join_a_retry(alone, receiver):
    new = NewRoute(name="Ours", way=Way.WEBHOOK, address=receiver.url)
    commands.add_route(new, actor="m", now=NOW)
    raising.raise_alert(raised("a"), now=NOW)
    receiver.answers.append((500, {}))
    outbox.deliver(now=NOW)
    raising.raise_alert(raised("b"), now=NOW + MINUTE)
    outbox.deliver(now=NOW + MINUTE)
    first, second = (headers["Webhook-Id"] for headers, _ in receiver.requests)
    assert first != second
    assert len(receiver.requests[1][1]["alerts"]) == 2


def test_a_webhook_is_signed(alone, receiver):
    new = NewRoute(name="Ours", way=Way.WEBHOOK, address=receiver.url)
    secret = commands.add_route(new, actor="m", now=NOW)
    raising.raise_alert(raised(), now=NOW)
    outbox.deliver(now=NOW)

    ((headers, document),) = receiver.requests
    signed = f"{headers['Webhook-Id']}.{headers['Webhook-Timestamp']}.".encode()
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = hmac.new(key, signed + receiver.bodies[0], hashlib.sha256).digest()
    assert headers["Webhook-Signature"] == "v1," + base64.b64encode(expected).decode()
    assert document["type"] == "alerts.raised"


def test_signatures_are_those_of_standard_webhooks():
    """The example that its implementers publish."""
    from datetime import UTC, datetime

    found = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        at=datetime.fromtimestamp(1_614_265_330, UTC),
        body=b'{"test": 2432232314}',
    )
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_is_raised_together_is_told_together(alone, receiver):
    slack(receiver)
    for key in ("a", "b", "c"):
        raising.raise_alert(raised(key), now=NOW)
    assert outbox.deliver(now=NOW) == 1
    assert receiver.requests[0][1]["text"].endswith("and 2 more")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_slack_is_tried_again_after_what_it_asks_for(alone, receiver, status):
    slack(receiver)
    raising.raise_alert(raised(), now=NOW)
    receiver.answers.append((status, {"Retry-After": "120"}))

    assert outbox.deliver(now=NOW) == 0
    assert outbox.deliver(now=NOW + 1.9 * MINUTE) == 0
    assert len(receiver.requests) == 1
    assert outbox.deliver(now=NOW + 2.1 * MINUTE) == 1


@pytest.mark.parametrize("status", [400, 403, 404, 410])
def test_a_slack_that_refuses_for_good_is_left_alone(alone, receiver, status):
    slack(receiver)
    raising.raise_alert(raised(), now=NOW)
    receiver.answers.append((status, {}))
    outbox.deliver(now=NOW)

    assert outbox.deliver(now=NOW + timedelta(days=2)) == 0
    (line,) = queries.deliveries()
    assert line.dropped_at == NOW
    assert line.failure == f"Slack answered {status}"


def test_a_webhook_keeps_its_id_at_every_try(alone, receiver):
    commands.add_route(
        NewRoute(name="Ours", way=Way.WEBHOOK, address=receiver.url), actor="m", now=NOW
    )
    raising.raise_alert(raised(), now=NOW)
    receiver.answers.append((404, {}))
    outbox.deliver(now=NOW)
    outbox.deliver(now=NOW + MINUTE)
    first, second = (headers["Webhook-Id"] for headers, _ in receiver.requests)
    assert first == second


def test_it_gives_up_after_seven_tries(alone, receiver):
    slack(receiver)
    raising.raise_alert(raised(), now=NOW)
    receiver.answers.extend([(500, {})] * 20)
    for day in range(10):
        outbox.deliver(now=NOW + timedelta(days=day))
    (line,) = queries.deliveries()
    assert (line.attempts, len(receiver.requests)) == (7, 7)
    assert line.dropped_at is not None


def test_a_receiver_that_is_gone_is_tried_again(alone, receiver):
    slack(receiver)
    Route.objects.update(address=_sealed("http://127.0.0.1:9/gone"))
    raising.raise_alert(raised(), now=NOW)
    assert outbox.deliver(now=NOW) == 0
    (line,) = queries.deliveries()
    assert line.failure.startswith("not reached")
    assert line.dropped_at is None


def _sealed(text):
    from alerts import vault

    return vault.sealed(text)


def test_one_way_that_fails_keeps_no_other_waiting(tenant, receiver, sink):
    slack(receiver)
    receiver.answers.append((500, {}))
    raising.raise_alert(raised(), now=NOW)
    assert outbox.deliver(now=NOW) == 1
    assert len(sink.letters) == 1


def test_an_escalation_tells_only_of_what_nobody_sees_to(alone, receiver):
    slack(receiver, after_minutes=30)
    raising.raise_alert(raised("seen to"), now=NOW)
    raising.raise_alert(raised("left"), now=NOW)
    number = queries.alerts().items[-1].id
    raising.acknowledge(number, actor="m", now=NOW)

    assert outbox.deliver(now=NOW + 29 * MINUTE) == 0
    assert outbox.deliver(now=NOW + 31 * MINUTE) == 1
    assert receiver.requests[0][1]["text"] == "left hijacks installs"


def test_quiet_hours_are_kept_but_for_what_is_critical(alone, receiver):
    slack(receiver, quiet_from=time(11), quiet_to=time(14))
    raising.raise_alert(raised("can wait"), now=NOW)
    raising.raise_alert(raised("can not", severity=Severity.CRITICAL), now=NOW)
    outbox.deliver(now=NOW)
    assert [document["text"] for _, document in receiver.requests] == ["can not hijacks installs"]
    assert outbox.deliver(now=NOW + timedelta(hours=2)) == 1


def test_what_is_over_before_it_was_told_is_not_told(alone, receiver):
    slack(receiver, quiet_from=time(11), quiet_to=time(14))
    number = raising.raise_alert(raised(), now=NOW)
    raising.resolve(number, actor="m", now=NOW)
    outbox.deliver(now=NOW + timedelta(hours=3))
    assert [document["text"].split(":")[0] for _, document in receiver.requests] == ["Resolved"]


def test_a_member_who_left_is_not_written_to(tenant, sink):
    raising.raise_alert(raised(), now=NOW)
    tenant.memberships.all().delete()
    outbox.deliver(now=NOW)
    assert not sink.letters
    assert queries.deliveries()[0].dropped_at == NOW


def test_a_refused_mailbox_is_not_tried_again(tenant, sink):
    sink.answers["rcpt"] = "550 No such user"
    raising.raise_alert(raised(), now=NOW)
    outbox.deliver(now=NOW)
    (line,) = queries.deliveries()
    assert line.dropped_at == NOW
    assert "owner@" not in line.failure


def test_a_test_arrives_by_its_route_alone(tenant, receiver, sink):
    slack(receiver)
    number = Route.objects.get(way="slack").pk
    commands.test_route(number, now=NOW)
    outbox.deliver(now=NOW)
    assert receiver.requests[0][1]["text"] == "This is a test"
    assert not sink.letters


def test_done_deliveries_are_forgotten(alone, receiver):
    slack(receiver)
    raising.raise_alert(raised(), now=NOW)
    outbox.deliver(now=NOW)
    outbox.forget(before=NOW + MINUTE)
    assert not Delivery.objects.exists()


def test_an_address_is_sealed_for_its_tenant(alone, receiver, rival, as_tenant):
    from alerts import vault
    from eventlog.keys.wrap import DamagedSecret

    slack(receiver)
    kept = bytes(Route.objects.get().address)
    assert b"127.0.0.1" not in kept
    with as_tenant(rival), pytest.raises(DamagedSecret):
        vault.opened(kept)
