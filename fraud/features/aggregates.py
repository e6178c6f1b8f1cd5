"""Aggregates: how much came from the same ip, device, publisher in an hour, a day, a week.

A window moves in steps (10 minutes, 4 hours, a day): its latest step is still being filled, so it
holds between five and six, or six and seven, whole steps.
"""

from fraud.features.catalogue import AGGREGATES, read

_WINDOWS = (
    ("hour", "1 hour, in steps of 10 minutes"),
    ("day", "24 hours, in steps of 4 hours"),
    ("week", "7 days, in steps of a day"),
)
_COUNTED = (
    ("ip", "events", "ip"), ("device", "events", "device"), ("publisher", "events", "publisher"),
    ("agent", "clicks", "fingerprint"), ("network", "clicks", "network"),
    ("offer", "clicks", "ip in this campaign"), ("placement", "clicks",
                                                 "publisher in this campaign"),
)  # fmt: skip
_DIFFERENT = (
    ("publisher", "distinct_a", "publisher_ips", "ips", "Different ips of the publisher."),
    ("sub_publisher", "distinct_a", "sub_publisher_ips", "ips", ("Different ips of the "
     "sub-publisher.")),
    ("agent", "distinct_b", "agent_campaigns", "campaigns", "Campaigns the fingerprint clicked."),
    ("device", "distinct_c", "device_publishers", "publishers", "Publishers the device came by."),
    ("network", "distinct_c", "network_publishers", "publishers", ("Publishers the network came "
     "by.")),
)  # fmt: skip


def _counted(entity: str, what: str, words: str, span: str, window: str) -> None:
    read(
        AGGREGATES, entity, f"{span}_{what}", name=f"{entity}_{what}_{span}", unit=what,
        window=window, doc=f"{what.capitalize()} of the {words} in the {span} before.",
    )  # fmt: skip


def _different(entity: str, column: str, name: str, unit: str, doc: str) -> None:
    window = "today and the day before"
    read(AGGREGATES, entity, column, name=name, unit=unit, window=window, doc=doc)


for _entity, _what, _words in _COUNTED:
    for _span, _window in _WINDOWS:
        _counted(_entity, _what, _words, _span, _window)
for _row in _DIFFERENT:
    _different(*_row)
