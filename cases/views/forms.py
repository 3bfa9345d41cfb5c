from typing import Any

from django import forms
from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Department
from agents.scope import departments_of
from cases.models import Case
from cases.services.entering import NewCase
from emails.labels import KIND_LABELS, PRIORITY_LABELS
from shop.models import Customer

BY_HAND = [
    Case.Channel.PHONE,
    Case.Channel.VISIT,
    Case.Channel.LETTER,
]


class NewCaseForm(forms.Form):
    """What somebody said on the telephone."""

    title = forms.CharField(label=_("What is it about"), max_length=300)
    text = forms.CharField(
        label=_("What was said"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Becomes the first note of the case."),
    )
    channel = forms.ChoiceField(
        label=_("How it came"), choices=[(one.value, one.label) for one in BY_HAND]
    )
    customer = forms.CharField(
        label=_("Customer"),
        required=False,
        help_text=_("Number or name; leave it empty for a stranger."),
        widget=forms.TextInput(attrs={"list": "customers", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=KIND_LABELS.items(), initial="general")
    priority = forms.ChoiceField(
        label=_("Priority"), choices=PRIORITY_LABELS.items(), initial="normal"
    )
    department = forms.ModelChoiceField(
        label=_("Department"), queryset=Department.objects.none(), empty_label=None
    )
    assignee = forms.ModelChoiceField(
        label=_("Assigned to"),
        queryset=Agent.objects.none(),
        required=False,
        empty_label=_("nobody yet"),
    )

    def __init__(self, *args: Any, user: AbstractUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        theirs = departments_of(user)
        desks = Department.objects.all()
        # A colleague may be asked to take a call for another desk; the own ones come first.
        self.fields["department"].queryset = desks  # type: ignore[attr-defined]
        if theirs:
            self.fields["department"].initial = desks.filter(pk__in=theirs).first()
        self.fields["assignee"].queryset = Agent.objects.filter(  # type: ignore[attr-defined]
            kind=Agent.Kind.HUMAN, is_active=True, user__is_active=True
        )

    def clean_customer(self) -> Customer | None:
        said = " ".join(self.cleaned_data["customer"].split())
        if not said:
            return None
        rows = Customer.objects.in_use()
        found = list(rows.filter(number__iexact=said)) or list(rows.filter(name__iexact=said)[:2])
        found = found or list(rows.filter(name__icontains=said)[:2])
        if len(found) != 1:
            raise forms.ValidationError(
                _("More than one customer is called so; type the number.")
                if found
                else _("No customer has this number or name.")
            )
        return found[0]

    def new_case(self) -> NewCase:
        return NewCase(**self.cleaned_data)
