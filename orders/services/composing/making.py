"""A printout as a file: which letter it is, what it carries and what it is called."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from hbu.lib.errors import DomainError
from orders.data import Check, CheckState
from orders.documents.einvoice import writing
from orders.models import Printout
from orders.printing import archive, naming, proof, rendering
from orders.printing.letter import Letter
from orders.services.composing import einvoice, invoice, order, quotation, reminder, shipment

PDF, XML = "application/pdf", "application/xml"


@dataclass(frozen=True, slots=True)
class File:
    data: bytes
    filename: str
    media_type: str
    checks: tuple[Check, ...] = ()


class NotFit(DomainError):
    """An e-invoice that our own reader finds wrong."""

    def __init__(self, checks: Sequence[Check]) -> None:
        failed = [one for one in checks if one.state is CheckState.FAILED]
        first = failed[0]
        told = " ".join(filter(None, (first.rule, gettext(first.name), first.detail)))
        super().__init__("printout.not_fit", told)
        self.checks = tuple(checks)


COMPOSERS: dict[str, Callable[[Printout], Letter]] = {
    Printout.Kind.QUOTATION: quotation.quotation,
    Printout.Kind.CONFIRMATION: order.confirmation,
    Printout.Kind.DELIVERY_NOTE: shipment.delivery_note,
    Printout.Kind.INVOICE: invoice.invoice,
    Printout.Kind.CREDIT_NOTE: invoice.invoice,
    Printout.Kind.REMINDER: reminder.reminder,
}
_BILLED = (Printout.Kind.INVOICE, Printout.Kind.CREDIT_NOTE)


def file(printout: Printout) -> File:
    """Raises NotFit for an e-invoice that must not leave."""
    if printout.kind == Printout.Kind.XRECHNUNG:
        return _xrechnung(printout)
    letter = COMPOSERS[printout.kind](printout)
    pdf = rendering.pdf(letter)
    about = _about(printout, letter)
    if printout.kind in _BILLED and not _has_xrechnung(printout):
        return _hybrid(printout, pdf, about)
    name = naming.filename(_named(printout), letter.number, printout.language)
    return File(archive.archived(pdf, about), name, PDF)


def _about(printout: Printout, letter: Letter) -> archive.About:
    title = f"{letter.title} {letter.number}"
    return archive.About(title, letter.sender.name, printout.language, printout.created_at)


def _has_xrechnung(printout: Printout) -> bool:
    """Then the PDF is for reading only: one invoice is not sent as data twice."""
    xrechnung = Printout.objects.filter(kind=Printout.Kind.XRECHNUNG)
    return xrechnung.filter(invoice=printout.invoice_id).exists()


def _hybrid(printout: Printout, pdf: bytes, about: archive.About) -> File:
    row = invoice.invoice_of(printout)
    meant = einvoice.paper(row)
    xml = writing.written(meant)
    data = archive.archived(pdf, about, xml)
    checks = _proved(proof.of_pdf(data, xml, meant))
    return File(data, naming.filename(row.kind, row.number, printout.language), PDF, checks)


def _xrechnung(printout: Printout) -> File:
    row = invoice.invoice_of(printout)
    meant = einvoice.paper(row, einvoice.XRECHNUNG)
    xml = writing.written(meant, einvoice.PROCESS)
    checks = _proved(proof.of_xml(xml, meant))
    name = naming.filename("xrechnung", row.number, printout.language, "xml")
    return File(xml, name, XML, checks)


def _proved(checks: Sequence[Check]) -> tuple[Check, ...]:
    if any(one.state is CheckState.FAILED for one in checks):
        raise NotFit(checks)
    return tuple(checks)


def _named(printout: Printout) -> str:
    """A cancellation is printed as a credit note is, and called what it is."""
    return printout.invoice.kind if printout.invoice else printout.kind
