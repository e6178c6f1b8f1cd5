"""Rings: suspicious events that share persons, devices and addresses, found as one.

``queries`` reads, ``telling`` raises alerts; the others are pure.
"""
