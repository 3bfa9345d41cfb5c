from hashlib import sha256
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import get_language, gettext
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hbu.lib.addresses import address_key
from orders.api.serializers import (
    OrderRequest,
    OrderSerializer,
    OrderSummary,
    QuoteRequest,
    QuoteSerializer,
)
from orders.data import Doubt, ProposedLine
from orders.models import Order
from orders.services import checkout, idempotency, links, own, placing, quick_ordering
from shop.api.callers import Caller, Customers, Guesses, GuestOrders, Strangers, caller
from shop.services import guests

_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="A text of your own for this very order. Sent again with the same body, it brings "
    "the same answer and no second order.",
)


def _items(lines: list[dict[str, Any]]) -> tuple[checkout.Item, ...]:
    return tuple(
        checkout.Item(sku=one["sku"], quantity=one["quantity"], price=one.get("price"))
        for one in lines
    )


class Quote(APIView):
    """What would it cost, and would it be taken? Nothing is kept of the question."""

    permission_classes = [AllowAny]

    @extend_schema(tags=["orders"], request=QuoteRequest, responses=QuoteSerializer)
    def post(self, request: Request) -> Response:
        said = QuoteRequest(data=request.data)
        said.is_valid(raise_exception=True)
        asked = said.validated_data
        checked = quick_ordering.check(
            quick_ordering.of_items(_items(asked["lines"]), Order.Source.API),
            caller(request).customer,
            ship_to=asked.get("country", ""),
        )
        return Response(QuoteSerializer(_quote(checked)).data)


def _quote(checked: quick_ordering.Checked) -> dict[str, Any]:
    proposal = checked.proposal
    return {
        "orderable": checked.orderable,
        "tax_category": proposal.tax_category,
        "totals": proposal,
        "lines": [_line(line, checked.doubts_of(line)) for line in proposal.lines],
        "doubts": [_doubt(one) for one in checked.of_order],
    }


def _line(line: ProposedLine, doubts: list[Doubt]) -> dict[str, Any]:
    article = line.match.article
    german = (get_language() or "en").startswith("de")
    return {
        "position": line.read.position,
        "wanted": line.read.sku or line.read.name,
        "sku": article.sku if article else "",
        "name": article.names[0 if german else -1] if article else "",
        "quantity": int(line.quantity),
        "unit_price": line.unit_price,
        "tax_rate": line.tax_rate,
        "total": line.total,
        "available": max(article.available, 0) if article else 0,
        "score": round(line.match.score, 2),
        "candidates": [{"sku": sku, "score": round(s, 2)} for sku, s in line.match.candidates],
        "doubts": [_doubt(one) for one in doubts],
    }


def _doubt(one: Doubt) -> dict[str, str]:
    return {"code": one.code, "detail": gettext(one.what), "evidence": one.evidence}


class Orders(ListAPIView[Order]):
    """Your orders, newest first; POST places one."""

    permission_classes = [AllowAny]
    throttle_classes = [Strangers, Customers, GuestOrders]
    serializer_class = OrderSummary

    def get_queryset(self) -> QuerySet[Order]:
        return own.orders(_known(self.request).customer)

    @extend_schema(tags=["orders"])
    def get(self, request: Request, *args: Any, **named: Any) -> Response:
        return self.list(request, *args, **named)

    @extend_schema(
        tags=["orders"],
        parameters=[_KEY],
        request=OrderRequest,
        responses={201: OrderSerializer},
    )
    def post(self, request: Request) -> Response:
        said = OrderRequest(data=request.data)
        said.is_valid(raise_exception=True)
        asked, by = said.validated_data, caller(request)
        purchase = _purchase(asked, by)

        def act() -> idempotency.Answer:
            order = checkout.place(purchase, by=by.user)
            return idempotency.Answer(201, _shown(order))

        key = request.headers.get("Idempotency-Key")
        scope = by.scope or _scope_of_guest(asked)
        answer = act() if key is None else idempotency.once(scope, key, request.data, act)
        return Response(answer.body, status=answer.status)


def _known(request: Request) -> Caller:
    """The customer who asks; nobody else's orders are anywhere (promise O7)."""
    by = caller(request)
    if by.customer is None:
        raise Http404
    return by


def _scope_of_guest(asked: dict[str, Any]) -> str:
    address = address_key(asked["contact"]["email"])
    return f"api:guest:{sha256(address.encode()).hexdigest()[:40]}"


def _purchase(asked: dict[str, Any], by: Caller) -> checkout.Purchase:
    language = asked.get("language") or (by.customer and by.customer.language)
    language = language or (get_language() or "en")[:2]
    contact = asked.get("contact") or _contact(by)
    billing = asked.get("billing_address", {})
    return checkout.Purchase(
        buyer=by.customer or _newcomer(asked, language),
        items=_items(asked["lines"]),
        source=Order.Source.API,
        language=language,
        reference=asked["reference"],
        requested_date=asked["requested_date"],
        particulars=placing.Particulars(
            contact_name=contact.get("name", ""),
            contact_email=contact.get("email", ""),
            contact_phone=contact.get("phone", ""),
            billing_address=dict(billing),
            delivery_address=dict(asked.get("delivery_address", {})),
            payment=asked.get("payment", ""),
            note=asked["note"],
        ),
    )


def _contact(by: Caller) -> dict[str, str]:
    if by.contact is None:
        return {}
    name = f"{by.contact.first_name} {by.contact.last_name}".strip()
    return {"name": name, "email": by.contact.email, "phone": by.contact.phone}


def _newcomer(asked: dict[str, Any], language: str) -> guests.Newcomer:
    missing = [name for name in ("contact", "billing_address") if name not in asked]
    if missing:
        raise ValidationError(
            {name: gettext("Needed where nobody is signed in.") for name in missing}, "required"
        )
    contact, address = asked["contact"], asked["billing_address"]
    return guests.Newcomer(
        name=contact["name"],
        email=contact["email"],
        company=contact["company"] or address["name"],
        phone=contact["phone"],
        street=address["street"],
        postcode=address["postcode"],
        city=address["city"],
        country=address["country"],
        vat_id=contact["vat_id"],
        language=language,
    )


def _shown(order: Order) -> dict[str, Any]:
    fresh = Order.objects.prefetch_related("lines", "shipments").get(pk=order.pk)
    return dict(OrderSerializer(fresh).data)


class OneOrder(APIView):
    permission_classes = [AllowAny]

    @extend_schema(tags=["orders"], responses=OrderSerializer)
    def get(self, request: Request, number: str) -> Response:
        order = own.orders(_known(request).customer).filter(number=number).first()
        if order is None:
            raise Http404
        return Response(_shown(order))


class Status(APIView):
    """An order by its link, for whoever holds it."""

    permission_classes = [AllowAny]
    throttle_classes = [Guesses]

    @extend_schema(tags=["orders"], responses=OrderSerializer)
    def get(self, request: Request, token: str) -> Response:
        order = links.order_of(token)
        if order is None:
            raise Http404
        return Response(_shown(order))
