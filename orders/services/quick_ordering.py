"""A list of articles, pasted or as a file, checked line by line before it is ordered or quoted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from django.utils import timezone

from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders import pasting
from orders.data import Doubt, Proposal, ProposedLine, ReadDocument
from orders.documents import files
from orders.services import checkout, drafting
from shop import quantities
from shop.models import Cart, Customer
from shop.services import carts

MAX_BYTES = 5_000_000
MAX_LINES = 300
READABLE = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".pdf")
_OF_FILE = frozenset({"unreadable", "no_lines", "check_failed", "currency"})
_CURABLE = frozenset({"price_differs"})
"""Told, but in nobody's way: our price stands beside it."""


@dataclass(frozen=True, slots=True)
class Checked:
    proposal: Proposal
    unread: tuple[str, ...] = ()

    @property
    def of_order(self) -> list[Doubt]:
        return [one for one in self.proposal.doubts if not one.position and one.code in _OF_FILE]

    @property
    def orderable(self) -> bool:
        """Whether each line is an article of ours in a quantity that we sell and have."""
        wrong = [one for one in self.proposal.doubts if one.position and one.code not in _CURABLE]
        return bool(self.proposal.lines) and not wrong

    def doubts_of(self, line: ProposedLine) -> list[Doubt]:
        position = line.read.position
        return [one for one in self.proposal.doubts if one.position == position]


def check(
    document: ReadDocument,
    customer: Customer | None,
    *,
    ship_to: str = "",
    unread: Sequence[str] = (),
) -> Checked:
    """Match and price the lines as those of any order document. Writes nothing."""
    request = drafting.Request(document, customer, ship_to=ship_to)
    return Checked(drafting.draft([request])[0], tuple(unread))


def of_items(items: Iterable[checkout.Item], format: str) -> ReadDocument:
    return ReadDocument(kind="order", format=format, lines=checkout.read_lines(items))


def of_text(text: str) -> pasting.Pasted:
    """Raises DomainError where nothing can be read in it."""
    if len(text) > pasting.MAX_CHARACTERS:
        raise DomainError("list.too_long", N_("This list is too long for one order."), status=413)
    found = pasting.read(text.replace("\0", " "))
    if not found.document.lines:
        message = N_("No line with an article and a quantity was found, for example: HB-1001 200")
        raise DomainError("list.no_lines", message, status=422)
    return replace(found, document=_bounded(found.document))


def of_file(data: bytes, name: str, *, language: str) -> pasting.Pasted:
    """What a file says, read as an attachment of a mail is: in the jail, within its bounds."""
    if PurePath(name).suffix.lower() not in READABLE:
        message = N_("Please choose a PDF file, a spreadsheet (XLSX, XLS, CSV) or plain text.")
        raise DomainError("list.not_readable", message, status=415)
    if len(data) > MAX_BYTES:
        raise DomainError("list.too_large", N_("The file is larger than 5 MB."), status=413)
    _text, read = files.read_bytes(data, name=name, language=language, today=timezone.localdate())
    if read.lines and not read.error:
        return pasting.Pasted(_bounded(replace(read, kind="order", format="shop")))
    if PurePath(name).suffix.lower() in (".csv", ".tsv", ".txt"):
        # A bare list without a heading: article and quantity, as people paste it.
        return of_text(data.decode("utf-8-sig", "replace"))
    message = read.error or N_("No order line was found")
    raise DomainError("list.no_lines", message, status=422)


def _bounded(document: ReadDocument) -> ReadDocument:
    if len(document.lines) > MAX_LINES:
        raise DomainError("list.too_long", N_("This list is too long for one order."), status=413)
    return document


def put_into_cart(cart: Cart, checked: Checked, customer: Customer | None) -> list[carts.Put]:
    """Put the lines in that are certain. Raises DomainError."""
    if not checked.orderable:
        raise DomainError(
            "list.doubtful", N_("Some lines cannot be ordered as they are."), status=422
        )
    return [
        carts.add(cart, article.sku, quantities.parse(f"{line.quantity:f}"), customer=customer)
        for line in checked.proposal.lines
        if (article := line.match.article)
    ]
