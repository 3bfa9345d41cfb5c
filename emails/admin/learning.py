"""What staff corrected, and the models that learned from it."""

from collections.abc import Sequence

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.enums import ActionVariant

from emails.admin import colours
from emails.labels import KIND_LABELS
from emails.models import Correction, LearnedModel
from emails.services import learning
from hbu.journal.history import history
from hbu.lib.admin import (
    Facts,
    Notice,
    PageAdmin,
    ReadOnlyAdmin,
    Section,
    Table,
    Transition,
    badge,
    column,
    labelled,
    moment,
    words_of,
)
from hbu.lib.admin.showing import percent

SWITCH_ON = Transition(
    name="switch_on",
    label=_("Switch on"),
    act=lambda model, by, _reason: learning.switch_on(model, by=by),
    possible=lambda model: model.state != LearnedModel.State.IN_FORCE and not _advice(model),
    question=_("From now on, the model has a say beside the rules in what new mails are about."),
    icon="toggle_on",
    variant=ActionVariant.PRIMARY,
)
SWITCH_OFF = Transition(
    name="switch_off",
    label=_("Switch off"),
    act=lambda model, by, _reason: learning.switch_off(model, by=by),
    possible=lambda model: model.state == LearnedModel.State.IN_FORCE,
    question=_("The rules decide alone again. Mails that were read stay as they are."),
    icon="toggle_off",
    variant=ActionVariant.DANGER,
)


@admin.register(Correction)
class CorrectionAdmin(ReadOnlyAdmin):
    empty_words = _(
        "Nobody has corrected us yet. The page of a mail has a button “This is something else”."
    )
    list_display = ("at", "email", "said_kind", "kind", "said_department", "department", "by")
    list_display_links = ("at",)
    list_select_related = ("email", "said_department", "department", "by")
    list_filter = (
        ("kind", ChoicesDropdownFilter),
        ("said_kind", ChoicesDropdownFilter),
        ("department", RelatedDropdownFilter),
    )
    search_fields = ("email__subject", "email__from_address")
    fields = (("said_kind", "kind"), ("said_department", "department"), ("by", "at"), "email")
    date_hierarchy = "at"
    export_fields = (
        "at", "email__subject", "said_kind", "kind", "said_department__code", "department__code",
        "by__username",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Correction]":
        rows: QuerySet[Correction] = super().get_queryset(request)
        return rows.defer("email__text", "email__html_safe", "email__reply_text", "email__trace")


@admin.register(LearnedModel)
class LearnedModelAdmin(PageAdmin):
    empty_words = _(
        "No model has been trained yet. Every night one is, if staff corrected mails that day."
    )
    list_display = (
        "number", "state_label", "trained_at", "lessons", "held_back", "rules", "model_alone", "both",
        "switched_on_by",
    )  # fmt: skip
    list_select_related = ("switched_on_by",)
    list_filter = (("state", ChoicesDropdownFilter),)
    export_fields = (
        "version", "state", "trained_at", "lessons", "held_back", "rules_right", "model_right",
        "both_right", "switched_on_at",
    )  # fmt: skip
    transitions = (SWITCH_ON, SWITCH_OFF)

    state_label = labelled("state", _("state"), colours.MODEL)

    @column(_("version"), ordering="version")
    def number(self, model: LearnedModel) -> str:
        return str(model)

    @column(_("rules alone"))
    def rules(self, model: LearnedModel) -> str:
        return _share(model.rules_right, model.held_back)

    @column(_("model alone"))
    def model_alone(self, model: LearnedModel) -> str:
        return _share(model.model_right, model.held_back)

    @column(_("together"))
    def both(self, model: LearnedModel) -> str:
        return _share(model.both_right, model.held_back)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[LearnedModel]":
        rows: QuerySet[LearnedModel] = super().get_queryset(request)
        return rows.defer("weights")

    def sections(self, request: HttpRequest, model: LearnedModel) -> Sequence[Section]:
        return [
            *_advice(model),
            _side_by_side(model),
            _mistakes(model),
            history(model),
            _facts(model),
        ]


def _share(right: int, of: int) -> str:
    return percent(right / of) if of else "-"


def _advice(model: LearnedModel) -> list[Section]:
    if model.held_back < learning.FEWEST_HELD_BACK:
        words = gettext(
            "Only %(count)d corrections judge it; %(needed)d are needed before it may be switched on."
        ) % {"count": model.held_back, "needed": learning.FEWEST_HELD_BACK}
        return [Notice(text=words, colour="info")]
    if model.both_right < model.rules_right:
        return [Notice(text=_("The rules alone do better: it cannot be switched on."))]
    return []


def _side_by_side(model: LearnedModel) -> Table:
    return Table(
        title=_("On corrections it had not seen"),
        headers=(_("kind"), _("mails"), _("right by the rules alone"), _("right together")),
        rows=[
            (
                KIND_LABELS.get(kind, kind),
                row["held_back"],
                _of(row["rules"], row["held_back"]),
                _of(row["both"], row["held_back"]),
            )
            for kind, row in model.by_kind.items()
        ]
        + [
            (
                _("all kinds"),
                model.held_back,
                _of(model.rules_right, model.held_back),
                _of(model.both_right, model.held_back),
            )
        ],
    )


def _of(right: int, of: int) -> str:
    return f"{right} ({_share(right, of)})"


def _mistakes(model: LearnedModel) -> Table:
    return Table(
        title=_("What was mistaken for what"),
        headers=(_("it is"), _("taken for"), _("by the rules alone"), _("together")),
        rows=[
            (
                KIND_LABELS.get(one["kind"], one["kind"]),
                KIND_LABELS.get(one["taken_for"], one["taken_for"]),
                one["rules"],
                one["both"],
            )
            for one in model.confusion
        ],
        empty=_("Nothing was."),
    )


def _facts(model: LearnedModel) -> Facts:
    return Facts(
        title=_("Training"),
        beside=True,
        items=(
            (_("state"), badge(words_of(model, "state"), colours.MODEL.get(model.state, ""))),
            (_("trained at"), moment(model.trained_at)),
            (_("lessons"), model.lessons),
            (_("of them held back in turn"), model.held_back),
            (_("words it knows"), len(model.weights.get("words", ()))),
            (_("switched on"), moment(model.switched_on_at)),
            (_("switched on by"), model.switched_on_by or "-"),
        ),
    )
