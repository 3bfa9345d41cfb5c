"""Who is behind a mail address."""

from collections.abc import Iterable

from django.db.models.functions import Lower

from shop.models import Contact, Customer

TITLES: dict[tuple[str, str], str] = {
    ("de", Contact.Title.MR): "Sehr geehrter Herr",
    ("de", Contact.Title.MS): "Sehr geehrte Frau",
    ("en", Contact.Title.MR): "Dear Mr",
    ("en", Contact.Title.MS): "Dear Ms",
}
TO_ANYBODY = {"de": "Sehr geehrte Damen und Herren", "en": "Dear Sir or Madam"}


def senders(addresses: Iterable[str]) -> dict[str, Customer]:
    """Return the customer behind each address: by contact, else by the company's own domain.

    An address or domain that two customers claim belongs to none of them: guessing would show one
    customer's business to the other.
    """
    wanted = {address.lower(): address for address in addresses if address}
    if not wanted:
        return {}
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
    spoken = "de" if language == "de" else "en"
    title = TITLES.get((spoken, contact.title)) if contact and contact.last_name else None
    return f"{title} {contact.last_name}" if contact and title else TO_ANYBODY[spoken]
