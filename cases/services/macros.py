"""Macros: a person sets off several actions with one click; an answer goes last, as the person's own
letter, and can be taken back like any other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from django.contrib.auth.models import AbstractUser
from django.db.models import Q

from agents.scope import departments_of
from cases.models import Case, Macro
from cases.services import acting, answering
from cases.services.acting import Done
from emails.models import OutgoingEmail, RoyalTemplate
from hbu.journal.recording import caused_by, record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from hbu.lib.telling import told

CHANGE, ANSWER = "cases.change_case", "cases.answer_case"


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of each action, and the letter that was written, if one was."""

    done: Sequence[Done]
    letter: OutgoingEmail | None = None

    @property
    def errors(self) -> list[str]:
        return [told(f"{one.what}: {one.error}") for one in self.done if one.error]


def offered(user: AbstractUser, case: Case) -> list[Macro]:
    """Return the macros that the person may run in a case, in their order."""
    if case.merged_into_id or not user.has_perm(CHANGE):
        return []
    rows, theirs = Macro.objects.filter(is_active=True), departments_of(user)
    if theirs is not None:
        rows = rows.filter(Q(departments=None) | Q(departments__in=theirs)).distinct()
    may_answer = user.has_perm(ANSWER)
    return [one for one in rows if may_answer or not _answers(one)]


def run(case: Case, macro: Macro, *, by: AbstractUser) -> Ran:
    """Do what the macro says in the person's name. Raises DomainError where it is not offered; an
    action that fails is told and undoes no other, but after one no answer leaves."""
    if macro not in offered(by, case):
        raise DomainError("macro.not_offered", N_("This macro is not for you."), status=403)
    answers = _answers(macro)
    others = {place for place, one in enumerate(macro.actions) if one.get("kind") != "answer"}
    via, manner = f"macro:{uuid4().hex}", acting.Manner(macro.name, only=others)
    with caused_by(macro=macro.name):
        done = acting.perform(case, macro.actions, by=by, via=via, manner=manner)
        letter = None
        if answers and not any(one.error for one in done):
            letter, said = _answer(case, answers[0], by)
            done.append(said)
        record("case.macro", case, actor=by, number=case.number, name=macro.name)
    return Ran(done, letter)


def _answers(macro: Macro) -> list[str]:
    return [str(one.get("template")) for one in macro.actions if one.get("kind") == "answer"]


def _answer(case: Case, code: str, by: AbstractUser) -> tuple[OutgoingEmail | None, Done]:
    try:
        return _write(case, code, by), Done("answer", code)
    except DomainError as refused:
        return None, Done("answer", code, refused.message)


def _write(case: Case, code: str, by: AbstractUser) -> OutgoingEmail:
    composed = answering.prepare(case, mode=answering.Mode.REPLY, by=by)
    found = RoyalTemplate.objects.filter(code=code)
    # The reader's language, else English, else whatever there is.
    template = min(
        found,
        key=lambda row: (row.language != composed.language, row.language != "en"),
        default=None,
    )
    if template is None:
        raise DomainError("template.missing", N_("There is no such text."))
    to = composed.to[0] if composed.to else ""
    filled = answering.fill(case, template, by=by, language=template.language, to=to)
    letter = replace(
        composed,
        subject=filled.subject,
        text=filled.text,
        language=template.language,
        template=code,
    )
    # The case may stand where the macro put it: no further status is given.
    return answering.send(case, letter, by=by)
