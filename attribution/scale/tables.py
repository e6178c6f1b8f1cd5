"""What is exported: each table's columns, their types and meaning, and the rows of a day.

Labels stand for themselves, money is in millionths of the tenant's currency, times are whole
microseconds since 1970 (UTC): integers are the same on every engine.
"""

from dataclasses import dataclass

import pyarrow as pa

_AT = "(extract(epoch FROM {}) * 1000000)::bigint"
_DAY = "({} AT TIME ZONE 'UTC')::date"
_STRINGS = pa.list_(pa.string())


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its name, the SQL that gives it, its type in Parquet, what it says."""

    name: str
    sql: str
    type: pa.DataType
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of the export, written in one folder for each ``day``."""

    name: str
    says: str
    source: str
    day: str
    order: str
    columns: tuple[Column, ...]

    @property
    def schema(self) -> pa.Schema:
        """The Parquet schema."""
        return pa.schema([(column.name, column.type) for column in self.columns])

    @property
    def select(self) -> str:
        """All rows."""
        chosen = ", ".join(f"{column.sql} AS {column.name}" for column in self.columns)
        return f"SELECT {chosen} FROM {self.source}"  # noqa: S608  # constants

    @property
    def of_day(self) -> str:
        """The rows of one day, always in the same order."""
        return f"{self.select} WHERE {self.day} = %s ORDER BY {self.order}"

    @property
    def days(self) -> str:
        """Day, number of rows and a mark that changes with any of them."""
        row = ", ".join(column.sql for column in self.columns)
        return (
            f"SELECT {self.day}, count(*),"  # noqa: S608  # constants
            f" sum(hashtextextended(ROW({row})::text, 0)::numeric)::text"
            f" FROM {self.source} GROUP BY 1 ORDER BY 1"
        )


def _name(alias: str, column: str) -> str:
    return f"LEFT JOIN attribution_name AS {alias} ON {alias}.id = {column}"


def _labels(column: str) -> str:
    return (
        f"ARRAY(SELECT coalesce(name.label, '') FROM unnest(row.{column})"  # noqa: S608  # constants
        " WITH ORDINALITY AS step (key, place) LEFT JOIN attribution_name AS name"
        " ON name.id = step.key ORDER BY place)"
    )


TOUCHPOINTS = Table(
    name="touchpoints",
    says="Every touch of a person; rejected ones are in no journey.",
    source=" ".join(
        (
            "attribution_touchpoint AS row",
            _name("channel", "row.channel"),
            _name("campaign", "row.campaign"),
            _name("source", "row.source"),
        )
    ),
    day=_DAY.format("row.occurred_at"),
    order="row.position",
    columns=(
        Column(name="position", sql="row.position", type=pa.int64(), says="place in the log"),
        Column(name="xid", sql="row.xid", type=pa.int64(), says="its transaction: breaks ties"),
        Column(name="event_id", sql="row.event_id::text", type=pa.string(), says="the event"),
        Column(name="person", sql="row.person", type=pa.string(), says="whom it is about"),
        Column(name="at", sql=_AT.format("row.occurred_at"), type=pa.int64(), says="when"),
        Column(
            name="kind",
            sql="(ARRAY['visit', 'click', 'impression', 'offline'])[row.kind + 1]",
            type=pa.string(),
            says="visit, click, impression or offline",
        ),
        Column(name="channel", sql="channel.label", type=pa.string(), says="channel"),
        Column(name="campaign", sql="campaign.label", type=pa.string(), says="campaign"),
        Column(name="source", sql="source.label", type=pa.string(), says="source (publisher)"),
        Column(name="medium", sql="row.medium", type=pa.string(), says="medium"),
        Column(name="viewable", sql="row.viewable", type=pa.bool_(), says="an impression in sight"),
        Column(name="view_ms", sql="row.view_ms::bigint", type=pa.int64(), says="and for how long"),
        Column(name="rejected", sql="row.rejected", type=pa.bool_(), says="does not count"),
    ),
)
CONVERSIONS = Table(
    name="conversions",
    says="Every report of a conversion; one that was merged into another does not count.",
    source="attribution_conversion AS row " + _name("kind", "row.conversion_type"),
    day=_DAY.format("row.occurred_at"),
    order="row.position",
    columns=(
        Column(name="position", sql="row.position", type=pa.int64(), says="place in the log"),
        Column(name="xid", sql="row.xid", type=pa.int64(), says="its transaction: breaks ties"),
        Column(name="event_id", sql="row.event_id::text", type=pa.string(), says="the event"),
        Column(name="person", sql="row.person", type=pa.string(), says="whom it is about"),
        Column(name="at", sql=_AT.format("row.occurred_at"), type=pa.int64(), says="when"),
        Column(name="conversion_type", sql="kind.label", type=pa.string(), says="its type"),
        Column(name="value", sql="row.value", type=pa.int64(), says="millionths of money"),
        Column(name="order_id", sql="row.order_id", type=pa.string(), says="the order, if any"),
        Column(name="origin", sql="row.origin", type=pa.string(), says="who reported it"),
        Column(
            name="counts",
            sql="row.merged_into IS NULL",
            type=pa.bool_(),
            says="false: another report counts in its stead",
        ),
    ),
)
JOURNEYS = Table(
    name="journeys",
    says="Journeys as they are cut now, by the day they ended.",
    source="attribution_journey AS row " + _name("kind", "row.conversion_type"),
    day="row.day",
    order="row.id",
    columns=(
        Column(
            name="id",
            sql="row.id",
            type=pa.int64(),
            says="the conversion's place in the log; negative: no conversion",
        ),
        Column(name="person", sql="row.person", type=pa.string(), says="whose"),
        Column(
            name="conversion_type",
            sql="coalesce(kind.label, '')",
            type=pa.string(),
            says="empty: no conversion",
        ),
        Column(name="started", sql=_AT.format("row.started_at"), type=pa.int64(), says="from"),
        Column(name="ended", sql=_AT.format("row.ended_at"), type=pa.int64(), says="to"),
        Column(name="value", sql="row.value", type=pa.int64(), says="millionths of money"),
        Column(name="times", sql="row.times", type=pa.list_(pa.int64()), says="of the touches"),
        Column(name="channels", sql=_labels("channels"), type=_STRINGS, says="in order"),
        Column(name="campaigns", sql=_labels("campaigns"), type=_STRINGS, says="in order"),
        Column(name="sources", sql=_labels("sources"), type=_STRINGS, says="in order"),
    ),
)
SPEND = Table(
    name="spend",
    says="What places cost, by day.",
    source=" ".join(
        (
            "attribution_spend AS row",
            _name("channel", "row.channel"),
            _name("campaign", "row.campaign"),
            _name("source", "row.source"),
        )
    ),
    day="row.day",
    order="row.channel, row.source, row.campaign",
    columns=(
        Column(name="channel", sql="channel.label", type=pa.string(), says="channel"),
        Column(name="source", sql="source.label", type=pa.string(), says="source"),
        Column(name="campaign", sql="campaign.label", type=pa.string(), says="campaign"),
        Column(
            name="cost",
            sql="row.cost + row.touch_cost",
            type=pa.int64(),
            says="millionths of money",
        ),
        Column(name="impressions", sql="row.impressions", type=pa.int64(), says="as reported"),
        Column(name="clicks", sql="row.clicks", type=pa.int64(), says="as reported"),
    ),
)
EVENTS = Table(
    name="events",
    says="The log without its sealed personal fields.",
    source="event AS row",
    day=_DAY.format("row.occurred_at"),
    order="row.position",
    columns=(
        Column(name="position", sql="row.position", type=pa.int64(), says="place in the log"),
        Column(name="xid", sql="row.xid::text::bigint", type=pa.int64(), says="its transaction"),
        Column(name="id", sql="row.id::text", type=pa.string(), says="id"),
        Column(name="type", sql="row.type", type=pa.string(), says="docs/events.md"),
        Column(name="version", sql="row.version", type=pa.int32(), says="of the type"),
        Column(name="subject", sql="row.subject", type=pa.string(), says="pseudonym"),
        Column(name="at", sql=_AT.format("row.occurred_at"), type=pa.int64(), says="when"),
        Column(name="recorded", sql=_AT.format("row.recorded_at"), type=pa.int64(), says="taken"),
        Column(name="source", sql="row.source", type=pa.string(), says="who sent it"),
        Column(name="payload", sql="row.payload::text", type=pa.string(), says="JSON"),
    ),
)
TABLES = (TOUCHPOINTS, CONVERSIONS, JOURNEYS, SPEND, EVENTS)
