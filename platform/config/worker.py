"""The Celery application: queues and routes. ``celery -A config worker`` starts it."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("touchstone")
app.config_from_object("django.conf:settings", namespace="CELERY")
# Workers are started with --queues ingest,project,train,report, or with the one they serve.
app.autodiscover_tasks()
