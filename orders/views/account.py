"""What a customer's people see of the company's orders and documents, and of nobody else's."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hbu.lib.amounts import number, unit_price
from hbu.lib.errors import DomainError
from hbu.lib.telling import told
from orders.models import Order, Printout
from orders.models.order import State
from orders.services import own, reordering
from orders.views import status
from orders.views.visit import language
from shop.models import Customer
from shop.services import people
from shop.services.house import currency
from shop.views.page import page
from shop.views.visitor import for_customers, visitor

A_PAGE = 20


def _customer(request: HttpRequest) -> Customer:
    contact = visitor(request).contact
    if contact is None:
        raise Http404
    return people.kept(contact.customer)


@require_safe
@for_customers
def orders(request: HttpRequest) -> HttpResponse:
    query, state = _query(request), request.GET.get("state", "")
    found = own.orders(_customer(request)).order_by("-id")
    if state in State.values:
        found = found.filter(state=state)
    if query:
        wanted = Q(number__icontains=query) | Q(reference__icontains=query)
        of_line = Q(lines__sku__icontains=query) | Q(lines__name__icontains=query)
        found = found.filter(wanted | of_line).distinct()
    shown = {"wanted": query, "state": state, "states": State.choices}
    return page(request, "orders/shop/orders.html", shown | _paged(request, found))


@require_safe
@for_customers
def documents(request: HttpRequest) -> HttpResponse:
    kind = request.GET.get("kind", "")
    found = own.printouts(_customer(request)).order_by("-id")
    if kind in Printout.Kind.values:
        found = found.filter(kind=kind)
    found = found.select_related("order", "invoice__order", "shipment__order", "quotation")
    shown = {"kind": kind, "kinds": Printout.Kind.choices}
    return page(request, "orders/shop/documents.html", shown | _paged(request, found))


@require_safe
@for_customers
def quotations(request: HttpRequest) -> HttpResponse:
    found = own.quotations(_customer(request)).order_by("-id")
    return page(request, "orders/shop/quotations.html", _paged(request, found))


def _query(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()[:80]


def _paged(request: HttpRequest, found: "QuerySet[Any]") -> dict[str, object]:
    rows = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    return {"rows": rows, "asked": asked.urlencode()}


@require_safe
def order(request: HttpRequest, number: str) -> HttpResponse:
    shown = status.shown(_own(request, number)) | {"account": True}
    return page(request, "orders/shop/status.html", shown)


@require_safe
def order_document(request: HttpRequest, number: str, filename: str) -> HttpResponse:
    printouts = own.printouts_of(_own(request, number))
    return status.sent(printouts.filter(filename=filename).first())


@require_safe
def document(request: HttpRequest, filename: str) -> HttpResponse:
    return status.sent(own.printouts(_customer(request)).filter(filename=filename).first())


def _own(request: HttpRequest, number: str) -> Order:
    """The order of this number if it is the customer's own; the same nothing otherwise."""
    found = own.orders(_customer(request)).filter(number=number.replace("\0", "")).first()
    if found is None:
        raise Http404
    return found


@require_POST
def again(request: HttpRequest, number: str) -> HttpResponse:
    one, customer = visitor(request), _customer(request)
    order = _own(request, number)
    try:
        repeated = reordering.repeat(order, one.open_cart(), customer)
    except DomainError as error:
        messages.error(request, told(error.message))
        return redirect("orders:account_order", number=order.number)
    for words in _news(repeated):
        messages.warning(request, words)
    messages.success(request, _("The articles of %s are in your cart.") % order.number)
    return one.keep(redirect("shop:cart"))


def _news(repeated: Iterable[reordering.Repeated]) -> list[str]:
    """What is not as it was, in a line each."""
    found = []
    for one in repeated:
        name = {"article": f"{one.line.sku} {one.line.name}"}
        if one.price is None:
            found.append(_("%(article)s is not sold any more.") % name)
            continue
        if one.price != one.was:
            old, new = (unit_price(at, currency(), language()) for at in (one.was, one.price))
            said = name | {"old": old, "new": new}
            found.append(_("%(article)s: a piece cost %(old)s, today %(new)s.") % said)
        if one.short:
            said = name | {"count": number_of(one.available)}
            found.append(_("%(article)s: %(count)s pieces are in stock.") % said)
    return found


def number_of(count: int) -> str:
    return number(count, language())
