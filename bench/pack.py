"""`python -m bench.pack`: pack the bench tenant's paths, as the worker does each minute."""

import os


def main() -> None:
    """Needs the database that ``bench.tenant`` prepared."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django_tenants.utils import tenant_context

    from attribution.projection.packing import pack_paths
    from tenants.models import Tenant

    with tenant_context(Tenant.objects.get(slug="bench")):
        while pack_paths():
            pass


if __name__ == "__main__":
    main()
