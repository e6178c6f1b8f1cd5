"""The refund ledger: what publishers owe for touches that were rejected, and what came back.

A rejection of a source makes its spend of those days due, by an event that keeps what was known
then; taking the rejection back withdraws it. The ledger is a projection of these events.
"""
