"""The journal's reader for people: who hears of what happened, as the pure `cases.notices` says."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from agents.models import Agent, Department
from cases.models import Case, Note, Task
from cases.notices import AUDIENCES, Around, hearers
from cases.services import notifying, opening, seeing
from cases.services.notifying import Word
from emails.models import Email, OutgoingEmail
from hbu.journal.catching_up import missed
from hbu.journal.models import Event

READER = "notices"
# Who is told when something is wrong with the house: whoever can put it right.
HOUSE = "emails.change_mailbox"
LETTERS = ("outgoing.failed", "outgoing.bounced", "outgoing.incomplete")
EXCERPT = 300

Parts = Mapping[str, Collection[int]]


def unheard(now: datetime) -> list[int]:
    """Return events that a lost bell left untold: the sweep's list."""
    return missed(READER, AUDIENCES.keys(), now)


def hear(ids: Iterable[int]) -> None:
    """Tell people of the events; repeatable, and always with the same few queries."""
    with transaction.atomic():
        rows = Event.objects.filter(pk__in=list(ids), kind__in=AUDIENCES).select_related("actor")
        events = list(rows.order_by("pk"))
        scene = Scene.of(events)
        notifying.tell_all([word for event in events for word in scene.words(event)])


@dataclass(slots=True)
class Scene:
    """What the events of a chunk are about, and who stands around it."""

    cases: dict[int, Case] = field(default_factory=dict)
    tasks: dict[int, Task] = field(default_factory=dict)
    assigned: set[int] = field(default_factory=set)
    """Tasks that were given to somebody in so many words, besides being opened."""
    letters: dict[int, OutgoingEmail] = field(default_factory=dict)
    case_of_thread: dict[int | None, Case] = field(default_factory=dict)
    emails: dict[int, Email] = field(default_factory=dict)
    notes: dict[int, Note] = field(default_factory=dict)
    followers: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    teams: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    admins: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, events: Sequence[Event]) -> "Scene":
        scene = cls()
        scene._read_subjects(events)
        scene._read_people(events)
        return scene

    def _read_subjects(self, events: Sequence[Event]) -> None:
        cases = Case.objects.select_related("assignee")
        self.cases = cases.in_bulk(_subjects(events, "cases.case"))
        tasks = _subjects(events, "cases.task")
        self.tasks = Task.objects.select_related("case", "assignee").in_bulk(tasks)
        given = Event.objects.filter(
            kind="task.assigned", subject_type="cases.task", subject_id__in=tasks
        )
        self.assigned = set(given.values_list("subject_id", flat=True)) if tasks else set()
        personal = OutgoingEmail.objects.filter(weight=OutgoingEmail.Weight.PERSONAL)
        self.letters = personal.in_bulk(_subjects(events, "emails.outgoingemail"))
        threads = {one.thread_id for one in self.letters.values() if one.thread_id}
        # The open case comes last, else the youngest that was closed.
        rows = cases.filter(thread__in=threads) if threads else []
        for case in sorted(rows, key=lambda one: (one.status != Case.Status.CLOSED, one.pk)):
            self.case_of_thread[case.thread_id] = case
        joined = [event.data.get("email") for event in events if event.kind == "case.joined"]
        self.emails = Email.objects.in_bulk([pk for pk in joined if pk])
        noted = [event.data.get("note") for event in events if event.kind == "case.noted"]
        self.notes = Note.objects.in_bulk([pk for pk in noted if pk])

    def _read_people(self, events: Sequence[Event]) -> None:
        kinds = {event.kind for event in events}
        rows = Case.followers.through.objects.filter(case__in=self.cases)
        for case, user in rows.values_list("case_id", "user_id") if self.cases else ():
            self.followers[case].add(user)
        if not kinds.isdisjoint(("case.opened", "case.assigned")):
            free = {one.department_id for one in self.cases.values() if one.assignee_id is None}
            members = Department.members.through.objects.filter(department__in=free)
            for department, user in members.values_list("department_id", "user_id"):
                self.teams[department].add(user)
        if any(("admins", "system") in AUDIENCES[kind] for kind in kinds):
            found = User.objects.with_perm(HOUSE, backend=seeing.BACKEND).filter(is_staff=True)
            self.admins = set(found.values_list("pk", flat=True))

    def words(self, event: Event) -> Iterator[Word]:
        """Yield what the event is to each person around it."""
        case, data = self._told(event)
        if data is None:
            return
        parts = self._parts(event, case)
        by = event.actor.get_full_name() or event.actor.get_username() if event.actor else ""
        facts = {"event": event.kind, "by": by, **data}
        for user, kind in hearers(event.kind, Around(parts, event.actor_id)).items():
            yield Word(user, kind, f"event:{event.pk}", case, facts)

    def _told(self, event: Event) -> tuple[Case | None, dict[str, Any] | None]:
        """Return the case and what is said of the event; None where nobody need hear of it."""
        if event.subject_type == "cases.task":
            return self._of_task(event)
        if event.subject_type == "cases.case":
            case = self.cases.get(event.subject_id)
            return case, self._of_case(event) if case else None
        if event.kind in LETTERS:
            return self._of_letter(event)
        about = {"about": [event.subject_type, event.subject_id]}
        return None, {**about, **_plain(event.data)}

    def _of_task(self, event: Event) -> tuple[Case | None, dict[str, Any] | None]:
        task = self.tasks.get(event.subject_id)
        if task is None or (event.kind == "task.opened" and task.pk in self.assigned):
            return None, None
        return task.case, {"task": task.pk, "number": task.number, "title": task.title}

    def _of_case(self, event: Event) -> dict[str, Any] | None:
        if event.kind == "case.joined":
            email = self.emails.get(event.data.get("email", 0))
            if email is None or email.automatic or not opening.brings_work(email):
                return None
            return {"by": email.from_name or email.from_address, "text": email.subject[:EXCERPT]}
        if event.kind == "case.noted":
            note = self.notes.get(event.data.get("note", 0))
            return {"text": note.text[:EXCERPT] if note else ""}
        return _plain(event.data)

    def _of_letter(self, event: Event) -> tuple[Case | None, dict[str, Any] | None]:
        letter = self.letters.get(event.subject_id)
        if letter is None:
            return None, None
        to = str(event.data.get("to") or letter.to_address)
        said = {"letter": letter.pk, "to": to, "text": letter.subject[:EXCERPT]}
        return self.case_of_thread.get(letter.thread_id), {
            **said,
            "reason": str(event.data.get("reason") or letter.reason)[:EXCERPT],
        }

    def _parts(self, event: Event, case: Case | None) -> Parts:
        is_task = event.subject_type == "cases.task"
        task = self.tasks.get(event.subject_id) if is_task else None
        is_letter = event.subject_type == "emails.outgoingemail"
        letter = self.letters.get(event.subject_id) if is_letter else None
        return {
            "assignee": _still(event, case.assignee if case else None, "case.assigned"),
            "team": self.teams[case.department_id] if case else (),
            "followers": self.followers[case.pk] if case else (),
            "mentioned": event.data.get("mentions") or (),
            "sleeper": _one(event.data.get("for_user")),
            "doer": _still(event, task.assignee if task else None, "task.assigned"),
            "author": _one(letter.created_by_id) if letter else (),
            "admins": self.admins,
        }


def _subjects(events: Iterable[Event], label: str) -> set[int]:
    return {event.subject_id for event in events if event.subject_type == label}


def _still(event: Event, agent: Agent | None, handed: str) -> Collection[int]:
    """Whose it is by now; a hand-over that another one followed is nobody's news."""
    if agent is None or (event.kind == handed and event.data.get("to") != agent.name):
        return ()
    return (agent.user_id,)


def _one(user: Any) -> Collection[int]:
    return (user,) if isinstance(user, int) else ()


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """What an event tells, as far as it fits in a line."""
    return {name: value for name, value in data.items() if isinstance(value, str | int | float)}
