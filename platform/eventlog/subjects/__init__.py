"""Personal fields of events: sealed under a key of their subject, and gone when that key is.

To *seal* is AES-256-GCM (NIST SP 800-38D) of the fields as JSON; tenant, subject and event id are
the associated data, so sealed fields can't be moved to another event. A *subject key* is 32 random
bytes, stored wrapped under the tenant key (``eventlog.keys``). An *erased* subject has a row
without a key: it says that there was one, and that there will be none again.
"""
