"""A buyer on his way through the checkout: what he said so far is kept in his session."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import get_language

from orders.services import addressing, buying, placing
from orders.views import forms
from shop.models import Address, Cart, Contact, Customer
from shop.services import guests, people
from shop.views.visitor import Visitor, visitor

STEPS = ("contact", "delivery", "payment", "review")
_KEPT = "checkout"


@dataclass
class Visit:
    request: HttpRequest
    visitor: Visitor
    said: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def cart(self) -> Cart | None:
        return self.visitor.cart

    @property
    def full_cart(self) -> Cart:
        if self.cart is None:
            raise Http404
        return self.cart

    @property
    def contact(self) -> Contact | None:
        return self.visitor.contact

    @property
    def customer(self) -> Customer | None:
        return people.kept(self.contact.customer) if self.contact else None

    @property
    def known(self) -> dict[str, Any]:
        """What a form about the person begins with: what was said before, else what we know."""
        if said := self.said.get("contact"):
            return said
        if self.contact is None:
            return {}
        name = f"{self.contact.first_name} {self.contact.last_name}".strip()
        return {"name": name, "email": self.contact.email, "phone": self.contact.phone}

    @property
    def saved(self) -> list[Address]:
        if self.customer is None:
            return []
        return list(self.customer.addresses.filter(kind=Address.Kind.DELIVERY))

    @property
    def next_step(self) -> str:
        """The first step that is not done yet."""
        return next((step for step in STEPS if step not in self.said), STEPS[-1])

    def may(self, step: str) -> bool:
        return STEPS.index(step) <= STEPS.index(self.next_step)

    def keep(self, step: str, said: dict[str, Any]) -> None:
        plain = {
            name: value.isoformat() if isinstance(value, datetime.date) else value
            for name, value in said.items()
        }
        # A fresh dict: a session notices what is put into it, not what changes inside.
        self.said = {**self.said, step: plain}
        self.request.session[_KEPT] = {"whose": self._whose, "said": self.said}

    def forget(self) -> None:
        self.request.session.pop(_KEPT, None)

    @property
    def _whose(self) -> int | None:
        """Who logs in or out begins anew: nothing that one typed is shown to another."""
        return self.contact.pk if self.contact else None

    @property
    def billing(self) -> dict[str, str]:
        if self.customer is not None:
            return addressing.billing(self.customer)
        said = self.said.get("contact", {})
        address = {part: str(said.get(part, "")) for part in forms.ADDRESS}
        return address | {"name": said.get("company") or said.get("name", ""), "addition": ""}

    @property
    def delivery(self) -> dict[str, str]:
        said = self.said.get("delivery", {"where": forms.SAME})
        return forms.address_of(said, {str(one.pk): one for one in self.saved})

    @property
    def wishes(self) -> buying.Wishes:
        person, payment = self.said.get("contact", {}), self.said.get("payment", {})
        wanted = self.said.get("delivery", {}).get("requested_date")
        return buying.Wishes(
            buyer=self.customer or self._newcomer,
            language=language(),
            reference=payment.get("reference", ""),
            requested_date=datetime.date.fromisoformat(wanted) if wanted else None,
            particulars=placing.Particulars(
                contact_name=person.get("name", ""),
                contact_email=person.get("email", ""),
                contact_phone=person.get("phone", ""),
                billing_address=self.billing,
                delivery_address=self.delivery or self.billing,
                payment=payment.get("payment", ""),
                note=payment.get("note", ""),
            ),
        )

    @property
    def _newcomer(self) -> guests.Newcomer:
        return newcomer(self.said.get("contact", {}))


def newcomer(said: dict[str, Any]) -> guests.Newcomer:
    parts = ("name", "email", "company", "phone", "street", "postcode", "city", "country", "vat_id")
    return guests.Newcomer(**{part: said.get(part, "") for part in parts}, language=language())


def language() -> str:
    return (get_language() or "en")[:2]


def visit(request: HttpRequest) -> Visit:
    found = Visit(request, visitor(request))
    kept = request.session.get(_KEPT, {})
    if kept.get("whose") == found._whose:
        found.said = kept.get("said", {})
    return found
