"""From templates to letters in the outbox: rendered, scored, weighed against the budgets."""

import logging
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone

from emails import budgets, courtesy, templating
from emails.data import File, Letter
from emails.models import OutgoingEmail, RoyalTemplate
from emails.services import blocking, enclosing, joining
from emails.threading import find_token, signed_message_id, with_token
from hbu.journal.models import Event
from hbu.journal.recording import record, record_many
from hbu.lib.reasons import N_
from shop.services import people

logger = logging.getLogger(__name__)

State, Weight = OutgoingEmail.State, OutgoingEmail.Weight
STORM_WINDOW = timedelta(hours=1)


def queue(
    letters: Sequence[Letter],
    *,
    made: Mapping[str, File] | None = None,
    by: AbstractBaseUser | None = None,
) -> list[OutgoingEmail]:
    """Write the letters into the outbox, in the transaction of their cause.

    A letter whose courtesy falls short waits as a draft; one that must not leave is withheld, each
    with its reason. Left out are a cause that was answered before and a letter that cannot be
    written, because its template is missing or does not fit: the order it tells of is still good.
    `made`: those of the enclosures, by cause, that are made already.
    """
    with transaction.atomic():
        letters = _unanswered(letters)
        templates = _templates(letters)
        written = [(letter, _compose(letter, templates, by)) for letter in letters]
        pairs = [(letter, row) for letter, row in written if row is not None]
        rows = [row for _, row in pairs]
        _spend(pairs)
        OutgoingEmail.objects.bulk_create(rows)
        enclosing.add(pairs, made or {})
        joining.remember((row.message_id, row.thread_id) for row in rows)
        _record(rows, by)
    return rows


def preview(letter: Letter) -> templating.Rendered | None:
    """How the letter would read; None where it cannot be written."""
    found = _worded(letter, _templates([letter]))
    return found[1] if found else None


def _unanswered(letters: Sequence[Letter]) -> list[Letter]:
    causes = {letter.cause: letter for letter in letters}
    done = set(OutgoingEmail.objects.filter(cause__in=causes).values_list("cause", flat=True))
    return [letter for cause, letter in causes.items() if cause not in done]


def _templates(letters: Sequence[Letter]) -> dict[str, list[RoyalTemplate]]:
    codes = {letter.template for letter in letters}
    found: dict[str, list[RoyalTemplate]] = {code: [] for code in codes}
    for row in RoyalTemplate.objects.filter(code__in=codes).order_by("language"):
        found[row.code].append(row)
    return found


def _compose(
    letter: Letter, templates: dict[str, list[RoyalTemplate]], by: AbstractBaseUser | None
) -> OutgoingEmail | None:
    found = _worded(letter, templates)
    return _row(letter, *found, by) if found else None


def _worded(
    letter: Letter, templates: dict[str, list[RoyalTemplate]]
) -> tuple[RoyalTemplate, templating.Rendered] | None:
    # The reader's language, else English, else whatever there is.
    template = min(
        templates[letter.template],
        key=lambda row: (row.language != letter.language, row.language != "en"),
        default=None,
    )
    if template is None:
        logger.warning("There is no template %r for %s.", letter.template, letter.cause)
        return None
    try:
        return template, templating.render(template.subject, template.body, letter.variables)
    except templating.TemplateProblem as problem:
        logger.warning("Template %s does not fit %s: %s", template, letter.cause, problem)
        return None


def _row(
    letter: Letter,
    template: RoyalTemplate,
    rendered: templating.Rendered,
    by: AbstractBaseUser | None,
) -> OutgoingEmail:
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
        subject=with_token(rendered.subject, str(letter.variables.get("case_number", "")))[:500],
        text=rendered.text,
        message_id=new_message_id(letter.from_address),
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
    if letter.look_first:
        return State.DRAFT, letter.look_first
    # Nobody judges the tone in which colleagues are told of their work.
    if score < courtesy.LEAVES_UNSEEN and letter.weight != Weight.NOTICE:
        return State.DRAFT, N_("Its courtesy falls short; a person should read it.")
    return State.QUEUED, ""


def new_message_id(from_address: str) -> str:
    domain = from_address.rpartition("@")[2] or "localhost"
    return signed_message_id(settings.HBU_MESSAGE_ID_KEY.encode(), uuid4().hex, domain)


def _spend(pairs: Sequence[tuple[Letter, OutgoingEmail]]) -> None:
    """Withhold what blocks and budgets do not allow, counting the letters of this chunk as well."""
    pairs = [(letter, row) for letter, row in pairs if row.state == State.QUEUED]
    if not pairs:
        return
    rows = [row for _, row in pairs]
    known = {address.lower() for address in people.senders({row.to_address for row in rows})}
    lately, by_thread, by_all = _sent_lately(rows), _acknowledged(rows), _sent_by_all()
    blocks = blocking.held({row.to_address for row in rows if row.weight != Weight.PERSONAL})
    for letter, row in pairs:
        address = row.to_address.lower()
        spent = _spent(lately[address], find_token(str(letter.variables.get("subject_line", ""))))
        spent = replace(spent, in_thread=spent.in_thread + by_thread[row.thread_id], by_all=by_all)
        blocked = "" if row.weight == Weight.PERSONAL else blocks.get(address, "")
        row.reason = blocked or budgets.refusal(
            spent,
            weight=row.weight,
            known=address in known,
            per_hour=settings.HBU_AUTOMATIC_PER_HOUR,
        )
        if row.reason:
            row.state = State.WITHHELD
            continue
        lately[address].append(row)
        by_all += row.weight not in budgets.EXEMPT
        if row.thread_id and row.weight == Weight.ACKNOWLEDGEMENT:
            by_thread[row.thread_id] += 1


def _spent(lately: Sequence[OutgoingEmail], token: str) -> budgets.Spent:
    """`token`: the case that the answered mail names in its subject. A machine that drops our
    Message-IDs keeps the subject, and so its mails stay one conversation."""
    today = timezone.now() - timedelta(hours=budgets.WINDOW_HOURS)
    acknowledged = [row for row in lately if row.weight == Weight.ACKNOWLEDGEMENT]
    return budgets.Spent(
        acknowledgements=sum(row.created_at >= today for row in acknowledged),
        lately=len(acknowledged),
        commitments=sum(
            row.weight == Weight.COMMITMENT and row.created_at >= today for row in lately
        ),
        in_thread=sum(bool(token) and token in row.subject for row in acknowledged),
    )


def _sent_lately(rows: Sequence[OutgoingEmail]) -> dict[str, list[OutgoingEmail]]:
    """Automatic letters by address; Anna@ and anna@ are one reader."""
    since = timezone.now() - timedelta(hours=budgets.STRANGERS_WINDOW_HOURS)
    sends = (
        OutgoingEmail.objects.filter(state__in=OutgoingEmail.TRUE_SENDS, created_at__gte=since)
        .exclude(weight__in=budgets.EXEMPT)
        .annotate(reader=Lower("to_address"))
        .filter(reader__in={row.to_address.lower() for row in rows})
    )
    found: dict[str, list[OutgoingEmail]] = defaultdict(list)
    for row in sends.only("to_address", "weight", "created_at", "subject"):
        found[row.to_address.lower()].append(row)
    return found


def _sent_by_all() -> int:
    """How many automatic letters the whole house wrote within the hour."""
    since = timezone.now() - STORM_WINDOW
    sends = OutgoingEmail.objects.filter(created_at__gte=since, state__in=OutgoingEmail.TRUE_SENDS)
    return sends.exclude(weight__in=budgets.EXEMPT).count()


def _acknowledged(rows: Sequence[OutgoingEmail]) -> Counter[int | None]:
    """How many acknowledgements each conversation ever got."""
    sends = OutgoingEmail.objects.filter(
        state__in=OutgoingEmail.TRUE_SENDS,
        weight=Weight.ACKNOWLEDGEMENT,
        thread_id__in={row.thread_id for row in rows if row.thread_id},
    )
    return Counter(sends.values_list("thread_id", flat=True))


def _record(rows: Sequence[OutgoingEmail], by: AbstractBaseUser | None) -> None:
    for kind, leaving in (("outgoing.queued", True), ("outgoing.held", False)):
        facts = (
            (row, {"template": row.template, "to": row.to_address, "reason": row.reason})
            for row in rows
            if (row.state == State.QUEUED) is leaving
        )
        record_many(kind, facts, actor=by)
    _warn_of_a_storm([row for row in rows if row.reason == budgets.STORM])


def _warn_of_a_storm(held: Sequence[OutgoingEmail]) -> None:
    """Say it once an hour, however many letters wait."""
    since = timezone.now() - STORM_WINDOW
    if held and not Event.objects.filter(kind="outgoing.storm", at__gte=since).exists():
        logger.error("More than %s automatic letters an hour.", settings.HBU_AUTOMATIC_PER_HOUR)
        record("outgoing.storm", held[0], reason=held[0].reason)
