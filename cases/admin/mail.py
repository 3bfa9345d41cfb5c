"""The page of a mail, with what only the case side can do: sort it into the right case."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter, DropdownFilter
from unfold.enums import ActionVariant

from agents.models import Agent
from cases.models import Case
from cases.services import queueing, regrouping
from emails.admin import EmailAdmin
from emails.data import Joined
from emails.models import Email, Thread
from emails.services.regrouping import keep
from hbu.lib.admin import Notice, Section, Transition, anchor, link
from hbu.lib.words import whole_number

HANDLED = Email.State.HANDLED


def _joined(email: Email) -> bool:
    return email.state == HANDLED and bool(email.joined_by) and email.possibly_of_id is None


def _questionable(email: Email) -> bool:
    asked = email.new_topic or email.new_participant or email.possibly_of_id is not None
    return asked and email.joined_by != Joined.PERSON


SPLIT = Transition(
    name="split",
    label=_("Make it a case of its own"),
    act=lambda email, by, _reason: regrouping.split(email, by=by),
    possible=_joined,
    question=_(
        "The mail, and what answers it, leaves its conversation for a new one with a case of its own."
        " Its order and its documents go with it."
    ),
    icon="call_split",
)
JOIN = Transition(
    name="join",
    label=_("Join it there"),
    act=lambda email, by, _reason: regrouping.join(email, by=by),
    possible=lambda email: email.state == HANDLED and email.possibly_of_id is not None,
    question=_(
        "The whole conversation of this mail goes into the other one, and its case with it. Later"
        " answers to either meet there."
    ),
    icon="call_merge",
)
KEEP = Transition(
    name="keep",
    label=_("It is right here"),
    act=lambda email, by, _reason: keep(email, by=by),
    possible=_questionable,
    question=_("The mail stays where it is, and the question is off its page."),
    icon="check",
    variant=ActionVariant.DEFAULT,
    bulk=True,
)


class PlaceFilter(DropdownFilter):
    title = _("place in its conversation")
    parameter_name = "place"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("asked", _("a person should look"))]

    def queryset(self, request: HttpRequest, rows: Any) -> "QuerySet[Email]":
        found: QuerySet[Email] = rows.questionable() if self.value() == "asked" else rows
        return found


class QueueFilter(DropdownFilter):
    title = _("waits for the agent")
    parameter_name = "waits_for"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        rows = Agent.objects.filter(kind=Agent.Kind.SOFTWARE)
        return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, rows: Any) -> "QuerySet[Email]":
        asked = whole_number(self.value() or "")
        if asked is None:
            return rows  # type: ignore[no-any-return] # the admin's rows
        waiting = queueing.waiting_for([asked]).order_by()
        found: QuerySet[Email] = rows.filter(pk__in=waiting.values("pk"))
        return found


admin.site.unregister(Email)


@admin.register(Email)
class CaseMailAdmin(EmailAdmin):
    transitions = (*EmailAdmin.transitions, SPLIT, JOIN, KEEP)

    def get_list_filter(self, request: HttpRequest) -> Sequence[Any]:
        ours = (PlaceFilter, QueueFilter, ("impostor", BooleanRadioFilter))
        return [*super().get_list_filter(request), *ours]

    def sections(self, request: HttpRequest, email: Email) -> Sequence[Section]:
        offered = list(self.transitions_for(request, email))
        return [*_questions(email, offered, request.user), *super().sections(request, email)]


def _questions(email: Email, offered: Sequence[Transition], user: Any) -> list[Section]:
    """What a person should look at, each with the buttons that settle it."""
    notices: list[Section] = []
    if email.impostor:
        words = _("We did not send it. It changes no case and is never answered by itself.")
        notices.append(
            Notice(title=_("It claims to come from our own house"), text=words, colour="danger")
        )
    if email.possibly_of_id and email.joined_by == Joined.PERSON:
        notices.append(
            _asked(_("It was split off from"), email, offered, user, (JOIN,), colour="info")
        )
    elif email.possibly_of_id:
        title = _("It possibly belongs to another conversation, where its sender took no part")
        notices.append(_asked(title, email, offered, user, (JOIN, KEEP)))
    if email.new_topic and _questionable(email):
        title = _("A new topic? It answers this conversation under another subject.")
        notices.append(_asked(title, email, offered, user, (SPLIT, KEEP)))
    if email.new_participant and _questionable(email):
        title = _("Its sender is new in this conversation and answers a letter of ours.")
        notices.append(_asked(title, email, offered, user, (SPLIT, KEEP), colour="info"))
    return notices


def _asked(
    title: Promise,
    email: Email,
    offered: Sequence[Transition],
    user: Any,
    wanted: Sequence[Transition],
    *,
    colour: str = "warning",
) -> Notice:
    where = _where(email, user) if email.possibly_of_id else ""
    ways = [_way(email, one) for one in wanted if one in offered]
    text = format_html_join(" · ", "{}", ((one,) for one in (where, *ways) if one))
    return Notice(title=title, text=text, colour=colour)


def _where(email: Email, user: Any) -> SafeString:
    """The conversation that it names, and the youngest of its cases."""
    case = Case.objects.visible_to(user).filter(thread=email.possibly_of_id).first()
    thread = Thread.objects.visible_to(user).filter(pk=email.possibly_of_id or 0).first()
    shown = [link(one) for one in (thread, case) if one]
    return format_html_join(" ", "{}", ((one,) for one in shown))


def _way(email: Email, transition: Transition) -> str:
    address = reverse("admin:emails_email_transition", args=[email.pk, transition.name])
    return anchor(address, str(transition.label))
