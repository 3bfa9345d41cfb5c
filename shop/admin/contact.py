"""Who works at our customers, with their logins, and what they call our products."""

from collections.abc import Sequence

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateTimeFilter, RelatedDropdownFilter
from unfold.enums import ActionVariant

from hbu.journal.history import history
from hbu.lib.admin import Facts, Section, SectionsMixin, StaffAdmin, Transition, column, moment
from shop.admin.customer_forms import ContactForm
from shop.models import Alias, Contact
from shop.services import accounts

LOGIN = {"open": "success", "invited": "info", "closed": "danger", "none": ""}


def login_of(contact: Contact) -> tuple[str, str]:
    """Return how the login of a contact stands, as a code and in words."""
    if contact.user is None:
        return "none", gettext("no login")
    if not contact.user.is_active:
        return "closed", gettext("closed")
    if not contact.user.has_usable_password():
        return "invited", gettext("no password yet")
    return "open", gettext("open")


INVITE = Transition(
    name="invite",
    label=_("Send the link to a login"),
    act=lambda contact, by, _reason: accounts.invite(contact, by=by),
    possible=lambda contact: not (contact.user and contact.user.is_staff),
    question=_(
        "The contact gets a mail with a link, good for three days, and chooses a password there. "
        "A login that was closed is open again."
    ),
    icon="key",
    bulk=True,
)
CLOSE = Transition(
    name="close-login",
    label=_("Close the login"),
    act=lambda contact, by, _reason: accounts.close(contact, by=by),
    possible=lambda contact: bool(contact.user and contact.user.is_active),
    question=_("With the next click this person is out of the shop and cannot log in again."),
    icon="lock",
    variant=ActionVariant.DANGER,
    bulk=True,
)


@admin.register(Contact)
class ContactAdmin(SectionsMixin, StaffAdmin):
    empty_words = _("We know nobody at our customers yet.")
    list_display = ("last_name", "first_name", "title", "customer", "email", "login")
    list_display_links = ("last_name", "first_name", "email")
    list_select_related = ("customer", "user")
    list_filter = (("customer", RelatedDropdownFilter),)
    search_fields = ("last_name", "first_name", "email", "customer__name")
    autocomplete_fields = ("customer",)
    export_fields = (
        "customer__number", "customer__name", "title", "first_name", "last_name", "email", "phone",
    )  # fmt: skip
    form = ContactForm
    fieldsets = (
        (
            None,
            {"fields": ("customer", ("title", "first_name", "last_name"), ("email", "phone"))},
        ),
    )
    transitions = (INVITE, CLOSE)

    @column(_("login"), label=LOGIN)
    def login(self, contact: Contact) -> tuple[str, str] | None:
        return login_of(contact) if contact.user else None

    def sections(self, request: HttpRequest, contact: Contact) -> Sequence[Section]:
        user = contact.user
        if user is None:
            return ()
        return [
            Facts(
                title=_("Login"),
                items=(
                    (_("state"), login_of(contact)[1]),
                    (_("since"), moment(user.date_joined)),
                    (_("last login"), moment(user.last_login)),
                ),
            )
        ]

    def sections_below(self, request: HttpRequest, contact: Contact) -> Sequence[Section]:
        return [history(contact)]


@admin.register(Alias)
class AliasAdmin(StaffAdmin):
    empty_words = _("No customer has article numbers of their own yet.")
    list_display = (
        "sku", "name", "customer", "product", "learned_at", "learned_by", "source",
    )  # fmt: skip
    list_display_links = ("sku", "name")
    list_select_related = ("customer", "product", "learned_by")
    list_filter = (
        ("customer", RelatedDropdownFilter),
        ("learned_by", RelatedDropdownFilter),
        ("learned_at", RangeDateTimeFilter),
    )
    search_fields = (
        "sku",
        "name",
        "customer__name",
        "product__sku",
        "product__name_de",
        "product__name_en",
    )
    autocomplete_fields = ("customer", "product")
    export_fields = ("customer__number", "sku", "name", "product__sku", "learned_at", "source")
    readonly_fields = ("learned_at", "learned_by", "source")
    fieldsets = (
        (
            None,
            {
                "description": _(
                    "What the customer calls our product. A wrong one is deleted here: from then "
                    "on a person is asked again."
                ),
                "fields": ("customer", ("sku", "name"), "product"),
            },
        ),
        (_("Where it was learned"), {"fields": (("learned_at", "learned_by"), "source")}),
    )
