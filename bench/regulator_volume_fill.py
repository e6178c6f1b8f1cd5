"""Ten million records of a hundred operators in a log, and what the projections make of them.

Both are made in SQL: the records once, in columns; from them the log's rows and, by sums over all
of them, the rows of the projections. ``bench.regulator_volume_worker check`` lets the projections
themselves read one operator's records, and compares.
"""

import json
from datetime import UTC, datetime, timedelta

import psycopg

OPERATORS, DAYS, BATCH = 100, 90, 1_000
SEED = 0.26
_GAMES = ["slots", "table", "sports"]
_RATES = [{"since": "2020-01-01", "base": "ggr", "brackets": [
    {"above": 0, "rate": 150_000}, {"above": 10_000_000, "rate": 250_000}]}]  # fmt: skip

RECORDS = """
CREATE UNLOGGED TABLE bench_record AS
SELECT 'op-' || lpad((n %% %(operators)s)::text, 3, '0') AS operator,
       n / %(operators)s + 1 AS sequence,
       %(now)s::timestamptz - make_interval(secs =>
           (%(events)s - 1 - n)::float8 * %(days)s * 86400 / %(events)s) AS at,
       CASE WHEN random() < 0.66 THEN 'stake' WHEN random() < 0.97 THEN 'payout' ELSE 'refund' END
           AS kind,
       (%(games)s::text[])[1 + least((random() * random() * 3)::int, 2)] AS game,
       (100 + 9900 * random() * random())::bigint AS amount,
       (2000 * random() * random())::int AS player
FROM generate_series(0, %(events)s - 1) AS n
"""
LOG = """
INSERT INTO event (id, type, version, subject, occurred_at, recorded_at, source, payload, leaf)
SELECT md5(operator || ' ' || sequence)::uuid, 'gaming.' || kind, 1, md5(operator || player), at,
       at + interval '20 s', 'feed',
       jsonb_build_object('operator', operator, 'sequence', sequence, 'event', 'r-' || sequence,
           'amount', amount, 'currency', 'EUR', 'game_type', game, 'player', 'p-' || player),
       sha256(convert_to(operator || sequence, 'UTF8'))
FROM bench_record ORDER BY at, operator
"""
TOTALS = """
INSERT INTO regulator_total
       (operator, span, start, game, currency, stakes, payouts, refunds, events, players)
SELECT operator, %(span)s::text, date_trunc(%(span)s::text, at, 'UTC'), coalesce(game, ''), 'EUR',
       coalesce(sum(amount) FILTER (WHERE kind = 'stake'), 0),
       coalesce(sum(amount) FILTER (WHERE kind = 'payout'), 0),
       coalesce(sum(amount) FILTER (WHERE kind = 'refund'), 0),
       count(*), count(DISTINCT player)
FROM bench_record
GROUP BY operator, date_trunc(%(span)s::text, at, 'UTC'), GROUPING SETS ((game), ())
"""
PLAYERS = """
INSERT INTO regulator_player_day (operator, day, player, currency, game, hours)
SELECT operator, (at AT TIME ZONE 'UTC')::date, md5(operator || player)::uuid, 'EUR', game,
       bit_or(1 << extract(hour FROM at AT TIME ZONE 'UTC')::int)
FROM bench_record GROUP BY 1, 2, operator || player, player, game
"""
RECEIPTS = """
INSERT INTO regulator_receipt
       (operator, number, at, first, last, count, fresh, hash, receipt, faults, late)
SELECT operator, (sequence - 1) / %(batch)s + 1, max(at) + interval '20 s', min(sequence),
       max(sequence), count(*), count(*), repeat('0', 64), repeat('receipt ', 40), '[]', 0
FROM bench_record GROUP BY operator, (sequence - 1) / %(batch)s
"""
FEEDS = """
INSERT INTO regulator_feed (operator, records, highest, missing, filled, reused, twice, late,
       repeated, refused, heard_at, played_at, batch_at, rhythm, late_open)
SELECT operator, count(*), max(sequence), 0, 0, 0, '[]', 0, 0, 0, max(at), max(at), max(at), 600, 0
FROM bench_record GROUP BY operator
"""
OPERATOR = """
INSERT INTO regulator_operator (name, title, licence, licensed_from, currency, game_types, rates,
       registered_at, changed_at)
SELECT 'op-' || lpad(n::text, 3, '0'), 'Operator ' || n, 'GA-' || n, '2020-01-01', 'EUR',
       %(games)s, %(rates)s, %(now)s, %(now)s
FROM generate_series(0, %(operators)s - 1) AS n
"""
RETURNS = """
INSERT INTO regulator_return (event, operator, start, "end", vintage, known_at, place, currency,
       stakes, payouts, refunds, ggr, tax, source)
SELECT gen_random_uuid(), operator, low, low + 6, low + 9, %(now)s, row_number() OVER (), 'EUR',
       stakes, payouts, refunds, stakes - payouts - refunds,
       greatest(stakes - payouts - refunds, 0) * 15 / 100, 'bench'
FROM (SELECT operator, date_trunc('week', start, 'UTC')::date AS low, sum(stakes) AS stakes,
             sum(payouts) AS payouts, sum(refunds) AS refunds, count(*) AS days
      FROM regulator_total WHERE span = 'day' AND game = '' GROUP BY 1, 2) week
WHERE days = 7
"""
AT_THE_END = """
UPDATE subscription SET (xid, position) =
    (SELECT xid, position FROM event ORDER BY xid DESC, position DESC LIMIT 1)
"""
SIZES = """
SELECT relname, pg_total_relation_size(oid) FROM pg_class
WHERE relnamespace = %s::regnamespace AND relname = ANY(%s)
"""
# What a row for each player, span and game would be: the hours and days that each player played.
SPANS = """
SELECT sum(bit_count(hours::bit(32)) + 1), count(*),
       (SELECT sum(hours) FROM (SELECT bit_count(bit_or(hours)::bit(32)) + 1 AS hours
        FROM regulator_player_day GROUP BY operator, day, player) person)
FROM regulator_player_day
"""


def fill(url: str, schema: str, *, events: int, now: datetime) -> None:
    """Everything, as the owner of the database."""
    bound = {
        "events": events, "operators": OPERATORS, "days": DAYS, "now": now, "games": _GAMES,
        "batch": BATCH,
    }  # fmt: skip
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'SET search_path = "{schema}", public')
        connection.execute("SET work_mem = '256MB'")
        connection.execute("SET synchronous_commit = off")
        connection.execute("SELECT setseed(%s)", [SEED])
        connection.execute("UPDATE public.tenants_tenant SET kind = 'regulator'")
        held = {"games": json.dumps(_GAMES), "rates": json.dumps(_RATES)}
        connection.execute(OPERATOR, {**bound, **held})
        for statement in (RECORDS, LOG):
            connection.execute(statement, bound)
        for span in ("hour", "day"):
            connection.execute(TOTALS, {"span": span})
        for statement in (PLAYERS, RECEIPTS, FEEDS, RETURNS):
            connection.execute(statement, bound)
        connection.execute("DROP TABLE bench_record")
        connection.execute(AT_THE_END)
        connection.execute("VACUUM ANALYZE")


def sizes(url: str, schema: str) -> dict[str, int]:
    """Bytes of the tables with indexes, and how many rows the players' has and spans would be."""
    names = ["event", "regulator_total", "regulator_player_day", "regulator_receipt"]
    with psycopg.connect(url) as connection:
        connection.execute(f'SET search_path = "{schema}", public')
        found: dict[str, int] = dict(connection.execute(SIZES, [schema, names]).fetchall())
        row = connection.execute(SPANS).fetchone() or (0, 0, 0)
    return {**found, "player_days": int(row[1]), "player_spans": int(row[0]) + int(row[2])}


def whole_hour(moment: datetime) -> datetime:
    """The end of the market: five minutes ago, so that the feeds are alive."""
    return moment.astimezone(UTC) - timedelta(minutes=5)
