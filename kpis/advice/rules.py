"""Every rule on one page: what it says, how its impact is computed, and where one can act on it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kpis.advice import judging, reading, trading
from kpis.advice.data import Found
from kpis.models import Recommendation

Effort = Recommendation.Effort
Impacts = Mapping[str, Promise]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    title: Promise
    """What to do, in a sentence; with the words of what was found."""
    why: Promise
    """What speaks for it."""
    when: Promise
    """The rule itself, as people read it."""
    impact: Promise
    """What it would bring; %(impact)s is the number."""
    impacts: Impacts = field(default_factory=dict)
    """The same by the word `sort`, where the rule finds several sorts."""
    computed: Promise
    """How that number comes about."""
    effort: Effort
    act: Promise
    """The words on the link that leads to where it is done."""
    permission: str
    """Who may see the rows behind it; others are not shown it."""
    find: Callable[[datetime], Iterable[Found]]


RULES: dict[str, Rule] = {
    "target_missed": Rule(
        title=_("%(kpi)s: bring it back to the target"),
        why=_("It stands at %(value)s, and %(target)s was aimed at."),
        when=_(
            "A share or a mean of the last thirty days, made of ten rows or more, reaches less than "
            "nine tenths of its target."
        ),
        impact=_("%(impact)s rows more a month as they should be"),
        impacts={
            "hours": _("%(impact)s hours less a month"),
            "points": _("%(impact)s points more for each"),
        },
        computed=_("distance from the target × rows it is made of; of points the distance alone"),
        effort=Effort.DAYS,
        act=_("Look at the figure"),
        permission="kpis.view_snapshot",
        find=lambda now: judging.targets(trading.aims(now), now),
    ),
    "idle_rule": Rule(
        title=_("Routing rule “%(rule)s”: change it or put it out of force"),
        why=_("It was asked about every mail of the last %(days)s days and never held."),
        when=_(
            "A rule in force has said the same for sixty days and did not hold for any mail, though "
            "fifty or more were routed."
        ),
        impact=_("%(impact)s mails a month are no longer asked in vain"),
        computed=_("mails routed in sixty days ÷ 2"),
        effort=Effort.MINUTES,
        act=_("Open the rule"),
        permission="emails.view_routingrule",
        find=lambda now: judging.idle_rules(reading.rule_uses(now), now),
    ),
    "answered_again": Rule(
        title=_("Template “%(template)s”: say what customers ask back for"),
        why=_(
            "After %(share)s %% of its letters the customer writes again within three days; after "
            "the others it is %(usual)s %%."
        ),
        when=_(
            "Ten letters or more in sixty days, and the share that is followed by another mail of "
            "the customer within three days is twenty points above that of all other templates."
        ),
        impact=_("%(impact)s mails a month would not have to be written"),
        computed=_("(its share − that of the others) × its letters in sixty days ÷ 2"),
        effort=Effort.HOURS,
        act=_("Open the template"),
        permission="emails.view_outgoingemail",
        find=lambda now: judging.answered_again(list(reading.template_uses(now)), now),
    ),
    "let_go": Rule(
        title=_("Letters “%(template)s”: let them leave by themselves"),
        why=_("Of those that waited, people let %(released)s go and stopped %(stopped)s."),
        when=_(
            "In sixty days people let eight or more letters of a template go that the house had "
            "written, and stopped at most one in twenty."
        ),
        impact=_("%(impact)s mails a month would be answered by themselves"),
        computed=_("letters let go in sixty days ÷ 2"),
        effort=Effort.HOURS,
        act=_("Open the template"),
        permission="emails.view_outgoingemail",
        find=lambda now: judging.let_go(reading.releases(now), now),
    ),
    "letters_wait": Rule(
        title=_("Letters wait for a person"),
        why=_("%(letters)s of them are more than two days old; the oldest is %(days)s days old."),
        when=_("Three letters or more of a department have waited for a person for two days."),
        impact=_("%(impact)s customers get their answer"),
        computed=_("letters that have waited for more than two days"),
        effort=Effort.MINUTES,
        act=_("Go through them"),
        permission="emails.view_outgoingemail",
        find=lambda now: judging.waiting(reading.waiting(now), now),
    ),
    "short_product": Rule(
        title=_("%(sku)s %(name)s: keep more of it"),
        why=_("%(orders)s orders over %(pieces)s pieces had to wait for somebody to settle it."),
        when=_(
            "In sixty days three orders or more were in doubt because there was too little of it."
        ),
        impact=_("%(impact)s orders a month would be confirmed without that doubt"),
        computed=_("orders held up by it in sixty days ÷ 2"),
        effort=Effort.DAYS,
        act=_("Open its stock"),
        permission="orders.view_order",
        find=lambda now: judging.shortages(trading.shortages(now), now),
    ),
    "failing_mailbox": Rule(
        title=_("Mailbox %(mailbox)s: find out why it fails"),
        why=_("It could not be read %(times)s times in thirty days."),
        when=_("In thirty days it could not be read three times, or for twelve hours in all."),
        impact=_("%(impact)s hours a month in which no mail is late"),
        computed=_("hours between each failure and the next success"),
        effort=Effort.HOURS,
        act=_("Open the mailbox"),
        permission="emails.view_mailbox",
        find=lambda now: judging.outages(reading.outages(now), now),
    ),
    "handed_twice": Rule(
        title=_("Cases about “%(kind)s”: let a rule find their desk"),
        why=_("%(cases)s of them went over two desks or more in thirty days."),
        when=_("In thirty days five cases of a kind or more were handed over at least twice."),
        impact=_("%(impact)s cases a month reach their desk at once"),
        computed=_("cases handed over twice or more in thirty days"),
        effort=Effort.HOURS,
        act=_("Open the routing rules"),
        permission="cases.view_case",
        find=lambda now: judging.wandering(reading.wandering(now), now),
    ),
    "slow_payer": Rule(
        title=_("%(customer)s: agree on how invoices are paid"),
        why=_("%(invoices)s invoices are past their day."),
        when=_("Three invoices or more of a customer are overdue at the same time."),
        impact=_("%(impact)s come in"),
        computed=_("what is open of the invoices that are overdue"),
        effort=Effort.MINUTES,
        act=_("Open the customer"),
        permission="orders.view_invoice",
        find=lambda now: judging.debts(trading.debts(now), now),
    ),
}
