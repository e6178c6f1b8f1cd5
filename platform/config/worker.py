"""The Celery application: queues and routes. ``celery -A config worker`` starts it."""

import logging.config
import os

from celery import Celery, signals
from django.conf import settings

from config import env

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("touchstone")
app.config_from_object("django.conf:settings", namespace="CELERY")
# Workers are started with --queues ingest,project,train,report, or with the one they serve.
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="tasks_learned")


@signals.setup_logging.connect(weak=False)  # type: ignore[untyped-decorator]  # the library is untyped
def _our_lines(**kwargs: object) -> None:
    """Keep Celery from writing lines its own way."""
    logging.config.dictConfig(settings.LOGGING)


@signals.worker_process_init.connect(weak=False)  # type: ignore[untyped-decorator]  # the library is untyped
def _give_way(**kwargs: object) -> None:
    """Work at the priority that the environment asks for: training gives way to the rest."""
    os.nice(env.number("TOUCHSTONE_NICE", 0))
