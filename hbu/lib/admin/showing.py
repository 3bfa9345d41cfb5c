"""How values are shown: as links, as coloured labels, in the reader's language."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from unfold.decorators import display

EMPTY = "-"
LINK_CLASSES = "text-primary-600 dark:text-primary-500 underline"

Words = str | Promise
F = TypeVar("F", bound=Callable[..., Any])
Column = Callable[[Any, Any], tuple[str, str]]


def address(obj: Model) -> str:
    """Return the page of an object: its own where it has one, else the admin's."""
    own: Callable[[], str] | None = getattr(obj, "get_absolute_url", None)
    if own is not None:
        return own()
    opts = obj._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[obj.pk])


def link(obj: Model | None, text: object = "") -> str:
    return EMPTY if obj is None else anchor(address(obj), text or obj)


def links(objects: Iterable[Model]) -> str:
    return format_html_join(", ", "{}", ((link(one),) for one in objects)) or EMPTY


def anchor(url: str, text: object) -> SafeString:
    return format_html('<a href="{}" class="{}">{}</a>', url, LINK_CLASSES, text)


def badge(text: object, colour: str = "") -> SafeString:
    """A coloured label: success, info, warning, danger, primary or plain."""
    return render_to_string("unfold/helpers/label.html", {"text": text, "type": colour})


def nowrap(text: object) -> SafeString:
    return format_html('<span class="whitespace-nowrap">{}</span>', text)


def roomy(text: object) -> SafeString:
    """Words that a long text in the next column shall not press into a tower."""
    return format_html('<span style="display: inline-block; min-width: 9rem">{}</span>', text)


def moment(at: datetime | None) -> str:
    return localize(localtime(at)) if at else EMPTY


def percent(share: float) -> str:
    return f"{share:.0%}"


def words_of(obj: Model, field: str) -> str:
    """The words for the value of a field with choices."""
    return str(getattr(obj, f"get_{field}_display")())


def column(
    description: Words,
    *,
    ordering: str | None = None,
    label: Any = None,
    header: bool | None = None,
) -> Callable[[F], F]:
    """Unfold's decorator for a computed column, typed."""
    decorate: Callable[[F], F] = display(
        description=description, ordering=ordering, label=label, header=header
    )
    return decorate


def labelled(field: str, description: Words, colours: Mapping[str, str]) -> Column:
    """A column that shows a choice in words, coloured by its value."""

    # Unfold shows the bare value of a key that it does not find.
    @column(description, ordering=field, label=defaultdict(str, colours))
    def shown(_admin: Any, obj: Model) -> tuple[str, str]:
        return str(getattr(obj, field)), words_of(obj, field)

    return shown
