"""What company.yaml may say, section by section. No Django here."""

from datetime import date, time
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from hbu.company.entry import Entry, LocalText
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
    Region,
    Text,
    Timezone,
    Variable,
    VatId,
    WorkingTime,
)
from hbu.company.goods import Category, Family, PriceList, Product
from hbu.company.partners import Customer, Supplier, Terms
from hbu.lib.reasons import N_

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Targets = dict[Code, Decimal]


class Company(Entry):
    name: Line
    street: Line
    postcode: Line
    city: Line
    country: Country = "DE"
    region: Region | Literal[""] = ""
    """The federal state whose public holidays count."""
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
    region: Region | Literal[""] = ""
    """Empty: everywhere."""


class Calendar(Entry):
    """When a part of the house works that does not work when all others do."""

    code: Code
    name: Line
    region: Region | Literal[""] = ""
    """Empty: the company's."""
    opening_hours: OpeningHours = {}
    """Empty: the house's."""


class Department(Entry):
    code: Code
    name: LocalText
    address: MailAddress
    speciality: Text = ""
    calendar: Code | Literal[""] = ""
    reopen: Literal["reopen", "new", "new_after"] = "new_after"
    """What a mail does that comes into a conversation whose case is done."""
    reopen_days: int = Field(default=14, ge=0, le=3650)
    close_after_days: int = Field(default=14, ge=1, le=3650)
    kpis: Targets = {}


class Agent(Entry):
    """A software agent."""

    name: Line
    role: Literal["info", "sales", "support", "finance", "coordinator"]
    departments: list[Code] = Field(min_length=1)


class Person(Entry):
    """Somebody who works here. Logs in with a password that is set later, never from this file."""

    username: Code
    first_name: Line
    last_name: Line
    email: MailAddress
    role: Literal["clerk", "lead", "sales", "finance", "production", "auditor", "admin"]
    departments: list[Code] = []


class Mailbox(Entry):
    """A watched account; without a host it lives in the embedded mail hub."""

    address: MailAddress
    department: Code
    host: str = ""
    port: int = Field(default=993, ge=1, le=65535)
    security: Literal["ssl", "starttls", "none"] = "ssl"
    verify_certificate: bool = True
    authserv_id: str = Field(default="", max_length=120)
    """How the server that checks senders names itself (RFC 8601); empty: nobody checks."""
    authserv_removes_forged: bool = False
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
    update: WorkingTime | None = None
    resolution: WorkingTime
    condition: dict[str, Any] = {}
    """About the case; a policy without one holds only where it is named."""

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if self.first_response > self.resolution:
            raise ValueError(N_("the first response is later than the resolution"))
        return self


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


class WorkflowRule(Entry):
    """What the house does by itself when something happens to a case; asked as they stand here."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    note: Text = ""
    trigger: Literal[
        "created", "mail_received", "status_changed", "assigned", "sla_warning", "sla_breach",
        "order_changed", "rated", "time_since",
    ]  # fmt: skip
    since: Literal["opened_at", "status", "customer_wrote_at", "answered_at"] = "status"
    hours: float = Field(default=24, ge=0.1, le=24 * 366)
    condition: dict[str, Any] = {}
    actions: list[dict[str, Any]] = Field(min_length=1)
    stop: bool = False


class Macro(Entry):
    """What a person does with one click; without departments it is for everybody."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    note: Annotated[str, Field(max_length=200)] = ""
    departments: list[Code] = []
    actions: list[dict[str, Any]] = Field(min_length=1)


def _in_order(rules: list[RoutingRule]) -> list[RoutingRule]:
    return sorted(rules, key=lambda rule: rule.order)


class CompanyFile(Entry):
    company: Company
    terms: Terms = Terms()
    opening_hours: OpeningHours = Field(min_length=1)
    holidays: list[Holiday] = []
    calendars: list[Calendar] = []
    departments: list[Department] = Field(min_length=1)
    agents: list[Agent] = []
    staff: list[Person] = []
    mailboxes: list[Mailbox] = []
    sla: list[SlaPolicy] = Field(min_length=1)
    kpis: Targets = {}
    categories: list[Category] = []
    families: list[Family] = []
    products: list[Product] = []
    price_lists: list[PriceList] = []
    customers: list[Customer] = []
    suppliers: list[Supplier] = []
    rules: Annotated[list[RoutingRule], AfterValidator(_in_order)] = []
    workflows: list[WorkflowRule] = []
    macros: list[Macro] = []
    templates: Path | None = None
    """The folder of answer texts, one folder for each language."""
