"""Whom we trade with and on what terms, as company.yaml may say it. No Django here."""

from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from hbu.company import vat
from hbu.company.entry import Entry
from hbu.company.fields import (
    Code,
    Country,
    Domain,
    Iban,
    Language,
    Line,
    MailAddress,
    Money,
    Percent,
    VatId,
)
from hbu.lib.reasons import N_


class Terms(Entry):
    """On what terms we trade; what is not said is as the house is made."""

    guest_limit: Money = Decimal(0)
    """Gross, in our currency: up to here somebody we do not know may buy on invoice."""
    checkout_minutes: int = Field(default=30, ge=5, le=1440)
    quotation_days: int = Field(default=30, ge=1, le=365)
    prepayment_days: int = Field(default=14, ge=1, le=365)
    transit_days: int = Field(default=2, ge=0, le=60)
    link_days: int = Field(default=365, ge=1, le=3650)
    reminder_days: list[Annotated[int, Field(ge=1, le=365)]] = Field(default=[], max_length=3)
    reminder_fee: Money = Decimal(0)

    @field_validator("reminder_days")
    @classmethod
    def one_after_the_other(cls, days: list[int]) -> list[int]:
        if any(one >= other for one, other in pairwise(days)):
            raise ValueError(N_("each reminder is later than the one before"))
        return days


class Address(Entry):
    """Where goods or invoices go, when not to the company's seat."""

    kind: Literal["delivery", "billing"] = "delivery"
    name: Line
    addition: str = Field(default="", max_length=120)
    street: Line
    postcode: Annotated[str, Field(min_length=1, max_length=12)]
    city: Annotated[str, Field(min_length=1, max_length=80)]
    country: Country = "DE"
    usual: bool = False


class Contact(Entry):
    salutation: Literal["Herr", "Frau", ""] = ""
    first_name: str = Field(default="", max_length=60)
    last_name: str = Field(default="", max_length=60)
    email: MailAddress
    phone: str = Field(default="", max_length=40)

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
    price_list: Code = ""
    payment: Literal["invoice", "prepayment"] = "invoice"
    payment_days: int = Field(default=30, ge=0, le=365)
    cash_discount_percent: Percent = Decimal(0)
    cash_discount_days: int = Field(default=0, ge=0, le=365)
    credit_limit: Money | None = None
    """Gross: open invoices and orders together stay below it."""
    invoice_email: MailAddress = ""
    invoice_format: Literal["zugferd", "xrechnung"] = "zugferd"
    buyer_reference: str = Field(default="", max_length=60)
    desk_address: MailAddress = ""
    """Mail of this customer goes to the department with this address."""
    progression: Literal["hand", "production", "all"] = "production"
    contacts: list[Contact] = []
    addresses: list[Address] = []
    tiers: dict[Money, Percent] = {}
    """A discount from an order's net value on; the best of these and `discount_percent` counts."""
    aliases: dict[str, str] = {}
    """Their article number: ours."""

    @model_validator(mode="after")
    def fits_together(self) -> Self:
        if self.vat_id and (wrong := vat.problem(self.vat_id, self.country)):
            raise ValueError(wrong)
        if self.cash_discount_percent and self.cash_discount_days > self.payment_days:
            raise ValueError(N_("the cash discount lasts longer than the days to pay"))
        kinds = [one.kind for one in self.addresses if one.usual]
        if len(kinds) > len(set(kinds)):
            raise ValueError(N_("there is one usual address of a kind"))
        return self


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
