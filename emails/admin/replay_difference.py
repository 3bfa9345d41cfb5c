"""The mails of a replay, to choose from which differences are applied."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.enums import ActionVariant

from emails.admin import colours
from emails.admin.replay_page import (
    can_be_applied,
    changes_in_words,
    fate_badge,
    in_words,
    stage_in_words,
)
from emails.admin.wording import Names
from emails.models import ReplayDifference
from emails.services.replay import running
from hbu.lib.admin import (
    Facts,
    Notice,
    PageAdmin,
    Section,
    Table,
    Transition,
    anchor,
    column,
    labelled,
    link,
)
from hbu.lib.admin.showing import address
from hbu.lib.telling import told

MOST_AT_ONCE = 50
APPLY_ONE = Transition(
    name="apply",
    label=_("Apply"),
    act=lambda difference, by, _reason: running.apply_one(difference, by=by),
    possible=lambda one: one.state == one.State.OPEN and can_be_applied(one.replay),
    question=_("What differs is written for these mails only. Nothing is sent."),
    bulk=True,
    icon="done",
    variant=ActionVariant.PRIMARY,
)


@admin.register(ReplayDifference)
class ReplayDifferenceAdmin(PageAdmin):
    empty_words = _("No replay has found a difference.")
    list_display = ("mail", "step", "what", "state_label")
    list_display_links = None
    list_select_related = ("email", "replay")
    list_filter = (("state", ChoicesDropdownFilter), ("replay", RelatedDropdownFilter))
    search_fields = ("email__subject", "email__from_address")
    transitions = (APPLY_ONE,)

    state_label = labelled("state", _("state"), colours.FATE)

    @column(_("mail"))
    def mail(self, one: ReplayDifference) -> str:
        return link(one.email)

    @column(_("step"))
    def step(self, one: ReplayDifference) -> str:
        return anchor(address(one.replay), stage_in_words(one.replay.stage))

    @column(_("what changes"))
    def what(self, one: ReplayDifference) -> str:
        names: Names = one.names  # type: ignore[attr-defined] # given to each row of the list
        return changes_in_words(one.changes, names) or one.error

    def sections(self, request: HttpRequest, one: ReplayDifference) -> list[Section]:
        names = Names()
        failed = [Notice(text=told(one.error), colour="danger")] if one.error else []
        return [
            *failed,
            Table(
                title=_("What differs"),
                headers=(_("what changes"), _("before"), _("after")),
                rows=[
                    in_words((row["field"], row["before"], row["after"]), names)
                    for row in one.changes
                ],
                empty=_("Nothing."),
            ),
            Facts(
                title=_("Replay"),
                beside=True,
                items=(
                    (_("mail"), link(one.email)),
                    (_("step"), self.step(one)),
                    (_("state"), fate_badge(one)),
                ),
            ),
        ]

    def transition_many(
        self, request: HttpRequest, transition: Transition, objects: "QuerySet[Any]"
    ) -> HttpResponse | None:
        """Each is compared once more here and now, so a page waits for a few only."""
        if objects.count() > MOST_AT_ONCE:
            words = gettext("At most %(count)d at once; all of a replay are applied on its page.")
            messages.error(request, words % {"count": MOST_AT_ONCE})
            return None
        return super().transition_many(request, transition, objects)

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        listed: ChangeList = super().get_changelist_instance(request)
        names = Names()
        for one in listed.result_list:
            one.names = names
        return listed

    def get_queryset(self, request: HttpRequest) -> "QuerySet[ReplayDifference]":
        rows: QuerySet[ReplayDifference] = super().get_queryset(request)
        return rows.defer(
            "email__text", "email__html_safe", "email__reply_text", "email__trace", "email__reasons"
        )
