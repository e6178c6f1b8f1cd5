"""The tables of rejections and imports."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Create both."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Rejection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("received_at", models.DateTimeField()),
                ("source", models.CharField(max_length=60)),
                ("index", models.IntegerField()),
                ("code", models.CharField(max_length=40)),
                ("detail", models.CharField(max_length=200)),
                ("excerpt", models.CharField(blank=True, max_length=600)),
            ],
            options={
                "db_table": "ingest_rejection",
            },
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=200)),
                ("path", models.CharField(max_length=500)),
                ("kind", models.CharField(max_length=20)),
                ("mapping", models.JSONField(default=dict)),
                ("options", models.JSONField(default=dict)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("uploaded", "Uploaded"),
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="uploaded",
                        max_length=10,
                    ),
                ),
                ("rows_total", models.BigIntegerField(blank=True, null=True)),
                ("rows_done", models.BigIntegerField(default=0)),
                ("accepted", models.BigIntegerField(default=0)),
                ("duplicates", models.BigIntegerField(default=0)),
                ("rejected", models.BigIntegerField(default=0)),
                ("reasons", models.JSONField(default=dict)),
                ("error", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "db_table": "ingest_import",
                "constraints": [
                    models.UniqueConstraint(fields=("digest", "kind"), name="ingest_import_once")
                ],
            },
        ),
    ]
