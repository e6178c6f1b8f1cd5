import pytest

from eventlog.contracts import TooDeep
from ingest.personal import clean_url, is_personal, masked, names, without_personal


@pytest.mark.parametrize("name", ["email", "E-Mail", "first_name", "ipAddress", "userAgent", "$ip"])
def test_it_knows_personal_names_in_any_spelling(name: str) -> None:
    assert is_personal(name)


def test_it_lets_a_product_have_a_name_and_a_person_none() -> None:
    assert not is_personal("name")
    assert is_personal("name", trait=True)


def test_it_takes_personal_fields_out_at_any_depth_and_lists_them() -> None:
    taken: dict[str, object] = {}
    kept = without_personal(
        {"plan": "pro", "buyer": {"email": "a@b.c", "tier": 1}, "all": [{"phone": "1"}]},
        "properties",
        taken,
    )
    assert kept == {"plan": "pro", "buyer": {"tier": 1}, "all": [{}]}
    assert taken == {"properties.buyer.email": "a@b.c", "properties.all.phone": "1"}


def test_it_takes_a_text_with_an_address_out_under_any_name() -> None:
    taken: dict[str, object] = {}
    sent = {"note": "write to ada@x.example!", "handle": "@ada", "tags": ["b@x.example", "red"]}

    assert without_personal(sent, "p", taken) == {"handle": "@ada", "tags": ["red"]}
    assert taken == {"p.note": "write to ada@x.example!", "p.tags": "b@x.example"}


def test_it_cleans_a_link_among_properties_and_keeps_it_as_it_was() -> None:
    taken: dict[str, object] = {}
    link = "https://x.example/a?email=ada%40x.example&n=1"

    assert without_personal({"url": link}, "p", taken) == {"url": "https://x.example/a?n=1"}
    assert taken == {"p.url": link}


def test_it_keeps_every_value_of_a_name_that_comes_again() -> None:
    taken: dict[str, object] = {}
    without_personal({"all": [{"phone": "1"}, {"phone": "2"}]}, "p", taken)

    assert taken == {"p.all.phone": "1", "p.all.phone#2": "2"}
    assert names(taken) == ["p.all.phone"]


def test_it_masks_addresses_in_a_sentence() -> None:
    assert masked("'ada@x.example' is not a number") == "'…' is not a number"


def test_it_refuses_what_is_nested_too_deeply() -> None:
    deep: dict[str, object] = {}
    for _ in range(60):
        deep = {"a": deep}
    with pytest.raises(TooDeep):
        without_personal(deep, "properties", {})


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://x.de/a?utm_source=g&gclid=1", "https://x.de/a?utm_source=g&gclid=1"),
        ("https://x.de/a?email=a%40b.c&n=1", "https://x.de/a?n=1"),
        ("https://x.de/a?q=a@b.c", "https://x.de/a"),
        ("https://me:pw@x.de/a", "https://x.de/a"),
        ("https://x.de/users/a@b.c/orders", "https://x.de/users//orders"),
        ("https://x.de/users/a%40b.c", "https://x.de/users/"),
        ("https://[broken/?a=b", "https://[broken/"),
    ],
)
def test_it_cleans_addresses(url: str, clean: str) -> None:
    assert clean_url(url)[0] == clean
