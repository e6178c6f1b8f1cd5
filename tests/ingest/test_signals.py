"""What tells people from machines, kept without naming anybody."""

import ipaddress
import json
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from ingest.addresses import book, feeds
from ingest.batch import Circumstances
from ingest.measures import MEASURES, measured
from ingest.pipeline import start
from ingest.steps.compose import compose
from ingest.steps.identify import identify
from ingest.steps.signals import tell_signals
from ingest.wire import Context, Device, Incoming

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
AGENT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1"
)
things = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


def signals(secret=b"s" * 32, **context):
    """The signals of a page view with that context, ``None`` where nothing is known."""
    here = Circumstances(now=NOW, secret=secret, source="api", oldest=timedelta(days=9))
    incoming = Incoming(type="web.page", anonymous_id="ann", context=Context(**context))
    batch = start([(0, incoming)], here)
    for step in (identify, compose, tell_signals):
        batch = step(batch)
    return batch.drafts[0].body.get("signals")


@pytest.fixture
def folder(settings, tmp_path):
    """A folder of lists that is looked into."""
    settings.ADDRESSES_DIR = tmp_path
    return tmp_path


def test_it_reads_the_user_agent():
    found = signals(userAgent=AGENT)

    assert (found["os"], found["os_version"]) == ("iOS", "17.4")
    assert found["browser"] == "Mobile Safari"
    assert AGENT not in json.dumps(found)


def test_the_senders_own_word_for_the_system_counts_more():
    found = signals(userAgent=AGENT, os={"name": "iPadOS", "version": "18.1"})

    assert (found["os"], found["os_version"]) == ("iPadOS", "18.1")


def test_addresses_and_devices_are_the_tenants_pseudonyms():
    mine = signals(ip="81.2.69.142")
    theirs = signals(secret=b"t" * 32, ip="81.2.69.142")

    assert mine["ip"] != theirs["ip"]
    assert mine["network"] == signals(ip="81.2.69.7")["network"]
    assert "81.2.69" not in json.dumps(mine)


@pytest.mark.parametrize(
    ("one", "other"), [("::ffff:81.2.69.1", "81.2.69.1"), ("2001:db8:0:1::1", "2001:db8::2")]
)
def test_it_knows_networks_of_both_kinds(one, other):
    assert signals(ip=one)["network"] == signals(ip=other)["network"]


def test_an_address_that_is_none_is_left_out():
    assert signals(ip="not an address") is None


def test_it_names_the_lists_an_address_is_in(folder):
    (folder / "hosting.txt").write_text("185.220.0.0/16  # a data centre\nnonsense\n")
    (folder / "reputation.csv").write_text("185.0.0.0/8,0.2\n185.220.1.0/24,0.9\n")

    assert signals(ip="185.220.1.9")["lists"] == ["hosting"]
    assert signals(ip="185.220.1.9")["reputation"] == 0.9
    assert signals(ip="185.1.1.1")["reputation"] == 0.2
    assert "lists" not in signals(ip="9.9.9.9")
    assert book().feeds.unread == 1


def test_without_a_folder_there_are_no_lists():
    known = feeds.load(None)

    assert known.names(ipaddress.ip_address("9.9.9.9")) == ()
    assert known.unread == 0


def test_an_id_of_zeros_is_no_device():
    zeros = "00000000-0000-0000-0000-000000000000"

    assert "device" not in (signals(device=Device(advertisingId=zeros, model="x")) or {})


def test_only_measures_with_a_name_are_kept():
    found = measured({"battery": 0.5, "emulator": True, "moon": 1, "sensors": "many"})

    assert found == {"battery": 0.5, "emulator": 1.0}
    assert all(text.endswith(".") for text in MEASURES.values())


@given(os=things, app=things, network=things, screen=things, library=things, sent=things)
def test_nonsense_costs_no_event(os, app, network, screen, library, sent):
    found = signals(
        os=os, app=app, network=network, screen=screen, library=library, signals=sent
    )  # fmt: skip

    assert found is None or json.dumps(found, allow_nan=False)


def database(path, kind, entries, version=6):
    """A database of addresses as MaxMind makes them."""
    writer = MMDBWriter(ip_version=version, ipv4_compatible=version == 6, database_type=kind)
    for network, entry in entries.items():
        writer.insert_network(IPSet([network]), entry)
    writer.to_db_file(str(path))


BERLIN = {
    "country": {"iso_code": "DE"}, "location": {"latitude": 52.41, "longitude": 13.36},
}  # fmt: skip


def test_it_reads_databases_of_addresses(folder):
    asn = {"autonomous_system_number": 64496, "autonomous_system_organization": "Example Net"}
    database(folder / "GeoLite2-City.mmdb", "GeoLite2-City", {"81.2.69.0/24": BERLIN})
    database(folder / "GeoLite2-ASN.mmdb", "GeoLite2-ASN", {"81.2.0.0/16": asn})

    found = signals(ip="81.2.69.142")

    assert (found["country"], found["asn"], found["carrier"]) == ("DE", 64496, "Example Net")
    assert found["place"] == [52.5, 13.5]  # half a degree: a region, no street
    assert "country" not in signals(ip="9.9.9.9")


def test_a_database_of_the_old_kind_of_address_knows_no_new_one(folder):
    database(folder / "GeoLite2-City.mmdb", "GeoLite2-City", {"81.2.69.0/24": BERLIN}, version=4)

    assert signals(ip="81.2.69.1")["country"] == "DE"
    assert "country" not in signals(ip="2001:db8::1")


def test_a_database_that_is_half_written_stops_no_event(folder):
    (folder / "GeoLite2-City.mmdb").write_bytes(b"half of it")

    assert "country" not in signals(ip="81.2.69.1")


def test_it_says_nothing_from_another_folder_where_the_new_ones_files_cannot_be_read(
    folder, settings, tmp_path_factory
):
    database(folder / "GeoLite2-City.mmdb", "GeoLite2-City", {"81.2.69.0/24": BERLIN})
    assert signals(ip="81.2.69.1")["country"] == "DE"

    settings.ADDRESSES_DIR = tmp_path_factory.mktemp("next")
    (settings.ADDRESSES_DIR / "GeoLite2-City.mmdb").write_bytes(b"half of it")

    assert "country" not in signals(ip="81.2.69.1")


def test_it_keeps_what_it_knew_of_a_folder_whose_file_is_damaged_later(folder, monkeypatch):
    database(folder / "GeoLite2-City.mmdb", "GeoLite2-City", {"81.2.69.0/24": BERLIN})
    assert signals(ip="81.2.69.1")["country"] == "DE"

    monkeypatch.setattr(import_module("ingest.addresses.book"), "LOOK_EVERY_SECONDS", 0.0)
    (folder / "GeoLite2-City.mmdb").unlink()
    (folder / "GeoLite2-City.mmdb").write_bytes(b"half of it")

    assert signals(ip="81.2.69.1")["country"] == "DE"
