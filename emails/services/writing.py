"""From templates to letters in the outbox: rendered, scored, weighed against the budgets."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from emails import budgets, courtesy, templating
from emails.data import Letter
from emails.models import OutgoingEmail, RoyalTemplate
from emails.services import joining
from emails.threading import signed_message_id
from hbu.journal.recording import record_many
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from shop.services import people

State = OutgoingEmail.State


def queue(letters: Sequence[Letter], *, by: AbstractBaseUser | None = None) -> list[OutgoingEmail]:
    """Write the letters into the outbox, in the transaction of their cause.

    A letter whose courtesy falls short waits as a draft; one that must not leave is withheld, each
    with its reason. A cause that was answered before is left out. Raises DomainError when a
    template is missing.
    """
    with transaction.atomic():
        letters = _unanswered(letters)
        templates = _templates(letters)
        rows = [_compose(letter, templates, by) for letter in letters]
        _spend(rows, letters)
        OutgoingEmail.objects.bulk_create(rows)
        joining.remember((row.message_id, row.thread_id) for row in rows)
        _record(rows, by)
    return rows


def _unanswered(letters: Sequence[Letter]) -> list[Letter]:
    causes = {letter.cause: letter for letter in letters}
    done = set(OutgoingEmail.objects.filter(cause__in=causes).values_list("cause", flat=True))
    return [letter for cause, letter in causes.items() if cause not in done]


def _templates(letters: Sequence[Letter]) -> dict[tuple[str, str], RoyalTemplate]:
    codes = {letter.template for letter in letters}
    rows = {(row.code, row.language): row for row in RoyalTemplate.objects.filter(code__in=codes)}
    missing = sorted(codes - {code for code, _ in rows})
    if missing:
        raise DomainError("template.missing", f"No royal template named {', '.join(missing)}.")
    return rows


def _compose(
    letter: Letter, templates: dict[tuple[str, str], RoyalTemplate], by: AbstractBaseUser | None
) -> OutgoingEmail:
    template = templates.get((letter.template, letter.language)) or next(
        row for (code, _), row in templates.items() if code == letter.template
    )
    rendered = templating.render(template.subject, template.body, letter.variables)
    score = courtesy.score(
        rendered.text,
        subject=rendered.subject,
        language=template.language,
        addressee=str(letter.variables.get("salutation", "")),
    )
    state, reason = _first_state(letter, score.score)
    return OutgoingEmail(
        state=state,
        reason=reason,
        policy=letter.policy,
        weight=letter.weight,
        cause=letter.cause,
        mailbox_id=letter.mailbox_id,
        from_name=letter.from_name,
        from_address=letter.from_address,
        to_name=letter.to_name,
        to_address=letter.to_address,
        subject=rendered.subject,
        text=rendered.text,
        message_id=_message_id(letter.from_address),
        in_reply_to=letter.in_reply_to,
        references=list(letter.references),
        answers_id=letter.answers_id,
        thread_id=letter.thread_id,
        template=template.code,
        language=template.language,
        score=score.score,
        findings=score.as_json()["findings"],
        created_by_id=by.pk if by else None,
    )


def _first_state(letter: Letter, score: int) -> tuple[str, str]:
    if letter.withhold:
        return State.WITHHELD, letter.withhold
    if score < courtesy.LEAVES_UNSEEN:
        return State.DRAFT, N_("Its courtesy falls short; a person should read it.")
    return State.QUEUED, ""


def _message_id(from_address: str) -> str:
    domain = from_address.rpartition("@")[2] or "localhost"
    return signed_message_id(settings.HBU_MESSAGE_ID_KEY.encode(), uuid4().hex, domain)


def _spend(rows: Sequence[OutgoingEmail], letters: Sequence[Letter]) -> None:
    """Withhold what the budgets do not allow, counting the letters of this chunk as well."""
    addresses = {row.to_address for row in rows}
    known = {address.lower() for address in people.senders(addresses)}
    by_address, by_thread = _spent(rows)
    for row in rows:
        if row.state != State.QUEUED:
            continue
        address = row.to_address.lower()
        spent = budgets.Spent(
            acknowledgements=by_address[address, "acknowledgement"],
            commitments=by_address[address, "commitment"],
            in_thread=by_thread[row.thread_id],
        )
        row.reason = budgets.refusal(spent, weight=row.weight, known=address in known)
        if row.reason:
            row.state = State.WITHHELD
        else:
            by_address[address, row.weight] += 1
            by_thread[row.thread_id] += row.weight == "acknowledgement"


def _spent(rows: Sequence[OutgoingEmail]) -> tuple[Counter[tuple[str, str]], Counter[int | None]]:
    since = timezone.now() - timedelta(hours=budgets.WINDOW_HOURS)
    sends = OutgoingEmail.objects.filter(state__in=OutgoingEmail.TRUE_SENDS)
    recent = sends.filter(
        to_address__in={row.to_address for row in rows}, created_at__gte=since
    ).values_list("to_address", "weight")
    acknowledged = sends.filter(
        thread_id__in={row.thread_id for row in rows if row.thread_id}, weight="acknowledgement"
    ).values_list("thread_id", flat=True)
    return Counter((address.lower(), weight) for address, weight in recent), Counter(acknowledged)


def _record(rows: Sequence[OutgoingEmail], by: AbstractBaseUser | None) -> None:
    kinds = {State.QUEUED: "outgoing.queued"}
    for kind in ("outgoing.queued", "outgoing.held"):
        record_many(
            kind,
            (
                (row, {"template": row.template, "to": row.to_address, "reason": row.reason})
                for row in rows
                if kinds.get(State(row.state), "outgoing.held") == kind
            ),
            actor=by,
        )
