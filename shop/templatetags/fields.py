"""Fields of forms in the classes of our pages."""

from django import forms, template
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def drawn(field: forms.BoundField) -> SafeString:
    """Draw the field's widget as Bootstrap's, marked where it has an error."""
    kinds = {forms.CheckboxInput: "form-check-input", forms.Select: "form-select"}
    look = next(
        (look for kind, look in kinds.items() if isinstance(field.field.widget, kind)),
        "form-control",
    )
    error = " is-invalid" if field.errors else ""
    return field.as_widget(attrs={"class": look + error})
