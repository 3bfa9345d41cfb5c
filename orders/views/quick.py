"""Quick order: lines pasted or uploaded, checked as any order document, put right, into the cart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from hbu.lib import limits
from hbu.lib.callers import ip_of
from hbu.lib.errors import DomainError
from hbu.lib.telling import told
from orders.data import Doubt, ProposedLine, ReadDocument, ReadLine, Source
from orders.matching import CERTAIN
from orders.models import Order
from orders.pasting import Pasted
from orders.services import quick_ordering
from orders.views.visit import language
from shop import quantities
from shop.models import Customer
from shop.services import people
from shop.views.page import page
from shop.views.visitor import visitor

FILES, SECONDS = 30, 3600
_ROW = re.compile(r"line-(\d{1,4})-sku")
_PARTS = ("sku", "name", "quantity", "written", "drop")


@dataclass(frozen=True, slots=True)
class Row:
    """A line as the page shows it, with what it may be and what is wrong with it."""

    number: int
    line: ProposedLine
    doubts: list[Doubt]

    @property
    def written(self) -> str:
        return self.line.read.source.snippet or self.line.read.sku or self.line.read.name

    @property
    def sku(self) -> str:
        article = self.line.match.article
        if article and self.line.match.score >= CERTAIN:
            return article.sku
        return self.line.read.sku

    @property
    def name(self) -> str:
        article = self.line.match.article
        return article.names[0 if language() == "de" else -1] if article else ""

    @property
    def quantity(self) -> str:
        pieces = self.line.quantity or self.line.read.quantity
        return f"{int(pieces)}" if pieces == int(pieces) else f"{pieces:f}"

    @property
    def available(self) -> int:
        article = self.line.match.article
        return max(article.available, 0) if article else 0

    @property
    def percent(self) -> int:
        return round(self.line.match.score * 100)

    @property
    def candidates(self) -> list[tuple[str, int]]:
        if self.line.match.article and self.line.match.score >= CERTAIN:
            return []
        return [(sku, round(score * 100)) for sku, score in self.line.match.candidates]

    @property
    def reasons(self) -> list[str]:
        found = self.line.match.reasons
        return [": ".join(filter(None, (told(one.what), one.evidence))) for one in found]

    @property
    def wrong(self) -> list[str]:
        return [": ".join(filter(None, (told(one.what), one.evidence))) for one in self.doubts]

    @property
    def better(self) -> int | None:
        """The next quantity that we sell, where that is all that is wrong."""
        article, codes = self.line.match.article, {one.code for one in self.doubts}
        if article is None or not codes & {"min_quantity", "pack_size", "stock"}:
            return None
        pieces = int(self.line.quantity)
        if "stock" in codes:
            most = self.available - self.available % article.pack_size
            return most if most >= article.min_quantity else None
        sold = quantities.whole_packs(
            pieces, pack_size=article.pack_size, min_quantity=article.min_quantity
        )
        return sold if sold != pieces else None


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, {})
    text = request.POST.get("text", "")
    try:
        read = _read(request, text)
    except DomainError as error:
        return _page(request, {"text": text, "error": told(error.message)}, status=error.status)
    return _checked(request, read.document, read.unread)


def _read(request: HttpRequest, text: str) -> Pasted:
    upload = request.FILES.get("file")
    if upload is None:
        return quick_ordering.of_text(text)
    if limits.count("quick_order.file", ip_of(request), seconds=SECONDS) > FILES:
        raise DomainError("list.too_often", _("Too many files. Please wait a while."), status=429)
    data = upload.read(quick_ordering.MAX_BYTES + 1)
    return quick_ordering.of_file(data, upload.name or "", language=language())


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """The lines as the buyer corrected them; into the cart when nothing is wrong with them."""
    try:
        document = _corrected(request)
    except DomainError as error:
        return _page(request, {"error": told(error.message)}, status=error.status)
    if not document.lines:
        return redirect("orders:quick_order")
    if request.POST.get("then") not in ("cart", "checkout", "quotation"):
        return _checked(request, document)
    return _into_cart(request, document, request.POST["then"])


def _into_cart(request: HttpRequest, document: ReadDocument, then: str) -> HttpResponse:
    one = visitor(request)
    checked = quick_ordering.check(document, _customer(request))
    try:
        if not checked.orderable:
            return _shown(request, checked, status=422)
        put = quick_ordering.put_into_cart(one.open_cart(), checked, _customer(request))
    except DomainError as error:
        return _shown(request, checked, error=told(error.message), status=error.status)
    count = len(put)
    words = ngettext("%d line is in your cart.", "%d lines are in your cart.", count) % count
    messages.success(request, words)
    where = {"cart": "shop:cart", "checkout": "orders:checkout"}
    return one.keep(redirect(where.get(then, "orders:request_quotation")))


def _corrected(request: HttpRequest) -> ReadDocument:
    lines = tuple(
        replace(line, position=position) for position, line in enumerate(_rows(request), start=1)
    )
    if len(lines) > quick_ordering.MAX_LINES:
        raise DomainError("list.too_long", _("This list is too long for one order."), status=413)
    return ReadDocument(kind="order", format=Order.Source.SHOP, lines=lines)


def _rows(request: HttpRequest) -> Iterator[ReadLine]:
    chosen, better = request.POST.get("choose", ""), request.POST.get("better", "")
    for name in request.POST:
        found = _ROW.fullmatch(name)
        if found is None:
            continue
        number = found[1]
        said = {part: request.POST.get(f"line-{number}-{part}", "") for part in _PARTS}
        if said["drop"]:
            continue
        sku = chosen.partition(":")[2] if chosen.startswith(f"{number}:") else said["sku"]
        pieces = better.partition(":")[2] if better.startswith(f"{number}:") else said["quantity"]
        # The name goes on to be matched only as long as nobody chose a number.
        name_there = "" if sku else said["name"]
        if not sku and not name_there:
            continue
        yield ReadLine(
            int(number),
            sku.strip().replace("\0", "")[:60],
            name_there.replace("\0", "")[:200],
            _pieces(pieces),
            source=Source(snippet=said["written"].replace("\0", "")[:300]),
        )


def _pieces(text: str) -> Decimal:
    digits = text.strip()
    if digits.isascii() and digits.isdigit() and len(digits) <= len(str(quantities.MOST)):
        return Decimal(min(int(digits), quantities.MOST))
    return Decimal(0)


def _customer(request: HttpRequest) -> Customer | None:
    contact = visitor(request).contact
    return people.kept(contact.customer) if contact else None


def _checked(
    request: HttpRequest, document: ReadDocument, unread: tuple[str, ...] = ()
) -> HttpResponse:
    return _shown(request, quick_ordering.check(document, _customer(request), unread=unread))


def _shown(
    request: HttpRequest, checked: quick_ordering.Checked, *, error: str = "", status: int = 200
) -> HttpResponse:
    rows = [
        Row(number, line, checked.doubts_of(line))
        for number, line in enumerate(checked.proposal.lines, start=1)
    ]
    context = {"rows": rows, "checked": checked, "error": error}
    return _page(request, context, status=status)


def _page(request: HttpRequest, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    about = {"shelf": "quick_order", "readable": ",".join(quick_ordering.READABLE)}
    return page(request, "orders/shop/quick_order.html", about | context, status=status)
