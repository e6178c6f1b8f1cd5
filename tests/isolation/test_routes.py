"""A rival's credentials reach nothing of acme's: every route of both URL confs, by walking.

Acme has events, journeys, keys, members and an open join link, all carrying a marker that must be
in no answer to anybody else. A control shows that acme itself sees it through the same paths.
"""

import uuid

import pytest
from django.test import Client

from kernel import clock
from tenants import commands, keys, queries
from tenants.contracts import Kind, Role, Scope
from tenants.models import Membership, SignIn, Tenant, User
from tenants.privacy import commands as privacy
from tenants.privacy.contracts import Kind as Request
from tests.attribution.stories import click, purchase, rejected
from tests.conftest import client_of
from tests.isolation.marked import MARKER, alerting, exported_evidence, judged
from tests.isolation.routes import PARAMETERS, walk
from tests.sending import post_events

ROUTES = walk()
TENANT_PAGES = [r for r in ROUTES if r.host == "tenant" and not r.is_api]
BARE_PAGES = [r for r in ROUTES if r.host == "bare" and not r.is_api]
API = [r for r in ROUTES if r.is_api]
METHODS = ["get", "post"]

# Refused, unknown, not offered for this method, or sent to the log-in (checked separately).
REFUSALS = {400, 401, 403, 404, 405}
# Answers that show nothing of any tenant, so nobody needs to be refused.
OPEN_TO_ALL = {
    "healthz": "the process answers",
    "readyz": "parts and whether they work, no tenant named",
    "metrics": "the worst lag over all tenants, no tenant named",
    "api/schema/": "the API's document",
    "api/docs/": "the API's document, for reading",
    "session/begin/": "a random value for the visitor's browser",
    "session/end/": "ends the visitor's own session, whoever it is",
    # The bare host's pages show the visitor's own things, or none.
    "": "the landing page",
    "signup/": "a form",
    "signup/address/": "whether an address is free",
    "login/": "a form",
    "password/": "a form",
    "password/{uidb64}/{token}/": "a link that does not work, for whoever has none",
    "logout/": "ends the visitor's own session",
    "login/code/": "the second step of the visitor's own log-in",
    "account/": "the visitor's own account",
    "account/password/": "the visitor's own password",
    "account/second-factor/": "the visitor's own second factor",
    "account/second-factor/codes/": "the visitor's own recovery codes",
    "account/second-factor/off/": "the visitor's own second factor",
    "account/sessions/end/": "the visitor's own sessions",
    "tenants/": "the visitor's own organisations",
}
BODY = {
    "name": "x", "scopes": ["admin"], "role": "owner", "email": "", "username": "x", "password": "x"
}  # fmt: skip


@pytest.fixture
def samples(acme, acme_owner, as_tenant, settings, tmp_path):
    """Acme's own arguments for every parameter of a route, and the marker in all acme has."""
    from attribution import handlers
    from attribution.models import Journey, Name
    from eventlog import read

    settings.STATE = tmp_path
    now = clock.now()
    act = {"tenant": acme, "actor": acme_owner, "now": now}
    issued = commands.issue_key(**act, name=MARKER, scopes=(Scope.INGEST, Scope.READ))
    member = User.objects.create_user(
        email=f"{MARKER}@example.com", password="x", name=MARKER.title()
    )
    membership = Membership.objects.create(
        tenant=acme, user=member, role=Role.ANALYST, created_at=now
    )
    sign_in = SignIn.objects.create(
        user=acme_owner, session_key=MARKER, device=MARKER, created_at=now, seen_at=now
    )
    token = commands.invite(**act, email=f"new-{MARKER}@example.com", role=Role.ANALYST)
    page = {
        "url": f"https://shop.example/?utm_source={MARKER}&utm_medium=email&utm_campaign={MARKER}"
    }
    events = [
        {"type": "web.page", "anonymous_id": MARKER, "context": {"page": page}},
        {"type": "custom.tracked", "name": "Order Completed", "anonymous_id": MARKER,
         "properties": {"revenue": 5, "coupon": MARKER}},
    ]  # fmt: skip
    answer = post_events(issued.text, *events)
    assert answer["accepted"] == len(events), answer
    with as_tenant(acme):
        log = read.latest(limit=10)
        told = [
            click(1, "ada", 1, MARKER, campaign=MARKER),
            purchase(2, "ada", 2, order=MARKER),
            purchase(3, "ada", 2, order=MARKER, source=MARKER),
            click(4, "ada", 1, MARKER),
            rejected(5, [4], reason=MARKER),
        ]
        handlers.handle(told)
        person = Journey.objects.values_list("person", flat=True)[0]
        channel = Name.objects.get(dimension=0, label=MARKER).pk
        job = exported_evidence()
        alert, route, rule = alerting()
        case, ring = judged()
    asked = privacy.receive(
        tenant=acme, kind=Request.ACCESS, subject=person, actor=MARKER, reference=MARKER,
        received_on=now.date(), now=now,
    )  # fmt: skip
    invitation = queries.invitations(acme, now=now)[0]
    return {
        "alert_id": alert,
        "case_id": case,
        "channel": channel,
        "decision": uuid.UUID(int=5),
        "currency": "USD",
        "day": "2026-09-01",
        "digest": "7" * 64,
        "forecast_id": uuid.UUID(int=6),
        "id": log[0].id,
        "import_id": 1,
        "job_id": job,
        "size": 2,
        "invitation_id": invitation.id,
        "key": issued.text,
        "key_id": issued.id,
        "member_id": membership.pk,
        "person": person,
        "request_id": asked,
        "ring": ring,
        "route_id": route,
        "rule_id": rule,
        "sign_in_id": sign_in.pk,
        "slug": "acme",
        "subject": person,
        "token": token,
        "uidb64": "MQ",
    }


def ask(client, method, path, **headers):
    return getattr(client, method)(path, BODY if method == "post" else {}, headers=headers)


def content(answer) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return (body + str(dict(answer.headers)).encode()).decode("utf-8", "replace").lower()


def refused(answer) -> bool:
    if answer.status_code in (301, 302):
        return "/login/" in answer["Location"]
    return answer.status_code in REFUSALS


def state(acme, as_tenant):
    """All of acme that a request could have changed."""
    from eventlog import read

    with as_tenant(acme):
        return (
            queries.keys(acme),
            queries.members(acme),
            queries.invitations(acme, now=clock.now()),
            read.latest(limit=100),
            list(SignIn.objects.filter(user__memberships__tenant=acme).values_list("pk")),
        )


def test_every_parameter_of_a_route_has_a_sample():
    """A new route with a new parameter: add it to PARAMETERS and to ``samples``."""
    assert {name for route in ROUTES for name in route.parameters} <= PARAMETERS


def test_what_is_open_to_all_still_exists():
    assert set(OPEN_TO_ALL) <= {route.template for route in ROUTES}


def test_acme_itself_sees_the_marker(acme_owner_client, samples):
    """Otherwise the tests below would prove nothing."""
    seen = set()
    for route in TENANT_PAGES:
        answer = acme_owner_client.get(route.path(samples))
        assert answer.status_code in (200, 302, 403, 404, 405), route
        if MARKER in content(answer):
            seen.add(route.template)
    shown = {
        "settings/keys/",
        "settings/team/",
        "settings/privacy/",
        "channels/{channel}/",
        "log/evidence/{job_id}/",
        "alerts/",
        "alerts/{alert_id}/",
        "alerts/settings/",
        "fraud/",
        "fraud/cases/",
        "fraud/cases/{case_id}/",
        "fraud/models/",
        "fraud/models/{digest}/",
        "fraud/review/",
        "fraud/rings/",
        "fraud/rings/{ring}/",
    }
    assert shown <= seen
    shown = ask(Client(), "get", "/api/v1/attribution?by=campaign&from=2026-09-01&to=2026-09-30",
                authorization=f"Bearer {samples['key']}")  # fmt: skip
    assert MARKER in content(shown)
    one = ask(Client(), "get", f"/api/v1/journeys/{samples['subject']}",
              authorization=f"Bearer {samples['key']}")  # fmt: skip
    assert one.status_code == 200


@pytest.fixture
def rivals_owner(rival):
    """Rival's owner."""
    return rival.memberships.get().user


@pytest.fixture(params=["stranger", "rival", "rival as regulator", "other host", "other browser"])
def intruder(request, acme, rival, rivals_owner):
    """Browsers at acme's host with somebody else's session, or with none."""
    if request.param == "stranger":
        return Client(HTTP_HOST="acme.localhost")
    if request.param == "rival as regulator":
        Tenant.objects.filter(pk=rival.pk).update(kind=Kind.REGULATOR)
    if request.param == "other host":  # a member of both, with the session of the other host
        Membership.objects.create(
            tenant=acme, user=rivals_owner, role=Role.OWNER, created_at=clock.now()
        )
    if request.param == "other browser":  # the bare host's session, replayed at acme's
        client = Client(HTTP_HOST="acme.localhost")
        client.force_login(acme.memberships.order_by("pk").first().user)
        return client
    client = client_of(rival)
    client.defaults["HTTP_HOST"] = "acme.localhost"
    return client


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("route", TENANT_PAGES, ids=str)
def test_no_page_of_acme_answers_an_intruder(intruder, samples, route, method, acme, as_tenant):
    before = state(acme, as_tenant)

    answer = ask(intruder, method, route.path(samples))

    assert route.template in OPEN_TO_ALL or refused(answer), answer
    assert MARKER not in content(answer)
    assert state(acme, as_tenant) == before


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("route", BARE_PAGES, ids=str)
def test_no_page_of_the_bare_host_shows_acme_to_a_rival(
    rivals_owner, samples, route, method, acme, as_tenant
):
    rival = Client(HTTP_HOST="localhost")
    rival.force_login(rivals_owner)
    before = state(acme, as_tenant)

    answer = ask(rival, method, route.path(samples))

    if route.template != "join/{token}/":  # acme's own link, in the rival's hands: checked below
        assert route.template in OPEN_TO_ALL or refused(answer), answer
    assert MARKER not in content(answer).replace(samples["token"].lower(), "")
    assert state(acme, as_tenant) == before


@pytest.fixture(params=["rival's", "revoked", "none", "wrong scope", "not open yet", "invented"])
def foreign_key(request, acme, rival, samples):
    """Keys that must not read acme, by why."""
    if request.param == "none":
        return ""
    if request.param == "invented":
        return samples["key"][:-1] + ("a" if samples["key"][-1] != "a" else "b")
    if request.param == "revoked":
        keys.revoke(tenant=acme, key_id=samples["key_id"], now=clock.now())
        return samples["key"]
    tenant = acme if request.param == "wrong scope" else rival
    scopes = () if request.param == "wrong scope" else (Scope.ADMIN,)
    if request.param == "not open yet":
        Tenant.objects.filter(pk=rival.pk).update(provisioned_at=None)
    return keys.issue(tenant=tenant, name="k", scopes=scopes, created_by="", now=clock.now()).text


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("route", API, ids=str)
def test_no_key_but_acmes_reads_acme(request, foreign_key, samples, route, method):
    # Acme's host and acme's session make no difference: on the API the key alone counts.
    acme = client_of(Tenant.objects.get(slug="acme"))

    answer = ask(acme, method, route.path(samples), authorization=f"Bearer {foreign_key}")

    assert MARKER not in content(answer)
    if "rival's" not in request.node.name and route.template not in OPEN_TO_ALL:
        assert answer.status_code in REFUSALS, answer
    assert answer.status_code < 500


@pytest.mark.parametrize(
    ("scope", "method", "path"),
    [
        ("read", "post", "/api/v1/events"),
        ("read", "post", "/v1/batch"),
        ("read", "post", "/api/v1/spend"),
        ("read", "post", "/api/v1/rates"),
        ("ingest", "post", "/api/v1/rates"),
        ("ingest", "get", "/api/v1/rates"),
        ("ingest", "get", "/api/v1/attribution"),
        ("ingest", "get", "/api/v1/journeys"),
        ("ingest", "get", "/api/v1/journeys/{subject}"),
    ],
)
def test_a_key_does_what_its_scope_says(acme, samples, scope, method, path):
    made = keys.issue(
        tenant=acme, name="k", scopes=(Scope(scope),), created_by="", now=clock.now()
    ).text

    answer = ask(Client(), method, path.format(**samples), authorization=f"Bearer {made}")

    assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")
    assert MARKER not in content(answer)


def test_what_a_rival_sends_lands_in_its_own_log(acme, rival, rival_key, as_tenant):
    from eventlog import read

    answer = Client(HTTP_HOST="acme.localhost").post(
        "/api/v1/events",
        {"events": [{"type": "custom.tracked", "name": "x", "anonymous_id": "x"}]},
        content_type="application/json",
        headers={"authorization": f"Bearer {rival_key}"},
    )

    assert answer.json()["accepted"] == 1
    with as_tenant(acme):
        assert read.latest(limit=5) == []
    with as_tenant(rival):
        assert len(read.latest(limit=5)) == 1


def test_no_tenant_is_active_after_a_request(acme_owner_client, samples):
    from eventlog.tenancy import SHARED, active_schema

    acme_owner_client.get("/settings/keys/")
    ask(Client(), "get", "/api/v1/journeys", authorization=f"Bearer {samples['key']}")
    Client(HTTP_HOST="localhost").get("/")

    assert active_schema() == SHARED
