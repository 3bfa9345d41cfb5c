"""Who is behind a mail address."""

from collections.abc import Collection, Iterable

from django.db.models.functions import Lower

from hbu.lib.addresses import address_key, domain_key, spellings, without_tag
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
    customer's business to the other. Of customers that were put together it is the one that is left.
    """
    wanted = {address: address_key(address) for address in addresses if address}
    if not wanted:
        return {}
    by_contact = {
        key: kept(owners[0].customer)
        for key, owners in _contacts(wanted.values()).items()
        if len({kept(one.customer).pk for one in owners}) == 1
    }
    by_domain = _by_domain({key.rpartition("@")[2] for key in wanted.values()})
    found = {}
    for address, key in wanted.items():
        customer = (
            by_contact.get(key)
            or by_contact.get(without_tag(key))
            or by_domain.get(key.rpartition("@")[2])
        )
        if customer is not None:
            found[address] = customer
    return found


def _contacts(keys: Iterable[str]) -> dict[str, list[Contact]]:
    """Contacts by the key of their address, also under the address without its tag."""
    asked = {one for key in keys for one in (key, without_tag(key))}
    written = {spelling for key in asked for spelling in spellings(key)}
    found: dict[str, list[Contact]] = {}
    rows = Contact.objects.annotate(lower=Lower("email")).filter(lower__in=written)
    for contact in rows.select_related("customer__merged_into").order_by("pk"):
        found.setdefault(address_key(contact.email), []).append(contact)
    return found


def _by_domain(domains: Collection[str]) -> dict[str, Customer]:
    owners: dict[str, list[Customer]] = {}
    for customer in Customer.objects.in_use().exclude(domains=[]):
        for domain in {domain_key(str(one)) for one in customer.domains}:
            owners.setdefault(domain, []).append(customer)
    return {domain: owners[domain][0] for domain in domains if len(owners.get(domain, [])) == 1}


def kept(customer: Customer) -> Customer:
    """Return the customer that this one was put into, however often; itself where it was not."""
    while customer.merged_into is not None:
        customer = customer.merged_into
    return customer


def contacts(addresses: Iterable[str]) -> dict[str, Contact]:
    """Return the contact persons behind mail addresses, known by the address in lower case."""
    wanted = {address.lower(): address_key(address) for address in addresses if address}
    if not wanted:
        return {}
    rows = _contacts(wanted.values())
    found = {
        address: rows.get(key) or rows.get(without_tag(key)) for address, key in wanted.items()
    }
    return {address: owners[0] for address, owners in found.items() if owners}


def salutation(contact: Contact | None, language: str) -> str:
    """Return the first line of a letter, as German and English business letters begin."""
    spoken = "de" if language == "de" else "en"
    title = TITLES.get((spoken, contact.title)) if contact and contact.last_name else None
    return f"{title} {contact.last_name}" if contact and title else TO_ANYBODY[spoken]
