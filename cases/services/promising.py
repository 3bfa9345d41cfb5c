"""Which SLA holds for a case: what a routing rule named, else what its facts say."""

from collections.abc import Mapping, Sequence

from django.db.models import OuterRef, QuerySet, Subquery

from cases.models import Case, CaseEmail, SLAPolicy
from cases.services import knowing
from hbu.lib import conditions

STANDARD = "standard"


def with_named(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Let each case say which SLA the routing of its first mail named (`named_sla`)."""
    first = CaseEmail.objects.filter(case=OuterRef("pk")).order_by("pk").values("email__sla")
    return rows.annotate(named_sla=Subquery(first[:1]))


def choose(cases: Sequence[Case]) -> dict[int, SLAPolicy]:
    """Return the SLA of each case `with_named`, by its key; none where none is in force.

    What a routing rule named goes first, then the first one whose condition holds, then the
    standard. The number of queries is fixed.
    """
    policies = list(SLAPolicy.objects.filter(is_active=True).prefetch_related("steps__person"))
    by_code = {policy.code: policy for policy in policies}
    by_key = {policy.pk: policy for policy in policies}
    chosen: dict[int, SLAPolicy] = {}
    for case in cases:
        named = getattr(case, "named_sla", None) or ""
        if named in by_code:
            chosen[case.pk] = by_code[named]
    left = [case for case in cases if case.pk not in chosen]
    asked = [policy for policy in policies if policy.condition]
    facts = knowing.facts(left) if left and asked else {}
    for case in left:
        found = _first(asked, facts.get(case.pk, {})) or by_code.get(STANDARD)
        found = found or by_key.get(case.policy_id or 0)
        if found:
            chosen[case.pk] = found
    return chosen


def _first(policies: Sequence[SLAPolicy], facts: Mapping[str, object]) -> SLAPolicy | None:
    patience = conditions.Patience()
    return next(
        (one for one in policies if conditions.evaluate(one.condition, facts, patience).hit), None
    )
