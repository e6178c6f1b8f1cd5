"""Learned detectors and what they are made of."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("regulator", "0004_forecasts")]

    operations = [
        migrations.CreateModel(
            name="LearnedModel",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("family", models.TextField()),
                ("state", models.TextField()),
                ("registered_at", models.DateTimeField()),
                ("promoted_at", models.DateTimeField(null=True)),
                ("figures", models.JSONField()),
                ("ways", models.JSONField()),
                ("learned_from", models.JSONField()),
                ("artefact", models.BinaryField()),
            ],
            options={"db_table": "regulator_model"},
        ),
    ]
