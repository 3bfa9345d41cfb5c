import secrets
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from orders.models.document import Document
from orders.models.position import Position, Sums
from shop.models import Customer


class State(models.TextChoices):
    CREATED = "CREATED", _("created")
    CONFIRMED = "CONFIRMED", _("confirmed")
    PLANNED = "PLANNED", _("planned")
    IN_PRODUCTION = "IN_PRODUCTION", _("in production")
    PRODUCED = "PRODUCED", _("produced")
    PACKED = "PACKED", _("packed")
    SHIPPED = "SHIPPED", _("shipped")
    DELIVERED = "DELIVERED", _("delivered")
    INVOICED = "INVOICED", _("invoiced")
    CLOSED = "CLOSED", _("closed")
    CANCELLED = "CANCELLED", _("cancelled")


BEFORE_SHIPPING = [
    State.CREATED,
    State.CONFIRMED,
    State.PLANNED,
    State.IN_PRODUCTION,
    State.PRODUCED,
    State.PACKED,
]


def has_no_doubts(order: "Order") -> bool:
    return not order.doubts


def has_a_customer(order: "Order") -> bool:
    return order.customer_id is not None


def has_known_lines(order: "Order") -> bool:
    lines = list(order.lines.all())
    return bool(lines) and all(line.product_id for line in lines)


def new_token() -> str:
    """256 random bits: who holds the link may look (promise O7)."""
    return secrets.token_urlsafe(32)


class OrderQuerySet(models.QuerySet["Order"]):
    def to_check(self) -> "OrderQuerySet":
        """Orders that wait for a person's one click."""
        return self.filter(state=State.CREATED)


class Order(Sums):
    """What a customer wants and we promise. The state is changed by orders.services only.

    The database itself refuses a state that does not follow from the one before (migration 0005).
    """

    State = State

    class Source(models.TextChoices):
        MAIL = "mail", _("mail")
        SHOP = "shop", _("shop")
        API = "api", "API"
        STAFF = "staff", _("entered by staff")

    number = models.CharField(_("number"), max_length=30, unique=True)
    state = FSMField(_("state"), default=State.CREATED, choices=State.choices, protected=True)
    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="orders",
    )
    reference = models.CharField(_("customer's order number"), max_length=80, blank=True)
    source = models.CharField(_("came by"), max_length=6, choices=Source.choices)
    document = models.ForeignKey(
        Document,
        verbose_name=_("read from"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="orders",
    )
    language = models.CharField(_("language"), max_length=2, default="de")
    contact_name = models.CharField(_("ordered by"), max_length=120, blank=True)
    contact_email = models.EmailField(_("mail address"), blank=True)
    contact_phone = models.CharField(_("phone"), max_length=40, blank=True)
    billing_address = models.JSONField(_("billing address"), default=dict, blank=True)
    delivery_address = models.JSONField(_("delivery address"), default=dict, blank=True)
    """Copies of name, addition, street, postcode, city, country; empty: the customer's own."""
    payment = models.CharField(
        _("pays"),
        max_length=10,
        choices=Customer.Payment.choices,
        default=Customer.Payment.INVOICE,
    )
    note = models.TextField(_("customer's note"), blank=True)
    requested_date = models.DateField(_("wanted by"), null=True, blank=True)
    promised_date = models.DateField(_("promised for"), null=True, blank=True)
    doubts = models.JSONField(_("what is doubtful"), default=list, blank=True)
    on_hold = models.BooleanField(_("on hold"), default=False)
    hold_reason = models.CharField(_("why it is on hold"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    """Counts every change; a change names the version it saw (promise O3)."""
    token = models.CharField(max_length=43, unique=True, default=new_token, editable=False)
    """Of the customer's link to this order; a new one makes the old link useless."""
    token_until = models.DateField(_("link holds until"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("entered by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-id"]
        permissions = [
            ("confirm_order", "Can confirm orders"),
            ("plan_order", "Can plan orders"),
            ("produce_order", "Can start and finish the production of orders"),
            ("pack_order", "Can pack orders"),
            ("ship_order", "Can ship orders"),
            ("deliver_order", "Can mark orders as delivered"),
            ("invoice_order", "Can bill orders"),
            ("close_order", "Can close orders"),
            ("cancel_order", "Can cancel orders, or what is left of them"),
            ("hold_order", "Can put orders on hold and release them"),
            ("return_order", "Can take goods of orders back"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="order_in_one_of_its_states"
            ),
            models.UniqueConstraint(
                fields=["customer", "reference"],
                condition=~Q(reference="") & ~Q(state__in=[State.CREATED, State.CANCELLED]),
                name="a_reference_is_confirmed_once",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="order_state"),
            # Figures count what was entered in a time, and what was promised for it.
            models.Index(fields=["created_at"], name="order_entered"),
            models.Index(fields=["promised_date", "state"], name="order_promised"),
        ]

    def __str__(self) -> str:
        return self.number

    def refresh_from_db(
        self,
        using: str | None = None,
        fields: Iterable[str] | None = None,
        from_queryset: "models.QuerySet[Order] | None" = None,
    ) -> None:
        """The state is protected from everybody but the database."""
        fields = None if fields is None else list(fields)
        if fields is None or "state" in fields:
            self.__dict__.pop("state", None)
        super().refresh_from_db(using, fields, from_queryset)

    @transition(
        field=state,
        source=State.CREATED,
        target=State.CONFIRMED,
        conditions=[has_a_customer, has_known_lines, has_no_doubts],
    )
    def confirm(self) -> None: ...

    @transition(field=state, source=State.CONFIRMED, target=State.PLANNED)
    def plan(self) -> None: ...

    @transition(field=state, source=State.PLANNED, target=State.IN_PRODUCTION)
    def start_production(self) -> None: ...

    @transition(field=state, source=State.IN_PRODUCTION, target=State.PRODUCED)
    def finish_production(self) -> None: ...

    @transition(field=state, source=State.PRODUCED, target=State.PACKED)
    def pack(self) -> None: ...

    @transition(field=state, source=State.PACKED, target=State.SHIPPED)
    def ship(self) -> None: ...

    @transition(field=state, source=State.SHIPPED, target=State.DELIVERED)
    def deliver(self) -> None: ...

    @transition(field=state, source=State.DELIVERED, target=State.INVOICED)
    def invoice(self) -> None: ...

    @transition(field=state, source=State.INVOICED, target=State.CLOSED)
    def close(self) -> None: ...

    @transition(field=state, source=BEFORE_SHIPPING, target=State.CANCELLED)
    def cancel(self) -> None: ...


class OrderLine(Position):
    """A position, with its own copy of what was agreed and how far it is done, in pieces."""

    order = models.ForeignKey(
        Order, verbose_name=_("order"), on_delete=models.CASCADE, related_name="lines"
    )
    price_reasons = models.JSONField(_("why this price"), default=list)
    agreed_price = models.DecimalField(
        _("agreed price"), max_digits=12, decimal_places=4, null=True, editable=False
    )
    """A person agreed to it, or it was quoted: our lists do not count for this line."""
    score = models.FloatField(_("match"), default=1)
    candidates = models.JSONField(_("came close"), default=list)
    reasons = models.JSONField(_("why this product"), default=list)
    source = models.CharField(_("as written"), max_length=300, blank=True)
    shipped = models.PositiveIntegerField(_("shipped"), default=0)
    delivered = models.PositiveIntegerField(_("delivered"), default=0)
    cancelled = models.PositiveIntegerField(_("cancelled"), default=0)
    returned = models.PositiveIntegerField(_("returned"), default=0)
    invoiced = models.PositiveIntegerField(_("invoiced"), default=0)
    credited = models.PositiveIntegerField(_("credited"), default=0)

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="one_line_per_position"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="quantity_is_positive"),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("shipped") + F("cancelled")),
                name="ship_no_more_than_ordered",
            ),
            models.CheckConstraint(
                condition=Q(delivered__lte=F("shipped"), returned__lte=F("shipped")),
                name="deliver_no_more_than_shipped",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("invoiced"), credited__lte=F("invoiced")),
                name="invoice_no_more_than_ordered",
            ),
        ]


class Milestone(models.Model):
    """When an order should reach a state, and when it did: what on-time is counted from."""

    order = models.ForeignKey(
        Order, verbose_name=_("order"), on_delete=models.CASCADE, related_name="milestones"
    )
    state = models.CharField(_("state"), max_length=13, choices=State.choices)
    due_on = models.DateField(_("due"), null=True)
    reached_at = models.DateTimeField(_("reached"), null=True)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "state"], name="one_milestone_per_state")
        ]

    def __str__(self) -> str:
        return f"{self.order}: {self.get_state_display()}"
