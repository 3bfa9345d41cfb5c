"""How courteous a letter is, rule by rule."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hbu.lib.admin import Table, badge


def findings_table(findings: Sequence[Mapping[str, Any]]) -> Table:
    return Table(
        title=_("Courtesy, rule by rule"),
        headers=(_("rule"), _("outcome"), _("points"), _("excerpt"), _("hint")),
        rows=[
            (
                gettext(one["rule"]),
                _outcome(ok=one["ok"]),
                f"{one['points']:+d}",
                one["excerpt"],
                gettext(one["hint"]),
            )
            for one in findings
        ],
        empty=_("The courtesy of this mail was not judged."),
    )


def _outcome(*, ok: bool) -> str:
    return badge(_("good"), "success") if ok else badge(_("missing"), "warning")
