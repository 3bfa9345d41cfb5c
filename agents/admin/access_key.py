"""Keys of staff's programs: made here, shown once, and revoked."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.enums import ActionVariant
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextInputWidget,
)

from agents.models import AccessKey
from agents.services import access_keys
from hbu.lib.admin import Facts, PageAdmin, Section, Transition, column, link, moment, nowrap
from hbu.lib.errors import DomainError

REVOKE = Transition(
    name="revoke",
    label=_("Revoke"),
    act=lambda key, by, _reason: access_keys.revoke(key, by=by),
    possible=lambda key: key.revoked_at is None,
    question=_("From now on nothing is done with this key. It cannot be made valid again."),
    icon="key_off",
    variant=ActionVariant.DANGER,
    bulk=True,
)
STATES = {"valid": _("valid"), "revoked": _("revoked"), "expired": _("expired")}


class KeyForm(forms.Form):
    user = forms.ModelChoiceField(
        label=_("In the name of"),
        queryset=get_user_model().objects.none(),
        help_text=_("The program sees and does what this person may, and nothing else."),
        widget=UnfoldAdminSelectWidget,
    )
    name = forms.CharField(label=_("What for"), max_length=80, widget=UnfoldAdminTextInputWidget())
    expires_at = forms.SplitDateTimeField(
        label=_("Expires"),
        required=False,
        help_text=_("Empty: works until it is revoked."),
        widget=UnfoldAdminSplitDateTimeWidget,
    )

    def __init__(self, by: Any, data: Any = None) -> None:
        super().__init__(data, initial={"user": by.pk})
        people = get_user_model().objects.filter(is_active=True, is_staff=True)
        if not by.has_perm("auth.change_user"):
            # Whoever does not keep the users lets a program act in the own name alone.
            people = people.filter(pk=by.pk)
        elif not by.is_superuser:
            # Nobody gives more than he or she has.
            people = people.filter(is_superuser=False)
        self.fields["user"].queryset = people.order_by("username")  # type: ignore[attr-defined]


@admin.register(AccessKey)
class AccessKeyAdmin(PageAdmin):
    empty_words = _("No program works in the name of a member of staff yet.")
    list_display = ("name", "prefix", "user", "created_at", "last_used_at", "expires_at", "valid")
    list_display_links = ("name", "prefix")
    list_select_related = ("user",)
    list_filter = (("user", RelatedDropdownFilter),)
    search_fields = ("name", "prefix", "user__username")
    export_fields = (
        "user__username", "name", "prefix", "created_at", "last_used_at", "expires_at", "revoked_at",
    )  # fmt: skip
    transitions = (REVOKE,)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("agents.add_accesskey"))

    def get_queryset(self, request: HttpRequest) -> "QuerySet[AccessKey]":
        """Who does not see the users sees the own keys."""
        rows: QuerySet[AccessKey] = super().get_queryset(request)
        return (
            rows if request.user.has_perm("auth.view_user") else rows.filter(user=request.user.pk)
        )

    def add_view(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """The answer to the POST is the one page that ever shows the key; nothing is kept of it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form, secret = KeyForm(request.user, request.POST or None), ""
        if form.is_bound and form.is_valid():
            try:
                _key, secret = access_keys.create(**form.cleaned_data, by=request.user)  # type: ignore[arg-type] # staff
            except DomainError as error:
                form.add_error(None, gettext(error.message))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("New access key"),
            "form": form,
            "secret": secret,
            "back": reverse("admin:agents_accesskey_changelist"),
        }
        response = TemplateResponse(request, "admin/agents/access_key.html", context)
        response["Cache-Control"] = "no-store"
        return response

    @column(_("state"), label={"valid": "success", "revoked": "", "expired": "warning"})
    def valid(self, key: AccessKey) -> tuple[str, str]:
        state = _state(key)
        return state, str(STATES[state])

    def sections(self, request: HttpRequest, key: AccessKey) -> Sequence[Section]:
        return [
            Facts(
                title=key.name or key.prefix,
                items=(
                    (_("in the name of"), link(key.user)),
                    (_("state"), STATES[_state(key)]),
                    (_("begins with"), nowrap(f"{key.prefix}…")),
                    (_("created"), moment(key.created_at)),
                    (_("last used"), moment(key.last_used_at)),
                    (_("expires"), moment(key.expires_at)),
                    (_("revoked"), moment(key.revoked_at)),
                ),
            )
        ]


def _state(key: AccessKey) -> str:
    if key.revoked_at:
        return "revoked"
    return "expired" if key.expires_at and key.expires_at <= timezone.now() else "valid"
