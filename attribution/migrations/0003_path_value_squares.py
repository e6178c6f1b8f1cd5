"""Paths keep the sum of the squares of their values; segments beyond the devices have labels.

What is stored gets its squares from the journeys, which hold every value: no rebuild is needed.
"""

from django.db import migrations, models

_SQUARES = """
UPDATE attribution_daily_path AS stored SET value_squares = found.squares
FROM (
    SELECT dimension, day, conversion_type, segment, path, sum(value::numeric * value) AS squares
    FROM attribution_journey,
         LATERAL (VALUES (0, channels), (1, campaigns), (2, sources)) AS walked (dimension, path)
    WHERE value <> 0
    GROUP BY dimension, day, conversion_type, segment, path
) AS found
WHERE (stored.dimension, stored.day, stored.conversion_type, stored.segment, stored.path)
    = (found.dimension, found.day, found.conversion_type, found.segment, found.path)
"""


class Migration(migrations.Migration):
    """Add the column and fill it; add the table of labels."""

    dependencies = [("attribution", "0002_learned_credit")]

    operations = [
        migrations.CreateModel(
            name="Segment",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("label", models.TextField(unique=True)),
            ],
            options={"db_table": "attribution_segment"},
        ),
        migrations.AddField(
            model_name="dailypath",
            name="value_squares",
            field=models.DecimalField(decimal_places=0, default=0, max_digits=60),
        ),
        migrations.RunSQL(_SQUARES, migrations.RunSQL.noop),
    ]
