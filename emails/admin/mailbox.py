"""Accounts we watch, how they are doing, and the ledger of what their servers showed us."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    RangeDateTimeFilter,
    RelatedDropdownFilter,
)
from unfold.widgets import UnfoldAdminPasswordWidget

from emails.admin import colours
from emails.admin import ledger as ledger_page
from emails.models import Delivery, Mailbox
from emails.services import ledger, watching
from hbu.journal.history import history
from hbu.lib.admin import (
    Notice,
    ReadOnlyAdmin,
    Section,
    SectionsMixin,
    StaffAdmin,
    Transition,
    column,
    labelled,
)
from hbu.lib.telling import told

TRY_NOW = Transition(
    name="try-now",
    label=_("Look now"),
    act=lambda mailbox, _by, _reason: watching.try_now(mailbox),
    possible=lambda mailbox: mailbox.is_active,
    question=_("The waiting time after failures is forgotten and the server is asked at once."),
    icon="sync",
    bulk=True,
)
FETCH_AGAIN = Transition(
    name="fetch-again",
    label=_("Fetch again"),
    act=lambda delivery, by, _reason: ledger.retry(delivery, by=by),
    possible=lambda delivery: delivery.state == Delivery.State.FAILED,
    question=_("The server is asked for this mail once more."),
    icon="sync",
    bulk=True,
)
CONNECTION = {"host", "port", "security", "verify_certificate", "username", "password", "folder"}


class MailboxForm(forms.ModelForm):  # type: ignore[type-arg]
    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=_("It is never shown. Leave it empty to keep the one that is stored."),
    )

    class Meta:
        model = Mailbox
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets choose

    def clean_password(self) -> str:
        typed: str = self.cleaned_data["password"]
        return typed or self.instance.password


@admin.register(Mailbox)
class MailboxAdmin(SectionsMixin, StaffAdmin):
    empty_words = _("No mailbox is set up. Add one, and its mails come in.")
    form = MailboxForm
    list_display = (
        "address", "department", "host", "safety", "health", "last_polled_at", "failing_since",
        "why",
    )  # fmt: skip
    list_select_related = ("department",)
    list_filter = (
        ("department", RelatedDropdownFilter),
        ("security", ChoicesDropdownFilter),
        ("is_active", BooleanRadioFilter),
    )
    search_fields = ("address", "host", "username")
    readonly_fields = (
        "last_polled_at", "next_poll_at", "failing_since", "failures", "last_error", "uidvalidity",
        "last_uid",
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": ("address", "department", "is_active")}),
        (
            _("Server"),
            {
                "fields": (
                    ("host", "port"),
                    ("security", "verify_certificate"),
                    ("username", "password"),
                    "folder",
                )
            },
        ),
        (
            _("Authenticity of senders"),
            {
                "description": _(
                    "Where the server says that a sender is forged, no order of the mail is "
                    "confirmed unseen and nothing about orders is told. Without a name here nobody "
                    "is taken for authentic or forged."
                ),
                "fields": (("authserv_id", "authserv_removes_forged"),),
            },
        ),
        (
            _("What happens to mail"),
            {
                "description": _("A mail is stored here before anything on the server changes."),
                "fields": ("start", ("after_storing", "archive_folder")),
            },
        ),
        (
            _("How it is doing"),
            {
                "fields": (
                    ("last_polled_at", "next_poll_at"),
                    ("failing_since", "failures"),
                    "last_error",
                    ("uidvalidity", "last_uid"),
                )
            },
        ),
    )
    transitions = (ledger_page.FETCH_MISSING, TRY_NOW)

    @column(_("encryption"), label={"safe": "success", "unsafe": "danger"})
    def safety(self, mailbox: Mailbox) -> tuple[str, str]:
        if mailbox.is_safe:
            return "safe", gettext("encrypted")
        if mailbox.security == Mailbox.Security.NONE:
            return "unsafe", gettext("not encrypted")
        return "unsafe", gettext("certificate not checked")

    @column(
        _("health"),
        label={"good": "success", "failing": "danger", "gap": "danger", "off": "", "new": "info"},
    )
    def health(self, mailbox: Mailbox) -> tuple[str, str]:
        if not mailbox.is_active:
            return "off", gettext("not watched")
        if mailbox.failing_since:
            return "failing", gettext("failing")
        if mailbox.gap_since:
            return "gap", gettext("mails missing")
        if mailbox.last_polled_at is None:
            return "new", gettext("not looked at yet")
        return "good", gettext("good")

    @column(_("last error"))
    def why(self, mailbox: Mailbox) -> str:
        return told(mailbox.last_error)

    def sections(self, request: HttpRequest, mailbox: Mailbox) -> list[Section]:
        return [*_notices(mailbox), *ledger_page.sections(mailbox)]

    def sections_below(self, request: HttpRequest, mailbox: Mailbox) -> list[Section]:
        return [history(mailbox)]

    def save_model(self, request: HttpRequest, obj: Mailbox, form: Any, change: bool) -> None:  # noqa: FBT001
        before = Mailbox.objects.filter(pk=obj.pk).first()
        super().save_model(request, obj, form, change)
        if before and watching.place(before) != watching.place(obj):
            watching.begin_anew(obj)
        elif change and CONNECTION & set(form.changed_data):
            # Whoever corrects the password does not want to wait for the back-off (promise A8).
            watching.try_now(obj)
        if not obj.is_safe:
            messages.warning(
                request, gettext("Mail and password of %s can be read by others.") % obj
            )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The ledger hangs on it; a mailbox is switched off instead."""
        return False


def _notices(mailbox: Mailbox) -> list[Section]:
    found: list[Section] = []
    if mailbox.security == Mailbox.Security.NONE:
        text = _("Anybody between us and the server can read the password and every mail.")
        found.append(Notice(title=_("NOT ENCRYPTED"), text=text, colour="danger"))
    elif not mailbox.verify_certificate:
        text = _("Anybody between us and the server can pose as the server and read the password.")
        found.append(Notice(title=_("The certificate is not checked"), text=text, colour="danger"))
    if mailbox.failing_since:
        found.append(Notice(title=_("This mailbox cannot be read"), text=told(mailbox.last_error)))
    return found


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    empty_words = _("No server has shown us a mail yet.")
    transitions = (FETCH_AGAIN,)
    list_display = (
        "uid",
        "mailbox",
        "folder",
        "state_label",
        "email",
        "claimed_at",
        "attempts",
        "told_server",
        "why",
    )
    list_select_related = ("mailbox", "email")
    list_filter = (
        ("state", ChoicesDropdownFilter),
        ledger_page.StandFilter,
        ("mailbox", RelatedDropdownFilter),
        ("told_server", BooleanRadioFilter),
        ("claimed_at", RangeDateTimeFilter),
    )
    search_fields = ("=uid", "email__subject", "error")
    date_hierarchy = "claimed_at"
    export_fields = (
        "mailbox__address",
        "folder",
        "uid",
        "state",
        "claimed_at",
        "attempts",
        "error",
    )
    state_label = labelled("state", _("state"), colours.DELIVERY)

    @column(_("error"))
    def why(self, delivery: Delivery) -> str:
        return told(delivery.error)
