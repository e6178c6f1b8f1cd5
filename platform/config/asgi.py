"""The ASGI application: collectors the short way, pages and API through Django, WebSockets."""

import gc
import os

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application

from config.stopping import end_while_loading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
end_while_loading()

http = get_asgi_application()  # loads the apps; what follows may import them

from alerts import live as alerts  # noqa: E402  # needs the apps
from config.headers import of_programs  # noqa: E402
from config.requests import Requests  # noqa: E402
from ingest.asgi import Collectors  # noqa: E402  # needs the apps
from ingest.live import websocket_patterns  # noqa: E402
from regulator.wall import live as wall  # noqa: E402
from tenants.sockets import MemberSocketMiddleware  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": Requests(Collectors(http, of_programs())),
        "websocket": AllowedHostsOriginValidator(
            MemberSocketMiddleware(
                URLRouter(
                    [*websocket_patterns, *alerts.websocket_patterns, *wall.websocket_patterns]
                )
            )
        ),
    }
)

# What was loaded so far stays for good. Without this every batch of events makes the collector walk
# through all of it again (a quarter of the time of a batch).
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
