"""The log's tables in a tenant schema, as SQL the migration runs, and the privileges on them."""

from django.conf import settings
from django.db import connection
from psycopg import sql

from eventlog.retention.schema import GRANTS
from eventlog.seal.schema import EVIDENCE
from eventlog.tenancy import SHARED, active_schema

CREATE = """
CREATE TABLE event (
    position    bigint GENERATED ALWAYS AS IDENTITY,
    xid         xid8        NOT NULL DEFAULT pg_current_xact_id(),
    id          uuid        NOT NULL,
    type        text        NOT NULL,
    version     integer     NOT NULL,
    subject     text        NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    source      text        NOT NULL,
    payload     jsonb       NOT NULL,
    sealed      bytea,
    leaf        bytea       NOT NULL,
    PRIMARY KEY (occurred_at, id)
);

-- An event sent with an id but without a time gets the time of its first arrival, and keeps it when
-- the client tries again: otherwise a retry would look like a new event.
CREATE TABLE first_seen (
    id          uuid PRIMARY KEY,
    occurred_at timestamptz NOT NULL
);

CREATE TABLE subscription (
    name       text PRIMARY KEY,
    xid        xid8   NOT NULL DEFAULT '0',
    position   bigint NOT NULL DEFAULT 0,
    moved_at   timestamptz NOT NULL DEFAULT now()
);
"""

# After the table became a hypertable, so that every chunk gets them.
PROTECT = """
CREATE INDEX event_log_order ON event (xid, position);

CREATE FUNCTION refuse_change_of_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the event log is immutable: % refused, append a correction instead', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER event_is_immutable BEFORE UPDATE OR DELETE ON event
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_event();
CREATE TRIGGER event_is_never_emptied BEFORE TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_event();
"""

DROP = """
DROP TABLE subscription;
DROP TABLE first_seen;
DROP TABLE event;
DROP FUNCTION refuse_change_of_event();
"""


def create() -> None:
    """Create the log in the active schema; a hypertable where the server has TimescaleDB."""
    with connection.cursor() as cursor:
        cursor.execute(CREATE)
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'timescaledb'")
        if cursor.fetchone() is not None:
            cursor.execute(
                "SELECT create_hypertable(%s::regclass, 'occurred_at',"
                " chunk_time_interval => %s::interval, create_default_indexes => false)",
                [f'"{active_schema()}".event', settings.EVENTLOG_CHUNK_INTERVAL],
            )
        cursor.execute(PROTECT)


def drop() -> None:
    """Undo ``create``; only a schema's owner can."""
    with connection.cursor() as cursor:
        cursor.execute(DROP)


def grant(role: str) -> None:
    """Give ``role`` what the application needs in the active schema, and on the log no more.

    Read models can be changed and emptied (a rebuild starts that way); the log can be read and
    appended to.
    """
    schema = sql.Identifier(active_schema())
    who = sql.Identifier(role)
    statements = [
        sql.SQL("GRANT USAGE ON SCHEMA {schema} TO {who}"),
        sql.SQL(
            "GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE"
            " ON ALL TABLES IN SCHEMA {schema} TO {who}"
        ),
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {who}"),
    ]
    if active_schema() != SHARED:
        statements += [
            sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {schema}.event FROM {who}"),
            sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {schema}.first_seen FROM {who}"),
            sql.SQL("REVOKE DELETE, TRUNCATE ON {schema}.tenant_key FROM {who}"),
            sql.SQL("REVOKE DELETE, TRUNCATE ON {schema}.subject_key FROM {who}"),
            sql.SQL("REVOKE INSERT, DELETE, TRUNCATE ON {schema}.log_head FROM {who}"),
            *(
                sql.SQL(f"REVOKE UPDATE, DELETE, TRUNCATE ON {{schema}}.{table} FROM {{who}}")
                for table in EVIDENCE
            ),
            *(sql.SQL(statement) for statement in GRANTS),
        ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement.format(schema=schema, who=who).as_string(cursor.connection))
