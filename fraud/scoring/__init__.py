"""Every event scored when it comes: 0 to 100, a verdict by the tenant's policy, reasons in words.

``policy`` (what a tenant decided), ``decide`` (pure), ``states`` (what was before, in Redis),
``arriving`` (ingestion's step), ``asked`` (the API's question).
"""
