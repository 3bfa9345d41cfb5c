"""Rules keep what they said: the page of a version, what changed with each, and the way back."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Protocol

from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.enums import ActionVariant

from hbu.lib.admin.base import PageAdmin
from hbu.lib.admin.sections import Facts, Section, Table
from hbu.lib.admin.showing import Words, address, anchor, link, moment
from hbu.lib.admin.transitions import Transition

SHOWN = 50
Content = Mapping[str, Any]


class Reader(Protocol):
    """Says what contents of rules mean; the names it needs for that are read once for a page."""

    def differences(self, before: Content, after: Content) -> Sequence[tuple[str, str, str]]:
        """Return what two contents say differently: name, before and after."""

    def lines(self, content: Content) -> Sequence[str]:
        """Return a content in short."""


def restoring(act: Callable[..., None], question: Words) -> Transition:
    return Transition(
        name="restore",
        label=_("Restore this version"),
        act=lambda version, by, _reason: act(version, by=by),
        possible=lambda version: version.version != version.rule.version,
        question=question,
        icon="settings_backup_restore",
        variant=ActionVariant.PRIMARY,
    )


class VersionAdmin(PageAdmin):
    """Who has the right `may_restore`, to edit rules, may restore them."""

    empty_words = _("No rule was saved yet.")
    list_display: Sequence[str] = ("rule", "version", "at", "by")
    list_select_related = ("rule", "by")
    list_filter = (("rule", RelatedDropdownFilter),)
    ordering = ("-pk",)
    may_restore = ""

    def reader(self) -> Reader:
        raise NotImplementedError

    def content(self, rule: Any) -> Content:
        """Return what the rule says today."""
        raise NotImplementedError

    def facts(self, _version: Any) -> Sequence[tuple[Words, Any]]:
        """Return what else stands beside a version."""
        return ()

    def _may(self, request: HttpRequest, _transition: Transition) -> bool:
        return request.user.has_perm(self.may_restore)

    def sections(self, request: HttpRequest, version: Any) -> Sequence[Section]:
        reader, said = self.reader(), version.content
        before = version.rule.versions.filter(version__lt=version.version).first()
        changed = reader.differences(before.content if before else {}, said)
        tables = [_table(_("What changed with this version"), changed)]
        if version.version != version.rule.version:
            restored = reader.differences(self.content(version.rule), said)
            tables.append(_table(_("What restoring it would change"), restored))
        return [
            *tables,
            Facts(
                title=str(version),
                beside=True,
                items=(
                    (_("rule"), link(version.rule)),
                    (_("at"), moment(version.at)),
                    (_("by"), version.by or _("the house")),
                    *self.facts(version),
                ),
            ),
        ]


def _table(title: Words, rows: Sequence[Sequence[str]]) -> Table:
    return Table(
        title=title,
        headers=(_("what"), _("before"), _("after")),
        # Of the first version: what it left empty is no change.
        rows=[row for row in rows if row[1] != row[2]],
        empty=_("Nothing."),
    )


def versions_of(rule: Any, reader: Reader) -> Table:
    """The rule's versions, newest first, each with what changed."""
    versions = list(rule.versions.select_related("by")[: SHOWN + 1])
    pairs = [*pairwise(versions), (versions[-1], None)] if versions else []
    return Table(
        title=_("What it said before"),
        headers=(_("version"), _("at"), _("by"), _("what changed")),
        rows=[
            (
                anchor(address(one), f"v{one.version}"),
                moment(one.at),
                one.by or _("the house"),
                _in_lines(before, one, reader),
            )
            for one, before in pairs[:SHOWN]
        ],
    )


def _in_lines(before: Any, after: Any, reader: Reader) -> str:
    if before is None:
        return format_html_join(
            "", "<div>{}</div>", ((one,) for one in reader.lines(after.content))
        )
    differences = reader.differences(before.content, after.content)
    return format_html_join("", "<div>{}: {} → {}</div>", differences)
