"""A line of the log: what it says, of whom it does not."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import logs
from eventlog.tenancy import activate, deactivate
from kernel.about import about, note, request_id

OURS = logging.getLogger("ingest.something")
THEIRS = logging.getLogger("library.something")


def test_it_carries_the_ids_at_hand_and_what_is_noted_meanwhile(lines):
    with about(request="r-12345678"):
        note(tenant="t_acme")
        OURS.info("import.ended", extra={"fields": {"rows": 3}})
    OURS.info("afterwards")

    within, after = lines.all()
    assert {"request": "r-12345678", "tenant": "t_acme", "rows": 3}.items() <= within.items()
    assert (within["event"], within["level"]) == ("import.ended", "info")
    assert "T" in within["timestamp"]
    assert not {"request", "tenant"} & after.keys()


def test_it_names_the_tenant_whose_schema_is_active(lines, acme):
    activate(acme)
    OURS.warning("the log of %s could not be sealed", acme.schema_name)
    deactivate()

    assert lines.all()[0]["tenant"] == acme.schema_name
    assert lines.all()[0]["event"] == f"the log of {acme.schema_name} could not be sealed"


def test_a_librarys_words_come_without_its_values(lines):
    THEIRS.warning("task %s failed for %s", "fit", "Ada Lovelace")

    assert lines.all()[0]["event"] == "task %s failed for %s"
    assert "Ada" not in lines.text


def test_a_failure_has_kind_and_places_but_no_message(lines):
    try:
        int("Key (email)=(ada@love.example) exists; name is Ada Lovelace")
    except ValueError:
        OURS.exception("projection %s failed", "journeys")

    line = lines.all()[0]
    assert line["failure"] == "ValueError"
    assert line["places"][-1].startswith("tests/config/test_logs.py:")
    assert "Ada" not in lines.text
    assert "love.example" not in lines.text


@pytest.mark.parametrize(
    "personal",
    [
        "ada.lovelace+shop@mail.example.org",
        "203.0.113.77",
        "2001:db8::8a2e:370:7334",
        "fe80:0:0:0:1ff:fe23:4567:890a",
        "ts_live_abcDEF123456",
        "Bearer abcDEF123456",
        "?token=abcDEF123456&next=/x",
    ],
)
def test_personal_values_are_cut_from_our_own_words_too(lines, personal):
    OURS.warning("could not tell %s: refused", personal, extra={"fields": {"to": personal}})

    assert personal not in lines.text
    assert "could not tell" in lines.all()[0]["event"]


@given(st.emails(domains=st.just("shop.example")))
def test_no_e_mail_address_is_left(address):
    assert logs.scrub(f"told {address} twice") == "told […] twice"


@pytest.mark.parametrize("harmless", ["since 2026-11-25 12:40:07", "took 1.25 s", "t_acme: 3 of 4"])
def test_times_and_figures_stay(harmless):
    assert logs.scrub(harmless) == harmless


def test_lines_of_development_are_for_reading():
    record = logging.LogRecord("ingest.x", logging.INFO, "", 1, "import.ended", (), None)
    record.fields = {"rows": 3}

    text = logs.formatter(production=False).format(record)

    assert "import.ended" in text
    assert "rows=3" in text
    assert not text.startswith("{")


@given(st.text(max_size=80))
def test_an_offered_id_is_kept_only_if_it_is_one(offered):
    kept = request_id(offered)
    assert kept == offered or len(kept) == 32
    assert kept.replace("-", "").replace(".", "").replace("_", "").isalnum()
    assert kept.isascii()


def test_a_well_formed_id_is_kept():
    assert request_id("01J-abc.DEF_99") == "01J-abc.DEF_99"
