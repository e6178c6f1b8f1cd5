"""What more or less spend on a channel is expected to bring: curves and plans. Pure.

A curve says what went together in these days, not what caused what: demand drives both clicks that
are paid for and orders. It is a reason for a test, no replacement for one.
"""
