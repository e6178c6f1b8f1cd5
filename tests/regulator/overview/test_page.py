"""The front page of an authority: what was taken, declared and due, in each currency apart."""

from datetime import timedelta
from io import BytesIO

from kernel import clock
from tests.regulator.told import ask, project, registered, stake


def filed(owner, authority, *lines):
    """File returns of these lines."""
    text = "\n".join(["operator,start,end,vintage,currency,stakes,ggr", *lines])
    file = BytesIO(f"{text}\n".encode())
    file.name = "official.csv"
    assert ask(owner, authority, "/returns/", {"file": file}).context["taken"].refused == 0
    project()


def test_a_feed_tells_of_one_currency_and_returns_of_another(owner, authority, lucky):
    today = clock.now().date()
    registered("dime", currency="USD", licence="NY")
    at = clock.now() - timedelta(minutes=5)
    lucky(
        stake(1, at=at, amount=10_000),
        stake(2, at=at, amount=4_000, type="payout", game_type="table"),
    )
    end = today - timedelta(days=2)
    filed(owner, authority, f"dime,{end - timedelta(days=6)},{end},{end},USD,900,90")

    page = ask(owner, authority, "/")

    text = page.content.decode()
    assert page.context["now"] == {"ggr": 60.0, "stakes": 100.0, "margin": 0.6, "tax": 12.0}
    assert [(each["game"], each["ggr"]) for each in page.context["games"]] == [
        ("slots", 100.0), ("table", -40.0),
    ]  # fmt: skip
    assert "GGR per day" in text
    assert 'href="/operators/lucky/?range=30d"' in text
    assert "other currencies apart" in text
    assert [each.operator for each in page.context["receipts"]] == ["lucky"]

    dollars = ask(owner, authority, "/?currency=USD&metric=margin")
    assert dollars.context["now"] == {"ggr": 90.0, "stakes": 900.0, "margin": 0.1, "tax": 18.0}
    assert "Margin by return" in dollars.content.decode()
    csv = ask(owner, authority, "/?currency=USD&format=csv").content.decode().splitlines()
    assert csv[1:] == [f"dime,Dime,returns,{end},USD,900.0,810.0,0.0,90.0"]


def test_days_without_anything_say_so(owner, authority):
    page = ask(owner, authority, "/?range=7d").content.decode()
    assert "Nothing was sent or filed in EUR" in page
    assert ask(owner, authority, "/?start=soon&range=custom").status_code == 400


def test_a_loss_before_is_no_base_for_a_change(owner, authority, lucky):
    then = clock.now() - timedelta(days=8)
    lucky(
        stake(1, at=then, type="payout", amount=900),
        stake(2, at=clock.now() - timedelta(minutes=1), amount=100),
    )
    project()
    page = ask(owner, authority, "/?range=7d")
    assert page.context["now"]["ggr"] == 1.0
    assert page.context["before"]["ggr"] is None
    assert "no earlier value" in page.content.decode()
