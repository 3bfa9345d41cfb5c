"""The page of one document: its picture with the fields marked, the fields, the report on it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hbu.lib.admin import Section, badge
from hbu.lib.admin.showing import Words, percent
from hbu.lib.telling import told
from orders.admin import marking
from orders.admin.document_facts import corrections, facts
from orders.admin.document_form import HEAD, LINE, LINES_SHOWN, PARTY, SUMS, DocumentForm
from orders.admin.document_report import report
from orders.admin.document_sheet import Sheet, sheet
from orders.admin.invoice_view import FORMATS, readable
from orders.data import ReadDocument, Source
from orders.matching import CERTAIN
from orders.mending import BY_HAND
from orders.models import Document, Order, OrderLine
from orders.models.order import State
from orders.services import pictures
from orders.suppliers import PAY_NOTHING


def _certainty(source: Source) -> str:
    """In words where somebody should know; what is certain shows a quiet dot."""
    if source.path == BY_HAND:
        return gettext("by hand")
    return "" if source.score >= CERTAIN else percent(source.score)


def _told(source: Source) -> str:
    where = "" if source.path == BY_HAND else source.path
    return " · ".join(filter(None, (source.snippet, where, percent(source.score))))


@dataclass(frozen=True, kw_only=True)
class Input:
    """A field with its place in the document."""

    path: str
    label: Words
    bound: BoundField
    source: Source | None

    @property
    def level(self) -> str:
        return marking.level(self.source.score) if self.source else ""

    @property
    def certainty(self) -> str:
        return _certainty(self.source) if self.source else ""

    @property
    def told(self) -> str:
        return _told(self.source) if self.source else ""


@dataclass(frozen=True, kw_only=True)
class Group:
    title: Words
    inputs: Sequence[Input]
    supplier: BoundField | None = None


@dataclass(frozen=True, kw_only=True)
class Line:
    index: int
    position: int | str
    inputs: Sequence[Input]
    product: BoundField | None = None
    out: BoundField | None = None
    source: Source
    ambiguous: bool = False
    found: OrderLine | None = None
    """What the order made of it."""

    @property
    def path(self) -> str:
        return f"lines.{self.index}"

    @property
    def level(self) -> str:
        return marking.level(self.source.score)

    @property
    def certainty(self) -> str:
        return _certainty(self.source)

    @property
    def told(self) -> str:
        return _told(self.source)

    @property
    def match(self) -> str:
        if self.found is None:
            return ""
        colour = (
            "success"
            if self.found.score >= CERTAIN
            else "warning"
            if self.found.score
            else "danger"
        )
        return badge(percent(self.found.score), colour)

    @property
    def why(self) -> str:
        reasons = self.found.reasons if self.found else ()
        return ", ".join(
            f"{gettext(one['what'])} {one.get('evidence', '')}".strip() for one in reasons
        )

    @property
    def candidates(self) -> list[tuple[str, str]]:
        return [(sku, percent(score)) for sku, score in self.found.candidates] if self.found else []


@dataclass(frozen=True, kw_only=True)
class Concerns(Section):
    """What must not be overlooked before anything is paid or entered."""

    items: Sequence[tuple[str, str, str]]
    template = "orders/document/concerns.html"


@dataclass(frozen=True, kw_only=True)
class Workbench(Section):
    """The document on one side, what was read on the other."""

    document: Document
    sheet: Sheet
    form: DocumentForm
    may_change: bool
    above_lines: Sequence[Group]
    lines: Sequence[Line]
    below_lines: Sequence[Group]
    new_line: Line | None
    unshown: int
    orders: Sequence[Order]
    template = "orders/document/workbench.html"

    @property
    def may_add_supplier(self) -> bool:
        is_invoice = self.document.kind == Document.Kind.INVOICE
        return self.may_change and is_invoice and self.document.supplier is None

    @property
    def waiting(self) -> Order | None:
        return next((one for one in self.orders if one.state == State.CREATED), None)


def above(
    document: Document, read: ReadDocument, form: DocumentForm, *, may_change: bool
) -> list[Section]:
    return [*_concerns(document), _workbench(document, read, form, may_change=may_change)]


def below(document: Document, read: ReadDocument, user: Any) -> list[Section]:
    is_hybrid = read.format in FORMATS and pictures.is_pdf(document)
    # What a hybrid shows is its picture; what counts is its data.
    data = readable(read) if is_hybrid else ()
    found = [report(document.checks), corrections(document)]
    return [*found, *data, facts(document, is_hybrid=is_hybrid, user=user)]


def _concerns(document: Document) -> list[Section]:
    if not document.concerns or document.state != Document.State.READ:
        return []
    items = [
        (
            "danger" if one["code"] in PAY_NOTHING else "warning",
            gettext(one["what"]),
            told(one["evidence"]),
        )
        for one in document.concerns
    ]
    return [Concerns(items=sorted(items, key=lambda item: item[0]))]


def _workbench(
    document: Document, read: ReadDocument, form: DocumentForm, *, may_change: bool
) -> Workbench:
    places = marking.sources(read)
    orders = list(document.orders.select_related("customer").prefetch_related("lines__product"))
    above_lines, below_lines = _groups(read, form, places)
    return Workbench(
        document=document,
        sheet=sheet(document, read),
        form=form,
        may_change=may_change,
        above_lines=above_lines,
        below_lines=below_lines,
        lines=list(_lines(read, form, places, orders[-1] if orders else None)),
        new_line=_new_line(read, form) if may_change else None,
        unshown=max(0, len(read.lines) - LINES_SHOWN),
        orders=orders,
    )


def _groups(
    read: ReadDocument, form: DocumentForm, places: dict[str, Source]
) -> tuple[list[Group], list[Group]]:
    """What stands above the lines and what below, by what has to be decided."""

    def group(title: Words, names: Iterable[tuple[str, Words]], prefix: str = "") -> Group:
        paths = [(f"{prefix}{name}", label) for name, label in names]
        inputs = [
            Input(path=path, label=label, bound=bound, source=_place(read, places, path))
            for path, label in paths
            if (bound := form.shown(path))
        ]
        supplier = form.shown("supplier") if prefix == "seller." else None
        return Group(title=title, inputs=inputs, supplier=supplier)

    head, sums = group(_("document"), HEAD), group(_("sums"), SUMS)
    if read.kind == "invoice":
        seller = group(_("from (seller)"), PARTY, "seller.")
        return [head, seller, sums], [group(_("to (buyer)"), PARTY, "buyer.")]
    buyer = group(_("from (buyer)"), PARTY, "buyer.")
    return [head], [sums, buyer, group(_("to (seller)"), PARTY, "seller.")]


def _place(read: ReadDocument, places: dict[str, Source], path: str) -> Source | None:
    """Of the field itself, or of the party it belongs to; none where nothing was read."""
    if path in places:
        return places[path]
    side, _dot, name = path.partition(".")
    if name and getattr(getattr(read, side), name):
        return places.get(side)
    return None


def _lines(
    read: ReadDocument, form: DocumentForm, places: dict[str, Source], order: Order | None
) -> Iterator[Line]:
    found = {line.position: line for line in order.lines.all()} if order else {}
    for index, line in enumerate(read.lines[:LINES_SHOWN]):
        path = f"lines.{index}"
        yield Line(
            index=index,
            position=line.position,
            inputs=_line_inputs(form, path),
            product=form.shown(f"{path}.product") if found else None,
            out=form.shown(f"{path}.out"),
            source=places[path],
            ambiguous=line.ambiguous,
            found=found.get(index + 1),
        )


def _line_inputs(form: DocumentForm, path: str) -> list[Input]:
    return [
        Input(path=f"{path}.{name}", label=label, bound=bound, source=None)
        for name, label in LINE
        if (bound := form.shown(f"{path}.{name}"))
    ]


def _new_line(read: ReadDocument, form: DocumentForm) -> Line | None:
    index = len(read.lines)
    inputs = _line_inputs(form, f"lines.{index}")
    return Line(index=index, position="+", inputs=inputs, source=Source()) if inputs else None
