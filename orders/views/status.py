"""How far an order is: by its link, with its documents; by number and mail address the state alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hbu.lib import limits
from hbu.lib.addresses import address_key
from hbu.lib.blobs import Missing
from hbu.lib.callers import ip_of
from hbu.lib.downloads import download
from hbu.lib.reasons import N_
from orders.models import Order, Printout
from orders.models.order import State
from orders.services import own, printing
from orders.views import links
from shop.services.house import company
from shop.views.page import page

LOOKUPS, SECONDS = 10, 3600
STEPS: tuple[tuple[str, frozenset[str]], ...] = (
    (N_("Received"), frozenset({State.CREATED})),
    (N_("Confirmed"), frozenset({State.CONFIRMED, State.PLANNED})),
    (N_("In production"), frozenset({State.IN_PRODUCTION, State.PRODUCED})),
    (N_("Packed"), frozenset({State.PACKED})),
    (N_("On its way"), frozenset({State.SHIPPED})),
    (N_("Delivered"), frozenset({State.DELIVERED, State.INVOICED, State.CLOSED})),
)


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    done: bool
    current: bool


def steps(order: Order) -> list[Step]:
    at = next((i for i, (_title, states) in enumerate(STEPS) if order.state in states), -1)
    last = len(STEPS) - 1
    return [
        Step(_(title), done=index < at or at == last, current=index == at)
        for index, (title, _states) in enumerate(STEPS)
    ]


@require_safe
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    order = links.visited(request, token)
    return private(page(request, "orders/shop/status.html", shown(order)))


def shown(order: Order) -> dict[str, object]:
    """What the holder of the link, or the customer logged in, sees of an order."""
    lines = order.lines.order_by("position")
    fetched = order.shipments.prefetch_related(Prefetch("lines")).order_by("shipped_at")
    house = company()
    return {
        "order": order,
        "steps": steps(order),
        "cancelled": order.state == State.CANCELLED,
        "lines": lines,
        "shipments": list(fetched),
        "printouts": own.printouts_of(order).order_by("pk"),
        "rates": tax_by_rate(lines),
        "ask": _mailto(order, house.email) if house and house.email else "",
    }


def tax_by_rate(lines: Iterable[object]) -> list[Decimal]:
    return sorted({line.tax_rate for line in lines if line.tax_rate})  # type: ignore[attr-defined]


def _mailto(order: Order, address: str) -> str:
    subject = _("Question about order %(number)s") % {"number": order.number}
    return f"mailto:{address}?subject={quote(subject)}"


@require_safe
def document(request: HttpRequest, token: str, filename: str) -> HttpResponse:
    order = links.visited(request, token)
    return sent(own.printouts_of(order).filter(filename=filename).first())


def sent(printout: Printout | None) -> HttpResponse:
    if printout is None:
        raise Http404
    try:
        data = printing.content(printout)
    except Missing:
        raise Http404 from None
    return private(download(data, printout.filename, printout.media_type))


@require_http_methods(["GET", "HEAD", "POST"])
def lookup(request: HttpRequest) -> HttpResponse:
    """Where is my order? Whoever knows number and mail address hears the state and no more."""
    number = request.POST.get("number", "").strip()[:30]
    email = request.POST.get("email", "").strip()[:254]
    told: dict[str, object] = {"number": number, "email": email}
    status = 200
    if request.method == "POST":
        if limits.count("order.lookup", ip_of(request), seconds=SECONDS) > LOOKUPS:
            told["error"] = _("Too many tries. Please wait an hour, or use the link in our mail.")
            status = 429
        elif order := _found(number, email):
            told |= {"order": order, "steps": steps(order)}
            told["cancelled"] = order.state == State.CANCELLED
        else:
            told["error"] = _("We find no order with this number and mail address.")
            status = 404
    return private(page(request, "orders/shop/lookup.html", told, status=status))


def _found(number: str, email: str) -> Order | None:
    if "\0" in number or not email:
        return None
    order = Order.objects.filter(number__iexact=number).select_related("customer").first()
    if order is None:
        return None
    known = {address_key(order.contact_email)} if order.contact_email else set()
    if order.customer and not order.contact_email:
        known = {address_key(one.email) for one in order.customer.contacts.all()}
    return order if address_key(email) in known else None


def private(response: HttpResponse) -> HttpResponse:
    """The address is a key: it is told to no other site and found by no search.

    To ourselves it is: from a page without any referrer browsers post forms as from nowhere, and
    the check against forged requests refuses them.
    """
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
