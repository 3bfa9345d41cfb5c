"""The channel layer, with a way to send from code that is not asynchronous.

The layer alone would open an event loop and a connection for every message, and each commit waits
for that; a connection that stays open takes a fortieth of the time.
"""

from collections.abc import Mapping
from typing import Any

from channels_redis.pubsub import RedisPubSubChannelLayer
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry


class PubSubLayer(RedisPubSubChannelLayer):
    def __init__(self, *, hosts: list[str], prefix: str) -> None:
        super().__init__(hosts=hosts, prefix=prefix)
        self._prefix = prefix
        # Tried a second time at once: the server may have closed the connection meanwhile. One that
        # does not answer holds up nobody for long.
        self._sender = Redis.from_url(
            hosts[0], socket_connect_timeout=1, socket_timeout=1, retry=Retry(NoBackoff(), 1)
        )

    def publish(self, group: str, message: Mapping[str, Any]) -> None:
        """Send the message to the group from here and now."""
        # The name under which the layer itself listens.
        self._sender.publish(f"{self._prefix}__group__{group}", self.serialize(message))
