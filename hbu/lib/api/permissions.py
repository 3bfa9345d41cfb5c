from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:
    from rest_framework.views import APIView


class Nobody(BasePermission):
    """The default: a view that forgets to say who may use it serves nobody (promise F1)."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return False


def may(permission: str, **by_method: str) -> type[BasePermission]:
    """Serve staff who hold the permission; a method that needs another one names it.

    may("cases.view_case", POST="cases.add_case")
    """

    class May(BasePermission):
        def has_permission(self, request: Request, view: "APIView") -> bool:
            user = request.user
            needed = by_method.get(request.method or "", permission)
            return bool(user and user.is_active and user.is_staff and user.has_perm(needed))

    return May
