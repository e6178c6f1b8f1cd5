"""Wiring of health."""

from django.apps import AppConfig


class HealthConfig(AppConfig):
    """Probes, signs of life, incidents, the status page."""

    name = "health"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the floor's probes and the page; listen to the projector and the worker."""
        from eventlog import projector
        from health import beats, contracts, work  # noqa: F401  # contracts registers its events
        from health.notices import standing_still
        from health.probes import (
            imports,
            processes,
            projections,
            queues,
            sealing,
            services,
            stream,
        )
        from health.registry import register, register_source
        from portal import nav, notices

        for group in (services, processes, queues, stream, imports, sealing):
            for probe in group.PROBES:
                register(probe)
        register_source(projections.probes)
        projector.on_round(lambda: beats.beat(processes.PROJECTOR))
        work.connect()
        notices.register(standing_still)
        nav.register(
            nav.NavItem(
                label="Status",
                url_name="status",
                section="Data",
                order=9,
                permission=None,
                icon="status",
                shortcut="s",
            )
        )
