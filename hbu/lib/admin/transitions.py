"""Buttons that change a state: shown when they fit, asked on a page, done by POST.

A Transition names a service; the page asks, the service decides, and what it refuses is told as a
message. The same description makes the button of one object and the action on many of a list.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_permission_codename
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminTextareaWidget

from hbu.lib.admin.showing import Words, address
from hbu.lib.errors import DomainError

NAMES_SHOWN = 50
ERRORS_SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Transition:
    name: str
    label: Words
    act: Callable[[Any, Any, Any], object]
    """Called with the object, who wants it and the reason, or what the form asked for; raises
    DomainError when it must not be."""
    possible: Callable[[Any], bool]
    question: Words
    permission: str = "change"
    asks_reason: bool = False
    form: type[forms.Form] | None = None
    """Asked in place of the reason; for one object at a time."""
    form_of: Callable[[Any], type[forms.Form]] | None = None
    """The same where what is asked depends on the object; done to many, nothing is asked."""
    initial: Callable[[Any], dict[str, Any]] | None = None
    """What stands in the form at first, by the object; raises DomainError where it cannot be asked."""
    preview: Callable[[Any], str] | None = None
    """The text that would be sent, shown beside the question; raises DomainError where none can
    be. For one object at a time."""
    page: Callable[[HttpRequest, Any, "Transition"], HttpResponse] | None = None
    """Asks in its own way, in more than one step, and calls `act` itself."""
    bulk: bool = False
    icon: str = ""
    variant: ActionVariant = ActionVariant.DEFAULT


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"), max_length=300, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )


class TransitionsMixin:
    transitions: tuple[Transition, ...] = ()
    model: type[Model]
    opts: Any
    admin_site: Any
    get_object: Callable[..., Any]

    def transitions_for(self, request: HttpRequest, obj: Any = None) -> Iterator[Transition]:
        """Yield what this user may do, with this object if one is given."""
        for one in self.transitions:
            if self._may(request, one) and (obj is None or one.possible(obj)):
                yield one

    def _may(self, request: HttpRequest, transition: Transition) -> bool:
        codename = get_permission_codename(transition.permission, self.opts)
        return bool(request.user.has_perm(f"{self.opts.app_label}.{codename}"))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.transition_view)
        urls: list[URLPattern] = super().get_urls()  # type: ignore[misc]
        return [path("<path:object_id>/do/<slug:name>/", view, name=self._url_name), *urls]

    @property
    def _url_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_transition"

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        if obj is not None:
            offered = list(self.transitions_for(request, obj))
            first = next((one for one in offered if one.variant is ActionVariant.PRIMARY), None)
            context["actions_detail"] = [
                {
                    "title": one.label,
                    "icon": one.icon,
                    # Several steps may be the next one in some state; only one stands out.
                    "variant": one.variant
                    if one is first or one.variant is not ActionVariant.PRIMARY
                    else ActionVariant.DEFAULT,
                    "path": reverse(f"admin:{self._url_name}", args=[obj.pk, one.name]),
                }
                for one in offered
            ]
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc, no-any-return]

    def transition_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        transition = next((one for one in self.transitions if one.name == name), None)
        obj = self.get_object(request, unquote(object_id))
        if transition is None or obj is None:
            raise Http404
        if not self._may(request, transition):
            raise PermissionDenied
        if transition.page:
            return transition.page(request, obj, transition)
        try:
            form = self._form(request, transition, asked=request.method == "POST", obj=obj)
            if request.method == "POST" and form.is_valid():
                self._carry_out(request, transition, [obj], _said(transition, form))
                return HttpResponseRedirect(address(obj))
            return self._ask(request, transition, form, [obj], back=address(obj))
        except DomainError as error:
            messages.error(request, gettext(error.message))
            return HttpResponseRedirect(address(obj))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)  # type: ignore[misc]
        for one in self.transitions_for(request):
            if one.bulk:
                actions[f"do_{one.name}"] = (_on_many(one), f"do_{one.name}", one.label)
        return actions

    def transition_many(
        self, request: HttpRequest, transition: Transition, objects: "QuerySet[Any]"
    ) -> HttpResponse | None:
        confirmed = "confirmed" in request.POST
        form = self._form(request, transition, asked=confirmed)
        if confirmed and form.is_valid():
            self._carry_out(request, transition, list(objects), form.cleaned_data.get("reason", ""))
            return None
        back, chosen = request.get_full_path(), list(objects)
        hidden = [("action", f"do_{transition.name}"), ("confirmed", "1")]
        if request.POST.get("select_across") == "1":
            # Thousands of keys would not fit into a form.
            hidden += [("select_across", "1"), (ACTION_CHECKBOX_NAME, "0")]
        else:
            hidden += [(ACTION_CHECKBOX_NAME, str(one.pk)) for one in chosen]
        return self._ask(request, transition, form, chosen, back=back, hidden=hidden)

    def _form(
        self, request: HttpRequest, transition: Transition, *, asked: bool, obj: Any = None
    ) -> forms.Form:
        kind = transition.form or (ReasonForm if transition.asks_reason else forms.Form)
        if transition.form_of and obj is not None:
            kind = transition.form_of(obj)
        initial = transition.initial(obj) if transition.initial and obj is not None else None
        return kind(request.POST if asked else None, initial=initial)

    def _ask(
        self,
        request: HttpRequest,
        transition: Transition,
        form: forms.Form,
        objects: Sequence[Any],
        *,
        back: str,
        hidden: Sequence[tuple[str, str]] = (),
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": transition.label,
            "transition": transition,
            "form": form,
            "objects": objects[:NAMES_SHOWN],
            "more": max(0, len(objects) - NAMES_SHOWN),
            "back": back,
            "hidden": hidden,
            "preview": transition.preview(objects[0]) if transition.preview else "",
            "danger": transition.variant is ActionVariant.DANGER,
        }
        return TemplateResponse(request, "admin/transition.html", context)

    def _carry_out(
        self, request: HttpRequest, transition: Transition, objects: Sequence[Any], said: Any
    ) -> None:
        """Call the service for each object, each in its own transaction, and tell what became of it."""
        done, refusals = [], []
        for obj in objects:
            try:
                transition.act(obj, request.user, said)
            except DomainError as error:
                refusals.append(f"{obj}: {gettext(error.message)}")
            else:
                done.append(str(obj))
        if done:
            words = ngettext("%(what)s: %(name)s", "%(what)s: done for %(count)d.", len(done))
            details = {"what": transition.label, "name": done[0], "count": len(done)}
            messages.success(request, words % details)
        for refusal in refusals[:ERRORS_SHOWN]:
            messages.error(request, refusal)
        if len(refusals) > ERRORS_SHOWN:
            left = len(refusals) - ERRORS_SHOWN
            messages.error(request, gettext("and %(count)d more were refused.") % {"count": left})


def _said(transition: Transition, form: forms.Form) -> Any:
    asks = transition.form or transition.form_of
    return form.cleaned_data if asks else form.cleaned_data.get("reason", "")


def _on_many(transition: Transition) -> Callable[..., HttpResponse | None]:
    def action(
        model_admin: TransitionsMixin, request: HttpRequest, objects: "QuerySet[Any]"
    ) -> HttpResponse | None:
        return model_admin.transition_many(request, transition, objects)

    return action
