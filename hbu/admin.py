"""Users and groups, in the look of the house."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.functional import lazystr
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.filters.admin import BooleanRadioFilter, RelatedDropdownFilter
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from agents.models import Department
from agents.services import people, sessions
from hbu.lib.admin import Transition, column
from hbu.lib.admin.auditing import AuditedMixin
from hbu.lib.admin.filters import BoundedMixin
from hbu.lib.admin.transitions import TransitionsMixin
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from hbu.roles import CODES, ROLES, role_of

admin.site.unregister(User)
admin.site.unregister(Group)


def _table() -> str:
    rows = ((role.code, role.name, role.words) for role in ROLES)
    return format_html_join(mark_safe("<br>"), "<b>{}</b> ({}): {}", rows)


def _sign_out(user: User, by: User, _reason: str) -> None:
    if user == by:
        raise DomainError("user.oneself", N_("Yourself you sign out in the menu at your name."))
    sessions.end_all(user, by=by)


SIGN_OUT = Transition(
    name="sign-out",
    label=_("Sign out everywhere"),
    act=_sign_out,
    possible=lambda user: user.is_active,
    question=_(
        "The person is signed out in every browser, at once, and may sign in again."
        " Keys of programs go on working."
    ),
    icon="logout",
    bulk=True,
)
RIGHTS = {"groups", "user_permissions", "is_active", "is_staff", "is_superuser"}


class MembershipInline(TabularInline):
    model = Department.members.through
    verbose_name = _("department")
    verbose_name_plural = _("departments whose work the person sees")
    extra = 0


@admin.register(User)
class UserAdmin(
    TransitionsMixin,
    AuditedMixin,
    BoundedMixin,
    DjangoUserAdmin,  # type: ignore[type-arg] # not at runtime
    ModelAdmin,
):
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    show_full_result_count = False
    autocomplete_fields = ("groups",)
    filter_horizontal = ("user_permissions",)
    list_display = ("username", "full_name", "role", "in_departments", "is_staff", "is_active")
    list_filter_submit = True
    list_filter = (
        ("is_staff", BooleanRadioFilter),
        ("is_superuser", BooleanRadioFilter),
        ("is_active", BooleanRadioFilter),
        ("groups", RelatedDropdownFilter),
        ("departments", RelatedDropdownFilter),
    )
    inlines = (MembershipInline,)
    transitions = (SIGN_OUT,)

    @column(_("name"), ordering="last_name")
    def full_name(self, user: User) -> str:
        return user.get_full_name()

    @column(_("role"))
    def role(self, user: User) -> str:
        role = role_of(group.name for group in user.groups.all())
        if role:
            return str(role.name)
        return str(_("may do everything")) if user.is_superuser else ""

    @column(_("departments"))
    def in_departments(self, user: Any) -> str:
        return ", ".join(one.name for one in user.departments.all())

    def get_queryset(self, request: HttpRequest) -> "QuerySet[User]":
        rows: QuerySet[User] = super().get_queryset(request)
        return rows.prefetch_related("groups", "departments")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The part with the rights says what each role is for."""
        return [
            (title, {**options, "description": lazystr(_table())})
            if "groups" in options["fields"]
            else (title, options)
            for title, options in super().get_fieldsets(request, obj)
        ]

    def user_change_password(
        self,
        request: HttpRequest,
        id: str,
        form_url: str = "",
    ) -> HttpResponse:
        with transaction.atomic():
            if request.method == "POST" and id.isdecimal():
                self.remember(request, int(id))
            return super().user_change_password(request, id, form_url)

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        return super().get_inlines(request, obj) if obj else ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Nobody gives more than he or she has: who may do everything is said by one who may."""
        fields = tuple(super().get_readonly_fields(request, obj))
        return fields if request.user.is_superuser else (*fields, "is_superuser")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not above and bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What somebody did stays under his or her name; who leaves is made inactive."""
        return False

    def save_model(
        self,
        request: HttpRequest,
        obj: User,
        form: "ModelForm[User]",
        change: bool,  # noqa: FBT001 - Django calls it so
    ) -> None:
        super().save_model(request, obj, form, change)
        if obj.is_staff or hasattr(obj, "agent"):
            people.employ(obj)

    def save_related(
        self,
        request: HttpRequest,
        form: "ModelForm[User]",
        formsets: Any,
        change: bool,  # noqa: FBT001 - Django calls it so
    ) -> None:
        super().save_related(request, form, formsets, change)
        if change and RIGHTS.intersection(form.changed_data):
            self._sign_in_anew(request, form.instance)

    def _sign_in_anew(self, request: HttpRequest, user: User) -> None:
        """A session has the rights it began with (promise F7); one's own goes on under a new key."""
        if user.pk == request.user.pk:
            request.session.cycle_key()
        sessions.end_all(user, by=request.user, but=request.session.session_key)  # type: ignore[arg-type] # staff


@admin.register(Group)
class GroupAdmin(AuditedMixin, BoundedMixin, DjangoGroupAdmin, ModelAdmin):
    """Groups of one's own; those of the roles are as the table says."""

    show_full_result_count = False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not _is_role(obj) and bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not _is_role(obj) and bool(super().has_delete_permission(request, obj))


def _is_role(group: Group | None) -> bool:
    return group is not None and group.name in CODES
