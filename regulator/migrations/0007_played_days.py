"""What each day's stakes were like: how even their pace, and how high they were."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("regulator", "0006_player_days")]

    operations = [
        migrations.CreateModel(
            name="PlayedDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("operator", models.CharField(max_length=40)),
                ("day", models.DateField()),
                ("game", models.CharField(max_length=20)),
                ("pairs", models.BigIntegerField()),
                ("uneven", models.BigIntegerField()),
                ("cells", models.JSONField()),
            ],
            options={
                "db_table": "regulator_played_day",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("day", "operator", "game"), name="regulator_played_day_once"
                    )
                ],
            },
        ),
    ]
