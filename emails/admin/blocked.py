"""Addresses that get no automatic mail for a while: why, since when, and the end of it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter, RangeDateTimeFilter
from unfold.enums import ActionVariant

from emails.admin.sender import until
from emails.models import BlockedAddress
from emails.services import blocking
from hbu.journal.history import history
from hbu.lib.admin import (
    Facts,
    Notice,
    PageAdmin,
    Section,
    Transition,
    column,
    links,
    moment,
    seen_of,
)
from hbu.lib.telling import told

LIFT = Transition(
    name="lift",
    label=_("Lift the block"),
    act=lambda row, by, _reason: blocking.lift(row, by=by),
    possible=lambda row: row.is_in_force(timezone.now()),
    question=_(
        "The address gets automatic mail again. Letters that were withheld meanwhile stay withheld"
        " until somebody sends them."
    ),
    icon="lock_open",
    variant=ActionVariant.PRIMARY,
    bulk=True,
)
AGAIN = Transition(
    name="block",
    label=_("Block it again"),
    act=lambda row, by, reason: blocking.block_by_hand(
        BlockedAddress(address=row.address, reason=reason), by=by
    ),
    possible=lambda row: not row.is_in_force(timezone.now()),
    question=_("The address gets no automatic mail until somebody lifts the block."),
    asks_reason=True,
    icon="block",
    variant=ActionVariant.DANGER,
)


class InForceFilter(DropdownFilter):
    title = _("in force")
    parameter_name = "in_force"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("yes"))]

    def queryset(self, request: HttpRequest, rows: Any) -> "QuerySet[BlockedAddress]":
        held = self.value() == "yes"
        found: QuerySet[BlockedAddress] = rows.in_force(timezone.now()) if held else rows
        return found


@admin.register(BlockedAddress)
class BlockedAddressAdmin(PageAdmin):
    empty_words = _("No address is blocked. One whose mail comes back for good appears here.")
    list_display = ("address", "state_label", "why", "letter", "since", "until")
    list_select_related = ("letter",)
    list_filter = (InForceFilter, ("since", RangeDateTimeFilter))
    search_fields = ("address", "reason")
    date_hierarchy = "since"
    export_fields = ("address", "reason", "status", "since", "until", "lifted_at")
    transitions = (LIFT, AGAIN)

    @column(_("state"), label={"held": "danger", "free": "success"})
    def state_label(self, row: BlockedAddress) -> tuple[str, str]:
        held = row.is_in_force(timezone.now())
        return ("held", gettext("held back")) if held else ("free", gettext("free again"))

    @column(_("why"), ordering="reason", header=True)
    def why(self, row: BlockedAddress) -> tuple[str, str]:
        return told(row.reason), row.status

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Blocks are set by hand, too; from then on they are lifted, never edited."""
        return bool(request.user.has_perm("emails.add_blockedaddress"))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [] if obj else [(None, {"fields": ("address", "reason", "until")})]

    def save_model(
        self,
        request: HttpRequest,
        obj: BlockedAddress,
        form: Any,
        change: bool,  # noqa: FBT001 - Django calls it so
    ) -> None:
        blocking.block_by_hand(obj, by=request.user)  # type: ignore[arg-type] # staff are logged in

    def sections(self, request: HttpRequest, row: BlockedAddress) -> Sequence[Section]:
        held = row.is_in_force(timezone.now())
        return [
            Notice(
                title=self.state_label(row)[1],
                text=f"{told(row.reason)} ({until(row)})",
                colour="warning" if held else "info",
            ),
            history(row),
            Facts(
                title=_("Block"),
                beside=True,
                items=(
                    (_("mail address"), row.address),
                    (_("status"), row.status),
                    (_("letter"), links(seen_of([row.letter], request.user))),
                    (_("report"), links(seen_of([row.report], request.user))),
                    (_("since"), moment(row.since)),
                    (_("until"), until(row)),
                    (_("by"), row.blocked_by or _("the house")),
                    (_("lifted"), moment(row.lifted_at)),
                    (_("lifted by"), row.lifted_by or ""),
                ),
            ),
        ]
