"""Who writes to us: customers from the company file, and everybody else by name. No Django here.

Every address lies in a domain reserved for examples (RFC 2606), every telephone number in a block
that regulators keep free for fiction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import TypeVar

from emails.simulation.papers import Party
from hbu.company.entries import CompanyFile
from hbu.company.partners import Customer

T = TypeVar("T")

PHONES = {"de": "+49 30 23125 {:03}", "en": "+44 20 7946 0{:03}"}


@dataclass(frozen=True, slots=True)
class Writer:
    """A person at a desk; `firm` is empty for private people."""

    name: str
    address: str
    firm: Party | None = None

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a letter is written: the language, the time, the dice, and the company written to."""

    dice: Random
    company: CompanyFile
    language: str
    now: datetime
    serial: str
    """Unlike that of any other letter: numbers and ids are made of it."""

    def pick(self, choices: Sequence[T]) -> T:
        return self.dice.choice(choices)

    def chance(self, share: float) -> bool:
        return self.dice.random() < share

    def say(self, german: Sequence[str], english: Sequence[str]) -> str:
        return self.pick(english if self.language == "en" else german)

    def customer(self, *, oem: bool = False, aliases: bool = False) -> Customer:
        return self.pick(
            [
                customer
                for customer in self.company.customers
                if customer.contacts
                and customer.language == self.language
                and customer.oem == oem
                and (customer.aliases or not aliases)
            ]
        )

    def writer(self, customer: Customer) -> Writer:
        contact = self.pick(customer.contacts)
        phone = PHONES[customer.language].format(self.dice.randrange(100, 999))
        firm = Party(
            name=customer.name,
            street=customer.street,
            postcode=customer.postcode,
            city=customer.city,
            country=customer.country,
            vat_id=customer.vat_id,
            contact=contact.full_name,
            email=contact.email,
            phone=phone,
        )
        return Writer(contact.full_name, contact.email, firm)

    def supplier(self) -> Writer:
        return self.pick(SUPPLIERS[self.language])

    def private_person(self) -> Writer:
        return self.pick(PRIVATE_PEOPLE[self.language])

    def stranger(self) -> Writer:
        return self.pick(STRANGERS[self.language])

    def mailbox(self, *departments: str) -> str:
        """Return the address of one of the departments, or the company's own."""
        known = {one.code: one.address for one in self.company.departments}
        return known.get(self.pick(departments), self.company.company.email)

    def copies(self, to: str) -> tuple[str, ...]:
        """Return another of our addresses now and then: people write to several at once."""
        other = self.mailbox("info", "sales")
        return (other,) if other != to and self.chance(0.08) else ()

    def number(self, prefix: str) -> str:
        return f"{prefix}{self.serial}"

    def workday(self, days: int) -> date:
        """Return the working day that lies so many working days away."""
        day, step = self.now.date(), timedelta(days=1 if days > 0 else -1)
        left = abs(days)
        while left:
            day += step
            left -= day.weekday() < 5
        return day

    @property
    def ourselves(self) -> Party:
        us = self.company.company
        return Party(us.name, us.street, us.postcode, us.city, us.country, us.vat_id)


def _firm(name: str, place: str, person: str, address: str, **more: str) -> Writer:
    street, postcode, city, country = place.split("|")
    firm = Party(name, street, postcode, city, country, contact=person, email=address, **more)
    return Writer(person, address, firm)


SUPPLIERS = {
    "de": (
        _firm(
            "Hornwerk Oberpfalz GmbH", "Glasschleife 3|92660|Neustadt|DE", "Gerhard Sölch",
            "rechnung@hornwerk-oberpfalz.example", vat_id="DE999049837",
            iban="DE02 1203 0000 0000 2020 51", phone="+49 30 23125 411",
        ),
        _firm(
            "Polymer Granulate Nord GmbH", "Am Tanklager 11|28237|Bremen|DE", "Wiebke Jürgens",
            "vertrieb@polymer-nord.example", vat_id="DE999354118",
            iban="DE02 5001 0517 0137 0750 30", phone="+49 30 23125 422",
        ),
        _firm(
            "Kartonagen Rheinland KG", "Hafenstraße 60|47119|Duisburg|DE", "Uwe Dörnemann",
            "buero@kartonagen-rheinland.example", vat_id="DE999953493",
            iban="DE02 1001 0010 0006 8201 01", phone="+49 30 23125 433",
        ),
    ),
    "en": (
        _firm(
            "Pacific Shell Trading Ltd", "88 Wharf Road|E14 9TS|London|GB", "Grace Tan",
            "accounts@pacific-shell.example", vat_id="GB999000789",
            iban="GB29 NWBK 6016 1331 9268 19", phone="+44 20 7946 0441",
        ),
        _firm(
            "Corozo Exporters B.V.", "Kade 21|3011 AB|Rotterdam|NL", "Mateo Paredes",
            "sales@corozo-exporters.example", vat_id="NL999790328B01",
            iban="NL91 ABNA 0417 1643 00", phone="+44 20 7946 0452",
        ),
    ),
}  # fmt: skip
STRANGERS = {
    "de": (
        _firm("Boutique Sternschnuppe", "Bergstraße 2|69115|Heidelberg|DE", "Lena Fröhlich", "hallo@boutique-sternschnuppe.example"),
        _firm("Theaterfundus Süd GbR", "Kulissenweg 9|70173|Stuttgart|DE", "Konstantin Bär", "einkauf@theaterfundus-sued.example"),
        _firm("Strickstube Möwe", "Deichgasse 4|26506|Norden|DE", "Antje Harms", "strickstube@moewe.example"),
    ),
    "en": (
        _firm("Willow & Thread Ltd", "5 Orchard Row|BA1 2NG|Bath|GB", "Emma Collins", "studio@willow-thread.example"),
        _firm("Costume House Galway", "17 Quay Lane|H91 X2Y3|Galway|IE", "Sean Brennan", "wardrobe@costume-house.example"),
    ),
}  # fmt: skip
PRIVATE_PEOPLE = {
    "de": (
        Writer("Günther Weiß", "g.weiss@postkasten.example"),
        Writer("Brigitte Häußler", "brigitte.haeussler@mailhafen.example"),
        Writer("Ayşe Yılmaz", "ayse.y@postkasten.example"),
        Writer("Björn Sander", "bjoern.sander@mailhafen.example"),
    ),
    "en": (
        Writer("Margaret O'Neill", "margaret.oneill@letterbox.example"),
        Writer("Thomas Whitfield", "tom.whitfield@letterbox.example"),
        Writer("Chloé Dubois", "chloe.dubois@courrier.example"),
    ),
}
