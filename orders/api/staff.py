"""Orders for staff: list, read, and the steps of their life, through the services of the buttons."""

from typing import Any, cast

from django.contrib.auth.models import AbstractUser
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from hbu.lib.api.asking import Moment, Several, StrictFilters, StrictOrdering, YesNo, known
from hbu.lib.api.permissions import may
from orders.api.staff_shapes import OrderStepRequest, StaffOrder, StaffSummary
from orders.models import Order
from orders.services import idempotency, lateness, stepping
from orders.services.stepping import Step

READ = may("orders.view_order")
KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="A text of your own for this very request. Sent again with the same body, it "
    "brings the same answer and takes no second step.",
)


class OrderFilter(filters.FilterSet):
    state = Several(words=Order.State.values)
    customer = Several(field_name="customer__number")
    source = Several(words=Order.Source.values)
    on_hold = YesNo()
    late = YesNo(method="is_late", help_text="Should be further than it is.")
    doubtful = YesNo(method="in_doubt", help_text="A person should look at it.")
    created_after = Moment(field_name="created_at", lookup_expr="gte")
    created_before = Moment(field_name="created_at", lookup_expr="lt")
    promised_after = filters.DateFilter(field_name="promised_date", lookup_expr="gte")
    promised_before = filters.DateFilter(field_name="promised_date", lookup_expr="lt")
    q = filters.CharFilter(
        method="asked", max_length=100, help_text="Part of number, reference or customer."
    )

    class Meta:
        model = Order
        fields: list[str] = []

    def is_late(self, rows: QuerySet[Order], _name: str, value: str) -> QuerySet[Order]:
        late = lateness.late(Order.objects.order_by(), timezone.localdate()).values("pk")
        return rows.filter(pk__in=late) if value == "true" else rows.exclude(pk__in=late)

    def in_doubt(self, rows: QuerySet[Order], _name: str, value: str) -> QuerySet[Order]:
        certain = Q(doubts=[])
        return rows.exclude(certain) if value == "true" else rows.filter(certain)

    def asked(self, rows: QuerySet[Order], _name: str, words: str) -> QuerySet[Order]:
        found = Q(number__icontains=words) | Q(reference__icontains=words)
        return rows.filter(
            found | Q(customer__name__icontains=words) | Q(customer__number__icontains=words)
        )


def _rows() -> QuerySet[Order]:
    rows = Order.objects.select_related("customer")
    return lateness.with_overdue(rows, timezone.localdate())


def _whole() -> QuerySet[Order]:
    return _rows().prefetch_related("lines", "shipments", "milestones")


class Staffed(GenericAPIView[Order]):
    queryset = Order.objects.none()
    serializer_class: type[BaseSerializer[Any]] = StaffOrder

    def get_serializer_context(self) -> dict[str, Any]:
        steps = stepping.allowed_to(self.request.user)
        return {**super().get_serializer_context(), "steps": steps}


class StaffOrders(Staffed, ListAPIView[Order]):
    """Orders of all customers, newest first."""

    permission_classes = [READ]
    serializer_class = StaffSummary
    filter_backends = [StrictFilters, StrictOrdering]
    filterset_class = OrderFilter
    ordering_fields = ["created_at", "promised_date", "confirmed_at", "number", "gross", "state"]
    ordering = ["-created_at"]

    def get_queryset(self) -> QuerySet[Order]:
        return _rows()

    @extend_schema(tags=["orders (staff)"], operation_id="staff_orders_list")
    def get(self, request: Request, *args: Any, **named: Any) -> Response:
        return self.list(request, *args, **named)


class OneStaffOrder(Staffed):
    permission_classes = [READ]

    @extend_schema(tags=["orders (staff)"], operation_id="staff_order_read", responses=StaffOrder)
    def get(self, request: Request, number: str) -> Response:
        """An order with its lines, parcels and milestones."""
        known(request, ())
        return Response(self.get_serializer(get_object_or_404(_whole(), number=number)).data)


class TakeStep(Staffed):
    """One step of an order's life; each has an address and a right of its own."""

    step: Step | None = None

    def get_permissions(self) -> list[BasePermission]:
        # The documents are drawn without a step.
        verb = self.step.permission if self.step else "change"
        return [may(f"orders.{verb}_order")()]

    @extend_schema(tags=["orders (staff)"], parameters=[KEY], request=OrderStepRequest,
                   responses=StaffOrder)  # fmt: skip
    def post(self, request: Request, number: str) -> Response:
        step = cast(Step, self.step)
        order = get_object_or_404(Order, number=number)
        said = OrderStepRequest(data=request.data)
        said.is_valid(raise_exception=True)

        def act() -> idempotency.Answer:
            stepping.take(order, step, by=cast(AbstractUser, request.user), **said.validated_data)
            shown = self.get_serializer(_whole().get(pk=order.pk))
            return idempotency.Answer(200, dict(shown.data))

        key = request.headers.get("Idempotency-Key")
        scope = f"staff:{request.user.pk}:{step.name}:{order.number}"[:80]
        done = act() if key is None else idempotency.once(scope, key, request.data, act)
        return Response(done.body, status=done.status)
