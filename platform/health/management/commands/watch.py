"""``manage.py watch``: the process that notices what stands still."""

import signal
from typing import Any

from django.core.management.base import BaseCommand

from health.watch import Watcher


class Command(BaseCommand):
    """Look at every part every few seconds, until told to stop."""

    help = "Notice what stands still: open incidents, tell the operators, close them when it works."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; TERM and INT let the round in hand finish."""
        watcher = Watcher()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: watcher.stop())
        watcher.run()
