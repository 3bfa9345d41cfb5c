"""What a template may say: the variables, the filters and the few constructs we allow.

The tree is walked against an allow-list before anything is compiled: values, comparisons, `if`,
and `for` over a list we hand in. No calls, no arithmetic, no indexing, no attributes but those of
a line; so neither secrets nor loops without end can be written down.
"""

from collections.abc import Callable, Iterator, Mapping

from jinja2 import Environment, TemplateSyntaxError, nodes

from hbu.lib.reasons import N_

MAX_SOURCE = 20_000
MAX_WIDTH = 80
MAX_DEPTH = 40

VARIABLES: Mapping[str, str] = {
    "salutation": N_("Whole salutation without the comma, for example: Dear Ms Berger"),
    "customer": N_("Name of the customer"),
    "subject_line": N_("Subject of the mail that is answered"),
    "case_number": N_("Number of the case"),
    "order_number": N_("Our number of the order"),
    "order_reference": N_("The customer's number of the order"),
    "order_state": N_("State of the order, in words"),
    "promised_date": N_("Promised date of delivery"),
    "lines": N_("Lines of the order: position, sku, name, quantity, unit, unit_price, total"),
    "net": N_("Net amount"),
    "tax": N_("Tax"),
    "gross": N_("Gross amount"),
    "currency": N_("Currency"),
    "document_number": N_("Number of the document, for example of an invoice"),
    "preceding_number": N_("Number of the invoice that a credit note refers to"),
    "due_date": N_("By when an invoice is to be paid"),
    "prepayment": N_("Says something where the goods leave after the payment"),
    "cash_discount": N_("Cash discount in per cent, where one was agreed"),
    "cash_discount_date": N_("By when the cash discount may be taken"),
    "open_amount": N_("What is open of an invoice"),
    "fee": N_("Fee of a reminder, where there is one"),
    "to_pay": N_("What is open, with the fee"),
    "pay_until": N_("By when a reminder asks to pay"),
    "iban": N_("Our bank account"),
    "shipment_number": N_("Number of the shipment"),
    "carrier": N_("Who carries the parcel"),
    "tracking": N_("Tracking number of the parcel"),
    "delivery_date": N_("When the parcel should arrive"),
    "valid_until": N_("Until when a quotation holds"),
    "invoices": N_("Invoices of a customer: number, gross, received, open, due"),
    "doubts": N_("What we have to ask about the order or the document, a list"),
    "notice": N_("What a member of staff is told, in one line"),
    "details": N_("What a member of staff is told, in more words"),
    "notices": N_("What a member of staff is told: heading, when, title, details, link"),
    "link": N_("Link to a page of ours, for example of an order"),
    "deadline": N_("By when we answer, for example: Tuesday, 14 July, 12:00"),
    "department": N_("Department that answers"),
    "clerk": N_("Name of the person who writes; letters by hand alone"),
    "company": N_("Name of the company"),
    "signature": N_("Signature with the particulars of the company"),
}
LISTS = frozenset({"lines", "invoices", "doubts", "notices"})
LINE_FIELDS = frozenset({"position", "sku", "name", "quantity", "unit", "unit_price", "total"})
ROWS: Mapping[str, frozenset[str]] = {
    "lines": LINE_FIELDS,
    "invoices": frozenset({"number", "gross", "received", "open", "due"}),
    "notices": frozenset({"heading", "when", "title", "details", "link"}),
}
"""What a row of a list has; the other lists are of plain words."""
LOOP_FIELDS = frozenset({"index", "first", "last"})

FILTERS: Mapping[str, Callable[..., str]] = {
    "left": lambda value, width: str(value).ljust(min(width, MAX_WIDTH)),
    "right": lambda value, width: str(value).rjust(min(width, MAX_WIDTH)),
    "upper": str.upper,
    "lower": str.lower,
}

HARMLESS = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Const,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
)

Loops = Mapping[str, str]
"""Name of each loop variable, with the list it runs over."""


class TemplateProblem(ValueError):
    """What is wrong with a template, in words, and in which line."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(f"Line {line}: {message}" if line else message)
        self.message = message
        self.line = line


def problems(source: str, environment: Environment) -> list[TemplateProblem]:
    """Return everything in a template that we do not allow."""
    if len(source) > MAX_SOURCE:
        return [TemplateProblem(f"{N_('Longer than so many letters')}: {MAX_SOURCE}")]
    try:
        return list(_faults(environment.parse(source), {}, 1))
    except TemplateSyntaxError as error:
        return [TemplateProblem(error.message or N_("Cannot be read."), error.lineno)]
    except (RecursionError, ValueError):
        # Thousands of brackets or digits: the parser gives up before we can look.
        return [TemplateProblem(N_("Too deeply nested to be read."))]


def _faults(node: nodes.Node, loops: Loops, depth: int) -> Iterator[TemplateProblem]:
    if depth > MAX_DEPTH:
        yield TemplateProblem(N_("Too deeply nested to be read."), node.lineno)
    elif isinstance(node, nodes.For):
        yield from _loop_faults(node, loops, depth)
    elif isinstance(node, nodes.Getattr):
        yield from _attribute_faults(node, loops)
    elif refused := _refusal(node, loops):
        yield TemplateProblem(refused, node.lineno)
    else:
        for child in node.iter_child_nodes():
            yield from _faults(child, loops, depth + 1)


def _refusal(node: nodes.Node, loops: Loops) -> str:
    if isinstance(node, nodes.Name):
        known = node.name in VARIABLES or node.name in loops
        return "" if known else f"{N_('Unknown variable')}: {node.name}"
    if isinstance(node, nodes.Filter):
        return "" if node.name in FILTERS else f"{N_('Unknown filter')}: {node.name}"
    is_harmless = isinstance(node, HARMLESS)
    return "" if is_harmless else f"{N_('Not allowed in a letter')}: {type(node).__name__}"


def _loop_faults(node: nodes.For, loops: Loops, depth: int) -> Iterator[TemplateProblem]:
    over = node.iter.name if isinstance(node.iter, nodes.Name) else ""
    name = node.target.name if isinstance(node.target, nodes.Name) else ""
    if over not in LISTS:
        what = N_("A loop may run over these only")
        yield TemplateProblem(f"{what}: {', '.join(sorted(LISTS))}", node.lineno)
    elif not name or name in VARIABLES or loops or node.recursive or node.test:
        yield TemplateProblem(N_("Only a plain loop with a name of its own."), node.lineno)
    else:
        for child in (*node.body, *node.else_):
            yield from _faults(child, {name: over, "loop": "loop"}, depth + 1)


def _attribute_faults(node: nodes.Getattr, loops: Loops) -> Iterator[TemplateProblem]:
    over = loops.get(node.node.name, "") if isinstance(node.node, nodes.Name) else ""
    known = {**ROWS, "loop": LOOP_FIELDS}.get(over, frozenset())
    if node.attr not in known:
        yield TemplateProblem(f"{N_('Not allowed here')}: .{node.attr}", node.lineno)
