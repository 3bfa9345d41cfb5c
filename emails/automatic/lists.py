"""Mail to many: lists, newsletters, notices of machines (RFC 2369, RFC 2919)."""

import re

from emails.headers import first_word, has_header, safe_header
from emails.incoming import Incoming

_SUBSCRIPTION = (
    "List-Unsubscribe",
    "X-List-Unsubscribe",
    "X-CSA-Complaints",
    "X-Campaign",
    "X-CampaignID",
    "X-MC-User",
    "X-Newsletter",
)
_LIST = ("List-Id", "List-Post", "List-Help", "List-Archive", "Mailing-List")
_NEWS_ADDRESS = re.compile(
    r"(?:[^@]*[._+-])?(?:newsletter|news|mailing|mailings|marketing|werbung|aktion|offers?)(?:[-+_.0-9][^@]*)?@",
    re.IGNORECASE,
)
_UNSUBSCRIBE = (
    "unsubscribe", "abmelden", "abbestellen", "newsletter nicht mehr", "austragen", "désabonner", "désinscri", "darse de baja",
    "disiscri", "uitschrijven", "afmelden", "cancelar a subscrição", "wypisz", "avregistrera", "afmeld", "отписаться",
)  # fmt: skip
_ENDING = 3000


def is_bulk(mail: Incoming) -> bool:
    """Return whether a mail was sent by a machine or to many.

    Our own group address passes people's mail on, and a colleague of a customer may write through
    a list of his house: such mail is a person's as long as it can reach us alone.
    """
    if first_word(mail.head, "Auto-Submitted") not in ("", "no"):
        return True
    precedence = first_word(mail.head, "Precedence")
    if precedence in ("bulk", "junk"):
        return True
    listed = [name for name in (*_LIST, *_SUBSCRIPTION) if has_header(mail.head, name)]
    if not listed and precedence != "list":
        return _is_newsletter(mail)
    if _is_our_list(mail):
        return False
    subscribed = precedence == "list" or any(name in _SUBSCRIPTION for name in listed)
    return subscribed or mail.own_addresses.isdisjoint(mail.to)


def _is_our_list(mail: Incoming) -> bool:
    """Return whether the list is one of our own addresses: a group of ours passes it on."""
    post = safe_header(mail.head, "List-Post").lower()
    identity = safe_header(mail.head, "List-Id").lower().rpartition("<")[2].strip("<> ")
    return any(
        f"mailto:{address}>" in post or identity == address.replace("@", ".")
        for address in mail.own_addresses
    )


def _is_newsletter(mail: Incoming) -> bool:
    """Return whether a mail says of itself that one can unsubscribe from it."""
    if not _NEWS_ADDRESS.match(mail.sender.address):
        return False
    ending = f"{mail.opening} {mail.text[-_ENDING:].lower()}"
    return any(word in ending for word in _UNSUBSCRIBE)
