"""Wiring of the composition root."""

from django.apps import AppConfig


class RootConfig(AppConfig):
    """Settings, routes, health, checks."""

    name = "config"

    def ready(self) -> None:
        """Make the deployment checks known."""
        from config import checks  # noqa: F401  # registers its checks when imported
