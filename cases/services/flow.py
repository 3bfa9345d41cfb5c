"""The map: how a mail becomes work, an order and an answer. Read this page first.

    server    --fetch-->    RECEIVED     emails.services.intake.fetch
    RECEIVED  --triage-->   TRIAGED      emails.services.triage: parse, classify, route, thread
    TRIAGED   --take in-->  TAKEN_IN     cases.services.opening: open or join the case, deadlines
    TAKEN_IN  --work-->     HANDLED      brief an agent, consult it, apply what it proposes;
                                         cases.services.queueing: whose agent takes it now
    letter    --send-->     SENT         emails.services.outbox

Each stage takes the mails that wait in its state, decides outside any transaction and writes a
chunk in one. A stage rings the next after its commit; a sweep finds what nobody was rung for.
"""

from collections.abc import Iterable, Sequence

from django.db import transaction

from agents.services import consulting
from cases.services import following, opening, queueing
from cases.services.applying import Decided, apply
from cases.services.briefing import brief, with_customers
from emails.models import Email
from emails.services import bouncing, stages
from emails.services.triage import TRIAGE
from hbu.journal.recording import record_many
from hbu.lib.reasons import N_


def take_in(emails: Sequence[Email]) -> None:
    """Give each mail its case; what needs no work is handled at once."""
    with transaction.atomic():
        held = stages.held(emails, Email.State.TRIAGED)
        taken = opening.take_in([email for email in emails if email.pk in held])
        _move(taken.for_work, Email.State.TAKEN_IN)
        _move(taken.set_aside, Email.State.HANDLED)
        following.owe_another_way(bouncing.note(taken.set_aside))
        record_many("email.taken_in", ((email, {}) for email in taken.for_work))
        record_many("email.set_aside", ((email, _reasons(email)) for email in taken.set_aside))


def _reasons(email: Email) -> dict[str, str]:
    return {"kind": email.kind, "automatic": email.automatic, "why": email.must_not_answer}


def work(emails: Sequence[Email]) -> None:
    """Consult the agents about the mails and apply what they propose."""
    with_customers(emails)
    matters = brief(emails)
    consulted = consulting.consult(
        [(matter.agent or matter.nobody, matter.brief) for matter in matters]
    )
    apply(
        [
            Decided(matter, run, outcome)
            for matter, (run, outcome) in zip(matters, consulted, strict=True)
        ]
    )


def _move(emails: Sequence[Email], state: str) -> None:
    Email.objects.filter(pk__in=[email.pk for email in emails]).update(
        state=state, claimed_until=None, attempts=0
    )


TAKE_IN = stages.Stage(N_("take in"), Email.State.TRIAGED, take_in)
WORK = stages.Stage(N_("work"), Email.State.TAKEN_IN, work, queueing.admit)
STAGES = (TRIAGE, TAKE_IN, WORK)


def carry_through(ids: Iterable[int]) -> None:
    """Take mails through all stages here and now; commands and imports use it, no broker needed."""
    ids = list(ids)
    for stage in STAGES:
        stages.run(stage, ids)
