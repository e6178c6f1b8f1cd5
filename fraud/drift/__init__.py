"""Drift: whether the champion still sees what it learned from, and still does as well.

``making`` keeps what a model learned from, counted; ``reference`` gives it back. ``counting``
counts events as they are scored, in the process, and shares the counts through ``store`` (Redis).
``performance`` judges by labels; ``measuring`` puts it together each hour, ``words`` says it,
``watching`` keeps it and tells somebody, ``queries`` is what pages read.
"""
