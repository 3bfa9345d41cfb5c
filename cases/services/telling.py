"""Letters that tell a customer what became of an order, an invoice or a quotation; each once.

The letter goes into the conversation of its case. Where it must not leave or cannot be written, a
task tells it to a person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext

from agents.models import Department
from cases.models import Case, Task
from cases.services import conversing, life, printouts, replying, tasks
from emails.data import Letter
from emails.models import Email, OutgoingEmail
from emails.services import writing
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.models import Order, Quotation

SEND_BY_HAND = N_("Tell the customer what our letter could not")
NO_ADDRESS = N_("There is no mail address; reach the customer another way.")
COMMITMENT, ACKNOWLEDGEMENT = (
    OutgoingEmail.Weight.COMMITMENT.value,
    OutgoingEmail.Weight.ACKNOWLEDGEMENT.value,
)


@dataclass(frozen=True, slots=True)
class News:
    """What happened, and how it is told."""

    cause: str
    template: str
    matter: conversing.Matter
    variables: Mapping[str, object] = field(default_factory=dict)
    enclosures: tuple[str, ...] = ()
    to_address: str = ""
    """Where it goes; empty: to whoever ordered or asked."""
    by_person: bool = False
    """A person made it happen, however old the mail is that began it."""
    weight: str = COMMITMENT
    desk: str = ""
    """The department that writes; empty: the one of the case."""
    owed: str = ""
    """The task that goes with it, for somebody has to act."""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    news: News
    case: Case
    email: Email | None
    """The mail that began it, if one did."""

    @property
    def reader(self) -> str:
        given = self.news.to_address or self.news.matter.contact_email
        return given or (replying.recipient(self.email) if self.email else "")

    @property
    def withhold(self) -> str:
        if not self.reader:
            return NO_ADDRESS
        if self.email is None or self.reader != replying.recipient(self.email):
            return ""
        return replying.withhold(self.email, self.reader, by_person=self.news.by_person)


def tell(news: Sequence[News]) -> list[OutgoingEmail]:
    """Write the letters that were not written before. Call inside a transaction that holds what
    they are about."""
    fresh = _untold(news)
    if not fresh:
        return []
    told = _told(fresh)
    paper = replying.stationery_for(one.reader for one in told if one.reader)
    desks = {row.code: row for row in Department.objects.all()}
    last = _last_letters(told)
    letters = [_letter(one, paper, desks.get(one.news.desk), last) for one in told]
    rows = writing.queue(letters, made=printouts.made(one.enclosures for one in fresh))
    _open_tasks(told, {row.cause: row for row in rows})
    life.resolve([one.case for one in told if not one.case.emails.exists()])
    return rows


def preview(news: News) -> str:
    """Return whom the letter goes to and how it reads, or why none leaves. Raises DomainError where
    it cannot be written."""
    case = conversing.as_it_would_be(news.matter)
    one = Told(news, case, _began(news.matter, case) if case.pk else None)
    if one.withhold:
        return gettext(one.withhold)
    paper = replying.stationery_for([one.reader])
    desk = Department.objects.filter(code=news.desk).first()
    rendered = writing.preview(_letter(one, paper, desk, {}))
    if rendered is None:
        raise DomainError("letter.unwritten", replying.UNWRITTEN)
    return f"{one.reader}\n{rendered.subject}\n\n{rendered.text}"


def _untold(news: Sequence[News]) -> list[News]:
    causes = {one.cause: one for one in news}
    rows = OutgoingEmail.objects.filter(cause__in=causes)
    done = set(rows.values_list("cause", flat=True))
    return [one for cause, one in causes.items() if cause not in done]


def _told(news: Sequence[News]) -> list[Told]:
    orders = {one.matter.pk: one.matter for one in news if isinstance(one.matter, Order)}
    quotations = {one.matter.pk: one.matter for one in news if isinstance(one.matter, Quotation)}
    of_orders = conversing.homes(list(orders.values()))
    of_quotations = conversing.homes(list(quotations.values()))
    found = []
    for one in news:
        homes = of_orders if isinstance(one.matter, Order) else of_quotations
        case = homes[one.matter.pk]
        found.append(Told(one, case, _began(one.matter, case)))
    return found


def _began(matter: conversing.Matter, case: Case) -> Email | None:
    if isinstance(matter, Order):
        return replying.asking(matter, case)
    return case.emails.order_by("pk").filter(received_at__lte=matter.created_at).last()


def _last_letters(told: Sequence[Told]) -> dict[tuple[int | None, str], str]:
    """The Message-ID of the youngest letter to each reader in each conversation."""
    rows = OutgoingEmail.objects.filter(thread__in={one.case.thread_id for one in told})
    sent = rows.filter(state__in=OutgoingEmail.TRUE_SENDS).order_by("pk")
    return {
        (thread, address): message_id
        for thread, address, message_id in sent.values_list("thread_id", "to_address", "message_id")
    }


def _letter(
    one: Told,
    paper: replying.Stationery,
    desk: Department | None,
    last: Mapping[tuple[int | None, str], str],
) -> Letter:
    news, case, matter, email = one.news, one.case, one.news.matter, one.email
    desk = desk or case.department
    box = replying.mailbox_of(desk, paper)
    contact = paper.contacts.get(one.reader.lower())
    name = matter.contact_name or (email.from_name if email else "")
    language = matter.language
    return Letter(
        cause=news.cause,
        template=news.template,
        language=language,
        variables={
            **replying.facts(case, contact, paper, language=language, name=name),
            "department": desk.name_in(language),
            **news.variables,
        },
        to_address=one.reader,
        to_name="" if news.to_address else name,
        from_name=replying.from_name(desk, paper, language),
        from_address=box.address if box else desk.address,
        mailbox_id=box.pk if box else None,
        thread_id=case.thread_id,
        in_reply_to=last.get((case.thread_id, one.reader)) or (email.message_id if email else ""),
        references=(*email.references, email.message_id) if email else (),
        weight=news.weight,
        policy="at_least_once" if news.weight == COMMITMENT else "at_most_once",
        withhold=one.withhold,
        enclosures=news.enclosures,
    )


def _open_tasks(told: Sequence[Told], letters: Mapping[str, OutgoingEmail]) -> None:
    """What somebody owes anyway, and what could not be told by mail."""
    wanted = [
        Task(case=one.case, title=title, reason=reason[:500], department=one.case.department)
        for one in told
        for title, reason in _owed(one.news, letters.get(one.news.cause))
    ]
    asked = Task.objects.filter(case__in=[task.case for task in wanted])
    known = set(asked.values_list("case_id", "title", "reason")) if wanted else set()
    new = [task for task in wanted if (task.case_id, task.title, task.reason) not in known]
    tasks.open_all(new)
    life.reopen({task.case_id for task in new})


def _owed(news: News, letter: OutgoingEmail | None) -> list[tuple[str, str]]:
    owed = [(news.owed, news.why)] if news.owed else []
    if news.weight != COMMITMENT:
        return owed
    if letter is None:
        return [*owed, (SEND_BY_HAND, f"{news.matter.number}: {replying.UNWRITTEN}")]
    if letter.state == OutgoingEmail.State.WITHHELD:
        return [*owed, (SEND_BY_HAND, f"{letter.subject}: {letter.reason}")]
    return owed
