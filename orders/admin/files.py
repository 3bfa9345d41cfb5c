"""Our documents as files, with the way to each."""

from collections.abc import Iterable

from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hbu.lib.admin import Table, anchor, badge, moment, words_of
from orders.models import Printout

COLOURS: dict[str, str] = {
    Printout.State.WANTED: "info",
    Printout.State.MADE: "success",
    Printout.State.FAILED: "danger",
}


def table(printouts: Iterable[Printout]) -> Table:
    return Table(
        title=_("Our documents"),
        headers=(_("document"), _("file"), _("state"), _("made")),
        rows=[
            (words_of(one, "kind"), _file(one), _state(one), moment(one.made_at))
            for one in printouts
        ],
        empty=_("Nothing was printed yet."),
    )


def _file(printout: Printout) -> str:
    name = printout.filename or str(printout)
    if printout.state != Printout.State.MADE:
        return name
    try:
        return anchor(reverse("admin:orders_printout_download", args=[printout.pk]), name)
    except NoReverseMatch:
        return name


def _state(printout: Printout) -> str:
    shown = badge(words_of(printout, "state"), COLOURS.get(printout.state, ""))
    return format_html("{} {}", shown, gettext(printout.error)) if printout.error else shown
