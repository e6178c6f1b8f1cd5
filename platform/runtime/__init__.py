"""The product's own Postgres and Redis, the search for them, and the supervisor of its processes.

Behind `make demo`, `make test` and `make bench`; a production deployment points at real servers and
uses none of this but ``services.discover``.
"""
