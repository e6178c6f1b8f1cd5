"""What an authority's people see and do on the register's pages."""

from datetime import timedelta

import pytest

from eventlog.merkle.notes import Verifier
from kernel import clock
from regulator import queries
from tenants.contracts import Scope
from tenants.models import ApiKey
from tests.regulator.told import ask, project, send, stake

ENTRY = {
    "operator": "north", "name": "North <b>Bets</b>", "licence": "GA-9",
    "licensed_from": "2026-01-01", "licensed_until": "", "currency": "EUR",
    "game_types": ["slots", "sports"],
    "rates": "2026-01-01 ggr 15%, 20% above 1000000\n2026-07-01 stakes 5.25%",
}  # fmt: skip


def test_an_operator_is_registered_changed_and_given_a_key_that_works(owner, authority):
    assert ask(owner, authority, "/register/", ENTRY).status_code == 302
    project()
    page = ask(owner, authority, "/operators/north/").content.decode()
    assert "North &lt;b&gt;Bets&lt;/b&gt;" in page
    assert "Waiting for the first record" in page

    made = ask(owner, authority, "/operators/north/keys/", {})
    text = made.context["issued"].text
    assert (made.status_code, text in made.content.decode()) == (200, True)
    record = stake(1, at=clock.now() - timedelta(minutes=1), game_type="sports")
    assert send(text, record, tenant=authority).json()["accepted"] == 1
    project()
    page = ask(owner, authority, "/operators/north/").content.decode()
    assert "GGR by day" in page
    assert "touchstone feed receipt 1" in page
    assert "Waiting for" not in page

    changed = {**ENTRY, "name": "North", "currency": "USD", "licensed_until": "2030-01-01"}
    assert ask(owner, authority, "/operators/north/change/", changed).status_code == 302
    project()
    entry = queries.operator("north")
    assert (entry.name, entry.currency, entry.licensed_until.year) == ("North", "EUR", 2030)
    assert [rate.since.month for rate in entry.rates] == [1, 7]
    assert [part.above for part in entry.rates[0].brackets] == [0, 100_000_000]


def test_a_rotated_key_still_writes_the_same_feed_and_nothing_else(owner, authority):
    text = ask(owner, authority, "/operators/lucky/keys/", {}).context["issued"].text
    key = ApiKey.objects.get(prefix=text[3:11])

    answer = ask(owner, authority, f"/settings/keys/{key.pk}/rotate/", {})
    rotated = answer.context["issued"].text
    assert "/api/v1/events" not in answer.content.decode()

    record = stake(1, at=clock.now() - timedelta(minutes=1))
    assert send(text, record, tenant=authority).status_code == 401
    assert send(rotated, record, tenant=authority).json()["accepted"] == 1
    fresh = ApiKey.objects.get(prefix=rotated[3:11])
    assert (fresh.feed, fresh.scopes) == ("lucky", [Scope.FEED])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("operator", "No Spaces"), ("operator", "lucky"), ("game_types", []),
        ("licensed_until", "2020-01-01"), ("rates", "sometimes 20%"),
        ("rates", "2026-01-01 ggr 120%"),
        ("rates", "2026-01-01 ggr 5% above 10"), ("rates", "2026-13-01 ggr 5%"),
    ],
)  # fmt: skip
def test_an_entry_that_cant_be_kept_says_why_beside_its_field(owner, authority, field, value):
    answer = ask(owner, authority, "/register/", {**ENTRY, field: value})
    assert answer.status_code == 200
    assert answer.context["form"].errors[field]


def test_the_register_without_operators_says_how_to_begin(acme, acme_owner_client):
    from tenants.contracts import Kind
    from tenants.models import Tenant

    Tenant.objects.filter(pk=acme.pk).update(kind=Kind.REGULATOR)
    page = acme_owner_client.get("/").content.decode()
    assert "No operator yet" in page
    assert 'href="/register/"' in page


def test_the_register_and_an_operators_days_can_be_downloaded(owner, authority, lucky):
    lucky(stake(1, at=clock.now() - timedelta(minutes=5), amount=1_234))
    project()
    assert (
        "lucky,Lucky,GA-lucky,EUR,"
        in ask(owner, authority, "/operators/?format=csv").content.decode()
    )
    for by in ("day", "hour"):
        figures = ask(owner, authority, f"/operators/lucky/?format=csv&by={by}").content.decode()
        assert "EUR,12.34,0.0,0.0,12.34,1.0,1,1" in figures
    games = ask(owner, authority, "/operators/lucky/?format=csv&by=game").content.decode()
    assert ",slots,EUR,12.34,0.0,0.0,12.34,1.0,1,1" in games


def test_the_published_key_is_one_that_checks_receipts(owner, authority, lucky):
    import base64

    from regulator.feeds import receipts

    note = lucky(stake(1, at=clock.now() - timedelta(minutes=5)))["receipt"]
    project()
    shown = ask(owner, authority, "/operators/lucky/").context["verifier"]
    name, _, key = shown.split("+", 2)
    verifier = Verifier(name=name, public=base64.b64decode(key)[1:])
    assert receipts.checked(note, verifier).operator == "lucky"
    assert verifier.text == shown


def test_returns_are_filed_on_a_page_and_found_to_differ(owner, authority, lucky):
    from io import BytesIO

    from tests.regulator.told import REGISTERED

    day = REGISTERED.date()
    lucky(stake(1, at=REGISTERED + timedelta(hours=1), amount=1_000))
    file = BytesIO(f"operator,start,end,vintage,stakes,ggr\nlucky,{day},{day},{day},8,8\n".encode())
    file.name = "official.csv"

    answer = ask(owner, authority, "/returns/", {"file": file})
    project()

    assert answer.context["taken"].kept == 1
    listed = ask(owner, authority, "/findings/?kind=external").content.decode()
    assert "The return is not what was sent" in listed
    assert "-2.00 EUR" in listed
    csv = ask(owner, authority, "/findings/?severity=critical&format=csv").content.decode()
    assert f"critical,external,feed_differs,lucky,{day},{day}" in csv
    page = ask(owner, authority, "/operators/lucky/").content.decode()
    assert "Returns beside the feed" in page
    assert "differs" in page
    earlier = ask(owner, authority, f"/operators/lucky/?as_of={day - timedelta(days=1)}")
    assert "Nothing had been filed by that day" in earlier.content.decode()
    assert ask(owner, authority, "/operators/lucky/?as_of=soon").status_code == 400


def test_a_file_that_is_none_is_said(owner, authority):
    answer = ask(owner, authority, "/returns/", {})
    assert answer.status_code == 400
    assert "Choose a file." in answer.content.decode()


def test_findings_of_a_clean_register_say_so(owner, authority):
    page = ask(owner, authority, "/findings/").content.decode()
    assert "Nothing was found" in page
