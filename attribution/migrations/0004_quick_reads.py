"""Reading the stores: paths packed in bytes, and rows of a segment beside each other.

A path was an array of integers, slow to send in bulk; packed it is one int32 per key, big-endian.
The primary keys begin with what a question fixes (dimension, model, segment), then the day: one
segment of a hundred is read without passing over the others.
"""

from typing import ClassVar

from django.db import migrations, models

_PACK = """
ALTER TABLE attribution_daily_path ADD COLUMN packed bytea;
UPDATE attribution_daily_path SET packed = (
    SELECT string_agg(int4send(key), '' ORDER BY place)
    FROM unnest(path) WITH ORDINALITY AS step (key, place)
);
ALTER TABLE attribution_daily_path ALTER COLUMN packed SET NOT NULL, DROP COLUMN path;
ALTER TABLE attribution_daily_path RENAME COLUMN packed TO path;
"""
_KEYS: dict[str, tuple[str, ...]] = {
    "DailyCredit": ("dimension", "model", "segment", "day", "conversion_type", "key"),
    "DailyTransition": ("dimension", "segment", "day", "conversion_type", "before", "after"),
    "DailyPath": ("dimension", "segment", "day", "conversion_type", "digest"),
    "DailyTouch": ("dimension", "segment", "day", "key"),
}


def _table(model: str) -> str:
    return f"attribution_daily_{model.removeprefix('Daily').lower()}"


def _keyed(model: str, columns: tuple[str, ...]) -> migrations.RunSQL:
    table = _table(model)
    return migrations.RunSQL(
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey,"
        f" ADD CONSTRAINT {table}_pkey PRIMARY KEY ({', '.join(columns)})",
        migrations.RunSQL.noop,
        state_operations=[
            migrations.AlterField(
                model_name=model.lower(),
                name="pk",
                field=models.CompositePrimaryKey(
                    *columns, blank=True, editable=False, primary_key=True, serialize=False
                ),
            )
        ],
    )


class Migration(migrations.Migration):
    """Pack the paths, then order the keys."""

    dependencies: ClassVar = [("attribution", "0003_path_value_squares")]

    operations: ClassVar = [
        migrations.RunSQL(
            _PACK,
            state_operations=[
                migrations.AlterField(
                    model_name="dailypath", name="path", field=models.BinaryField()
                )
            ],
        ),
        *(_keyed(model, columns) for model, columns in _KEYS.items()),
    ]
