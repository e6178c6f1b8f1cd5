"""Evidence for outsiders: the log's checkpoints and proofs over the API, bundles, verification.

Words: a *bundle* is a zip of chosen events as canonical lines with what proves them, and a program
that checks it without us; a *verification* is the whole log looked at by the worker. What they rest
on, the sealed log itself, is in ``eventlog.seal``.
"""
