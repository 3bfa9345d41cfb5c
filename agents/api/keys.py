"""Who calls: a program with a key of staff acts as that person, with that person's rights."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from agents.models import AccessKey
from agents.services import access_keys
from hbu.lib.api.rates import Rate

if TYPE_CHECKING:
    # Django REST framework reads its settings, which name this module, while it is imported.
    from rest_framework.views import APIView


class ByAccessKey(BaseAuthentication):
    """`Authorization: Bearer hbs_...` (RFC 6750); other keys are left to whom they belong."""

    def authenticate(self, request: Request) -> tuple[AbstractUser, type[AccessKey]] | None:
        scheme, _space, key = get_authorization_header(request).partition(b" ")
        secret = key.strip().decode("latin-1")
        if scheme.lower() != b"bearer" or not secret.startswith(access_keys.MARK):
            return None
        user = access_keys.owner_of(secret)
        if user is None:
            raise AuthenticationFailed(_("This key is unknown, was revoked or has expired."))
        return user, AccessKey

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class StaffRate(Rate):
    """Staff, by key or in the browser; everybody else is counted elsewhere."""

    scope = "staff"

    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        user = request.user
        if not (user and user.is_active and user.is_staff):
            return None
        return self.cache_format % {"scope": self.scope, "ident": user.pk}
