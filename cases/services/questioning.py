"""A customer is asked about a doubtful order: by a person, in the conversation that brought it."""

from collections.abc import Sequence

from babel.numbers import format_decimal
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext, override

from cases.models import Case
from cases.services import replying
from emails.data import Letter
from emails.models import OutgoingEmail
from emails.services import writing
from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.models import Order, OrderLine
from orders.models.order import State
from orders.questions import Asked, questions

TEMPLATE = "order_question"
NO_MAIL = N_("No mail brought this order; ask the customer another way.")


def can_be_asked(order: Order) -> bool:
    return order.state == State.CREATED and bool(order.doubts)


def suggested(order: Order) -> dict[str, str]:
    """Return what the form shows at first: one question a line, in the customer's language."""
    return {"questions": "\n".join(_questions(order))}


def preview(order: Order) -> str:
    """Return whom the letter goes to and how it reads. Raises DomainError when there is none."""
    letter, _case = _letter(order, _questions(order))
    rendered = writing.preview(letter)
    if rendered is None:
        raise DomainError("order.unwritten", replying.UNWRITTEN)
    return f"{letter.to_address}\n{rendered.subject}\n\n{rendered.text}"


def ask(order: Order, said: str, *, by: AbstractBaseUser) -> OutgoingEmail:
    """Write the letter with these questions, one a line; the order waits for the answer.

    Raises DomainError when the order moved on, nothing is asked, or the letter must not leave.
    """
    asked = [line.strip() for line in said.splitlines() if line.strip()]
    if not asked:
        raise DomainError("order.nothing_asked", N_("Write at least one question."), status=400)
    with transaction.atomic():
        held = Order.objects.select_for_update().get(pk=order.pk)
        if not can_be_asked(held):
            raise DomainError("order.not_editable", N_("Only orders not yet confirmed are edited."))
        letter, _case = _letter(held, asked)
        row = next(iter(writing.queue([letter], by=by)), None)
        if row is None:
            raise DomainError("order.unwritten", replying.UNWRITTEN)
        if row.state == OutgoingEmail.State.WITHHELD:
            raise DomainError("order.not_asked", row.reason)
        record("order.customer_asked", held, actor=by, number=held.number, to=row.to_address)
    return row


def _questions(order: Order) -> list[str]:
    lines = {line.position: _asked(order, line) for line in order.lines.select_related("product")}
    with override(order.language):
        return [
            gettext(one.text).format_map(one.values).strip()
            for one in questions(order.doubts, lines, order.reference)
        ]


def _asked(order: Order, line: OrderLine) -> Asked:
    product = line.product
    locale = replying.LOCALES.get(order.language, "en_GB")
    return Asked(
        written=line.source or line.name,
        product=f"{product.sku} {product.name_in(order.language)}" if product else "",
        quantity=format_decimal(line.quantity, "#,##0.##", locale),
        price=f"{format_decimal(line.unit_price, '#,##0.00##', locale)} {order.currency}",
        pack=product.pack_size if product else 1,
        least=product.min_quantity if product else 1,
        available=product.stock.available if product and hasattr(product, "stock") else 0,
        close=[sku for sku, _score in line.candidates],
    )


def _letter(order: Order, asked: Sequence[str]) -> tuple[Letter, Case]:
    """The letter, and the case in whose conversation it goes out."""
    case = order.cases.select_related("department", "customer", "policy").last()
    email = replying.asking(order, case) if case else None
    if case is None or email is None:
        raise DomainError("order.no_mail", NO_MAIL)
    before = OutgoingEmail.objects.filter(cause__startswith=f"order:{order.pk}:question:").count()
    answer = replying.Answer(
        TEMPLATE,
        order=order,
        variables={"doubts": list(asked)},
        cause=f"order:{order.pk}:question:{before + 1}",
        weight=OutgoingEmail.Weight.PERSONAL.value,
        by_person=True,
    )
    return replying.letter(email, case, answer, replying.stationery([email])), case
