"""Rules that are tried on what happened lately before anybody saves them."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from hbu.lib.admin.sections import Section


class TryMixin:
    """The form of a rule asks about the last days, and shows what the rule would have done.

    An admin of rules says how in `trial`, and how far back in `days` and `most_days`.
    """

    days = 30
    most_days = 365
    opts: Any
    admin_site: Any
    get_form: Callable[..., Any]
    get_object: Callable[..., Any]
    has_add_permission: Callable[..., bool]
    has_change_permission: Callable[..., bool]

    def trial(self, request: HttpRequest, rule: Any, days: int) -> Sequence[Section]:
        """Return what the rule, which is not saved, would have done. Writes nothing."""
        raise NotImplementedError

    @property
    def _try_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_try"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.try_view)
        urls: list[URLPattern] = super().get_urls()  # type: ignore[misc]
        return [
            path("try/", view, name=self._try_name),
            path("<int:pk>/try/", view, name=self._try_name),
            *urls,
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        if self._may_try(request, obj):
            key = [obj.pk] if obj else []
            context["try_url"] = reverse(f"admin:{self._try_name}", args=key)
            context["try_form"] = self._days_form()
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc, no-any-return]

    def _may_try(self, request: HttpRequest, rule: Model | None) -> bool:
        if rule is None:
            return bool(self.has_add_permission(request))
        return bool(self.has_change_permission(request, rule))

    def try_view(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Try the rule as the form has it; a piece of the page that asked."""
        rule = None if pk is None else self.get_object(request, str(pk))
        if request.method != "POST" or (pk is not None and rule is None):
            raise Http404
        if not self._may_try(request, rule):
            raise PermissionDenied
        form = self.get_form(request, rule, change=rule is not None)(request.POST, instance=rule)
        days = self._days_form(request.POST)
        context: dict[str, Any] = {}
        if form.is_valid() and days.is_valid():
            tried = form.save(commit=False)
            context["sections"] = self.trial(request, tried, days.cleaned_data["days"])
        else:
            context["problems"] = [*_problems(form), *_problems(days)]
        return TemplateResponse(request, "admin/emails/trial.html", context)

    def _days_form(self, *said: Any) -> forms.Form:
        form = forms.Form(*said)
        form.fields["days"] = forms.IntegerField(
            label=_("Days"),
            initial=self.days,
            min_value=1,
            max_value=self.most_days,
            widget=UnfoldAdminIntegerFieldWidget(attrs={"class": "max-w-32"}),
        )
        return form

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What it decided names it; a rule that is no longer wanted is put out of force."""
        return False


def _problems(form: forms.BaseForm) -> list[tuple[str, list[str]]]:
    labels = {name: str(field.label) for name, field in form.fields.items()}
    return [
        (labels.get(name, ""), [str(one) for one in errors]) for name, errors in form.errors.items()
    ]
