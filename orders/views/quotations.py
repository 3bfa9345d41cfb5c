"""A quotation: asked for from the cart, looked at by its link, accepted or declined there."""

from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hbu.lib import limits
from hbu.lib.callers import ip_of
from hbu.lib.errors import DomainError
from hbu.lib.telling import told
from orders.models import Quotation
from orders.services import asking, idempotency, own, quoting
from orders.views import forms, links, status
from orders.views.visit import Visit, newcomer, visit
from shop.services import baskets
from shop.views.page import page

REQUESTS, SECONDS = 20, 3600


@require_http_methods(["GET", "HEAD", "POST"])
def request_one(request: HttpRequest) -> HttpResponse:
    """The articles in the cart, and who wants to know what they would cost."""
    one = visit(request)
    basket = baskets.read(one.cart, one.customer)
    kind = forms.AskingPerson if one.customer else forms.AskingGuest
    form = kind(request.POST or None, initial={"key": uuid4().hex, **one.known})
    error = ""
    if request.method == "POST" and basket.items and form.is_valid():
        try:
            return _requested(one, form.cleaned_data)
        except DomainError as refused:
            error = told(refused.message)
    context = {"form": form, "basket": basket, "error": error}
    return page(
        request, "orders/shop/ask_for_quotation.html", context,
        status=422 if request.method == "POST" else 200,
    )  # fmt: skip


def _requested(one: Visit, said: dict[str, str]) -> HttpResponse:
    if limits.count("quotation.request", ip_of(one.request), seconds=SECONDS) > REQUESTS:
        raise DomainError("quotation.too_often", _("Too many requests. Please wait a while."))
    key = said.pop("key") or uuid4().hex
    asked = asking.Asked(
        cart=one.full_cart,
        buyer=one.customer or newcomer(said),
        name=said["name"],
        email=said["email"],
        phone=said["phone"],
        reference=said["reference"],
        note=said["note"],
        language=newcomer(said).language,
    )
    by = one.contact.user if one.contact else None

    def act() -> idempotency.Answer:
        return idempotency.Answer(303, {"token": asking.ask(asked, by=by).token})

    answer = idempotency.once(f"request:{one.full_cart.pk}", key, said, act)
    messages.success(one.request, _("Thank you. We have your request."))
    return redirect("orders:quotation", token=answer.body["token"])


@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    return _shown(request, _held(request, token))


def _shown(
    request: HttpRequest, quotation: Quotation, *, error: str = "", code: int = 200
) -> HttpResponse:
    over = bool(quotation.valid_until and quotation.valid_until < timezone.localdate())
    lines = quotation.lines.order_by("position")
    context = {
        "quotation": quotation,
        "lines": lines,
        "rates": status.tax_by_rate(lines),
        "printouts": own.printouts_of_quotation(quotation).order_by("pk"),
        "open": quotation.state == Quotation.State.SENT and not over,
        "over": over,
        "waits": quotation.state == Quotation.State.REQUESTED,
        "key": uuid4().hex,
        "error": error,
    }
    return status.private(page(request, "orders/shop/quotation.html", context, status=code))


def _held(request: HttpRequest, token: str) -> Quotation:
    return links.quotation(request, token)


@require_POST
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Sent twice, it is accepted once, and both see the order (promise O2)."""
    quotation = _held(request, token)

    def act() -> idempotency.Answer:
        return idempotency.Answer(303, {"token": quoting.accept(quotation).token})

    try:
        key = request.POST.get("key", "")
        answer = idempotency.once(f"quotation:{quotation.pk}", key, {"accept": token}, act)
    except DomainError as error:
        quotation.refresh_from_db()
        if quotation.order is not None:
            return redirect("orders:placed", token=quotation.order.token)
        return _shown(request, quotation, error=told(error.message), code=error.status)
    return redirect("orders:placed", token=answer.body["token"])


@require_POST
def decline(request: HttpRequest, token: str) -> HttpResponse:
    quotation = _held(request, token)
    try:
        quoting.decline(quotation, reason=request.POST.get("reason", "")[:300])
    except DomainError as error:
        quotation.refresh_from_db()
        return _shown(request, quotation, error=told(error.message), code=error.status)
    messages.success(request, _("You have declined this quotation. Thank you for telling us."))
    return redirect("orders:quotation", token=token)


@require_safe
def document(request: HttpRequest, token: str, filename: str) -> HttpResponse:
    quotation = _held(request, token)
    found = own.printouts_of_quotation(quotation).filter(filename=filename).first()
    if found is None:
        raise Http404
    return status.sent(found)
