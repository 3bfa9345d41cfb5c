"""What belongs to an order: how far its lines are, parcels, returns, invoices, documents."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from hbu.lib.admin import Section, Table, anchor, badge, link, moment, words_of
from hbu.lib.admin.showing import Words
from orders.admin import files, life
from orders.admin.money import money
from orders.models import Invoice, Order, OrderLine, Receivable
from orders.progress import Pieces
from orders.services.progressing import pieces_of, progress_of

OWED: dict[str, str] = {
    Receivable.State.OPEN: "warning",
    Receivable.State.PARTLY: "warning",
    Receivable.State.PAID: "success",
    Receivable.State.SETTLED: "",
}


def sections(order: Order) -> Iterator[Section]:
    if order.confirmed_at is None:
        return
    yield _progress(order)
    yield life.milestones_table(order)
    yield _shipments(order)
    if order.returns.exists():
        yield _returns(order)
    yield _invoices(order)
    yield files.table(order.printouts.all())


def _progress(order: Order) -> Table:
    lines = list(order.lines.all())
    rows = [_line(line, pieces_of(line)) for line in lines]
    if len(lines) > 1:
        total = progress_of(order).total
        rows.append(("", _("all lines together"), *_counts(total), bars(total)))
    return Table(
        title=_("How far it is"),
        headers=(
            _("line"), _("article number"), _("ordered"), _("cancelled"), _("shipped"),
            _("delivered"), _("billed"), _("returned"), _("credited"), _("of it done"),
        ),
        rows=rows,
    )  # fmt: skip


def _line(line: OrderLine, pieces: Pieces) -> tuple[Any, ...]:
    return (line.position, line.sku, *_counts(pieces), bars(pieces))


def _counts(pieces: Pieces) -> tuple[int | str, ...]:
    return (
        pieces.ordered,
        pieces.cancelled or "",
        pieces.shipped,
        pieces.delivered,
        pieces.invoiced,
        pieces.returned or "",
        pieces.credited or "",
    )


def bars(pieces: Pieces) -> str:
    """Shipped, delivered and billed as shares of what is wanted."""
    done: tuple[tuple[Words, int], ...] = (
        (_("shipped"), pieces.shipped),
        (_("delivered"), pieces.delivered),
        (_("billed"), pieces.invoiced),
    )
    rows = format_html_join(
        "",
        '<span>{}</span><progress max="{}" value="{}" aria-label="{}"></progress><span>{} %</span>',
        (
            (name, max(pieces.wanted, 1), count, name, _percent(count, pieces.wanted))
            for name, count in done
        ),
    )
    return format_html('<div class="hb-done">{}</div>', rows)


def _percent(count: int, wanted: int) -> int:
    return min(100, count * 100 // wanted) if wanted else 0


def _shipments(order: Order) -> Table:
    return Table(
        title=_("Parcels"),
        headers=(_("number"), _("shipped"), _("carrier"), _("tracking number"), _("expected"),
                 _("delivered"), _("pieces")),
        rows=[
            (
                link(one),
                moment(one.shipped_at),
                one.carrier,
                one.tracking,
                one.expected_on,
                moment(one.delivered_at),
                ", ".join(f"{row.quantity} × {row.line.sku}" for row in one.lines.all()),
            )
            for one in order.shipments.prefetch_related("lines__line")
        ],
        empty=_("No parcel has left the house yet."),
    )  # fmt: skip


def _returns(order: Order) -> Table:
    return Table(
        title=_("Goods that came back"),
        headers=(_("number"), _("came back"), _("reason"), _("pieces")),
        rows=[
            (
                link(one),
                moment(one.received_at),
                one.reason,
                ", ".join(f"{row.quantity} × {row.line.sku}" for row in one.lines.all()),
            )
            for one in order.returns.prefetch_related("lines__line")
        ],
    )


def _invoices(order: Order) -> Table:
    return Table(
        title=_("Invoices and payments"),
        headers=(_("number"), _("kind"), _("issued on"), _("gross"), _("due on"), _("payment"),
                 _("open")),
        rows=[
            (
                linked(one),
                words_of(one, "kind"),
                one.issued_on,
                money(one.gross, one),
                one.due_on,
                *_payment(one),
            )
            for one in order.invoices.select_related("receivable").order_by("pk")
        ],
        empty=_("Nothing is billed yet."),
    )  # fmt: skip


def _payment(invoice: Invoice) -> tuple[str, str]:
    owed = getattr(invoice, "receivable", None)
    if owed is None:
        return "", ""
    state = badge(words_of(owed, "state"), OWED.get(owed.state, ""))
    return state, money(owed.open_amount, invoice)


def linked(row: Model) -> str:
    """Its link where it has a page."""
    opts = row._meta
    try:
        url = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])
    except NoReverseMatch:
        return str(row)
    return anchor(url, row)
