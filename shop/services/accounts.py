"""Logins of customers: who they are, how they come by one, and what wrong passwords lead to."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from hbu.company.models import Company
from hbu.journal.recording import record
from hbu.lib import limits
from hbu.lib.addresses import address_key
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from shop.models import Contact
from shop.services import people

HOUR = 3600
ASKS_PER_ADDRESS, ASKS_PER_IP = 5, 20
# Of one person from one place, and of one place whoever it says it is (promise F4).
LOCKED_FOR = 15 * 60
FAILURES, FAILURES_PER_IP = 5, 50
ADDRESS_LENGTH = 254
USERNAME_LENGTH = 150
NO_CUSTOMER = N_("This login belongs to no customer.")


class _LinkTokens(PasswordResetTokenGenerator):
    """One use, three days (PASSWORD_RESET_TIMEOUT); a new address makes links to the old one void."""

    key_salt = "shop.services.accounts"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        contact = Contact.objects.filter(user=user.pk).first()
        whose = f"{contact.pk}:{contact.email}" if contact else ""
        return f"{super()._make_hash_value(user, timestamp)}:{user.is_active}:{whose}"


_tokens = _LinkTokens()


def contact_of(user: AbstractBaseUser | AnonymousUser | None) -> Contact | None:
    """Return the customer's person behind a login; None for staff and for nobody."""
    if user is None or not user.is_authenticated or not user.is_active:
        return None
    return Contact.objects.select_related("customer__merged_into").filter(user=user.pk).first()


# How to come by a login


def ask(email: str, *, language: str, ip: str) -> None:
    """Somebody wants a login, or a new password, for this address.

    The letter goes to that address whether we know it or not, and what whoever asked sees and how
    long it takes is the same (promise F4). Asking too often does nothing.
    """
    email = email.strip()[:ADDRESS_LENGTH]
    by_ip = limits.count("account.ip", ip, seconds=HOUR)
    by_address = limits.count("account.address", address_key(email), seconds=HOUR)
    if by_ip > ASKS_PER_IP or by_address > ASKS_PER_ADDRESS:
        return
    contact, house = people.contacts([email]).get(email.lower()), Company.objects.first()
    with transaction.atomic():
        # Whom nobody knows, nobody keeps a row of; the house itself was asked.
        subject = contact or house
        if subject is not None:
            address = contact.email if contact else email
            record("account.asked", subject, address=address, language=language)


def invite(contact: Contact, *, by: AbstractBaseUser) -> None:
    """Staff send a contact the link; a login that was closed is open again."""
    with transaction.atomic():
        if contact.user_id:
            get_user_model().objects.filter(pk=contact.user_id).update(is_active=True)
        language = contact.customer.language
        record("account.asked", contact, actor=by, address=contact.email, language=language)


def link_of(contact: Contact) -> str:
    """Return the page where this person chooses a password; "" where the login is closed.

    The login is made here, when the letter is written: asking alone leaves nothing behind.
    """
    user = _login_of(contact)
    if not user.is_active or user.is_staff:
        return ""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return f"{settings.HBU_SITE_URL}/shop/account/{uid}/{_tokens.make_token(user)}/"


def _login_of(contact: Contact) -> User:
    with transaction.atomic():
        held = Contact.objects.select_for_update().get(pk=contact.pk)
        if held.user is None:
            held.user = get_user_model().objects.create_user(
                _username(held),
                held.email,
                first_name=held.first_name,
                last_name=held.last_name,
            )
            held.save(update_fields=["user"])
        return held.user


def _username(contact: Contact) -> str:
    """What staff read in the journal; nobody logs in by it but through the contact's address."""
    taken = get_user_model().objects.filter(username__iexact=contact.email).exists()
    if taken or len(contact.email) > USERNAME_LENGTH:
        return f"contact-{contact.pk}"
    return contact.email.lower()


def user_of(uid: str, token: str) -> User | None:
    """Return whose link this is; None where it is no link, was used, is too old or was closed."""
    try:
        key = int(urlsafe_base64_decode(uid))
    except ValueError:
        return None
    user = get_user_model().objects.filter(pk=key, is_active=True, is_staff=False).first()
    if user is None or contact_of(user) is None or not _tokens.check_token(user, token):
        return None
    return user


def set_password(user: User, password: str) -> None:
    """Whoever holds the link chose a password; every older session and link ends with that."""
    with transaction.atomic():
        contact = contact_of(user)
        if contact is None or user.is_staff:
            raise DomainError("account.no_customer", NO_CUSTOMER)
        user.set_password(password)
        user.save(update_fields=["password"])
        record("account.opened", contact, actor=user, name=str(contact))


def close(contact: Contact, *, by: AbstractBaseUser) -> None:
    """With the next request this login sees nothing any more."""
    with transaction.atomic():
        open_one = get_user_model().objects.filter(contact=contact, is_active=True)
        if not open_one.update(is_active=False):
            raise DomainError("account.closed", N_("This contact has no open login."))
        record("account.closed", contact, actor=by, name=str(contact))


# Logging in


def username_of(email: str) -> str:
    """Return under which name Django knows the login of this address; "" if it has none.

    Also a login of staff is none here: the shop's door does not lead into the staff's house.
    """
    contact = people.contacts([email]).get(email.lower())
    if contact is None or contact.user is None or contact.user.is_staff:
        return ""
    return contact.user.get_username()


def failed(username: str, ip: str) -> None:
    limits.count("login", address_key(username), ip, seconds=LOCKED_FOR)
    limits.count("login.ip", ip, seconds=LOCKED_FOR)


def is_locked(username: str, ip: str) -> bool:
    return (
        limits.counted("login", address_key(username), ip) >= FAILURES
        or limits.counted("login.ip", ip) >= FAILURES_PER_IP
    )


def succeeded(username: str, ip: str) -> None:
    """The place stays suspect: a right password of one's own shall not clear it for guessing."""
    limits.forget("login", address_key(username), ip)
