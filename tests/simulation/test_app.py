"""The app's month: repeatable, and its publishers are what they are said to be."""

from collections import Counter
from datetime import date

import numpy as np

from fraud.contracts import FraudType
from fraud.ctit import Clicks, judge
from simulation import app
from simulation.app import DAYS, NETWORKS, events

FIRST = date(2026, 10, 1)


def test_it_is_the_same_again_and_has_no_id_twice():
    made = list(events(seed=1, start=FIRST))
    assert made == list(events(seed=1, start=FIRST))
    assert max(Counter(each["id"] for each in made).values()) == 1
    assert made != list(events(seed=2, start=FIRST))


def test_only_those_who_cheat_are_found():
    made = list(events(seed=3, start=FIRST))
    names = tuple(network.name for network in NETWORKS)
    clicked = {each["anonymous_id"]: each for each in made if each["type"] == "ad.click"}
    source, seconds = [], []
    for each in made:
        click = clicked.get(each.get("anonymous_id", ""))
        if each["type"] == "conversion.recorded" and click:
            source.append(names.index(click["properties"]["touch"]["source"]))
            took = np.datetime64(each["timestamp"][:-6]) - np.datetime64(click["timestamp"][:-6])
            seconds.append(took / np.timedelta64(1, "s"))
    found = judge(Clicks(sources=names, source=np.array(source), seconds=np.array(seconds)))
    assert {(each.source, each.kind) for each in found.findings} == {
        ("quickinstalls", FraudType.INSTALL_HIJACK),
        ("glutmedia", FraudType.CLICK_FLOODING),
    }


def test_each_publisher_is_paid_for_each_install_of_a_day():
    made = list(events(seed=4, start=FIRST))
    installs = Counter(
        each["anonymous_id"].split("/")[1] for each in made
        if each["type"] == "conversion.recorded"
    )  # fmt: skip
    paid = Counter()
    for each in made:
        if each["type"] == "spend.recorded":
            paid[each["properties"]["source"]] += each["properties"]["cost"]
    for network in NETWORKS:
        assert round(paid[network.name] / app.PRICE) == installs[network.name]
    assert installs["organic"] == DAYS * app.ORGANIC
