"""No page of an authority breaks over what a stranger could type into its address."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection

from kernel import clock
from tests.regulator.told import ask, project, stake

RUBBISH = ("x", "\x00", "-1", "99999999999999999999", "0001-01-01", "9999-12-31", "é" * 300, "nan",
           "[]", '{"a":1}', "0", "true")  # fmt: skip
FIELDS = {
    "/": ("from", "to", "preset", "currency", "metric", "format"),
    "/wall/": ("state", "format"),
    "/operators/": ("format",),
    "/operators/lucky/": ("by", "from", "to", "preset", "as_of", "format"),
    "/operators/lucky/sensitivity/": ("level", "kind"),
    "/anomalies/": ("operator", "kind", "severity", "state", "from", "to", "cursor", "format"),
    "/detectors/": ("format",),
    "/findings/": ("operator", "kind", "severity", "format"),
    "/cases/": ("state", "operator", "officer", "cursor", "format"),
    "/cases/open/": ("about", "title", "operator"),
    "/forecasts/": ("operator", "currency", "format"),
    "/audit/": ("type", "operator", "player", "actor", "id", "from", "to", "cursor", "format"),
}


@pytest.mark.parametrize("path", FIELDS)
def test_an_address_full_of_rubbish_is_answered_or_refused(owner, authority, lucky, path):
    now = clock.now()
    lucky(stake(1, at=now - timedelta(days=1)), stake(2, at=now - timedelta(hours=3)))
    project()
    owner.raise_request_exception = False

    broken = [
        (field, text)
        for field in FIELDS[path]
        for text in RUBBISH
        if ask(owner, authority, f"{path}?{urlencode({field: text})}").status_code >= 500
    ]

    assert broken == []


FORMS = {
    "/forecasts/make/": ("currency", "country"),
    "/detectors/back/": ("model",),
    "/register/": (
        "operator",
        "name",
        "licence",
        "licensed_from",
        "currency",
        "game_types",
        "rates",
    ),
    "/operators/lucky/change/": ("name", "licence", "licensed_from", "game_types", "rates"),
    "/operators/lucky/sensitivity/": ("level", "kind"),
    "/cases/open/": ("about", "title", "operator"),
    "/audit/evidence/": ("operator", "from", "to"),
    "/returns/": ("operator", "start", "end", "vintage", "stakes", "ggr", "tax", "file"),
}  # fmt: skip


@pytest.mark.parametrize("path", FORMS)
def test_a_form_full_of_rubbish_is_taken_or_refused(owner, authority, path):
    owner.raise_request_exception = False

    broken = [
        (field, text)
        for field in FORMS[path]
        for text in RUBBISH
        if _sent(owner, authority, path, {field: text}).status_code >= 500
    ]

    assert broken == []


def _sent(owner, authority, path, form):
    """As browsers send it: the client's own way is a form with files."""
    kind = "application/x-www-form-urlencoded"
    answer = owner.post(path, urlencode(form), content_type=kind)
    connection.set_tenant(authority)
    return answer
