"""The page of a replay: how far it is, what differs, what could not be done again."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from emails.admin import colours
from emails.admin.wording import Names
from emails.models import Email, Replay, ReplayDifference
from emails.services.replay.comparing import DOCUMENT_OF, STAGES, TEXT_OF, stage_called
from hbu.journal.history import history
from hbu.lib.admin import Facts, Notice, Section, Table, anchor, badge, link, moment, words_of

SHOWN, MOVES_SHOWN = 50, 12
LOOKED_AT = 10_000
"""Differences that are counted to tell what changes most."""
Change = tuple[str, str, str]
OF_A_FILE = {TEXT_OF: _("text of %(file)s"), DOCUMENT_OF: _("what was read in %(file)s")}
BESIDE_COLUMNS = {"attachments": _("attachments"), "proposal": _("proposal")}
State, Fate = Replay.State, ReplayDifference.State


def page_of(replay: Replay) -> list[Section]:
    names = Names()
    return [
        *_notices(replay),
        _moves(replay, names),
        _differences(replay, names),
        *_failures(replay),
        history(replay),
        _facts(replay),
    ]


def stage_in_words(name: str) -> str:
    stage = STAGES.get(name)
    return gettext(stage.label) if stage else name


def can_be_applied(replay: Replay) -> bool:
    return replay.state == State.PREPARED and stage_called(replay.stage).can_be_applied


def changes_in_words(changes: Iterable[Mapping[str, str]], names: Names) -> str:
    return format_html_join(
        "",
        "<div>{}: {} → {}</div>",
        (in_words((one["field"], one["before"], one["after"]), names) for one in changes),
    )


def in_words(change: Change, names: Names) -> tuple[str, str, str]:
    name, before, after = change
    kind = _values(name)
    return _field(name), names.value(kind, before), names.value(kind, after)


def _values(name: str) -> str:
    return "priority" if name == "verdict_priority" else name


def _field(name: str) -> str:
    for start, words in OF_A_FILE.items():
        if name.startswith(start):
            return words % {"file": name.removeprefix(start)}
    columns = {column.name: column.verbose_name for column in Email._meta.concrete_fields}
    return str(columns.get(name) or BESIDE_COLUMNS.get(name, name))


def _notices(replay: Replay) -> list[Section]:
    if replay.state == State.COMPARING:
        words = gettext("Running: %(done)d of %(total)d mails are compared. Reload to see more.")
        progress = {"done": replay.done, "total": replay.total}
        return [Notice(text=words % progress, colour="info")]
    if replay.state == State.PREPARED and not stage_called(replay.stage).can_be_applied:
        words = gettext("What an agent would propose today is only shown; nothing is applied.")
        return [Notice(text=words, colour="info")]
    return []


def _moves(replay: Replay, names: Names) -> Table:
    """What changes most often; texts differ each in their own way and are left to the mails."""
    counts: Counter[Change] = Counter()
    for changes in replay.differences.values_list("changes", flat=True)[:LOOKED_AT]:
        counts.update((one["field"], one["before"], one["after"]) for one in changes)
    often = [(change, count) for change, count in counts.most_common(MOVES_SHOWN) if count > 1]
    return Table(
        title=_("What changes most"),
        headers=(_("what changes"), _("before"), _("after"), _("mails")),
        rows=[(*in_words(change, names), count) for change, count in often],
        empty=_("No change is common to several mails."),
    )


def _differences(replay: Replay, names: Names) -> Table:
    rows = replay.differences.exclude(state=Fate.FAILED)
    count, query = rows.count(), urlencode({"replay__id__exact": replay.pk})
    whole = f"{reverse('admin:emails_replaydifference_changelist')}?{query}"
    return Table(
        title=_("What differs"),
        lead=anchor(whole, gettext("Choose among all %(count)d") % {"count": count})
        if count
        else "",
        headers=(_("mail"), _("what changes"), _("state")),
        rows=[
            (link(one.email), changes_in_words(one.changes, names), fate_badge(one))
            for one in _with_mails(rows)[:SHOWN]
        ],
        empty=_("Nothing differs: today's rules say what was said then."),
    )


def _with_mails(rows: "QuerySet[ReplayDifference]") -> "QuerySet[ReplayDifference]":
    return rows.select_related("email").only(
        "changes", "state", "error", "replay_id", "email__subject"
    )


def fate_badge(one: ReplayDifference) -> str:
    return badge(words_of(one, "state"), colours.FATE.get(one.state, ""))


def _failures(replay: Replay) -> Iterator[Table]:
    rows = _with_mails(replay.differences.filter(state=Fate.FAILED))[:SHOWN]
    if rows:
        yield Table(
            title=_("What could not be done again"),
            headers=(_("mail"), _("error")),
            rows=[(link(one.email), one.error) for one in rows],
        )


def _facts(replay: Replay) -> Facts:
    chosen = len(replay.emails)
    which = gettext("%(count)d chosen") % {"count": chosen} if chosen else moment(replay.since)
    return Facts(
        title=_("Replay"),
        beside=True,
        items=(
            (_("step"), stage_in_words(replay.stage)),
            (_("chosen mails") if chosen else _("mails since"), which),
            (_("by"), replay.by or _("the house")),
            (_("at"), moment(replay.at)),
            (_("state"), badge(words_of(replay, "state"), colours.REPLAY.get(replay.state, ""))),
            (_("compared"), f"{replay.done} / {replay.total}"),
            (_("decided by"), replay.confirmed_by or ""),
        ),
    )
