"""Whose past counts for an event: the person, the devices and addresses, where it came from."""

from ml.features import Entities

ENTITIES = Entities(
    {
        "subject": ("ip", "device", "publisher"),
        "device": ("subject", "ip", "publisher"),
        "ip": ("subject", "device", "agent"),
        "network": ("ip", "device", "publisher"),
        "agent": ("subject", "campaign", "publisher"),
        "model": ("ip", "subject", "publisher"),
        "os": ("ip", "model", "publisher"),
        "publisher": ("ip", "device", "sub_publisher"),
        "sub_publisher": ("ip", "device", "model"),
        "campaign": ("ip", "device", "publisher"),
        "creative": ("ip", "device", "publisher"),
        "placement": ("ip", "device", "model"),
        "offer": ("subject", "agent", "publisher"),
    },
    carried=("publisher", "sub_publisher", "campaign", "creative", "placement"),
)
"""By entity, the three it counts different ones of.

``network``: the /24 or /48 of the ip. ``agent``: ip, model, system and user agent together, the
fingerprint. ``placement``: publisher and campaign together; ``offer``: ip and campaign together.
"""
