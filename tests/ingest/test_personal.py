import pytest

from eventlog.contracts import TooDeep
from ingest.personal import clean_url, is_personal, without_personal


@pytest.mark.parametrize("name", ["email", "E-Mail", "first_name", "ipAddress", "userAgent", "$ip"])
def test_it_knows_personal_names_in_any_spelling(name: str) -> None:
    assert is_personal(name)


def test_it_lets_a_product_have_a_name_and_a_person_none() -> None:
    assert not is_personal("name")
    assert is_personal("name", trait=True)


def test_it_takes_personal_fields_out_at_any_depth_and_lists_them() -> None:
    withheld: list[str] = []
    kept = without_personal(
        {"plan": "pro", "buyer": {"email": "a@b.c", "tier": 1}, "all": [{"phone": "1"}]},
        "properties",
        withheld,
    )
    assert kept == {"plan": "pro", "buyer": {"tier": 1}, "all": [{}]}
    assert withheld == ["properties.buyer.email", "properties.all.phone"]


def test_it_refuses_what_is_nested_too_deeply() -> None:
    deep: dict[str, object] = {}
    for _ in range(60):
        deep = {"a": deep}
    with pytest.raises(TooDeep):
        without_personal(deep, "properties", [])


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://x.de/a?utm_source=g&gclid=1", "https://x.de/a?utm_source=g&gclid=1"),
        ("https://x.de/a?email=a%40b.c&n=1", "https://x.de/a?n=1"),
        ("https://x.de/a?q=a@b.c", "https://x.de/a"),
        ("https://me:pw@x.de/a", "https://x.de/a"),
        ("https://[broken/?a=b", "https://[broken/"),
    ],
)
def test_it_cleans_addresses(url: str, clean: str) -> None:
    assert clean_url(url)[0] == clean
