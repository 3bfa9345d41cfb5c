"""Who calls the API: a customer's program by its key, a customer in the browser, or a stranger."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from hbu.lib.api.rates import Rate
from hbu.lib.callers import ip_of
from shop.models import Contact, Customer
from shop.services import accounts, api_keys, people

if TYPE_CHECKING:
    # Django REST framework reads its settings, which name this module, while it is imported.
    from rest_framework.views import APIView


@dataclass(frozen=True, slots=True)
class Caller:
    customer: Customer | None
    contact: Contact | None = None
    user: AbstractBaseUser | None = None

    @property
    def scope(self) -> str:
        """Within which an idempotency key means one request; of a stranger it is told elsewhere."""
        return f"api:{self.customer.pk}" if self.customer else ""


class ByKey(BaseAuthentication):
    """`Authorization: Bearer hbu_...` (RFC 6750)."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Customer] | None:
        scheme, _space, key = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        customer = api_keys.customer_of(key.strip().decode("latin-1"))
        if customer is None:
            raise AuthenticationFailed(_("This API key is unknown or was revoked."))
        return AnonymousUser(), customer

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def caller(request: Request) -> Caller:
    """Return who asks. Staff are nobody's customer and order as guests do."""
    if isinstance(request.auth, Customer):
        return Caller(request.auth)
    contact = accounts.contact_of(request.user)
    if contact is None or not request.user.is_authenticated:
        return Caller(None)
    return Caller(people.kept(contact.customer), contact, request.user)


class _Rate(Rate):
    def _who(self, request: Request) -> str:
        raise NotImplementedError

    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        who = self._who(request)
        return self.cache_format % {"scope": self.scope, "ident": who} if who else None

    def get_ident(self, request: Request) -> str:
        return ip_of(request._request)


class Strangers(_Rate):
    scope = "strangers"

    def _who(self, request: Request) -> str:
        return (
            ""
            if isinstance(request.auth, Customer) or _is_known(request)
            else self.get_ident(request)
        )


class Customers(_Rate):
    scope = "customers"

    def _who(self, request: Request) -> str:
        if isinstance(request.auth, Customer):
            return f"customer-{request.auth.pk}"
        # Staff have a rate of their own.
        counted = _is_known(request) and not request.user.is_staff
        return f"user-{request.user.pk}" if counted else ""


class GuestOrders(_Rate):
    """Orders of strangers: each makes rows and takes pieces from the shelf."""

    scope = "guest_orders"

    def _who(self, request: Request) -> str:
        if request.method != "POST" or isinstance(request.auth, Customer) or _is_known(request):
            return ""
        return self.get_ident(request)


class Guesses(_Rate):
    """Links that somebody may be guessing; a customer's own pages are few."""

    scope = "guesses"

    def _who(self, request: Request) -> str:
        return self.get_ident(request)


def _is_known(request: Request) -> bool:
    return bool(request.user and request.user.is_authenticated)
