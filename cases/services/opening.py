"""Cases are opened, or a mail joins the one that is open; for a chunk of mails at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from agents.models import Department
from cases.models import Case, CaseEmail, SLAPolicy
from cases.services import attending, clocks, life
from emails.data import Automatic, Joined, Kind
from emails.models import Correction, Email
from emails.services.joining import COPY, TO_A_NOTICE, is_our_letter, remember
from emails.threading import token_key
from hbu.company.numbers import draw
from hbu.journal.recording import record, record_many
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from hbu.lib.rows import save_all

# A mail that a machine wrote, or that others got and we may read, opens a case only when it brings
# business, such as an order that a customer's own system sent.
NEVER_A_CASE = {Automatic.AUTO_REPLY, Automatic.BOUNCE, Automatic.FEEDBACK_REPORT}
BUSINESS = {Kind.ORDER, Kind.ORDER_CHANGE, Kind.INVOICE, Kind.PAYMENT, Kind.COMPLAINT}
DEFAULT_POLICY = "standard"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the mails of a chunk."""

    for_work: list[Email]
    set_aside: list[Email]


@dataclass(frozen=True, slots=True)
class HouseRules:
    """What opening a case needs to know, read once for a chunk."""

    policies: dict[str, SLAPolicy]
    fallback_department: int

    @classmethod
    def read(cls) -> "HouseRules":
        department = Department.objects.order_by("pk").first()
        if department is None:
            raise DomainError("company.missing", N_("No company is loaded yet."))
        return cls(
            policies={policy.code: policy for policy in SLAPolicy.objects.all()},
            fallback_department=department.pk,
        )


def take_in(emails: Sequence[Email]) -> Taken:
    """Link each mail to its case, opening one where none is open. Call inside a transaction."""
    known, house_rules = _known_cases(emails), HouseRules.read()
    wanted = _wanted_copies(emails)
    fresh: dict[int | None, Case] = {}
    links: list[CaseEmail] = []
    taken = Taken([], [])
    opened_by: dict[int, Email] = {}
    for email in emails:
        case = fresh.get(email.thread_id) or _joins(email, known.get(email.thread_id))
        if case is None and opens_a_case(email, wanted=email.pk in wanted):
            case = fresh[email.thread_id] = _new_case(email, house_rules)
            opened_by[email.pk] = email
        if case is not None:
            links.append(CaseEmail(case=case, email=email))
        works = case is not None and (email.pk in opened_by or brings_work(email))
        (taken.for_work if works else taken.set_aside).append(email)
    # What goes on in a new case is over in the old one, before the new one claims its thread.
    former = {pk: known[pk] for pk in fresh if pk in known}
    life.change(former.values(), Case.Status.CLOSED)
    write(list(fresh.values()), links)
    _follow_merged(links)
    for thread, case in former.items():
        case.related.add(fresh[thread])
    _note_customers(link for link in links if _moves(link.email))
    _tell(links, set(opened_by))
    # A person's mail brings a waiting case back; nothing else changes a state.
    joined = [link for link in links if link.email.pk not in opened_by]
    _bring_back({link.case.pk for link in joined if _moves(link.email)})
    return taken


def _bring_back(cases: set[int]) -> None:
    life.reopen(cases)
    attending.wake(cases)


def _follow_merged(links: Sequence[CaseEmail]) -> None:
    """Move mails to where a colleague put their case since we looked. A case that has a new mail is
    held by its key, so from here on nobody does so before we are done."""
    gone = Case.objects.filter(pk__in={link.case.pk for link in links}, merged_into__isnull=False)
    into = {case.pk: case.merged_into for case in gone.select_related("merged_into")}
    for link in links:
        case = into.get(link.case.pk)
        while case is not None:
            link.case, case = case, case.merged_into
            link.save(update_fields=["case"])


def _joins(email: Email, case: Case | None) -> Case | None:
    """The case that a mail joins. One that is done is taken up again as its department wants it."""
    if case is None or case.status not in Case.DONE:
        return case
    if not _moves(email):
        return case if case.status == Case.Status.RESOLVED else None
    return case if _taken_up_again(case) else None


def _taken_up_again(case: Case) -> bool:
    desk = case.department
    if desk.reopen != Department.Reopen.NEW_AFTER:
        return desk.reopen == Department.Reopen.REOPEN
    until = case.resolved_at and case.resolved_at + timedelta(days=desk.reopen_days)
    return until is not None and timezone.now() <= until


def _note_customers(links: Iterable[CaseEmail]) -> None:
    """Keep when the customer last wrote: later answers are due from then on."""
    wrote: dict[int, Case] = {}
    for link in links:
        case, at = link.case, link.email.received_at
        case.customer_wrote_at = max(at, case.customer_wrote_at or at)
        case.updated_at = timezone.now()
        wrote[case.pk] = case
    save_all(wrote.values(), ["customer_wrote_at", "updated_at"])
    clocks.refresh(wrote)


def note_customers(cases: Iterable[int]) -> None:
    """The same for cases whose mails a person sorted anew. Call inside a transaction."""
    pks = list(cases)
    wrote: dict[int, datetime] = {}
    mails = Email.objects.filter(link__case__in=pks).defer("text", "reply_text", "html_safe")
    for email in mails.select_related("link"):
        if _moves(email):
            pk = email.link.case_id
            wrote[pk] = max(email.received_at, wrote.get(pk, email.received_at))
    for pk in pks:
        Case.objects.filter(pk=pk).update(customer_wrote_at=wrote.get(pk))
    clocks.refresh(pks)


def open_for(email: Email) -> Case:
    """Open a case for a mail that a person sets apart. Call inside a transaction."""
    case = _new_case(email, HouseRules.read())
    write([case], [])
    record("case.opened", case, number=case.number, email=email.pk)
    case.refresh_from_db()
    return case


def opens_a_case(email: Email, *, wanted: bool = False) -> bool:
    """Return whether a mail that belongs to no open case needs one; `wanted`: staff said so."""
    if email.kind == Kind.SPAM or email.automatic in NEVER_A_CASE:
        return False
    if _returned(email) or email.must_not_answer == TO_A_NOTICE:
        return False
    unasked = email.automatic or (email.must_not_answer == COPY and not wanted)
    return not unasked or email.kind in BUSINESS


def brings_work(email: Email) -> bool:
    """Return whether somebody has to look at a mail that joined an open case.

    What comes under our own address, and is not ours, is linked and changes nothing (promise D3).
    """
    business = email.automatic not in NEVER_A_CASE and email.kind in BUSINESS
    if email.impostor or _returned(email) or email.must_not_answer == TO_A_NOTICE:
        return False
    return business or not email.automatic


def _moves(email: Email) -> bool:
    return not email.automatic and brings_work(email)


def _returned(email: Email) -> bool:
    """Our own letter came back, through a list or a blind copy (promise D2)."""
    return email.joined_by == Joined.LETTER or is_our_letter(email.message_id)


def _wanted_copies(emails: Sequence[Email]) -> set[int]:
    """Copies of which staff said what they are about: somebody wants them worked on."""
    copies = [email.pk for email in emails if email.must_not_answer == COPY]
    if not copies:
        return set()
    return set(Correction.objects.filter(email__in=copies).values_list("email_id", flat=True))


def _known_cases(emails: Sequence[Email]) -> dict[int | None, Case]:
    """The case of each thread: the one that is not closed, else the youngest that was."""
    threads = {email.thread_id for email in emails}
    rows = Case.objects.filter(thread__in=threads, merged_into=None).select_related("department")
    in_order = sorted(rows, key=lambda case: (case.status != Case.Status.CLOSED, case.pk))
    return {case.thread_id: case for case in in_order}


def _new_case(email: Email, rules: HouseRules) -> Case:
    return Case(
        title=(email.subject or "-")[:300],
        kind=email.kind,
        priority=email.priority or "normal",
        sentiment=email.sentiment,
        customer_id=email.customer_id,
        department_id=email.department_id or rules.fallback_department,
        thread_id=email.thread_id,
        policy=rules.policies.get(email.sla) or rules.policies.get(DEFAULT_POLICY),
    )


def write(cases: list[Case], links: list[CaseEmail]) -> None:
    if cases:
        for case, number in zip(cases, draw("C", len(cases)), strict=True):
            case.number = number
        Case.objects.bulk_create(cases)
    for link in links:
        # The key of a new case exists only now; assigning again copies it to the link.
        link.case = link.case
    CaseEmail.objects.bulk_create(links)
    # Which SLA holds is asked of the mail, too.
    life.begin(cases)
    # The number stands in the subjects of our letters, and people give it on the phone.
    remember((token_key(case.number), case.thread_id) for case in cases)


def _tell(links: Sequence[CaseEmail], openers: set[int]) -> None:
    opened = [link for link in links if link.email.pk in openers]
    joined = [link for link in links if link.email.pk not in openers]
    record_many(
        "case.opened",
        ((link.case, {"number": link.case.number, "email": link.email.pk}) for link in opened),
    )
    record_many(
        "case.joined",
        ((link.case, {"number": link.case.number, "email": link.email.pk}) for link in joined),
    )
