"""How the product is: every part by name, what waits where, since when, and what to do about it.

A *probe* reads one part; a pure judgement turns the reading into a *part* (working, behind,
stalled, away, unknown). The *watcher*, a process of its own, looks every few seconds; what stays
stalled becomes an *incident*: told to the operator by mail, written to the log of the tenants it
concerns, shown on their pages until it is over. Nothing stops in silence.
"""
