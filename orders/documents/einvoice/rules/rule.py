"""What a rule is: an id of the standard, what it asks in words, and what breaks it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from orders.data import Check, CheckState
from orders.documents.einvoice.dialects import Depth
from orders.documents.einvoice.terms import Line, Paper

PART = "rules"
_MOST = 5


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    name: str
    broken: Callable[[Paper], Iterable[str]]
    """Where it is broken, in the document's own words; an empty text where there is no place."""
    depth: Depth = Depth.WITHOUT_LINES
    """The least profile that it holds for."""
    older: bool = False
    """It can be asked of ZUGFeRD 1 too."""


def needs(
    id: str,
    name: str,
    held: Callable[[Paper], object],
    *,
    depth: Depth = Depth.WITHOUT_LINES,
    older: bool = False,
) -> Rule:
    """A rule on the whole document."""
    return Rule(id, name, lambda paper: () if held(paper) else ("",), depth, older)


def each_line(id: str, name: str, held: Callable[[Line], object]) -> Rule:
    """A rule on every line that counts."""
    return Rule(
        id,
        name,
        lambda paper: (line.id for line in counted(paper) if not held(line)),
        Depth.FULL,
    )


def counted(paper: Paper) -> Sequence[Line]:
    """The lines whose totals count; headings and parts told for information do not."""
    return [line for line in paper.lines if line.sums_up]


def broken(rule: Rule, paper: Paper) -> Check | None:
    """A failed check where the rule is broken."""
    found = tuple(islice(rule.broken(paper), _MOST))
    if not found:
        return None
    places = ", ".join(filter(None, found))[:200]
    return Check(rule.name, CheckState.FAILED, places, PART, rule.id)


def not_checked(name: str, detail: str = "", rule: str = "") -> Check:
    return Check(name, CheckState.NOT_CHECKED, detail, PART, rule)
