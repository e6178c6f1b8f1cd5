from django.db import migrations
from django.utils import timezone


def tell_owners(apps, editor):
    """Owners hear of it by e-mail until somebody decides otherwise."""
    apps.get_model("alerts", "Route").objects.create(
        name="Owners", way="email", roles=["owner"], lowest="warning", created_at=timezone.now()
    )


class Migration(migrations.Migration):
    """Every tenant begins with one route."""

    dependencies = [
        ("alerts", "0001_initial"),
    ]

    operations = [migrations.RunPython(tell_owners, migrations.RunPython.noop)]
