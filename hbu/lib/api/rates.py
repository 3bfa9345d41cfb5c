from typing import TYPE_CHECKING

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from hbu.lib.limits import AWAY

if TYPE_CHECKING:
    # Django REST framework reads its settings, which name its users, while it is imported.
    from rest_framework.views import APIView


class Rate(SimpleRateThrottle):
    """How often somebody may call; while the broker that counts is away, as often as they like."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        try:
            return bool(super().allow_request(request, view))
        except AWAY:
            return True
