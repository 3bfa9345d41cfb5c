"""A case, held by whoever changes it."""

from cases.models import Case
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

MERGED = N_("This case was put into another one")


def hold(case: Case, *along: str) -> Case:
    """Return the case as it stands now, `along` with what it points to, locked until the end of the
    transaction. Raises DomainError as `must_be_there`."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("merged_into", *along)
    held = rows.get(pk=case.pk)
    must_be_there(held)
    return held


def must_be_there(case: Case) -> None:
    """Raise DomainError for a case that was put into another one: what is done in it nobody sees."""
    if case.merged_into is not None:
        raise DomainError("case.merged", f"{MERGED}: {case.merged_into.number}")
