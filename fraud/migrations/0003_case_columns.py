"""Whose cases are, what they are worth in which currency, and of how many events they are.

The projection fills the columns by itself: its shape has changed with them. An index is built
without a transaction around it, so what a crash left half done is done again: every statement
looks first.
"""

from django.db import migrations, models

_TABLE = "CREATE TABLE IF NOT EXISTS fraud_seen_day (day date PRIMARY KEY, events bigint NOT NULL)"


def _column(name: str, kind: str, default: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"ALTER TABLE fraud_case ADD COLUMN IF NOT EXISTS {name} {kind} NOT NULL DEFAULT {default}",
        f"ALTER TABLE fraud_case DROP COLUMN {name}",
    )


def _index(column: str) -> list[migrations.RunSQL]:
    """What a crash left of an index is no index; it goes first."""
    name = f"fraud_case_{column}"
    gone = f"DROP INDEX CONCURRENTLY IF EXISTS {name}"
    return [
        migrations.RunSQL(gone, migrations.RunSQL.noop),
        migrations.RunSQL(
            f"CREATE INDEX CONCURRENTLY {name} ON fraud_case ({column}, at DESC)", gone
        ),
    ]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("fraud", "0002_scoring"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(_TABLE, "DROP TABLE fraud_seen_day"),
                _column("currency", "text", "''"),
                _column("publisher", "bigint", "0"),
                _column("campaign", "bigint", "0"),
                *_index("publisher"),
                *_index("campaign"),
            ],
            state_operations=[
                migrations.CreateModel(
                    name="SeenDay",
                    fields=[
                        ("day", models.DateField(primary_key=True, serialize=False)),
                        ("events", models.BigIntegerField()),
                    ],
                    options={
                        "db_table": "fraud_seen_day",
                    },
                ),
                migrations.AddField(
                    model_name="case",
                    name="currency",
                    field=models.TextField(blank=True, db_default="", default=""),
                ),
                migrations.AddField(
                    model_name="case",
                    name="publisher",
                    field=models.BigIntegerField(db_default=0, default=0),
                ),
                migrations.AddField(
                    model_name="case",
                    name="campaign",
                    field=models.BigIntegerField(db_default=0, default=0),
                ),
                migrations.AddIndex(
                    model_name="case",
                    index=models.Index(fields=["publisher", "-at"], name="fraud_case_publisher"),
                ),
                migrations.AddIndex(
                    model_name="case",
                    index=models.Index(fields=["campaign", "-at"], name="fraud_case_campaign"),
                ),
            ],
        ),
    ]
