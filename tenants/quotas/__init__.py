"""Plans and what is left of them: counted in the process, shared through Redis, kept in rows.

A request is judged by what its own process knows, so it waits for nobody (``bucket``, ``ledger``).
A thread of each process exchanges counts with the others through Redis four times a second
(``exchange``); the worker moves them from Redis to rows once a minute (``store``). Without Redis
each process judges by its own counts and keeps them until Redis is back.
"""
