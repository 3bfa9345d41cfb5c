"""The second of the three checks: the business rules and the arithmetic of the standard."""

from collections.abc import Iterator, Sequence

from hbu.lib.reasons import N_
from orders.data import Check, CheckState
from orders.documents.einvoice.dialects import Depth, Dialect
from orders.documents.einvoice.rules import codes, german, presence, pricing, vat
from orders.documents.einvoice.rules.rule import PART, Rule, broken, not_checked
from orders.documents.einvoice.rules.sums import equations
from orders.documents.einvoice.terms import Paper

_WHOLE = N_("All rules of the standard (Schematron)")
_OLDER = N_("The other rules of EN 16931")
_WITHOUT_LINES = N_("Rules on lines, which this profile has not")
_GROUPS: tuple[tuple[str, Sequence[Rule]], ...] = (
    (N_("Required data are there"), presence.HEAD),
    (N_("Allowances, charges, VAT and payment are complete"), presence.PARTS),
    (N_("The lines are complete"), presence.LINES),
    (N_("VAT categories, rates and amounts fit"), vat.RULES),
    (N_("Codes are those of the standard's lists"), codes.LISTS),
    (N_("Amounts have two decimals at most"), codes.DECIMALS),
)
_PRICES = N_("Prices, quantities and line totals fit")
_NATIONAL = N_("The rules of XRechnung are kept")


def report(paper: Paper, dialect: Dialect) -> tuple[Check, ...]:
    """Every broken rule by its id, every equation with its figures, and what was not checked."""
    if dialect.kind == "order":
        return tuple(_of_order(paper, dialect))
    return (*equations(paper, dialect), *_groups(paper, dialect), *_open(dialect))


def _of_order(paper: Paper, dialect: Dialect) -> Iterator[Check]:
    yield from (one for one in equations(paper, dialect) if one.state is not CheckState.NOT_CHECKED)
    yield from _group(_PRICES, pricing.PLAIN, paper, dialect)
    yield not_checked(_WHOLE)


def _groups(paper: Paper, dialect: Dialect) -> Iterator[Check]:
    groups = [*_GROUPS, (_PRICES, pricing.PEPPOL if dialect.peppol else pricing.PLAIN)]
    if dialect.national:
        addressed = pricing.ADDRESSED if dialect.peppol else ()
        groups.append((_NATIONAL, (*german.RULES, *addressed)))
    for name, rules in groups:
        # Extended profiles may state more decimals than the standard.
        if not (rules is codes.DECIMALS and dialect.extended):
            yield from _group(name, rules, paper, dialect)


def _group(name: str, rules: Sequence[Rule], paper: Paper, dialect: Dialect) -> Iterator[Check]:
    """The broken rules of a group; where none is, one line for all that were asked."""
    asked = [rule for rule in rules if _holds_for(rule, dialect)]
    found = [check for rule in asked if (check := broken(rule, paper))]
    yield from found
    if asked and not found:
        ids = [rule.id for rule in asked if rule.id]
        detail = f"{ids[0]} … {ids[-1]} ({len(ids)})" if ids else ""
        yield Check(name, CheckState.OK, detail, PART)


def _holds_for(rule: Rule, dialect: Dialect) -> bool:
    if dialect.format == "zugferd-1":
        return rule.older
    return dialect.depth >= rule.depth


def _open(dialect: Dialect) -> Iterator[Check]:
    if not dialect.of_en:
        yield not_checked(_OLDER)
        return
    if dialect.depth < Depth.FULL:
        yield not_checked(_WITHOUT_LINES)
    yield not_checked(_WHOLE)
