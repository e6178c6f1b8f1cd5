"""Journeys by a tenant's rules: links, merged reports, rejected touches, and what they changed.

The new columns say what the log says and the old rows do not, so the read models are emptied and
the projector fills them again from the log.
"""

import django.contrib.postgres.fields
from django.db import migrations, models

_EMPTY = """
TRUNCATE attribution_daily_credit, attribution_daily_transition, attribution_daily_path,
    attribution_daily_total, attribution_daily_touch, attribution_name,
    attribution_identity, attribution_touchpoint, attribution_conversion, attribution_journey,
    attribution_spend, attribution_foreign_cost,
    attribution_rate, attribution_fit, attribution_learned_credit;
DELETE FROM attribution_segment WHERE id < 10000;
DELETE FROM subscription WHERE name = 'attribution';
"""


class Migration(migrations.Migration):
    """Empty the read models, add the tables and the columns."""

    dependencies = [
        ("attribution", "0006_behavioural_profiles"),
        ("eventlog", "0001_log"),
    ]

    operations = [
        migrations.RunSQL(_EMPTY, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="CreditMove",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "decision",
                        "dimension",
                        "model",
                        "day",
                        "conversion_type",
                        "segment",
                        "key",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("decision", models.BigIntegerField()),
                ("dimension", models.SmallIntegerField()),
                ("model", models.SmallIntegerField()),
                ("day", models.DateField()),
                ("conversion_type", models.IntegerField()),
                ("segment", models.SmallIntegerField()),
                ("key", models.IntegerField()),
                ("before", models.BigIntegerField()),
                ("after", models.BigIntegerField()),
                ("value_before", models.BigIntegerField()),
                ("value_after", models.BigIntegerField()),
            ],
            options={
                "db_table": "attribution_credit_move",
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("xid", models.BigIntegerField()),
                ("event_id", models.UUIDField(unique=True)),
                ("occurred_at", models.DateTimeField()),
                ("rejects", models.BooleanField()),
                ("source", models.TextField(null=True)),
                ("start", models.DateField(null=True)),
                ("end", models.DateField(null=True)),
                ("standing", models.BooleanField(default=False)),
                ("reason", models.TextField()),
                ("decided_by", models.TextField()),
                ("named", models.IntegerField(default=0)),
                ("touches", models.IntegerField(default=0)),
                ("journeys", models.IntegerField(default=0)),
            ],
            options={
                "db_table": "attribution_decision",
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "position",
                        "other",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("position", models.BigIntegerField()),
                ("xid", models.BigIntegerField()),
                ("subject", models.TextField(db_index=True)),
                ("other", models.TextField(db_index=True)),
                ("occurred_at", models.DateTimeField()),
                ("claim", models.BooleanField()),
            ],
            options={
                "db_table": "attribution_link",
            },
        ),
        migrations.CreateModel(
            name="MovedJourney",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "decision",
                        "journey",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("decision", models.BigIntegerField()),
                ("journey", models.BigIntegerField()),
                ("person", models.TextField(db_index=True)),
                ("conversion_type", models.IntegerField()),
                ("value", models.BigIntegerField()),
                ("ended_at", models.DateTimeField()),
                (
                    "before",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), size=None
                    ),
                ),
                (
                    "after",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), size=None
                    ),
                ),
            ],
            options={
                "db_table": "attribution_moved_journey",
            },
        ),
        migrations.CreateModel(
            name="Rework",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("scope", models.JSONField()),
                ("after", models.TextField(default="")),
                ("done", models.BigIntegerField(default=0)),
                ("total", models.BigIntegerField(default=-1)),
            ],
            options={
                "db_table": "attribution_rework",
            },
        ),
        migrations.CreateModel(
            name="RulesVersion",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("xid", models.BigIntegerField()),
                ("event_id", models.UUIDField()),
                ("occurred_at", models.DateTimeField()),
                ("actor", models.TextField()),
                ("rules", models.JSONField()),
            ],
            options={
                "db_table": "attribution_rules",
            },
        ),
        migrations.CreateModel(
            name="Verdict",
            fields=[
                ("event_id", models.UUIDField(primary_key=True, serialize=False)),
                ("rejected", models.BooleanField()),
            ],
            options={
                "db_table": "attribution_verdict",
            },
        ),
        migrations.RemoveConstraint(
            model_name="conversion",
            name="attribution_order_once",
        ),
        migrations.AddField(
            model_name="conversion",
            name="merge_rule",
            field=models.SmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="conversion",
            name="merged_into",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="conversion",
            name="origin",
            field=models.TextField(default=""),
        ),
        migrations.AddField(
            model_name="identity",
            name="shared",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="touchpoint",
            name="coarse",
            field=models.SmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="touchpoint",
            name="rejected",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="touchpoint",
            name="view_ms",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="touchpoint",
            name="viewable",
            field=models.BooleanField(null=True),
        ),
        migrations.AddIndex(
            model_name="conversion",
            index=models.Index(
                condition=models.Q(("order_id", ""), _negated=True),
                fields=["conversion_type", "order_id"],
                name="attribution_conversion_order",
            ),
        ),
        migrations.AddIndex(
            model_name="conversion",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["-position"],
                name="attribution_conversion_merged",
            ),
        ),
        migrations.AddIndex(
            model_name="touchpoint",
            index=models.Index(fields=["event_id"], name="attribution_touch_event"),
        ),
        migrations.AddIndex(
            model_name="touchpoint",
            index=models.Index(fields=["source", "occurred_at"], name="attribution_touch_source"),
        ),
    ]
