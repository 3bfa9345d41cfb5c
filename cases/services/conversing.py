"""Where letters about an order or a quotation go: into its case and conversation.

What came by mail has both. What came by the shop, the API or a colleague's keyboard gets them with
its first letter; so the customer's answer finds the case, and the case its order.
"""

from collections.abc import Iterable, Mapping, Sequence

from agents.models import Department
from cases.models import Case
from cases.services import opening
from emails.data import Kind
from emails.models import Thread
from hbu.journal.recording import record_many
from orders.models import Order, Quotation

Matter = Order | Quotation
DESKS: Mapping[type[Matter], tuple[str, ...]] = {
    Order: ("orders", "sales"),
    Quotation: ("sales", "orders"),
}
CHANNELS: Mapping[str, str] = {
    Order.Source.SHOP: Case.Channel.SHOP,
    Order.Source.API: Case.Channel.PROGRAM,
    Order.Source.STAFF: Case.Channel.PHONE,
}
KINDS: Mapping[type[Matter], Kind] = {Order: Kind.ORDER, Quotation: Kind.QUOTATION_REQUEST}


def homes(matters: Sequence[Matter]) -> dict[int, Case]:
    """Return the case of each, by its key; opened where there is none. Call inside a transaction.

    The caller holds the rows, so that two letters do not open two.
    """
    if not matters:
        return {}
    known = _known(matters)
    loose = [one for one in matters if one.pk not in known]
    follows = follow_quotations(loose)
    missing = [one for one in loose if one.pk not in follows]
    opened = dict(zip((one.pk for one in missing), _open(missing), strict=True))
    _link(missing, opened)
    return {**known, **follows, **opened}


def follow_quotations(matters: Iterable[Matter]) -> dict[int, Case]:
    """Let orders that quotations became go on where those were talked about."""
    orders = {one.pk: one for one in matters if isinstance(one, Order)}
    quotations = list(Quotation.objects.filter(order__in=orders)) if orders else []
    if not quotations:
        return {}
    cases = _known(quotations)
    found = {one.order_id or 0: cases[one.pk] for one in quotations if one.pk in cases}
    _link((orders[pk] for pk in found), found)
    return found


def as_it_would_be(matter: Matter) -> Case:
    """Return the case that a letter would go into; one that is not there yet stays unsaved."""
    if found := _known([matter]).get(matter.pk):
        return found
    desks = list(Department.objects.order_by("pk"))
    return _case(matter, Thread(), opening.HouseRules.read(), desks)


def _known(matters: Sequence[Matter]) -> dict[int, Case]:
    """The open case of each, else the youngest that was closed."""
    name = type(matters[0])._meta.model_name
    links = getattr(Case, f"{name}s").through.objects.filter(**{f"{name}__in": matters})
    rows = links.select_related("case__department", "case__customer", "case__policy")
    ordered = sorted(rows, key=lambda link: (link.case.status != Case.Status.CLOSED, -link.case_id))
    return {getattr(link, f"{name}_id"): link.case for link in ordered}


def _open(matters: Sequence[Matter]) -> list[Case]:
    """Open a case with a conversation of its own for each."""
    if not matters:
        return []
    rules, desks = opening.HouseRules.read(), list(Department.objects.order_by("pk"))
    threads = Thread.objects.bulk_create(Thread(subject=_title(one)) for one in matters)
    cases = [_case(one, thread, rules, desks) for one, thread in zip(matters, threads, strict=True)]
    opening.write(cases, [])
    record_many(
        "case.opened", ((case, {"number": case.number, "title": case.title}) for case in cases)
    )
    return cases


def _case(
    matter: Matter,
    thread: Thread,
    rules: opening.HouseRules,
    desks: Sequence[Department],
) -> Case:
    return Case(
        title=_title(matter),
        kind=KINDS[type(matter)],
        customer=matter.customer,
        department=_desk(matter, desks),
        thread=thread,
        policy=rules.policies.get(opening.DEFAULT_POLICY),
        channel=_channel(matter),
    )


def _channel(matter: Matter) -> str:
    source = matter.source if isinstance(matter, Order) else ""
    return CHANNELS.get(source, Case.Channel.MAIL)


def _title(matter: Matter) -> str:
    customer = matter.customer.name if matter.customer else matter.contact_name
    return " ".join(filter(None, (matter.number, customer)))[:300]


def _desk(matter: Matter, desks: Sequence[Department]) -> Department:
    """The customer's own desk, else the one for such matters."""
    own = matter.customer.desk_address.lower() if matter.customer else ""
    wanted = DESKS[type(matter)]
    return min(
        desks,
        key=lambda desk: (
            not own or desk.address.lower() != own,
            wanted.index(desk.code) if desk.code in wanted else len(wanted),
        ),
    )


def _link(matters: Iterable[Matter], cases: Mapping[int, Case]) -> None:
    for one in matters:
        link = {f"{type(one)._meta.model_name}_id": one.pk, "case_id": cases[one.pk].pk}
        through = getattr(Case, f"{type(one)._meta.model_name}s").through
        through.objects.get_or_create(**link)
