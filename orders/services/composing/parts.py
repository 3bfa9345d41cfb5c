"""What letters of all kinds have in common: sender, address, greeting, lines and sums."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext

from agents.models import Department
from hbu.company.models import Company
from orders.models import Order, OrderLine, Quotation
from orders.models.position import Position, Sums
from orders.printing import wording
from orders.printing.letter import Column, Row, Sender, Sum, Table
from orders.services import addressing
from shop.models import Contact
from shop.pricing import totals

_POSTCODE_LAST = frozenset({"GB", "IE"})
"""Where the postcode has a line of its own, below the town."""
Facts = tuple[tuple[str, str], ...]


class Desk(NamedTuple):
    """Who of us answers questions about the letter."""

    name: str
    phone: str
    email: str


def us() -> Company:
    """The company; raises Company.DoesNotExist before one is loaded."""
    return Company.objects.get(pk=1)


def sender(company: Company, language: str) -> Sender:
    place = f"{company.postcode} {company.city}"
    seat = wording.country(company.country, language).title()
    return Sender(
        name=company.name,
        return_line=f"{company.name} · {company.street} · {place}",
        website=company.website.removeprefix("https://").removeprefix("http://"),
        foot=(
            _column(company.name, company.street, place, seat),
            _column(gettext("Contact us"), company.phone, company.email, company.website),
            _column(
                gettext("Commercial register"),
                " ".join(filter(None, (company.register_court, company.register_number))),
                _told(gettext("Managing directors"), company.managing_directors),
                _told(gettext("VAT ID"), company.vat_id),
            ),
            _column(
                gettext("Bank"),
                company.bank,
                _told("IBAN", wording.iban(company.iban)),
                _told("BIC", company.bic),
            ),
        ),
    )


def _column(*lines: str) -> tuple[str, ...]:
    return tuple(filter(None, lines))


def _told(label: str, value: str) -> str:
    return f"{label}: {value}" if value else ""


def desk(company: Company, code: str) -> Desk:
    row = Department.objects.filter(code=code).first()
    if row is None:
        return Desk(company.name, company.phone, company.email)
    return Desk(str(row), company.phone, row.address)


def billing(order: Order) -> Mapping[str, str]:
    return order.billing_address or addressing.billing(order.customer)


def delivery(order: Order) -> Mapping[str, str]:
    return order.delivery_address or addressing.delivery(order.customer)


def address(place: Mapping[str, str], home: str, language: str) -> tuple[str, ...]:
    """As it stands in the window; the country in the last line where it is not ours."""
    country, town = place.get("country", ""), (place.get("postcode", ""), place.get("city", ""))
    towns = town[::-1] if country in _POSTCODE_LAST else (" ".join(filter(None, town)),)
    lines = (
        place.get("name", ""),
        place.get("addition", "") or place.get("contact", ""),
        place.get("street", ""),
        *towns,
        wording.country(country, language) if country and country != home else "",
    )
    return tuple(line for line in lines if line)


def greeting(email: str) -> str:
    """By name where we know how to address the person."""
    person = Contact.objects.filter(email__iexact=email).first() if email else None
    if person is not None and person.last_name:
        if person.title == Contact.Title.MS:
            return gettext("Dear Ms %(name)s,") % {"name": person.last_name}
        if person.title == Contact.Title.MR:
            return gettext("Dear Mr %(name)s,") % {"name": person.last_name}
    return gettext("Dear Sir or Madam,")


def facts(*items: tuple[str, str]) -> Facts:
    return tuple((label, value) for label, value in items if value)


def about_desk(one: Desk) -> Facts:
    return facts(
        (gettext("Contact"), one.name),
        (gettext("Phone"), one.phone),
        (gettext("E-mail"), one.email),
    )


def priced(lines: Sequence[Position], sums: Sums, language: str) -> Table:
    """The lines with their prices, carried over from page to page."""
    taxed = sums.tax_category == Sums.Tax.STANDARD
    places = wording.places(line.unit_price for line in lines)
    columns = (
        Column(gettext("Pos."), 9),
        Column(gettext("Article"), 23),
        Column(gettext("Item"), 0),
        Column(gettext("Quantity"), 17, right=True),
        Column(gettext("Unit price"), 21, right=True),
        *((Column(gettext("VAT"), 13, right=True),) if taxed else ()),
        Column(gettext("Amount"), 23, right=True),
    )
    rows = tuple(
        Row(
            (
                str(line.position),
                line.sku,
                line.name,
                wording.number(line.quantity, language),
                wording.price(line.unit_price, language, places),
                *((wording.percent(line.tax_rate, language),) if taxed else ()),
                wording.money(line.total, language),
            ),
            line.total,
        )
        for line in lines
    )
    return Table(columns, rows, carried=gettext("Carried over"))


def sums_of(total: Order | Quotation, lines: Sequence[Position], language: str) -> tuple[Sum, ...]:
    """Net, tax for each rate and gross of what is not billed yet."""
    if total.tax_category != Sums.Tax.STANDARD:
        rates: tuple[tuple[Decimal, Decimal, Decimal], ...] = ()
    else:
        made = totals((line.total, line.tax_rate) for line in lines)
        rates = tuple(
            (rate, _basis(lines, rate), amount) for rate, amount in made.tax_by_rate if rate
        )
    return summed(total, rates, language)


def _basis(lines: Iterable[Position], rate: Decimal) -> Decimal:
    return sum((line.total for line in lines if line.tax_rate == rate), Decimal(0))


def summed(
    total: Sums, rates: Iterable[tuple[Decimal, Decimal, Decimal]], language: str
) -> tuple[Sum, ...]:
    """`rates` are (rate, basis, amount)."""
    currency = total.currency

    def money(amount: Decimal) -> str:
        return wording.money(amount, language, currency)

    words = gettext("plus %(rate)s VAT on %(basis)s")
    return (
        Sum(gettext("Net amount"), money(total.net)),
        *(
            Sum(
                words % {"rate": wording.percent(rate, language), "basis": money(basis)},
                money(amount),
            )
            for rate, basis, amount in rates
        ),
        Sum(gettext("Total amount"), money(total.gross), strong=True),
    )


def untaxed(category: str) -> str:
    """Why no VAT is charged, as the invoice has to say (§ 14 (4) 8, § 14a UStG)."""
    return {
        "K": gettext("Tax-free intra-community supply (Article 138 Directive 2006/112/EC)"),
        "AE": gettext("Reverse charge: the recipient of the supply owes the VAT"),
        "G": gettext("Tax-free export supply (Article 146 Directive 2006/112/EC)"),
    }.get(category, "")


def closing(name: str) -> str:
    return f"{gettext('With kind regards')}\n{name}"


def lines_of(order: Order) -> list[OrderLine]:
    return list(order.lines.order_by("position"))
