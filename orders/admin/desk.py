"""The draft desk: an order that needs a person, put right and confirmed on one page."""

from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Media
from django.forms.widgets import Script
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from hbu.lib.admin import Transition
from hbu.lib.admin.showing import Words, address
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from hbu.lib.words import whole_number
from orders.admin import desk_page
from orders.models import Order
from orders.models.order import State
from orders.services import moving, placing, remedying
from shop.models import Customer, Product

WORKBENCH = Media(
    css={"all": ["orders/document.css", "orders/desk.css"]},
    js=[Script("orders/bench.js", defer=True)],  # type: ignore[list-item] # stubs are older
)
DECISIONS = frozenset({"confirm", "confirm-as-shown"})


class DeskMixin:
    """Adds the desk to the admin of orders."""

    admin_site: Any
    opts: Any
    get_object: Callable[..., Any]
    has_view_permission: Callable[..., bool]
    transitions_for: Callable[..., Iterator[Transition]]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.desk_view)
        urls: list[URLPattern] = super().get_urls()  # type: ignore[misc]
        return [path("<int:pk>/desk/", view, name="orders_order_desk"), *urls]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The way to the desk is the first button of an order that waits."""
        response = super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]
        order = kwargs.get("obj")
        if order is not None and order.state == State.CREATED:
            desk = {
                "title": _("Draft desk"),
                "icon": "fact_check",
                "variant": ActionVariant.PRIMARY,
                "path": reverse("admin:orders_order_desk", args=[order.pk]),
            }
            others = context.get("actions_detail", ())
            context["actions_detail"] = [desk, *map(_quieter, others)]
        return response  # type: ignore[no-any-return]

    def desk_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        order = self.get_object(request, str(pk))
        if order is None or not self.has_view_permission(request):
            raise Http404
        if request.method == "POST":
            return self._do(request, order)
        if order.state != State.CREATED:
            return HttpResponseRedirect(address(order))
        return TemplateResponse(request, "orders/desk.html", self._desk_context(request, order))

    def _desk_context(self, request: HttpRequest, order: Order) -> dict[str, Any]:
        waiting = Order.objects.to_check().exclude(pk=order.pk)
        may = request.user.has_perm
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Draft desk"),
            "media": WORKBENCH,
            "order": order,
            "desk": desk_page.desk(order),
            "may_change": may("orders.change_order"),
            "may_confirm": may("orders.confirm_order"),
            "next": waiting.filter(pk__gt=order.pk).order_by("pk").first()
            or waiting.order_by("pk").first(),
            "waiting": waiting.count(),
            "steps": list(self._steps(request, order)),
        }

    def _steps(self, request: HttpRequest, order: Order) -> Iterator[tuple[Words, str]]:
        """What else can be done with the order, each with its dialog."""
        for one in self.transitions_for(request, order):
            if one.name not in DECISIONS:
                url = reverse("admin:orders_order_transition", args=[order.pk, one.name])
                yield one.label, url

    def _do(self, request: HttpRequest, order: Order) -> HttpResponse:
        verb, *words = request.POST.get("do", "").split() or [""]
        permission = "confirm_order" if verb in DECISIONS else "change_order"
        if not request.user.has_perm(f"orders.{permission}"):
            raise PermissionDenied
        try:
            act = ACTS.get(verb)
            if act is None:
                raise _unclear()
            if request.POST.get("seen", str(order.version)) != str(order.version):
                raise moving.overtaken(order)
            act(order, words, request)
        except DomainError as error:
            messages.error(request, gettext(error.message))
            return HttpResponseRedirect(request.path)
        if verb in DECISIONS:
            return self._decided(request, order)
        return HttpResponseRedirect(f"{request.path}#{_place(words, order)}")

    def _decided(self, request: HttpRequest, order: Order) -> HttpResponse:
        messages.success(request, gettext("%(order)s is confirmed.") % {"order": order})
        following = Order.objects.to_check().order_by("pk").first()
        if following is None:
            return HttpResponseRedirect(address(order))
        return HttpResponseRedirect(reverse("admin:orders_order_desk", args=[following.pk]))


def _quieter(action: dict[str, Any]) -> dict[str, Any]:
    """One button stands out; a dangerous one keeps its colour."""
    is_loud = action["variant"] is ActionVariant.PRIMARY
    return action | {"variant": ActionVariant.DEFAULT} if is_loud else action


def _place(words: list[str], order: Order) -> str:
    """Where the page goes on: at the line that was put right."""
    row = order.lines.filter(pk=whole_number(words[0]) or 0).first() if words else None
    return f"field-lines.{row.position - 1}" if row else ""


def _unclear() -> DomainError:
    return DomainError("order.unclear", N_("It is not clear what shall be done."), status=400)


def _number(text: str) -> Decimal:
    try:
        found = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise DomainError("order.no_number_given", N_("Enter a whole number of pieces.")) from None
    if not found.is_finite() or abs(found) > 10**9 or found % 1:
        raise DomainError("order.no_number_given", N_("Enter a whole number of pieces."))
    return found


def _line_of(words: list[str]) -> int:
    line = whole_number(words[0]) if words else None
    if line is None:
        raise _unclear()
    return line


def _said(words: list[str], request: HttpRequest, name: str) -> str:
    """What the button says, else what was typed beside it."""
    typed = request.POST.get(f"{name}-{words[0]}", "") if words else ""
    return words[1] if len(words) > 1 else typed.strip()


def _choose_product(order: Order, words: list[str], request: HttpRequest) -> None:
    line, sku = _line_of(words), _said(words, request, "product").split(" ")[0]
    product = Product.objects.on_sale().filter(sku__iexact=sku).first()
    if product is None:
        said = gettext("We sell nothing under the number “%(sku)s”.") % {"sku": sku}
        raise DomainError("order.unknown_sku", said)
    remedying.choose_product(order, line, product, by=request.user)  # type: ignore[arg-type] # staff


def _set_quantity(order: Order, words: list[str], request: HttpRequest) -> None:
    quantity = _number(_said(words, request, "quantity"))
    remedying.set_quantity(order, _line_of(words), quantity, by=request.user)  # type: ignore[arg-type]


def _agree_price(order: Order, words: list[str], request: HttpRequest) -> None:
    remedying.agree_price(order, _line_of(words), by=request.user)  # type: ignore[arg-type]


def _split(order: Order, words: list[str], request: HttpRequest) -> None:
    kept = int(_number(_said(words, request, "keep")))
    remedying.split(order, _line_of(words), kept, by=request.user)  # type: ignore[arg-type]


def _put_off(order: Order, words: list[str], request: HttpRequest) -> None:
    kept = int(_number(_said(words, request, "keep")))
    later = remedying.put_off(order, _line_of(words), kept, by=request.user)  # type: ignore[arg-type]
    said = gettext("The rest waits as order %(order)s.") % {"order": later}
    messages.success(request, said)


def _accept(order: Order, words: list[str], request: HttpRequest) -> None:
    match words:
        case [code, said] if (position := whole_number(said)) is not None:
            remedying.accept(order, code, position, by=request.user)  # type: ignore[arg-type]
        case _:
            raise _unclear()


def _choose_customer(order: Order, words: list[str], request: HttpRequest) -> None:
    number = (words[0] if words else request.POST.get("customer", "")).strip().split(" ")[0]
    customer = Customer.objects.filter(number__iexact=number, merged_into=None).first()
    if customer is None:
        said = gettext("No customer has the number “%(number)s”.") % {"number": number}
        raise DomainError("order.unknown_customer_number", said)
    remedying.choose_customer(order, customer, by=request.user)  # type: ignore[arg-type]


def _confirm(order: Order, words: list[str], request: HttpRequest) -> None:
    placing.confirm_as_asked(order, by=request.user)  # type: ignore[arg-type]


def _confirm_as_shown(order: Order, words: list[str], request: HttpRequest) -> None:
    placing.accept_doubts(order, by=request.user)  # type: ignore[arg-type]


ACTS: dict[str, Callable[[Order, list[str], HttpRequest], None]] = {
    "product": _choose_product,
    "quantity": _set_quantity,
    "price": _agree_price,
    "split": _split,
    "put-off": _put_off,
    "accept": _accept,
    "customer": _choose_customer,
    "confirm": _confirm,
    "confirm-as-shown": _confirm_as_shown,
}
