"""The one way an event can leave the log: a function of the table's owner, and its record.

The application's role may not delete events; it may call this function, which refuses what is
younger than a month or not sealed yet. On TimescaleDB whole chunks are dropped, and what is to stay
of them (settings, costs, decisions) is put back as it was, place and hash included.
"""

CREATE = """
-- What expired: an event of the log each, append-only like the rest of the evidence.
CREATE TABLE log_expiry (
    before    timestamptz NOT NULL,
    events    bigint      NOT NULL CHECK (events > 0),
    event_id  uuid        NOT NULL,
    noted_at  timestamptz NOT NULL,
    PRIMARY KEY (before, event_id)
);
CREATE TRIGGER log_expiry_is_append_only BEFORE UPDATE OR DELETE ON log_expiry
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_evidence();
CREATE TRIGGER log_expiry_is_never_emptied BEFORE TRUNCATE ON log_expiry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_evidence();

CREATE OR REPLACE FUNCTION refuse_change_of_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Only expire_events() says so, and only the table's owner may delete at all.
    IF TG_OP = 'DELETE' AND current_setting('touchstone.expiring', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the event log is immutable: % refused, append a correction instead', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- The newest moment up to which whole chunks are older than wanted; whole days without chunks.
CREATE FUNCTION expiry_before(wanted timestamptz) RETURNS timestamptz LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    found timestamptz;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'timescaledb') THEN
        RETURN date_trunc('day', wanted AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
    END IF;
    SELECT max(range_end) INTO found FROM timescaledb_information.chunks
    WHERE hypertable_schema = current_schema() AND hypertable_name = 'event'
      AND range_end <= wanted;
    RETURN found;
END $$;

-- Drop events of the types `going` that are older than `before`; how many went.
CREATE FUNCTION expire_events(before timestamptz, going text[]) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    chunk record;
    gone  bigint := 0;
    here  bigint;
BEGIN
    IF before > now() - interval '30 days' THEN
        RAISE EXCEPTION 'events are kept for 30 days at least'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- Whatever the application believes: evidence of acts, consent and erasures stays.
    IF EXISTS (SELECT 1 FROM unnest(going) AS name
               WHERE name ~ '^(tenant|privacy|consent|subject|log|incident)[.]') THEN
        RAISE EXCEPTION 'events of these types never expire'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF EXISTS (SELECT 1 FROM event, log_head WHERE occurred_at < before
               AND (event.xid, event.position) > (log_head.xid::text::xid8, log_head.position)) THEN
        RAISE EXCEPTION 'events that are to expire are not sealed yet'
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'timescaledb') THEN
        PERFORM set_config('touchstone.expiring', 'on', true);
        DELETE FROM event WHERE occurred_at < before AND type = ANY (going);
        GET DIAGNOSTICS gone = ROW_COUNT;
        PERFORM set_config('touchstone.expiring', 'off', true);
        RETURN gone;
    END IF;
    FOR chunk IN
        SELECT range_start, range_end FROM timescaledb_information.chunks
        WHERE hypertable_schema = current_schema() AND hypertable_name = 'event'
          AND range_end <= before ORDER BY range_start
    LOOP
        SELECT count(*) INTO here FROM event
        WHERE occurred_at >= chunk.range_start AND occurred_at < chunk.range_end
          AND type = ANY (going);
        CONTINUE WHEN here = 0;
        CREATE TEMPORARY TABLE staying ON COMMIT DROP AS
            SELECT * FROM event
            WHERE occurred_at >= chunk.range_start AND occurred_at < chunk.range_end
              AND type <> ALL (going);
        PERFORM drop_chunks(
            format('%I.event', current_schema())::regclass,
            older_than => chunk.range_end, newer_than => chunk.range_start);
        INSERT INTO event OVERRIDING SYSTEM VALUE SELECT * FROM staying;
        DROP TABLE staying;
        gone := gone + here;
    END LOOP;
    RETURN gone;
END $$;
REVOKE ALL ON FUNCTION expire_events(timestamptz, text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION expiry_before(timestamptz) FROM PUBLIC;
"""

DROP = """
DROP FUNCTION expire_events(timestamptz, text[]);
DROP FUNCTION expiry_before(timestamptz);
DROP TABLE log_expiry;
"""

GRANTS = (
    "REVOKE UPDATE, DELETE, TRUNCATE ON {schema}.log_expiry FROM {who}",
    "GRANT EXECUTE ON FUNCTION {schema}.expire_events(timestamptz, text[]) TO {who}",
    "GRANT EXECUTE ON FUNCTION {schema}.expiry_before(timestamptz) TO {who}",
)
"""What the application's role may do with it, in a tenant's schema."""
