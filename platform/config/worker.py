"""The Celery application: queues and routes. ``celery -A config worker`` starts it."""

import os

from celery import Celery
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("touchstone")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_queues = [Queue(name) for name in ("ingest", "project", "train", "report")]
app.conf.task_default_queue = "report"
app.autodiscover_tasks()
