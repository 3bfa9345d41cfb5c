import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def marked(text: str, found: str) -> SafeString:
    """Return the text, escaped, with what was looked for made visible."""
    if not found:
        return conditional_escape(str(text))
    pieces = re.split(f"({re.escape(found)})", str(text), flags=re.IGNORECASE)
    # Every second piece is what was found; each is escaped for itself.
    shown = (
        f"<mark>{conditional_escape(piece)}</mark>" if number % 2 else conditional_escape(piece)
        for number, piece in enumerate(pieces)
    )
    return mark_safe("".join(shown))  # noqa: S308 - escaped above
