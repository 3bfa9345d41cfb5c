from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:
    from rest_framework.views import APIView


class Nobody(BasePermission):
    """The default: a view that forgets to say who may use it serves nobody (promise F1)."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return False
