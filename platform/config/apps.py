"""Wiring of the composition root."""

from django.apps import AppConfig


class RootConfig(AppConfig):
    """Settings, routes, health, checks."""

    name = "config"

    def ready(self) -> None:
        """Make the deployment checks known; let tasks' lines carry their requests' ids."""
        from config import checks, task_lines  # noqa: F401  # registers its checks when imported

        task_lines.connect()
