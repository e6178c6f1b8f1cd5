"""What an authority's people see and do about anomalies, and what programs read of them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from kernel import clock
from regulator import queries_anomalies
from regulator.watch import passes
from tests.conftest import client_of
from tests.regulator.watch.feeds import NOW, counts, feed, project


@pytest.fixture
def found(authority):
    """The id of a drop of the operator lucky, whose name is awkward."""
    from regulator.models import Operator

    Operator.objects.filter(name="lucky").update(title="Lucky <b>&</b> " + "very long " * 8)
    feed("other", counts(seed=2))
    events = counts()
    events[-4:] = 0
    feed("lucky", events)
    passes.hours(now=NOW)
    project()
    return queries_anomalies.anomalies().items[0].id


@pytest.fixture
def ask(authority):
    """Get a page as the authority's owner, or post to it; the authority is active afterwards."""
    connection.set_schema_to_public()
    client = client_of(authority)
    connection.set_tenant(authority)

    def answered(path, data=None, **headers):
        answer = client.get(path, headers=headers) if data is None else client.post(path, data)
        connection.set_tenant(authority)
        return answer

    return answered


def test_the_list_filters_downloads_and_leads_to_each(ask, found):
    page = ask("/anomalies/").content.decode()
    assert f"/anomalies/{found}/" in page
    assert "Lucky &lt;b&gt;" in page
    assert "Silent feed" in page
    for query, shown in (
        ("kind=feed_silent", True), ("kind=thinning", False), ("operator=other", False),
        ("state=dismissed", False), ("severity=critical", True),
        ("range=custom&start=2026-05-03&end=2026-05-03", True),
        ("range=custom&start=2026-04-01&end=2026-04-02", False),
    ):  # fmt: skip
        assert (found in ask(f"/anomalies/?{query}").content.decode()) is shown, query
    csv = ask("/anomalies/?format=csv").content.decode()
    assert csv.startswith("anomaly,severity,kind,operator,started_at,")
    assert f"{found},critical,feed_silent,lucky,2026-05-03T20:00:00+00:00," in csv
    assert ask("/anomalies/?severity=bad").status_code == 400
    assert ask("/anomalies/?cursor=x").status_code == 400


def test_one_shows_what_was_seen_and_how_it_was_found(ask, found):
    page = ask(f"/anomalies/{found}/").content.decode()
    assert '"series": "Expected"' in page
    assert "negative binomial" in page
    assert "The stretch is marked." in page
    assert "not over" in page
    assert ask("/anomalies/00000000-0000-0000-0000-000000000000/").status_code == 404


def test_it_is_dismissed_with_a_reason_and_reopened(ask, found):
    path = f"/anomalies/{found}/"
    assert ask(path, {"act": "dismiss", "reason": " "}).status_code == 400
    assert ask(path, {"act": "dismiss", "reason": "Announced <i>work</i>."}).status_code == 302
    project()
    page = ask(path).content.decode()
    assert "Announced &lt;i&gt;work" in page
    assert found not in ask("/anomalies/").content.decode()
    again = ask(path, {"act": "dismiss", "reason": "Twice."})
    assert (again.status_code, "Somebody was faster." in again.content.decode()) == (400, True)
    assert ask(path, {"act": "reopen", "reason": "It took longer."}).status_code == 302
    project()
    assert found in ask("/anomalies/").content.decode()


def test_a_level_is_tried_before_it_is_kept(ask, authority, found):
    path = "/operators/lucky/sensitivity/"
    assert "Trying the levels" in ask(path).content.decode()
    tried = ask(f"{path}?level=high", **{"HX-Request": "true"}).content.decode()
    assert "would have flagged in 90 days" in tried
    assert queries_anomalies.sensitivity("lucky") == []
    assert ask(f"{path}?level=odd").status_code == 400
    assert ask(path, {"level": "high", "kind": "baseline"}).status_code == 302
    project()
    (kept,) = queries_anomalies.sensitivity("lucky")
    assert (kept.kind, kept.level) == ("baseline", "high")
    assert "Unusual hours" in ask(path).content.decode()
    assert ask("/operators/nobody/sensitivity/").status_code == 404


def test_pages_without_anything_say_what_will_be_there(ask, authority):
    assert "The watch has not looked yet" in ask("/anomalies/").content.decode()
    passes.hours(now=clock.now())
    assert "Nothing stands out" in ask("/anomalies/").content.decode()
    tried = ask("/operators/lucky/sensitivity/", **{"HX-Request": "true"}).content.decode()
    assert "nothing to try a level on" in tried


def test_programs_read_anomalies_by_page(authority, committed_key, found):
    def read(query=""):
        answer = Client().get(
            f"/api/v1/regulator/anomalies{query}",
            headers={"authorization": f"Bearer {committed_key}"},
        )
        connection.set_tenant(authority)
        return answer

    answer = read("?operator=lucky&limit=1").json()
    (each,) = answer["anomalies"]
    assert (each["id"], each["kind"], each["state"], each["over"]) == (
        found, "feed_silent", "open", False,
    )  # fmt: skip
    assert each["evidence"]["minutes"] == 250
    assert answer["next_cursor"] is None
    assert read("?state=dismissed").json()["anomalies"] == []
    assert read("?from=2026-05-05").json()["anomalies"] == []
    assert read("?severity=odd").json()["code"] == "invalid_parameters"


def test_an_advertiser_has_none_of_it(acme_key):
    answer = Client().get(
        "/api/v1/regulator/anomalies", headers={"authorization": f"Bearer {acme_key}"}
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "no_regulator")


def test_pages_of_the_list_follow_each_other(authority, found):
    from regulator.models import Anomaly

    row = Anomaly.objects.get()
    for number in range(3):
        row.pk = f"00000000-0000-0000-0000-00000000000{number}"
        row.started_at -= timedelta(hours=number % 2)
        row.save(force_insert=True)
    seen, cursor = [], None
    for _ in range(5):
        page = queries_anomalies.anomalies(limit=1, cursor=cursor)
        seen += [each.id for each in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 4
