"""Two customers become one: which, then what would move, then the click. And the way back."""

from collections.abc import Sequence

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from hbu.lib.admin import Facts, PageAdmin, Section, Table, Transition, column, link, moment
from hbu.lib.admin.showing import address
from hbu.lib.errors import DomainError
from shop.models import Customer, Merge
from shop.services import merging

FIELD = Merge._meta.get_field("gone")


class ChoiceForm(forms.Form):
    """Which one goes: the one whose page this is stays."""

    other = forms.ModelChoiceField(
        label=_("Customer that goes"),
        queryset=Customer.objects.in_use(),
        widget=AutocompleteSelect(FIELD, admin.site),
    )


def _page(request: HttpRequest, kept: Customer, transition: Transition) -> HttpResponse:
    """Choosing is a question (GET), putting together a deed (POST)."""
    asked = request.POST if request.method == "POST" else request.GET
    form = ChoiceForm(asked if "other" in asked else None)
    gone = form.cleaned_data["other"] if form.is_bound and form.is_valid() else None
    if gone == kept:
        form.add_error("other", gettext(merging.SAME))
        gone = None
    if request.method == "POST" and gone is not None:
        try:
            transition.act(kept, request.user, gone)
        except DomainError as error:
            messages.error(request, gettext(error.message))
        else:
            words = gettext("%(gone)s was put into %(kept)s.")
            messages.success(request, words % {"gone": gone, "kept": kept})
        return HttpResponseRedirect(address(kept))
    context = {
        **admin.site.each_context(request),
        "opts": Customer._meta,
        "title": transition.label,
        "transition": transition,
        "form": form,
        "media": form.media,
        "kept": kept,
        "gone": gone,
        "shares": merging.preview(kept, gone) if gone else [],
        "back": address(kept),
    }
    return TemplateResponse(request, "admin/shop/merging.html", context)


PUT_TOGETHER = Transition(
    name="merge",
    label=_("Put another customer into this one"),
    act=lambda kept, by, gone: merging.merge(kept, gone, by=by),
    possible=lambda customer: customer.merged_into_id is None,
    question=_(
        "Orders, mails, cases, contacts, addresses and article numbers of the other customer move "
        "here; its invoices stay as they were issued and are shown here. It can be undone."
    ),
    permission="merge",
    page=_page,
    icon="merge",
)
UNDO = Transition(
    name="undo",
    label=_("Take them apart again"),
    act=lambda merge, by, _reason: merging.unmerge(merge, by=by),
    possible=lambda merge: merge.undone_at is None,
    question=_(
        "What moved goes back, except for what has moved on since; the journal tells how much."
    ),
    icon="undo",
    variant=ActionVariant.DANGER,
)


@admin.register(Merge)
class MergeAdmin(PageAdmin):
    empty_words = _("No customers were put together yet.")
    list_display = ("gone", "kept", "at", "by", "undone")
    list_select_related = ("gone", "kept", "by")
    search_fields = ("gone__name", "gone__number", "kept__name", "kept__number")
    transitions = (UNDO,)

    @column(_("undone"), ordering="undone_at")
    def undone(self, merge: Merge) -> str:
        return moment(merge.undone_at) if merge.undone_at else ""

    def _may(self, request: HttpRequest, transition: Transition) -> bool:
        """Who may put together may take apart."""
        return request.user.has_perm("shop.merge_customer")

    def sections(self, request: HttpRequest, merge: Merge) -> Sequence[Section]:
        names = {str(one): one.model._meta.verbose_name_plural for one in merging.links()}
        moved, stayed = (merge.moved.get(part, {}) for part in ("rows", "stayed"))
        return [
            Table(
                title=_("What moved"),
                headers=(_("what"), _("moved"), _("stayed, the other has the same")),
                rows=[
                    (
                        capfirst(names.get(name, name)),
                        len(moved.get(name, ())),
                        len(stayed.get(name, ())),
                    )
                    for name in sorted({*moved, *stayed})
                ],
                empty=_("There was nothing to move."),
            ),
            Facts(
                title=_("Put together"),
                beside=True,
                items=(
                    (_("kept"), link(merge.kept)),
                    (_("put into it"), link(merge.gone)),
                    (_("mail domains"), ", ".join(merge.moved.get("domains", [])) or "-"),
                    (_("at"), moment(merge.at)),
                    (_("by"), merge.by or _("the house")),
                    (_("undone"), moment(merge.undone_at)),
                    (_("undone by"), merge.undone_by or "-"),
                ),
            ),
        ]
