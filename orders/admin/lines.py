"""The lines of an order: as they were written, how they were understood, and put right."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hbu.lib.admin import anchor, badge, column
from hbu.lib.admin.showing import percent
from orders.admin.order_page import money
from orders.admin.positions import PositionForm, PositionInline
from orders.matching import CERTAIN
from orders.models import Order, OrderLine
from orders.models.order import State


class LineForm(PositionForm):
    class Meta:
        model = OrderLine
        fields = ("product", "quantity")


class LineInline(PositionInline):
    model = OrderLine
    form = LineForm
    fields = ("position", "product", "quantity", "price", "amount", "understood")
    readonly_fields = ("position", "price", "amount", "understood")

    def has_change_permission(self, request: HttpRequest, obj: Order | None = None) -> bool:
        return is_editable(request, obj)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[OrderLine]":
        rows: QuerySet[OrderLine] = super().get_queryset(request)
        return rows.select_related("product", "order")

    @column(_("unit price"))
    def price(self, line: OrderLine) -> str:
        said = ((gettext(one["what"]), one.get("evidence", "")) for one in line.price_reasons)
        return format_html(
            "<span class='whitespace-nowrap'>{} {}</span><div class='py-1 text-xs'>{}</div>",
            number_format(line.unit_price.normalize()),
            line.order.currency,
            format_html_join("", "<div>{} {}</div>", said),
        )

    @column(_("total"))
    def amount(self, line: OrderLine) -> str:
        return money(line.total, line.order)

    @column(_("as written, and how it was understood"))
    def understood(self, line: OrderLine) -> str:
        colour = "success" if line.score >= CERTAIN else "warning" if line.score else "danger"
        why = [f"{gettext(one['what'])} {one.get('evidence', '')}" for one in line.reasons]
        close = [f"{sku} ({percent(score)})" for sku, score in line.candidates]
        return format_html(
            "<div class='py-1'>“{}”</div>{} {}<div class='py-1'>{}</div>",
            _in_the_document(line),
            badge(percent(line.score), colour),
            ", ".join(why),
            gettext("Came close: %s") % ", ".join(close) if close else "",
        )


def _in_the_document(line: OrderLine) -> str:
    """What was written, with the way to where it stands."""
    document = line.order.document_id
    if document is None or not line.source:
        return line.source
    page = reverse("admin:orders_document_change", args=[document])
    return anchor(f"{page}#field-lines.{line.position - 1}", line.source)


def is_editable(request: HttpRequest, order: Order | None) -> bool:
    """Only what is not confirmed yet is edited."""
    may = bool(request.user.has_perm("orders.change_order"))
    return may and order is not None and order.state == State.CREATED
