"""What the journal knows of one thing, as a section of its page."""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Model
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from hbu.journal.changes import changes_of
from hbu.journal.labels import facts_of, label_of
from hbu.journal.models import Event
from hbu.lib.admin.sections import Table
from hbu.lib.admin.showing import EMPTY, moment

SHOWN = 50
LINES = 6


def history(subject: Model, *parts: Model) -> Table:
    """With what happened to its parts, where some are named."""
    about = reduce(or_, (Event.objects.about(one) for one in (subject, *parts)))
    events = about.select_related("actor")[:SHOWN]
    return Table(
        title=_("What happened so far"),
        headers=(_("when"), _("what happened"), _("by"), _("details")),
        rows=[
            (moment(one.at), label_of(one.kind), one.actor or _("the house"), details(one.data))
            for one in events
        ],
    )


def details(data: dict[str, Any]) -> str:
    changed = changes_of(data)
    if not changed:
        return format_html_join("\n", "<div>{}: {}</div>", facts_of(data))
    lines = ((one.what, one.before or EMPTY, one.after or EMPTY) for one in changed[:LINES])
    return format_html_join("\n", "<div>{}: {} → {}</div>", lines)
