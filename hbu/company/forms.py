"""What staff type about the company."""

import re
from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from hbu.company.models import Terms

MOST_REMINDERS = 3
_NUMBER = re.compile(r"\d{1,3}", re.ASCII)


class DaysField(forms.CharField):
    """A list of days as people write one: 7, 17, 27."""

    widget = UnfoldAdminTextInputWidget

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[int]:  # type: ignore[override] # a list of days
        days = [int(number) for number in _NUMBER.findall(super().to_python(value) or "")]
        if len(days) > MOST_REMINDERS or any(one >= other for one, other in pairwise(days)):
            raise ValidationError(_("Up to three days, each later than the one before."))
        return days

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial or [])) != (data or "").strip()


class TermsForm(forms.ModelForm):  # type: ignore[type-arg] # generic for the checker alone
    reminder_days = DaysField(
        label=_("Reminders (days overdue)"),
        required=False,
        help_text=_("One for each of up to three levels, for example 7, 17 and 27."),
    )

    class Meta:
        model = Terms
        fields = ("reminder_days",)
