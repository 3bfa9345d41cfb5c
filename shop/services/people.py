"""Who is behind a mail address."""

from collections.abc import Iterable

from django.db.models.functions import Lower

from shop.models import Contact, Customer


def senders(addresses: Iterable[str]) -> dict[str, Customer]:
    """Return the customer behind each address: by contact, else by the company's own domain.

    An address or domain that two customers claim belongs to none of them: guessing would show one
    customer's business to the other.
    """
    wanted = {address.lower(): address for address in addresses if address}
    domains = {address.rpartition("@")[2] for address in wanted}
    by_contact = {
        contact.email.lower(): contact.customer
        for contact in Contact.objects.annotate(lower=Lower("email"))
        .filter(lower__in=wanted)
        .select_related("customer")
    }
    by_domain = _by_domain(domains)
    found = {}
    for lower, original in wanted.items():
        customer = by_contact.get(lower) or by_domain.get(lower.rpartition("@")[2])
        if customer is not None:
            found[original] = customer
    return found


def _by_domain(domains: Iterable[str]) -> dict[str, Customer]:
    owners: dict[str, list[Customer]] = {}
    for customer in Customer.objects.exclude(domains=[]):
        for domain in customer.domains:
            owners.setdefault(str(domain).lower(), []).append(customer)
    return {domain: owners[domain][0] for domain in domains if len(owners.get(domain, [])) == 1}


def contacts(addresses: Iterable[str]) -> dict[str, Contact]:
    """Return the contact persons behind mail addresses, known by the address in lower case."""
    wanted = {address.lower() for address in addresses}
    rows = Contact.objects.annotate(lower=Lower("email")).filter(lower__in=wanted)
    return {contact.email.lower(): contact for contact in rows}


def salutation(contact: Contact | None, language: str) -> str:
    """Return the first line of a letter, as German and English business letters begin."""
    titles = {"de": {"mr": "Sehr geehrter Herr", "ms": "Sehr geehrte Frau"}}
    titles["en"] = {"mr": "Dear Mr", "ms": "Dear Ms"}
    anybody = {"de": "Sehr geehrte Damen und Herren", "en": "Dear Sir or Madam"}
    key = "de" if language == "de" else "en"
    if contact is None or not contact.last_name or contact.title not in titles[key]:
        return anybody[key]
    return f"{titles[key][contact.title]} {contact.last_name}"
