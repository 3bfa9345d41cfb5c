"""Why a mail is of its kind, as a table that people read."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from emails import classifying
from emails.models import Email
from hbu.lib.admin import Table
from hbu.lib.telling import named


def why_this_kind(email: Email) -> Table:
    return Table(
        title=_("Why it is of this kind"),
        headers=(_("what spoke for it"), _("found"), _("weight")),
        rows=[(gettext(one["what"]), _evidence(one), _weight(one)) for one in email.reasons],
        empty=_("The mail has not been read yet."),
    )


def _weight(reason: Mapping[str, Any]) -> str:
    """Empty for what was decided without weighing."""
    weight = reason.get("weight", 0)
    return f"{weight:+g}" if weight else ""


def _evidence(reason: Mapping[str, Any]) -> str:
    """Words of the mail as they stand there, values of ours by their names."""
    found = str(reason.get("evidence", ""))
    return named(found) if reason["what"] in classifying.OURS else found
