"""The form in which a person says how to be told of what."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext_lazy as _

from cases.models import Notice, NotificationPreference, Quiet
from cases.notices import Wish
from cases.services.wishing import Wishes


class QuietForm(forms.ModelForm):  # type: ignore[type-arg] # not at runtime
    class Meta:
        model = Quiet
        fields = ("begins", "ends", "digest_at", "working_days_only", "language")
        widgets = {
            name: forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
            for name in ("begins", "ends", "digest_at")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = self.fields["language"]
        if isinstance(language, forms.ChoiceField):
            language.choices = [("", _("as the company's")), *settings.LANGUAGES]


class WishesForm(forms.Form):
    """A line for each kind: in the page or not, by mail never, in the digest or at once."""

    def __init__(self, *args: Any, wishes: Wishes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, label in Notice.choices:
            self.fields[f"page_{kind}"] = forms.BooleanField(
                label=label, required=False, initial=wishes[kind].in_page
            )
            self.fields[f"mail_{kind}"] = forms.ChoiceField(
                label=label,
                choices=NotificationPreference.Mail.choices,
                initial=wishes[kind].mail,
            )

    def rows(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        return [
            (str(label), self[f"page_{kind}"], self[f"mail_{kind}"])
            for kind, label in Notice.choices
        ]

    def wishes(self) -> Wishes:
        data = self.cleaned_data
        return {kind: Wish(data[f"page_{kind}"], data[f"mail_{kind}"]) for kind in Notice.values}


def forms_for(
    user: AbstractBaseUser, wishes: Wishes, quiet: Quiet, data: Any = None
) -> tuple[WishesForm, QuietForm]:
    return WishesForm(data, wishes=wishes), QuietForm(data, instance=quiet)
