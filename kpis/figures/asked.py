"""What the pages and the API are asked for: how many days, and of which department."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from agents.models import Department
from agents.scope import departments_of
from kpis.periods import LENGTHS, USUAL, Span


class AskedForm(forms.Form):
    days = forms.TypedChoiceField(
        label=_("Days"), choices=[(one, str(one)) for one in LENGTHS], coerce=int
    )
    department = forms.ModelChoiceField(
        Department.objects.none(),
        label=_("Department"),
        required=False,
        empty_label=_("all"),
        to_field_name="code",
    )

    def __init__(self, user: Any, data: Mapping[str, Any]) -> None:
        said = {name: data[name] for name in ("days", "department") if data.get(name)}
        super().__init__({"days": USUAL, **said})
        ours = departments_of(user)
        rows = Department.objects.all() if ours is None else Department.objects.filter(pk__in=ours)
        self.fields["department"].queryset = rows  # type: ignore[attr-defined] # a choice of rows

    def chosen(self) -> tuple[Span, Department | None]:
        """Return what was asked for; what is usual in place of what makes no sense."""
        self.is_valid()
        said = self.cleaned_data
        return Span.until_today(said.get("days") or USUAL), said.get("department")

    @property
    def length(self) -> int:
        return len(self.chosen()[0])

    @property
    def query(self) -> str:
        """What the address says of it."""
        span, department = self.chosen()
        return _written(len(span), department)

    def lengths(self) -> list[tuple[str, str, bool]]:
        """Return the choices of days: what each is called, its address, and whether it is chosen."""
        span, department = self.chosen()
        return [
            (
                ngettext("%d day", "%d days", one) % one,
                f"?{_written(one, department)}",
                one == len(span),
            )
            for one in LENGTHS
        ]


def _written(days: int, department: Department | None) -> str:
    said = {"days": str(days)}
    return urlencode(said | {"department": department.code} if department else said)
