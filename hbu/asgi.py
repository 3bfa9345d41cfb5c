"""The web server's door: pages over HTTP, live events over one socket."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hbu.settings")
http = get_asgi_application()

from channels.auth import AuthMiddlewareStack  # noqa: E402 - the apps must be ready first
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.urls import path  # noqa: E402

from hbu.journal.consumers import TOLD, LiveConsumer  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": AllowedHostsOriginValidator(
            AuthMiddlewareStack(
                URLRouter(
                    [
                        path("live", LiveConsumer.as_asgi()),
                        *(
                            path(name, LiveConsumer.as_asgi(types=told))
                            for name, told in TOLD.items()
                        ),
                    ]
                )
            )
        ),
    }
)
