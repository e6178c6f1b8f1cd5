"""The ASGI application: HTTP through Django, WebSockets through Channels."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

http = get_asgi_application()  # loads the apps; what follows may import them

from tenants.sockets import MemberSocketMiddleware  # noqa: E402  # as above

from ingest.live import websocket_patterns  # noqa: E402  # needs the apps

application = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": AllowedHostsOriginValidator(
            MemberSocketMiddleware(URLRouter(websocket_patterns))
        ),
    }
)
