"""When we work: hours, holidays, and the calendars of those who work at other times."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import action
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget

from hbu.company import public_holidays
from hbu.company.models import Company, Holiday, OpeningHours, WorkCalendar
from hbu.lib.admin import StaffAdmin
from hbu.lib.errors import DomainError


@admin.register(OpeningHours)
class OpeningHoursAdmin(StaffAdmin):
    empty_words = _("The house is never open: no deadline can be met.")
    list_display = ("weekday", "opens", "closes", "calendar")
    list_display_links = ("weekday",)
    list_select_related = ("calendar",)
    list_filter = (("calendar", RelatedDropdownFilter), ("weekday", ChoicesDropdownFilter))
    fieldsets = (
        (
            None,
            {
                "description": _(
                    "Several a weekday make a lunch break. Open cases are counted anew at once."
                ),
                "fields": ("weekday", ("opens", "closes"), "calendar"),
            },
        ),
    )


class HoursInline(TabularInline):
    model = OpeningHours
    fields = ("weekday", "opens", "closes")
    extra = 0
    verbose_name_plural = _("opening hours (none: those of the house)")


@admin.register(WorkCalendar)
class WorkCalendarAdmin(StaffAdmin):
    empty_words = _("Everybody works when the house is open.")
    list_display = ("name", "code", "region")
    search_fields = ("name", "code")
    inlines = (HoursInline,)
    fieldsets = (
        (
            None,
            {
                "description": _(
                    "For departments that work at other times, or in another federal state. What "
                    "it leaves out, hours or state, it has from the house. A department names its "
                    "calendar on its own page."
                ),
                "fields": (("name", "code"), "region"),
            },
        ),
    )


class FetchForm(forms.Form):
    year = forms.IntegerField(
        label=_("Year"),
        min_value=public_holidays.YEARS[0],
        max_value=public_holidays.YEARS[-1],
        widget=UnfoldAdminIntegerFieldWidget(attrs={"class": "max-w-32"}),
    )
    state = forms.ChoiceField(
        label=_("Federal state"),
        choices=lambda: [("", _("none: only those of all Germany")), *public_holidays.states()],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )


@admin.register(Holiday)
class HolidayAdmin(StaffAdmin):
    empty_words = _("No holidays: every weekday counts.")
    list_display = ("date", "name", "region")
    list_filter = ("region",)
    search_fields = ("name",)
    date_hierarchy = "date"
    actions_list = ("fetch",)
    fieldsets = (
        (
            None,
            {
                "description": _(
                    "Without a federal state a day is a holiday everywhere. Open cases are "
                    "counted anew at once."
                ),
                "fields": (("date", "name"), "region"),
            },
        ),
    )

    def has_fetch_permission(self, request: HttpRequest) -> bool:
        return bool(self.has_add_permission(request))

    @action(  # type: ignore[untyped-decorator]
        description=_("Fetch public holidays"),
        url_path="fetch",
        permissions=["fetch"],
        icon="event_available",
    )
    def fetch(self, request: HttpRequest) -> HttpResponse:
        company = Company.objects.filter(pk=1).first()
        asked = {"year": timezone.localdate().year + 1, "state": company.region if company else ""}
        form = FetchForm(request.POST or None, initial=asked)
        if request.method == "POST" and form.is_valid():
            try:
                new = public_holidays.fetch(
                    form.cleaned_data["year"],
                    form.cleaned_data["state"],
                    by=request.user,  # type: ignore[arg-type] # staff are logged in
                )
                return self._fetched(request, len(new))
            except DomainError as error:
                messages.error(request, gettext(error.message))
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Fetch public holidays"),
            "form": form,
            "back": reverse("admin:company_holiday_changelist"),
        }
        return TemplateResponse(request, "admin/company/fetch_holidays.html", context)

    def _fetched(self, request: HttpRequest, count: int) -> HttpResponse:
        words = ngettext(
            "%(count)d public holiday was entered.",
            "%(count)d public holidays were entered.",
            count,
        )
        messages.success(request, words % {"count": count})
        return HttpResponseRedirect(reverse("admin:company_holiday_changelist"))
