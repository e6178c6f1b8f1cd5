"""Print the URL of the database server the product is configured for."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings

print(settings.DATABASE_URL)
