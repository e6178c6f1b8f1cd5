"""Keys that are stored: wrapped, never in clear.

Words: the *master key* comes from the environment or a file and is never in the database; a
*tenant key* belongs to one tenant and is stored wrapped under the master key; every other secret of
the tenant (a key per subject, the log's signing key) is stored wrapped under the tenant key. To
*wrap* is AES-256-GCM with the secret's context as associated data, so that no wrapped secret can be
passed off as another one. A database dump without the master key gives nothing away, and a secret
whose wrapped form is deleted is gone.
"""
