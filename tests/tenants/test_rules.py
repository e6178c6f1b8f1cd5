"""Which addresses an organisation can have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.rules import RESERVED, BadSlug, check_slug, schema_of, suggest_slug


@pytest.mark.parametrize("slug", ["acme", "a1b", "north-wind", "a" * 32])
def test_it_takes_what_can_be_a_host_name(slug):
    assert check_slug(slug) == slug


@pytest.mark.parametrize(
    "slug",
    ["", "ab", "-acme", "acme-", "1acme", "Acme", "a--b", "a_b", "a.b", "ä-b-c", "a" * 33, "abc\n"],
)
def test_it_refuses_what_cannot(slug):
    with pytest.raises(BadSlug):
        check_slug(slug)


@pytest.mark.parametrize("slug", ["www", "api", "admin", "localhost", "login", "static"])
def test_it_keeps_reserved_names(slug):
    assert slug in RESERVED
    with pytest.raises(BadSlug):
        check_slug(slug)


@given(st.text(max_size=60))
def test_a_suggestion_can_be_taken_or_is_too_short_or_reserved(name):
    slug = suggest_slug(name)

    assert len(slug) < 3 or slug in RESERVED or check_slug(slug) == slug


def test_distinct_slugs_get_distinct_schemas():
    assert schema_of("north-wind") == "t_north_wind"
    with pytest.raises(BadSlug):
        check_slug("north_wind")
