"""Whose cases are, what they are worth in which currency, and of how many events they are.

The projection fills the columns by itself: its shape has changed with them.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("fraud", "0002_scoring"),
    ]

    operations = [
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
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(fields=["publisher", "-at"], name="fraud_case_publisher"),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(fields=["campaign", "-at"], name="fraud_case_campaign"),
        ),
    ]
