"""Features of campaign and source: what became of what a publisher brought before.

An install names no publisher: that of the person's latest click holds.
"""

import numpy as np

from fraud.features.catalogue import FEATURES, SOURCE, ratio
from ml.features import Table
from ml.features.layout import Floats

PRIOR = 50.0
"""A rate of few is pulled towards none by as much as so many would."""
FEW = 5.0
"""The same for what has few events: an ip, a device."""
TYPICAL = 0.01
"""The share of fraud where nothing is known of a source."""
_NAMES = {
    "publisher": "publisher", "sub_publisher": "sub-publisher", "campaign": "campaign",
    "creative": "creative", "placement": "publisher in this campaign", "model": "device model",
    "os": "system", "ip": "ip", "device": "device", "agent": "fingerprint", "network": "network",
}  # fmt: skip


def _rate(
    entity: str, top: str, bottom: str, name: str, doc: str, *, prior: float = 0.0
) -> None:  # fmt: skip
    """A share of ``entity``, NaN where there was nothing to share."""
    ratio(
        SOURCE, entity, top, bottom, name=name, unit="share", window="since first seen", doc=doc,
        prior=prior,
    )  # fmt: skip


for _entity in ("publisher", "sub_publisher", "campaign", "creative", "placement"):
    _words = _NAMES[_entity]
    _rate(_entity, "installs", "clicks", f"{_entity}_conversion",
          f"Installs per click of the {_words}.")  # fmt: skip
for _entity in ("publisher", "sub_publisher", "campaign", "placement", "model", "os"):
    _words = _NAMES[_entity]
    _rate(_entity, "frauds", "labelled", f"{_entity}_fraud_rate",
              f"Share of the {_words}'s labelled events that were fraud, pulled towards none "
              f"by 50 events.", prior=PRIOR)  # fmt: skip
for _entity in ("ip", "device", "agent", "network"):
    _words = _NAMES[_entity]
    _rate(_entity, "frauds", "labelled", f"{_entity}_fraud_rate",
              f"Share of the {_words}'s labelled events that were fraud, pulled towards none "
              f"by {FEW:.0f} events.", prior=FEW)  # fmt: skip


@FEATURES.feature(SOURCE, unit="log-odds", window="since first seen")
def source_odds(table: Table) -> Floats:
    """What labels say of publisher, campaign, model and system together, as if independent."""
    found = np.zeros(len(table))
    for entity in ("publisher", "campaign", "model", "os"):
        reading = table.of(entity)
        known, frauds = (_or_nothing(reading[name]) for name in ("labelled", "frauds"))
        found += np.log((frauds + PRIOR * TYPICAL) / (known - frauds + PRIOR * (1.0 - TYPICAL)))
    return found


def _or_nothing(values: Floats) -> Floats:
    """Zero where a number is unknown (``np.nan_to_num``, which takes longer than the logarithm)."""
    found: Floats = np.where(np.isnan(values), 0.0, values)
    return found


for _entity in ("publisher", "sub_publisher"):
    _words = _NAMES[_entity]
    _rate(_entity, "timed_fast", "timed", f"{_entity}_fast_installs",
          f"Share of the {_words}'s installs within 10 seconds of the click.")  # fmt: skip
    _rate(_entity, "timed_hour", "timed", f"{_entity}_hour_installs",
          f"Share of the {_words}'s installs within an hour of the click.")  # fmt: skip
    _rate(_entity, "timed_late", "timed", f"{_entity}_late_installs",
          f"Share of the {_words}'s installs 2 to 24 hours after the click.")  # fmt: skip
    _rate(_entity, "newcomers", "events", f"{_entity}_newcomers",
          f"Share of the {_words}'s events that were a person's first.")  # fmt: skip
    _rate(_entity, "flagged", "events", f"{_entity}_flagged",
          f"Share of the {_words}'s events that look made.")  # fmt: skip


@FEATURES.feature(SOURCE, unit="s", window="since first seen")
def publisher_age(table: Table) -> Floats:
    """Seconds since the publisher was first seen."""
    return table.of("publisher")["age"]


@FEATURES.feature(SOURCE, unit="clicks per ip", window="today and the day before")
def publisher_repeats(table: Table) -> Floats:
    """Clicks of the publisher in a day by the different ips they come from."""
    publisher = table.of("publisher")
    return publisher["day_clicks"] / np.maximum(publisher["distinct_a"], 1.0)


@FEATURES.feature(SOURCE, unit="devices per ip", window="today and the day before")
def publisher_devices_an_ip(table: Table) -> Floats:
    """Different devices of the publisher by its different ips."""
    publisher = table.of("publisher")
    return publisher["distinct_b"] / np.maximum(publisher["distinct_a"], 1.0)


@FEATURES.feature(SOURCE, unit="money")
def cost(table: Table) -> Floats:
    """What this click or impression cost."""
    return table["cost"]
