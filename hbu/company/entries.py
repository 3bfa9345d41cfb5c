"""What company.yaml may say, section by section. No Django here."""

from datetime import date, time
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from hbu.company.fields import (
    Bic,
    Code,
    Country,
    Currency,
    Domain,
    Iban,
    Language,
    Line,
    MailAddress,
    Millimetres,
    Money,
    Percent,
    Text,
    Timezone,
    UnitPrice,
    Variable,
    VatId,
    WorkingTime,
)
from hbu.lib.reasons import N_

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Targets = dict[Code, Decimal]


class Entry(BaseModel):
    # A number is welcome where a word is meant: people do not quote postcodes.
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class LocalText(Entry):
    de: Text
    en: Text

    def in_language(self, language: str) -> str:
        return self.de if language.startswith("de") else self.en


class Company(Entry):
    name: Line
    street: Line
    postcode: Line
    city: Line
    country: Country = "DE"
    phone: Line
    email: MailAddress
    website: Line
    domain: Domain
    vat_id: VatId
    register_court: Line
    register_number: Line
    managing_directors: list[Line] = Field(min_length=1)
    bank: Line
    iban: Iban
    bic: Bic
    language: Language = "de"
    currency: Currency = "EUR"
    timezone: Timezone = "Europe/Berlin"


class Interval(Entry):
    opens: time
    closes: time

    @model_validator(mode="before")
    @classmethod
    def from_text(cls, value: Any) -> Any:
        opens, dash, closes = str(value).partition("-")
        if not dash:
            raise ValueError(N_("not opening hours such as 08:00-17:00"))
        return {"opens": opens.strip(), "closes": closes.strip()}

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError(N_("closes before it opens"))
        return self


def _apart(intervals: list[Interval]) -> list[Interval]:
    ordered = sorted(intervals, key=lambda interval: interval.opens)
    if any(one.closes > other.opens for one, other in pairwise(ordered)):
        raise ValueError(N_("intervals overlap"))
    return ordered


OpeningHours = dict[Weekday, Annotated[list[Interval], AfterValidator(_apart)]]


class Holiday(Entry):
    date: date
    name: Line


class Department(Entry):
    code: Code
    name: LocalText
    address: MailAddress
    speciality: Text = ""
    kpis: Targets = {}


class Agent(Entry):
    """A software agent; people are users and not kept in this file."""

    name: Line
    role: Literal["info", "sales", "support", "finance", "coordinator"]
    departments: list[Code] = Field(min_length=1)


class Mailbox(Entry):
    """A watched account; without a host it lives in the embedded mail hub."""

    address: MailAddress
    department: Code
    host: str = ""
    port: int = Field(default=993, ge=1, le=65535)
    security: Literal["ssl", "starttls", "none"] = "ssl"
    verify_certificate: bool = True
    username: str = ""
    password_env: Variable = ""
    folder: Line = "INBOX"
    start: Literal["new", "import", "all"] = "new"

    @model_validator(mode="after")
    def can_log_in(self) -> Self:
        if self.host and not (self.username and self.password_env):
            raise ValueError(N_("a host needs username and password_env as well"))
        return self


class SlaPolicy(Entry):
    code: Code
    name: LocalText
    first_response: WorkingTime
    resolution: WorkingTime

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if self.first_response > self.resolution:
            raise ValueError(N_("the first response is later than the resolution"))
        return self


class Category(Entry):
    code: Code
    name: LocalText
    description: LocalText | None = None


class Product(Entry):
    sku: Annotated[str, Field(min_length=1, max_length=40)]
    category: Code
    name: LocalText
    description: LocalText | None = None
    material: str = Field(default="", max_length=40)
    colour: str = Field(default="", max_length=40)
    size_mm: Millimetres | None = None
    price: UnitPrice
    tax_rate: Percent = Decimal(19)
    pack_size: int = Field(default=1, ge=1)
    min_quantity: int = Field(default=1, ge=1)
    stock: int = Field(default=0, ge=0)
    lead_time_days: int = Field(default=5, ge=0, le=365)


class Contact(Entry):
    salutation: Literal["Herr", "Frau", ""] = ""
    first_name: str = Field(default="", max_length=60)
    last_name: str = Field(default="", max_length=60)
    email: MailAddress

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class Customer(Entry):
    number: Annotated[str, Field(min_length=1, max_length=20)]
    name: Line
    domains: list[Domain] = []
    language: Language = "de"
    oem: bool = False
    discount_percent: Percent = Decimal(0)
    auto_confirm_limit: Money = Decimal(0)
    """Gross, in our currency: up to here an order without any doubt is confirmed unseen."""
    street: str = Field(default="", max_length=120)
    postcode: str = Field(default="", max_length=12)
    city: str = Field(default="", max_length=80)
    country: Country = "DE"
    vat_id: VatId = ""
    payment_days: int = Field(default=30, ge=0, le=365)
    contacts: list[Contact] = []
    aliases: dict[str, str] = {}
    """Their article number: ours."""


class Supplier(Entry):
    """Whom we pay; an invoice is compared with what stands here."""

    number: Annotated[str, Field(min_length=1, max_length=30)]
    name: Line
    vat_id: VatId = ""
    iban: Iban = ""
    domains: list[Domain] = []
    addresses: list[MailAddress] = []
    street: str = Field(default="", max_length=120)
    postcode: str = Field(default="", max_length=12)
    city: str = Field(default="", max_length=80)
    country: Country = "DE"


class RoutingRule(Entry):
    """Empty outcome fields say nothing."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    order: int = Field(default=0, ge=0)
    """Lower is asked earlier; rules of the same order as they stand in the file."""
    note: Text = ""
    condition: dict[str, Any]
    department: Code = ""
    sla: Code = ""
    priority: Literal["urgent", "high", "normal", "low", ""] = ""
    stop: bool = False


def _in_order(rules: list[RoutingRule]) -> list[RoutingRule]:
    return sorted(rules, key=lambda rule: rule.order)


class CompanyFile(Entry):
    company: Company
    opening_hours: OpeningHours = Field(min_length=1)
    holidays: list[Holiday] = []
    departments: list[Department] = Field(min_length=1)
    agents: list[Agent] = []
    mailboxes: list[Mailbox] = []
    sla: list[SlaPolicy] = Field(min_length=1)
    kpis: Targets = {}
    categories: list[Category] = []
    products: list[Product] = []
    customers: list[Customer] = []
    suppliers: list[Supplier] = []
    rules: Annotated[list[RoutingRule], AfterValidator(_in_order)] = []
    templates: Path | None = None
    """The folder of answer texts, one folder for each language."""
