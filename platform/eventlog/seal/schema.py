"""The tree's tables in a tenant schema, as SQL the migration runs.

What is evidence (tiles, places, checkpoints, keys) is append-only like the log itself: the
application's role may not change it, and a trigger refuses changes from anyone. The head is derived
from it and moves.
"""

EVIDENCE = ("log_tile", "log_leaf", "log_checkpoint", "log_key")

CREATE = """
-- A full tile: 256 hashes of 32 bytes (C2SP tlog-tiles).
CREATE TABLE log_tile (
    level  smallint NOT NULL,
    index  bigint   NOT NULL,
    hashes bytea    NOT NULL CHECK (octet_length(hashes) = 8192),
    PRIMARY KEY (level, index)
);

-- Which event stands at which leaf; it stays when the event itself is dropped by policy.
CREATE TABLE log_leaf (
    leaf_index  bigint PRIMARY KEY,
    id          uuid        NOT NULL,
    occurred_at timestamptz NOT NULL,
    xid         bigint      NOT NULL,
    position    bigint      NOT NULL
);
CREATE INDEX log_leaf_id ON log_leaf (id);

-- Everything up to and including (xid, position) is covered by the signed note.
CREATE TABLE log_checkpoint (
    size        bigint PRIMARY KEY,
    root        bytea       NOT NULL,
    xid         bigint      NOT NULL,
    position    bigint      NOT NULL,
    key_version integer     NOT NULL,
    sealed_at   timestamptz NOT NULL,
    note        text        NOT NULL
);
CREATE INDEX log_checkpoint_cursor ON log_checkpoint (xid, position);

-- The keys that sign: public in clear, private wrapped under the tenant's key.
CREATE TABLE log_key (
    version    integer PRIMARY KEY,
    name       text        NOT NULL,
    public     bytea       NOT NULL,
    wrapped    bytea       NOT NULL,
    created_at timestamptz NOT NULL
);

-- Where sealing stopped: one row. Its lock lets one sealer at a time.
CREATE TABLE log_head (
    sole     boolean PRIMARY KEY DEFAULT true CHECK (sole),
    size     bigint  NOT NULL DEFAULT 0,
    xid      bigint  NOT NULL DEFAULT 0,
    position bigint  NOT NULL DEFAULT 0,
    edges    bytea[] NOT NULL DEFAULT '{}'
);
INSERT INTO log_head DEFAULT VALUES;

CREATE FUNCTION refuse_change_of_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the sealed log is append-only: % of % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_evidence();
CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_evidence();
"""
    for table in EVIDENCE
)

DROP = """
DROP TABLE log_head, log_key, log_checkpoint, log_leaf, log_tile;
DROP FUNCTION refuse_change_of_evidence();
"""
