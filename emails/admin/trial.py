"""What came of a rule that was tried, in tables."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.utils.formats import number_format
from django.utils.html import format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from emails.admin.wording import SAID, Names
from emails.models import Email
from emails.services.trying import Report
from emails.shadowing import Shadow
from emails.trying import Effect
from hbu.lib.admin import Notice, Section, Table, link, moment
from hbu.lib.admin.showing import Words

NAMED = 50
"""Mails that are named for each effect; all are counted."""


def sections_of(report: Report, slow_patterns: Sequence[str]) -> list[Section]:
    mails, names = _mails(report), Names()
    trial = report.trial
    return [
        *_warnings(report, slow_patterns),
        _overview(report, names),
        *_named(_("Would be decided by this rule, and are not now"), trial.gained, mails),
        *_named(_("Would no longer be decided by this rule"), trial.lost, mails),
        *_changed(trial.changed, mails, names),
        *_never(report),
        *_idle(report),
    ]


def _mails(report: Report) -> Mapping[int, Email]:
    trial = report.trial
    named = {
        *trial.gained[:NAMED],
        *trial.lost[:NAMED],
        *(effect.email for effect in trial.changed[:NAMED]),
    }
    rows = Email.objects.only("subject", "from_name", "from_address", "received_at")
    return rows.in_bulk(named)


def _warnings(report: Report, slow_patterns: Sequence[str]) -> Iterator[Section]:
    if report.waiting:
        words = gettext("Only the newest mails were looked at; %(count)s older ones were not.")
        yield Notice(text=words % {"count": number_format(report.waiting, force_grouping=True)})
    tally = report.trial.tallies.get(report.trial.tried)
    if tally and tally.timeouts:
        words = ngettext(
            "A pattern of this rule ran out of time on %(count)d mail.",
            "A pattern of this rule ran out of time on %(count)d mails.",
            tally.timeouts,
        )
        yield Notice(text=words % {"count": tally.timeouts}, colour="danger")
    for pattern in slow_patterns:
        yield Notice(text=slow_in_words(pattern))


def slow_in_words(pattern: str) -> str:
    words = gettext(
        "The pattern “%(pattern)s” takes very long on some texts; where it runs out of time, the "
        "rule does not hold."
    )
    return words % {"pattern": pattern}


def _overview(report: Report, names: Names) -> Table:
    trial = report.trial
    rows = [
        (
            SAID[field],
            names.value(field, before),
            names.value(field, after),
            number_format(count, force_grouping=True),
        )
        for (field, before, after), count in sorted(
            trial.moves.items(), key=lambda move: (list(SAID).index(move[0][0]), -move[1])
        )
    ]
    words = gettext(
        "%(mails)s mails of the last %(days)d days in %(seconds)s seconds: this rule gains "
        "%(gained)s, loses %(lost)s, and %(changed)s mails would be treated differently. "
        "Nothing was saved."
    )
    numbers = {
        "mails": trial.mails,
        "gained": len(trial.gained),
        "lost": len(trial.lost),
        "changed": len(trial.changed),
    }
    shown = {name: number_format(one, force_grouping=True) for name, one in numbers.items()}
    return Table(
        title=_("If this rule were saved"),
        lead=words % {**shown, "days": report.days, "seconds": number_format(report.seconds, 1)},
        headers=(_("what changes"), _("before"), _("after"), _("mails")),
        rows=rows,
        empty=_("No mail of these days would be treated differently."),
    )


def _named(title: Words, keys: Sequence[int], mails: Mapping[int, Email]) -> Iterator[Table]:
    rows = [_mail(mails[key]) for key in keys[:NAMED] if key in mails]
    if rows:
        yield Table(
            title=title,
            folded=_shown(len(rows), len(keys)),
            headers=(_("mail"), _("from"), _("received")),
            rows=rows,
        )


def _mail(email: Email) -> tuple[str, str, str]:
    return link(email), email.from_name or email.from_address, moment(email.received_at)


def _shown(shown: int, of: int) -> str:
    if shown == of:
        return ngettext("Show %(count)d mail", "Show %(count)d mails", of) % {"count": of}
    return gettext("Show the newest %(shown)d of %(count)d mails") % {"shown": shown, "count": of}


def _changed(
    effects: Sequence[Effect], mails: Mapping[int, Email], names: Names
) -> Iterator[Table]:
    rows = [
        (*_mail(mails[effect.email]), _in_lines(effect, names))
        for effect in effects[:NAMED]
        if effect.email in mails
    ]
    if rows:
        yield Table(
            title=_("Would be treated differently"),
            folded=_shown(len(rows), len(effects)),
            headers=(_("mail"), _("from"), _("received"), _("what changes")),
            rows=rows,
        )


def _in_lines(effect: Effect, names: Names) -> str:
    lines = (
        (SAID[field], names.value(field, before), names.value(field, after))
        for field, (before, after) in effect.changes.items()
    )
    return format_html_join("", "<div>{}: {} → {}</div>", lines)


def _never(report: Report) -> Iterator[Table]:
    if report.shadows:
        yield Table(
            title=_("Rules that can never decide"),
            headers=(_("rule"), _("why")),
            rows=[(one.rule.name, _shadowed(one)) for one in report.shadows],
        )


def _shadowed(shadow: Shadow) -> str:
    names = {"rules": ", ".join(f"“{one.name}”" for one in shadow.by)}
    if shadow.stops:
        return gettext("%(rules)s holds wherever this one would, comes first and stops.") % names
    return gettext("Wherever this one holds, %(rules)s has said all of it before.") % names


def _idle(report: Report) -> Iterator[Table]:
    rows = [
        (
            rule.name,
            number_format(tally.hits, force_grouping=True),
            _counted(tally.overruled_by.items(), report),
        )
        for rule, tally in report.trial.idle
    ]
    if rows:
        yield Table(
            title=_("Rules that held in these days and decided nothing"),
            headers=(_("rule"), _("held"), _("overruled by")),
            rows=rows,
        )


def _counted(counts: Iterable[tuple[int, int]], report: Report) -> str:
    return ", ".join(f"{report.rules.get(rule, rule)} ({count})" for rule, count in counts)
