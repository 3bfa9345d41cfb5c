"""What waits, in words: what it is, why it waits, since when, and the page where it is done."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Case, Task
from emails.models import Email, Mailbox, OutgoingEmail
from hbu.lib.telling import told
from kpis import links
from orders.models import BankEntry, Document, Order, Printout, Quotation, Receivable
from orders.services import waiting


@dataclass(frozen=True, slots=True)
class Deed:
    title: str
    why: str
    since: datetime
    url: str


def pressing_cases() -> str:
    return f"{reverse('cases:inbox')}?view=risk"


def of_mailbox(mailbox: Mailbox) -> Deed:
    if mailbox.failing_since:
        why, since = told(mailbox.last_error), mailbox.failing_since
    else:
        why, since = _("Mails are missing in the ledger"), mailbox.gap_since or timezone.now()
    return Deed(mailbox.address, why, since, links.row(mailbox))


def of_case(case: Case) -> Deed:
    parts = [case.get_standing_display()]
    if due := case.next_deadline_at:
        when = date_format(timezone.localtime(due), "SHORT_DATETIME_FORMAT")
        parts.append(_("due %(when)s") % {"when": when})
    since = case.customer_wrote_at or case.opened_at
    return Deed(f"{case.number} {case.title}", " · ".join(parts), since, case.get_absolute_url())


def of_order(order: Order) -> Deed:
    title = f"{order.number} {order.customer or ''}".strip()
    desk = reverse("admin:orders_order_desk", args=[order.pk])
    why = waiting.doubts(order.doubts) or _("To be confirmed")
    return Deed(title, why, order.created_at, desk)


def of_letter(letter: OutgoingEmail) -> Deed:
    why = told(letter.reason) if letter.reason else letter.get_state_display()
    return Deed(letter.subject, why, letter.created_at, links.row(letter))


def of_mail(email: Email) -> Deed:
    return Deed(str(email), told(email.error), email.received_at, links.row(email))


def of_task(task: Task) -> Deed:
    why = f"{task.case.number} · {told(task.reason)}" if task.reason else task.case.number
    return Deed(told(task.title), why, task.created_at, links.row(task))


def of_quotation(quotation: Quotation) -> Deed:
    title = f"{quotation.number} {quotation.customer or quotation.contact_name}".strip()
    why = waiting.doubts(quotation.doubts) or _("To be priced and sent")
    return Deed(title, why, quotation.created_at, links.row(quotation))


def of_document(document: Document) -> Deed:
    title = " ".join(part for part in (document.party, document.number) if part)
    why = waiting.doubts(document.concerns) or _("To be checked before it is paid")
    return Deed(title or document.filename, why, document.read_at, links.row(document))


def of_payment(entry: BankEntry) -> Deed:
    title = f"{_money(entry.amount, entry.currency)} {entry.party}".strip()
    why = entry.purpose or entry.get_state_display()
    return Deed(title, why, _begin_of(entry.booked_on), links.row(entry))


def of_receivable(receivable: Receivable) -> Deed:
    title = f"{receivable.invoice} {_money(receivable.open_amount, receivable.invoice.currency)}"
    since = receivable.next_reminder_on or receivable.due_on
    days = (timezone.localdate() - receivable.due_on).days
    why = ngettext("overdue by %(days)d day", "overdue by %(days)d days", days) % {"days": days}
    return Deed(title, why, _begin_of(since), links.row(receivable))


def of_printout(printout: Printout) -> Deed:
    why = told(printout.error)
    return Deed(str(printout), why, printout.created_at, links.row(printout))


def _money(amount: Decimal, currency: str) -> str:
    return f"{number_format(amount, decimal_pos=2, use_l10n=True, force_grouping=True)} {currency}"


def _begin_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
