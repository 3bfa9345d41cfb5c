"""From the cart to the order, in four steps with an address each; the back button harms nothing."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hbu.company.terms import terms
from hbu.lib.errors import DomainError
from orders.models import Order
from orders.services import buying, checkout, idempotency, own, refusing
from orders.views import forms, links, status
from orders.views.visit import STEPS, Visit, visit
from shop.models import Customer
from shop.services import carts
from shop.services.house import company
from shop.views.page import page

TITLES: dict[str, Callable[[], str]] = {
    "contact": lambda: _("Contact"),
    "delivery": lambda: _("Delivery"),
    "payment": lambda: _("Payment"),
    "review": lambda: _("Check and order"),
}
_ELSEWHERE = {
    "cart.empty": "shop:cart",
    "cart.gone": "shop:cart",
    "payment.not_offered": "orders:checkout_payment",
}
GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


def start(request: HttpRequest) -> HttpResponse:
    return redirect(f"orders:checkout_{visit(request).next_step}")


@GET_OR_POST
def contact(request: HttpRequest) -> HttpResponse:
    one = visit(request)
    kind = forms.Person if one.customer else forms.Guest
    return _step(one, "contact", kind(request.POST or None, initial=one.known))


@GET_OR_POST
def delivery(request: HttpRequest) -> HttpResponse:
    one = visit(request)
    form = forms.Delivery(
        request.POST or None, saved=one.saved, initial=one.said.get("delivery", {})
    )
    return _step(one, "delivery", form, billing=one.billing)


@GET_OR_POST
def payment(request: HttpRequest) -> HttpResponse:
    one = visit(request)
    if away := _astray(one, "payment"):
        return away
    try:
        order = buying.sums(one.full_cart, _undecided(one.wishes))
    except DomainError as error:
        return _refused(one, error)
    offered = checkout.payments(one.wishes.buyer, order.gross)
    words = [(code, str(Customer.Payment(code).label)) for code in offered]
    form = forms.Payment(request.POST or None, offered=words, initial=one.said.get("payment", {}))
    limited = one.customer is None and Customer.Payment.INVOICE not in offered
    limit = terms().guest_limit if limited else None
    return _step(one, "payment", form, order=order, limit=limit, customer=one.customer)


def _undecided(wishes: buying.Wishes) -> buying.Wishes:
    """What was chosen before may not be offered any more."""
    return replace(wishes, particulars=replace(wishes.particulars, payment=""))


def _step(one: Visit, step: str, form: Form, **shown: Any) -> HttpResponse:
    if away := _astray(one, step):
        return away
    status = 200
    if one.request.method == "POST":
        if form.is_valid():
            one.keep(step, form.cleaned_data)
            return redirect(f"orders:checkout_{STEPS[STEPS.index(step) + 1]}")
        status = 422
    told = {"form": form, "steps": steps(one, step), "visit": one, **shown}
    return page(one.request, f"orders/shop/{step}.html", told, status=status)


def steps(one: Visit, current: str) -> Sequence[dict[str, Any]]:
    return [
        {
            "code": step,
            "title": TITLES[step](),
            "current": step == current,
            "open": step != current and one.may(step),
        }
        for step in STEPS
    ]


def _astray(one: Visit, step: str) -> HttpResponse | None:
    """Where to instead: back to the cart when it is empty, to the first step not yet done."""
    if one.cart is None or not carts.count(one.cart):
        messages.info(one.request, _(buying.EMPTY))
        return redirect("shop:cart")
    return None if one.may(step) else redirect(f"orders:checkout_{one.next_step}")


@GET_OR_POST
def review(request: HttpRequest) -> HttpResponse:
    one = visit(request)
    if request.method == "POST":
        return _buy(one)
    if away := _astray(one, "review"):
        return away
    try:
        shown = buying.review(one.full_cart, one.wishes)
    except DomainError as error:
        return _refused(one, error)
    told = {"review": shown, "key": uuid4().hex, "steps": steps(one, "review"), "visit": one}
    told |= {"minutes": terms().checkout_minutes, "rates": status.tax_by_rate(shown.lines)}
    return page(request, "orders/shop/review.html", told)


def _buy(one: Visit) -> HttpResponse:
    """The same form sent again, by whatever haste, is the same order (promise O2)."""
    cart, seen = one.cart, one.request.POST.get("seen", "")
    if cart is None:
        return redirect("shop:cart")
    by = one.contact.user if one.contact else None

    def act() -> idempotency.Answer:
        # Not before: who comes second finds an empty cart, and the answer of the first.
        if one.next_step != "review":
            raise buying.Changed
        order = buying.buy(cart, one.wishes, seen, by=by)
        return idempotency.Answer(303, {"token": order.token})

    key = one.request.POST.get("key", "")
    try:
        answer = idempotency.once(f"checkout:{cart.pk}", key, {"seen": seen}, act)
    except DomainError as error:
        return _refused(one, error)
    one.forget()
    response = redirect("orders:placed", token=answer.body["token"])
    response.status_code = answer.status
    return response


def _refused(one: Visit, error: DomainError) -> HttpResponse:
    """Say what is in the way and what can be done about it with one click."""
    template = "refused"
    if isinstance(error, refusing.SoldOut):
        template = "sold_out"
    elif isinstance(error, refusing.PricesChanged):
        template = "prices_changed"
    elif isinstance(error, buying.Changed):
        messages.warning(one.request, _(error.message))
        return redirect("orders:checkout_review")
    elif error.code in _ELSEWHERE:
        messages.info(one.request, _(error.message))
        return redirect(_ELSEWHERE[error.code])
    told = {"error": error, "message": _(error.message), "steps": steps(one, "review")}
    return page(one.request, f"orders/shop/{template}.html", told, status=error.status)


@require_POST
def accept_prices(request: HttpRequest) -> HttpResponse:
    one = visit(request)
    if one.cart is not None:
        carts.accept_prices(one.cart, one.customer)
    return redirect("orders:checkout")


@require_POST
def reduce(request: HttpRequest) -> HttpResponse:
    one = visit(request)
    if one.cart is not None:
        buying.reduce(one.cart, one.customer)
        messages.info(request, _("Your cart now holds what can be delivered."))
    return redirect("orders:checkout")


def placed(request: HttpRequest, token: str) -> HttpResponse:
    """The page after the order; it may be opened again as long as the order's link holds."""
    order = links.visited(request, token)
    told = {
        "order": order,
        "printouts": own.printouts_of(order).order_by("pk"),
        "in_review": order.state == Order.State.CREATED,
        "company": company(),
        "days": terms().prepayment_days,
        "prepaid": order.payment == Customer.Payment.PREPAYMENT,
    }
    return status.private(page(request, "orders/shop/placed.html", told))
