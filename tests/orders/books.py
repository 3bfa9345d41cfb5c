"""Orders as they enter the books, from the demo company's catalogue and customers."""

import threading
from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import count

from django.db import connection

from hbu.lib.errors import DomainError
from orders.data import Doubt, ReadDocument, ReadLine
from orders.models import Order, OrderLine, Receivable
from orders.services import drafting, fulfilling, placing, progressing
from shop.models import Customer, Stock

BERGER = "K-10001"
AURORA = "HB-1001"
_numbers = count(1)


def proposal(*wanted: tuple[str, int], customer: str = BERGER, reference="", doubts=()):
    """What an order for so many pieces of these articles would be."""
    lines = tuple(
        ReadLine(position, sku, "", Decimal(quantity), unit="Stück")
        for position, (sku, quantity) in enumerate(wanted or [(AURORA, 200)], start=1)
    )
    document = ReadDocument(
        kind="order", format="pdf", number=reference or f"PO-{next(_numbers)}", lines=lines
    )
    known = Customer.objects.filter(number=customer).first()
    request = drafting.Request(document, known, tuple(Doubt(code, code) for code in doubts))
    return drafting.draft([request])[0]


def enter(*wanted: tuple[str, int], **terms) -> Order:
    """Enter an order that nobody has confirmed yet."""
    entry = placing.Entry(proposal(*wanted, **terms), Order.Source.MAIL, "de")
    return placing.place([entry])[0]


def confirmed(*wanted: tuple[str, int], **terms) -> Order:
    order = enter(*wanted, **terms)
    placing.confirm([order])
    return order


def in_state(order: Order, state: str) -> Order:
    """The order in a state, led there step by step as the database wants it; no pieces move."""
    spine = [one for one in Order.State.values if one != Order.State.CANCELLED]
    row, now = Order.objects.filter(pk=order.pk), Order.objects.get(pk=order.pk).state
    way = [state] if state not in spine else spine[spine.index(now) + 1 : spine.index(state) + 1]
    for step in way:
        row.update(state=step)
    return Order.objects.get(pk=order.pk)


def packed(*wanted: tuple[str, int], **terms) -> Order:
    order = confirmed(*wanted, **terms)
    for service in ("plan", "start_production", "finish_production", "pack"):
        getattr(fulfilling, service)(order)
    return order


def paid(order: Order) -> None:
    """Everything that is billed of the order is paid."""
    owed = Receivable.objects.filter(invoice__order=order)
    owed.update(state=Receivable.State.PAID, open_amount=0)
    progressing.follow(order)


def line_of(order: Order, sku: str = AURORA) -> OrderLine:
    return order.lines.get(sku=sku)


def stock_of(sku: str) -> tuple[int, int]:
    """On hand and reserved."""
    return Stock.objects.values_list("on_hand", "reserved").get(product__sku=sku)


def at_once(acts: Iterable[Callable[[], object]]) -> list[DomainError | None]:
    """Do everything at the same moment, each in a thread of its own; return who was refused."""
    acts = list(acts)
    refusals: list[DomainError | None] = [None] * len(acts)
    errors: list[BaseException] = []
    start = threading.Barrier(len(acts))

    def work(index: int, act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
        except DomainError as refusal:
            refusals[index] = refusal
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(index, act)) for index, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    return refusals
