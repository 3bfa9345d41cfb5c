"""A composed letter goes into the outbox, with what that means for its case, and may come back."""

import re
from contextlib import suppress
from dataclasses import replace

from django.contrib.auth.models import AbstractUser
from django.db import transaction

from agents.data import ANSWER_THE_MAIL
from agents.roles.acknowledging import TITLES
from cases.models import Case, Task
from cases.services import life, rating, replying, tasks
from cases.services.answering import addressing, checking, drafts, files
from cases.services.answering.composed import SPOKEN, Composed, Mode, language_of
from cases.services.answering.preparing import quoted
from cases.services.holding import must_be_there
from emails import courtesy
from emails.data import CourtesyScore, File
from emails.models import Email, OutgoingEmail, Thread
from emails.services import personal, releasing
from emails.threading import with_token
from hbu.journal.models import Event
from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

KEY = re.compile(r"[A-Za-z0-9-]{8,64}")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
LONGEST_TEXT = 100_000
ANSWERED = "case.answered"
COMPOSED = "composed:"
# Tasks that ask for an answer and for nothing else.
OWED_ANSWERS = (
    ANSWER_THE_MAIL,
    *(TITLES[kind] for kind in ("order_status", "complaint", "technical")),
)
Status = Case.Status


class Discourteous(DomainError):
    """The courtesy falls short of what leaves unseen; a person may send it despite that."""

    def __init__(self, points: CourtesyScore) -> None:
        what = N_("Its courtesy falls short. Read it again, or send it despite that.")
        super().__init__("letter.discourteous", what)
        self.points = points


def send(
    case: Case,
    composed: Composed,
    *,
    by: AbstractUser,
    then: str = "",
    despite: bool = False,
    close_tasks: bool = False,
) -> OutgoingEmail:
    """Write the letter into the outbox; it leaves when it can be taken back no longer.

    `then` is the status of the case afterwards, with `close_tasks` as in `life.move`; `despite`
    sends what falls short of courtesy. The same key sends once. Raises DomainError.
    """
    if not KEY.fullmatch(composed.key):
        raise DomainError("letter.key", N_("Open the answer again."), status=400)
    with transaction.atomic():
        held = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        causes = [f"{begins}{composed.key}" for begins in (COMPOSED, personal.FORWARDED)]
        if sent := OutgoingEmail.objects.filter(cause__in=causes).first():
            return _again(sent, by)
        composed = _guarded(held, composed)
        points = _judged(held, composed, despite=despite)
        letter = _letter(held, composed, points, invite=_invites(held, composed, then))
        personal.queue(letter, composed.files, by=by)
        _follow(held, composed, letter, by=by, then=then, close_tasks=close_tasks)
        drafts.drop(held, by)
    case.refresh_from_db()
    return letter


def _again(sent: OutgoingEmail, by: AbstractUser) -> OutgoingEmail:
    """A double click, or the same form sent twice; never one that was taken back meanwhile."""
    if sent.created_by_id != by.pk or sent.state == OutgoingEmail.State.ABORTED:
        raise DomainError("letter.key", N_("Open the answer again."), status=400)
    return sent


def _guarded(held: Case, composed: Composed) -> Composed:
    """Return the letter as it may leave. Raises DomainError."""
    must_be_there(held)
    if composed.mode not in set(Mode):
        raise DomainError("letter.mode", N_("There is no such way to write."), status=400)
    email = composed.answers
    if email is not None and not held.emails.filter(pk=email.pk).exists():
        raise DomainError("letter.of_another_case", N_("This mail is of another case."), status=404)
    to, cc, bcc = addressing.checked(composed.to, composed.cc, composed.bcc)
    if not to:
        raise DomainError("letter.nobody", N_("Say whom the letter goes to."), status=400)
    text = CONTROL.sub("", composed.text.replace("\r\n", "\n")).strip()
    subject = " ".join(CONTROL.sub(" ", composed.subject).split()) or held.title
    _refuse(subject, text)
    return replace(
        composed,
        to=to,
        cc=cc,
        bcc=bcc,
        subject=with_token(subject[:400], held.number),
        text=f"{text}\n",
        quoted=CONTROL.sub("", composed.quoted),
        files=files.fit(composed.files),
        language=composed.language if composed.language in SPOKEN else language_of(held, email),
    )


def _refuse(subject: str, text: str) -> None:
    if not text:
        raise DomainError("letter.empty", N_("The letter says nothing yet."), status=400)
    if len(text) > LONGEST_TEXT:
        raise DomainError("letter.too_long", N_("The letter is too long."), status=400)
    if left := checking.placeholder(subject, text):
        raise DomainError("letter.placeholder", f"{checking.HINT}: {left}", status=400)


def _judged(held: Case, composed: Composed, *, despite: bool) -> CourtesyScore:
    points = checking.check(
        composed.text,
        subject=composed.subject,
        language=composed.language,
        case=held,
        to=composed.to[0],
    )
    if points.score < courtesy.LEAVES_UNSEEN and not despite:
        raise Discourteous(points)
    return points


def _invites(held: Case, composed: Composed, then: str) -> bool:
    wanted = then == Status.RESOLVED and composed.invite_rating and composed.mode != Mode.FORWARD
    return wanted and rating.may_be_asked(held)


def _letter(
    held: Case, composed: Composed, points: CourtesyScore, *, invite: bool
) -> OutgoingEmail:
    email, to = composed.answers, composed.to[0]
    answers = email if email and Mode(composed.mode).answers else None
    paper = replying.stationery_for([to])
    desk, language = held.department, composed.language
    box = replying.mailbox_of(desk, paper, email.mailbox_id if email else None)
    contact = paper.contacts.get(to.lower())
    name = f"{contact.first_name} {contact.last_name}".strip() if contact else ""
    below = rating.invitation(held, language) if invite else ""
    return OutgoingEmail(
        cause=f"{_begins(composed)}{composed.key}",
        mailbox=box,
        from_name=replying.from_name(desk, paper, language),
        from_address=box.address if box else desk.address,
        to_name=email.from_name if email and to == email.from_address.lower() else name,
        to_address=to,
        # The envelope has one first reader; whoever is written to beside gets it as openly.
        cc=[*composed.to[1:], *composed.cc],
        bcc=list(composed.bcc),
        subject=composed.subject,
        text=composed.text,
        quoted="\n".join(filter(None, (below, composed.quoted))),
        in_reply_to=answers.message_id if answers else _last_letter(held, to, composed.mode),
        references=list(answers.references) if answers else [],
        answers=answers,
        thread=_thread(held),
        template=composed.template[:40],
        language=language,
        score=points.score,
        findings=points.as_json()["findings"],
    )


def _begins(composed: Composed) -> str:
    return personal.FORWARDED if composed.mode == Mode.FORWARD else COMPOSED


def _thread(held: Case) -> Thread:
    if held.thread is None:
        held.thread = Thread.objects.create(subject=held.title)
        held.save(update_fields=["thread"])
    return held.thread


def _last_letter(held: Case, to: str, mode: str) -> str:
    """What the reader had from us last in this conversation; a forward begins one of its own."""
    if held.thread_id is None or mode == Mode.FORWARD:
        return ""
    rows = OutgoingEmail.objects.filter(thread=held.thread_id, to_address__iexact=to)
    sent = rows.filter(state__in=OutgoingEmail.TRUE_SENDS).order_by("pk")
    return sent.values_list("message_id", flat=True).last() or ""


def _follow(
    held: Case,
    composed: Composed,
    letter: OutgoingEmail,
    *,
    by: AbstractUser,
    then: str,
    close_tasks: bool,
) -> None:
    """What an answer means for its case: taken up, its task done, in its new status."""
    owed = set(Task.objects.open().filter(case=held).values_list("pk", flat=True))
    life.begin_work(held, by=by)
    before = held.status
    if composed.mode != Mode.FORWARD:
        for task in Task.objects.open().filter(case=held, title__in=OWED_ANSWERS):
            with suppress(DomainError):
                tasks.resolve(task, by=by)
    moves = bool(then) and then != before
    if moves:
        life.move(held, then, by=by, close_tasks=close_tasks)
    done = Task.objects.filter(pk__in=owed, status=Task.Status.RESOLVED)
    record(
        ANSWERED,
        held,
        actor=by,
        number=held.number,
        letter=letter.pk,
        mode=composed.mode,
        email=composed.answers.pk if composed.answers else None,
        before=before,
        then=then if moves else "",
        tasks=list(done.order_by("pk").values_list("number", flat=True)),
    )


def take_back(letter: OutgoingEmail, *, by: AbstractUser) -> Composed:
    """Stop a letter that has not left, undo what it meant for its case, and give the draft back.

    Raises DomainError when it is on its way, or somebody else wrote it.
    """
    with transaction.atomic():
        answered = Event.objects.filter(
            kind=ANSWERED, actor_id=by.pk, data__letter=letter.pk
        ).first()
        if answered is None:
            raise DomainError("letter.not_yours", N_("You did not write this letter here."))
        case = Case.objects.select_for_update(of=("self",)).get(pk=answered.subject_id)
        releasing.take_back(letter, by=by)
        then = answered.data["then"]
        if then and case.status == then:
            reason = N_("The answer was taken back")
            life.change([case], answered.data["before"], by=by, reason=reason)
        for task in Task.objects.filter(number__in=answered.data["tasks"]):
            with suppress(DomainError):
                tasks.move(task, Task.Status.NEW, by=by)
        composed = drafts.keep_composed(case, by, _composed(letter, answered))
        record("case.answer_taken_back", case, actor=by, number=case.number, letter=letter.pk)
    return composed


def _composed(letter: OutgoingEmail, answered: Event) -> Composed:
    mode = answered.data["mode"]
    email = Email.objects.filter(pk=answered.data["email"]).first()
    return Composed(
        mode=mode,
        answers=email,
        to=(letter.to_address,),
        cc=tuple(letter.cc),
        bcc=tuple(letter.bcc),
        subject=letter.subject,
        text=letter.text,
        quoted=quoted(mode, email, letter.language),
        files=tuple(
            File(one.sha256, one.filename, one.media_type, one.size)
            for one in letter.enclosures.all()
        ),
        language=letter.language,
        template=letter.template,
    )
