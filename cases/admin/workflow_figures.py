"""How often a workflow rule was asked and what came of it; what its webhooks are signed with."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.models import RuleRun, WorkflowRule
from cases.services import calling
from cases.triggers import kinds_of
from hbu.journal.models import Event
from hbu.lib.admin import Facts, Section, Table, anchor

DAYS = 30
Outcome = RuleRun.Outcome


def figures_of(rule: WorkflowRule) -> Facts:
    since = timezone.now() - timedelta(days=DAYS)
    runs = RuleRun.objects.filter(rule=rule, at__gte=since).order_by().values("outcome")
    counts = dict(runs.annotate(number=Count("pk")).values_list("outcome", "number"))
    acted = counts.get(Outcome.DONE, 0) + counts.get(Outcome.FAILED, 0)
    items: list[tuple[Any, Any]] = [
        (_("acted"), _rows(rule, acted)),
        (_("of these done"), _rows(rule, counts.get(Outcome.DONE, 0), Outcome.DONE)),
        (_("of these failed"), _rows(rule, counts.get(Outcome.FAILED, 0), Outcome.FAILED)),
        (_("stopped: rules set each other off"),
         _rows(rule, counts.get(Outcome.TOO_DEEP, 0), Outcome.TOO_DEEP)),
    ]  # fmt: skip
    asked = _asked(rule, since)
    if asked:
        share = number_format(100 * acted / asked, 1)
        items.append((_("share of the occasions"), gettext("%(share)s %% of %(asked)s") % {
            "share": share, "asked": number_format(asked, force_grouping=True)}))  # fmt: skip
    return Facts(title=_("In the last thirty days"), items=items)


def _asked(rule: WorkflowRule, since: Any) -> int:
    """How often what sets the rule off happened since there is the rule; the misses themselves are
    not all kept."""
    kinds = kinds_of(rule.trigger)
    began = rule.versions.aggregate(at=Min("at"))["at"] or since
    return Event.objects.filter(kind__in=kinds, at__gte=max(since, began)).count() if kinds else 0


def _rows(rule: WorkflowRule, count: int, outcome: str = "") -> str:
    query = f"rule__id__exact={rule.pk}" + (f"&outcome__exact={outcome}" if outcome else "")
    link = f"{reverse('admin:cases_rulerun_changelist')}?{query}"
    return anchor(link, number_format(count, force_grouping=True))


def keys_of(actions: Any) -> Iterator[Section]:
    """By what key the receivers of webhooks check that we called."""
    urls = [one.get("url", "") for one in actions or () if one.get("kind") == "webhook"]
    if urls:
        yield Table(
            title=_("Keys of the webhooks"),
            lead=_(
                "X-HBU-Signature is sha256= and the HMAC-SHA256, with this key, of the timestamp "
                "(X-HBU-Timestamp), a dot and the body. Refuse calls older than five minutes."
            ),
            headers=(_("address"), _("key")),
            rows=[(url, format_html("<code>{}</code>", calling.key_of(url))) for url in urls],
        )
