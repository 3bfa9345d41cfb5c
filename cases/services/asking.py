"""A supplier is asked for a correct e-invoice: by a person, in the conversation that brought it."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext, override

from agents.data import ASK_FOR_A_VALID_INVOICE
from cases.models import Case, Filing, Task
from cases.services import replying, tasks
from emails.data import Letter
from emails.models import OutgoingEmail
from emails.services import writing
from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.data import CheckState
from orders.models import Document

TEMPLATE = "einvoice_correction"
PARTS = frozenset({"format", "rules", "content"})
MOST_NAMED = 8
"""What else is wrong is for the supplier's own check to find."""
NO_MAIL = N_("No mail brought this document; write to the supplier yourself.")
ASKED = N_("The supplier was asked for a correct e-invoice already.")


def can_be_asked(document: Document) -> bool:
    """Whether it is an e-invoice that breaks a rule and that nobody found right all the same."""
    is_open = document.kind == Document.Kind.INVOICE and document.state != Document.State.CHECKED
    return is_open and any(_is_broken(check) for check in document.checks)


def preview(document: Document) -> str:
    """Return whom the letter goes to and how it reads. Raises DomainError when there is none."""
    letter, _case = _letter(document)
    rendered = writing.preview(letter)
    if rendered is None:
        raise DomainError("document.unwritten", replying.UNWRITTEN)
    return f"{letter.to_address}\n{rendered.subject}\n\n{rendered.text}"


def ask(document: Document, *, by: AbstractBaseUser) -> OutgoingEmail:
    """Write the letter and take the matter off the list of tasks; once for a document.

    Raises DomainError when it was written before, cannot be written or must not leave.
    """
    with transaction.atomic():
        held = Document.objects.select_for_update().get(pk=document.pk)
        letter, case = _letter(held)
        if OutgoingEmail.objects.filter(cause=letter.cause).exists():
            raise DomainError("document.asked", ASKED)
        row = next(iter(writing.queue([letter], by=by)), None)
        if row is None:
            raise DomainError("document.unwritten", replying.UNWRITTEN)
        if row.state == OutgoingEmail.State.WITHHELD:
            raise DomainError("document.not_asked", row.reason)
        owed = Task.objects.open().filter(case=case, title=ASK_FOR_A_VALID_INVOICE)
        for task in owed.filter(reason=held.number or held.filename):
            tasks.resolve(task, by=by)
        record("document.correction_asked", held, actor=by, number=held.number, to=row.to_address)
    return row


def _letter(document: Document) -> tuple[Letter, Case]:
    """The letter, and the case in whose conversation it goes out."""
    brought = Filing.objects.filter(document=document, email__link__isnull=False)
    last = brought.select_related(
        "email__link__case__department", "email__link__case__customer", "email__link__case__policy"
    ).last()
    if last is None:
        raise DomainError("document.no_mail", NO_MAIL)
    email, case = last.email, last.email.link.case
    paper = replying.stationery([email])
    language = email.language or paper.company.language
    answer = replying.Answer(
        TEMPLATE,
        variables={
            "document_number": document.number or document.filename,
            "doubts": _findings(document, language),
        },
        cause=f"document:{document.pk}:correction",
        weight=OutgoingEmail.Weight.PERSONAL.value,
        by_person=True,
    )
    return replying.letter(email, case, answer, paper), case


def _findings(document: Document, language: str) -> list[str]:
    """What must hold and does not, with the rule where a standard names one."""
    broken = [check for check in document.checks if _is_broken(check)][:MOST_NAMED]
    with override(language):
        return [" ".join(filter(None, (gettext(one["name"]), _rule(one)))) for one in broken]


def _rule(check: dict[str, str]) -> str:
    named = ": ".join(filter(None, (check.get("rule"), check.get("detail"))))
    return f"({named})" if named else ""


def _is_broken(check: dict[str, str]) -> bool:
    return check.get("part") in PARTS and check["state"] == CheckState.FAILED
