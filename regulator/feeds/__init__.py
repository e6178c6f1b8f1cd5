"""Feeds: what operators send, taken in with a receipt and held against its own numbering.

Words: a *record* is one stake, payout or refund (or the word that there was none); an operator
numbers its records 1, 2, 3 … without a gap, so a record that is missing leaves a hole.
"""
