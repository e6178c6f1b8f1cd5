"""The tenant's key table, as SQL the migration runs."""

CREATE = """
CREATE TABLE tenant_key (
    version    integer     PRIMARY KEY,
    wrapped    bytea       NOT NULL,
    created_at timestamptz NOT NULL
);
"""

DROP = "DROP TABLE tenant_key;"
