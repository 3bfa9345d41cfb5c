"""Who is in the shop: a guest with a cart in a cookie, or a customer's person with one of his own.

    one = visitor(request)
    one.customer, one.cart, one.contact

Staff are guests here: their login opens the staff's house, not a customer's account.
"""

from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from shop.models import Cart, Contact, Customer
from shop.services import accounts, carts

COOKIE = "hbu_cart"


class Visitor:
    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def contact(self) -> Contact | None:
        return accounts.contact_of(self._request.user)

    @property
    def _user(self) -> User:
        return cast(User, self._request.user)

    @property
    def customer(self) -> Customer | None:
        return self.contact.customer if self.contact else None

    @property
    def known(self) -> tuple[Contact, Customer]:
        """Who is logged in; only for views that are `for_customers`."""
        if self.contact is None:
            raise PermissionDenied
        return self.contact, self.contact.customer

    @property
    def token(self) -> str:
        return self._request.COOKIES.get(COOKIE, "")[:43]

    @cached_property
    def cart(self) -> Cart | None:
        if self.contact:
            return carts.of_user(self._user)
        return carts.of_guest(self.token)

    @cached_property
    def cart_lines(self) -> int:
        return carts.count(self.cart) if self.cart else 0

    def open_cart(self) -> Cart:
        """Return the cart, a new one where there is none yet. Then `keep` it in the answer."""
        if self.cart is None:
            self.cart = carts.new(self._user if self.contact else None)
        return self.cart

    def keep(self, response: HttpResponse) -> HttpResponse:
        """Give a guest's browser the key of the cart for as long as the cart is kept."""
        if self.cart is not None and self.cart.user_id is None:
            response.set_cookie(
                COOKIE,
                self.cart.token,
                max_age=carts.KEPT,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


def visitor(request: HttpRequest) -> Visitor:
    """Return who is there; what was once read holds for the whole request."""
    found: Visitor | None = getattr(request, "shop_visitor", None)
    if found is None:
        found = request.shop_visitor = Visitor(request)  # type: ignore[attr-defined]
    return found


def for_customers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a view that is for customers who are logged in; others log in first."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if visitor(request).contact is None:
            asked = {"next": request.get_full_path()} if request.method == "GET" else {}
            return redirect(
                f"{reverse('shop:login')}?{urlencode(asked)}" if asked else "shop:login"
            )
        return view(request, *args, **kwargs)

    return guarded
