"""A replay on its way: asked for, compared in chunks, shown, then applied or dropped.

The row is the truth and says how far it came; a worker that dies loses nothing but its last chunk,
and the sweep rings for whoever goes on.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from time import monotonic

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from emails.models import Replay, ReplayDifference
from emails.services import deciding
from emails.services.replay import applying, comparing
from emails.services.replay.comparing import Compared, Stage
from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

MOST_CHOSEN = 20_000
CLAIM_SECONDS = 60
SECONDS_AT_A_TIME = 45.0
"""Well below the time after which a task is stopped; the sweep rings again."""
State, Fate = Replay.State, ReplayDifference.State


def ask(
    stage: str,
    *,
    since: datetime | None = None,
    ids: Iterable[int] | None = None,
    by: AbstractBaseUser | None,
) -> Replay:
    """Ask for a comparison of some mails, or of all; a task makes it. Raises DomainError."""
    label = comparing.stage_called(stage).label
    chosen = sorted(set(ids or ()))
    if len(chosen) > MOST_CHOSEN:
        raise DomainError("replay.too_many", N_("Choose fewer mails, or a period instead."))
    total = comparing.replayable(since, chosen).count()
    if not total or (ids is not None and not chosen):
        raise DomainError("replay.nothing", N_("None of the mails has been read and routed yet."))
    with transaction.atomic():
        replay = Replay.objects.create(
            stage=stage, since=since, emails=chosen, by_id=by.pk if by else None, total=total
        )
        record("replay.asked", replay, actor=by, stage=label)
    return replay


def overdue(now: datetime) -> list[int]:
    """Return replays that wait with nobody at them: the sweep's list."""
    return list(Replay.objects.due(now).values_list("pk", flat=True))


def go_on(pk: int) -> None:
    """Work on a replay for a while; what is left waits for the next ring."""
    replay = _claim(pk)
    if replay is None:
        return
    until = monotonic() + SECONDS_AT_A_TIME
    step = _compare_some if replay.state == State.COMPARING else _apply_some
    while step(replay):
        if monotonic() > until:
            Replay.objects.filter(pk=pk).update(claimed_until=None)
            return


def _claim(pk: int) -> Replay | None:
    now = timezone.now()
    claimed = Replay.objects.due(now).filter(pk=pk).update(claimed_until=_later(now))
    return Replay.objects.get(pk=pk) if claimed else None


def _later(now: datetime) -> datetime:
    return now + timedelta(seconds=CLAIM_SECONDS)


def _compare_some(replay: Replay) -> bool:
    """Compare the next chunk; return whether more is to be done."""
    rows = comparing.replayable(replay.since, replay.emails).filter(pk__gt=replay.cursor)
    stage = comparing.stage_called(replay.stage)
    emails = comparing.whole(rows[: stage.portion])
    found = comparing.compare(emails, stage)
    before = replay.cursor
    with transaction.atomic():
        # Another worker may have taken over after our claim ended; its chunk counts, not ours.
        mine = Replay.objects.filter(pk=replay.pk, state=State.COMPARING, cursor=before)
        replay.cursor = emails[-1].pk if emails else before
        replay.done += len(emails)
        more = bool(emails)
        moved = mine.update(
            cursor=replay.cursor,
            done=replay.done,
            claimed_until=_later(timezone.now()) if more else None,
            state=State.COMPARING if more else State.PREPARED,
        )
        if not moved:
            return False
        _store(replay, found)
        if not more:
            record("replay.prepared", replay, stage=stage.label)
    return more


def _store(replay: Replay, found: Sequence[Compared]) -> None:
    ReplayDifference.objects.bulk_create(
        ReplayDifference(
            replay=replay,
            email=one.email,
            changes=one.as_json(),
            digest=one.digest,
            error=one.again.error,
            state=Fate.FAILED if one.again.error else Fate.OPEN,
        )
        for one in found
        if one.differs
    )


def apply_all(replay: Replay, *, by: AbstractBaseUser | None) -> None:
    """Let a task write all that is open. Raises DomainError."""
    _must_be_applicable(replay)
    _move(replay, State.APPLYING, "replay.confirmed", by)


def drop(replay: Replay, *, by: AbstractBaseUser | None) -> None:
    """Leave everything as it is. Raises DomainError."""
    _move(replay, State.DROPPED, "replay.dropped", by)


def _must_be_applicable(replay: Replay) -> Stage:
    stage = comparing.stage_called(replay.stage)
    if not stage.can_be_applied:
        raise DomainError("replay.shown_only", N_("This step is only shown, never applied."))
    return stage


def _move(replay: Replay, state: str, kind: str, by: AbstractBaseUser | None) -> None:
    with transaction.atomic():
        prepared = Replay.objects.filter(pk=replay.pk, state=State.PREPARED)
        if not prepared.update(state=state, confirmed_by=by, claimed_until=None):
            raise DomainError(
                "replay.not_prepared", N_("This replay is not waiting for a decision.")
            )
        record(kind, replay, actor=by, stage=comparing.stage_called(replay.stage).label)
    replay.refresh_from_db()


def apply_one(difference: ReplayDifference, *, by: AbstractBaseUser | None) -> None:
    """Write a single difference here and now. Raises DomainError."""
    replay = difference.replay
    stage = _must_be_applicable(replay)
    if replay.state != State.PREPARED or difference.state != Fate.OPEN:
        raise DomainError("replay.not_open", N_("This difference is not waiting for a decision."))
    _apply([difference], stage, by)
    difference.refresh_from_db()
    if difference.state == Fate.OUTDATED:
        raise DomainError(
            "replay.outdated", N_("The mail or the rules changed since this was compared.")
        )


def _apply_some(replay: Replay) -> bool:
    """Apply the next chunk; return whether more is to be done."""
    rows = replay.differences.filter(state=Fate.OPEN).order_by("pk")
    stage = comparing.stage_called(replay.stage)
    differences = list(rows[: stage.portion])
    if differences:
        _apply(differences, stage, replay.confirmed_by)
        Replay.objects.filter(pk=replay.pk).update(claimed_until=_later(timezone.now()))
        return True
    with transaction.atomic():
        waiting = Replay.objects.filter(pk=replay.pk, state=State.APPLYING)
        if waiting.update(state=State.APPLIED, claimed_until=None):
            record("replay.applied", replay, actor=replay.confirmed_by, stage=stage.label)
    return False


def _apply(
    differences: Sequence[ReplayDifference], stage: Stage, by: AbstractBaseUser | None
) -> None:
    """Compare once more and write what is still the change that people saw."""
    emails = comparing.replayable(ids=[one.email_id for one in differences])
    books = deciding.open_books()
    found = {one.email.pk: one for one in comparing.compare(comparing.whole(emails), stage, books)}
    shown = {one.email_id: one.digest for one in differences}
    rows = ReplayDifference.objects.filter(pk__in=[one.pk for one in differences], state=Fate.OPEN)
    with transaction.atomic():
        # Somebody else may have applied some of them while we compared.
        still_open = rows.select_for_update().values_list("email_id", flat=True)
        mine = [found[pk] for pk in still_open if pk in found]
        wanted = [one for one in mine if one.digest == shown[one.email.pk]]
        done = applying.write(wanted, stage, by=by)
        rows.filter(email__in=done).update(state=Fate.APPLIED)
        rows.exclude(email__in=done).update(state=Fate.OUTDATED)
