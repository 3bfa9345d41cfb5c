"""What a payment names: invoices by their numbers, and the customer by account or name."""

from collections.abc import Iterator

from rapidfuzz import fuzz, utils

from hbu.lib.reasons import Reason
from orders import references
from orders.paying.data import NOT_OPEN, Books, OpenItem, Payment, plain
from orders.references import Reference

ALIKE = 88.0
_LEGAL = frozenset(
    [
        "gmbh",
        "mbh",
        "co",
        "kg",
        "kgaa",
        "ag",
        "ohg",
        "ug",
        "gbr",
        "ek",
        "e",
        "k",
        "v",
        "ev",
        "se",
        "ltd",
        "llc",
        "inc",
        "sarl",
        "sa",
        "bv",
        "nv",
        "srl",
        "spa",
        "und",
        "and",
        "haftungsbeschränkt",
    ]
)


def named(
    payment: Payment, books: Books
) -> tuple[dict[int, tuple[OpenItem, bool]], tuple[Reason, ...]]:
    """What it names, with whether it is written out; and what it seems to name and is not open."""
    found: dict[int, tuple[OpenItem, bool]] = {}
    missing = []
    series = {number.series for rows in books.by_running.values() for number, _ in rows}
    for reference in references.find(payment.text):
        items = list(_resolve(reference, payment.currency, books))
        for item in items:
            strong = reference.full or reference.year > 0 or found.get(item.id, (item, False))[1]
            found[item.id] = (item, strong)
        says = reference.says_invoice or reference.word in series
        if not items and says and reference.year:
            missing.append(Reason(NOT_OPEN, reference.as_written[:60]))
    return found, tuple(missing)


def _resolve(reference: Reference, currency: str, books: Books) -> Iterator[OpenItem]:
    first = next(
        filter(None, (_of(reference, one, currency, books) for one in reference.running)), None
    )
    if first is None:
        return
    yield first
    for running in reference.more:
        if item := _of(reference, running, currency, books):
            yield item


def _of(reference: Reference, running: int, currency: str, books: Books) -> OpenItem | None:
    fitting = [
        item
        for number, item in books.by_running.get(running, ())
        if reference.year in (0, number.year)
        and item.currency == currency
        and reference.may_be_of(number.series, is_credit=item.is_credit)
    ]
    invoices = [one for one in fitting if not one.is_credit] or fitting
    exact = [one for one in fitting if one.number.startswith(f"{reference.word}-")] or invoices
    return exact[0] if len(exact) == 1 else None


def is_known(payment: Payment, item: OpenItem, books: Books) -> bool:
    """Whether it is the invoice's customer who pays, as far as a bank can tell."""
    paid_before = item.customer_id in books.payers.get(payment.iban, ()) if payment.iban else False
    return paid_before or alike(payment.party, item.customer)


def alike(party: str, customer: str) -> bool:
    if not party or not customer:
        return False
    names = [part for part in party.split(" / ") if part]
    return any(fuzz.ratio(_name(one), _name(customer)) >= ALIKE for one in (*names, party))


def _name(text: str) -> str:
    words = utils.default_process(text).split()
    return " ".join(word for word in words if word not in _LEGAL) or " ".join(words)


def words_of(text: str) -> Iterator[str]:
    """Words as numbers are compared, each alone and with the next: a bank puts blanks inside."""
    words = [plain(word) for word in text.replace("/", " ").replace(",", " ").split()]
    for first, second in zip(words, [*words, ""][1:], strict=True):
        yield first
        yield first + second
