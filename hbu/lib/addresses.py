"""When two mail addresses are one reader's (promise D8). No Django here.

What people typed is kept as they typed it; only the comparison is told here. The domain is compared
as the DNS does, in its ASCII form (RFC 5891). The part before the @ is compared without case: a
server may tell Anna from anna (RFC 5321, 2.4), and none that we would meet does.
"""

from functools import lru_cache

import idna


@lru_cache(maxsize=4096)
def domain_key(domain: str) -> str:
    """Return the form of a domain that is equal for equal domains: KNÖPFE.de is xn--knpfe-kua.de."""
    plain = domain.strip().rstrip(".").casefold() if domain.isascii() else domain.strip()
    try:
        return idna.encode(plain, uts46=True).decode("ascii").rstrip(".").lower()
    except (idna.IDNAError, UnicodeError):
        # No domain of the DNS, perhaps an address literal; it is at least equal to itself.
        return plain.rstrip(".").casefold()


@lru_cache(maxsize=4096)
def address_key(address: str) -> str:
    """Return the form of an address that is equal for equal readers; its tag still tells it."""
    local, at, domain = address.strip().rpartition("@")
    return f"{local.casefold()}@{domain_key(domain)}" if at else address.strip().casefold()


def without_tag(key: str) -> str:
    """Return anna@x.de for anna+buttons@x.de (RFC 5233); what has no tag stays as it is."""
    local, at, domain = key.rpartition("@")
    name, plus, _ = local.partition("+")
    return f"{name}{at}{domain}" if plus and name else key


def spellings(key: str) -> frozenset[str]:
    """Return the ways in which an address may stand in the books, in small letters."""
    local, at, domain = key.rpartition("@")
    if not at:
        return frozenset({key})
    return frozenset({key, f"{local}@{_in_letters(domain)}"})


def _in_letters(domain: str) -> str:
    try:
        return idna.decode(domain)
    except (idna.IDNAError, UnicodeError):
        return domain
