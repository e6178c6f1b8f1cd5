from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("fraud", "0003_case_columns"),
    ]

    operations = [
        migrations.CreateModel(
            name="DriftReference",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("features_version", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("kinds", models.JSONField()),
                ("bins", models.JSONField()),
                ("counts", models.JSONField()),
            ],
            options={
                "db_table": "fraud_drift_reference",
            },
        ),
        migrations.CreateModel(
            name="DriftMeasure",
            fields=[
                ("hour", models.DateTimeField(primary_key=True, serialize=False)),
                ("model", models.CharField(max_length=64)),
                ("figures", models.JSONField()),
                ("features", models.JSONField(default=list)),
            ],
            options={
                "db_table": "fraud_drift_measure",
            },
        ),
    ]
