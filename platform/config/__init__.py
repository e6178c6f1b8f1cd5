"""The composition root: settings, routes, processes. It sees everything; nobody imports it."""

from config.worker import app as celery_app

__all__ = ["celery_app"]
