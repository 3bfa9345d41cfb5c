"""Who may do what: one table. A role is a group of users, kept after every migration as it is here.

Staff may add groups of their own beside these; what stands here is changed here. Whose work a person
sees is another question: that of the departments he or she is a member of (`agents/scope.py`). Orders,
customers and invoices belong to the whole house and are seen by permission alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True, slots=True)
class Role:
    code: str
    name: Promise
    words: Promise
    """What it is for, in a sentence."""
    may: tuple[str, ...]
    """Permissions as "app.codename"; a star stands for anything."""


def _in(app: str, codenames: str) -> tuple[str, ...]:
    return tuple(f"{app}.{codename}" for codename in codenames.split())


DESK = (
    *_in("cases", "view_case add_case change_case answer_case"),
    *_in("cases", "view_task add_task change_task view_tag add_tag view_macro view_slapolicy"),
    *_in("emails", "view_email change_email view_thread view_outgoingemail change_outgoingemail"),
    *_in("emails", "view_royaltemplate"),
    *_in("agents", "view_agent view_department view_agentrun"),
    *_in("shop", "view_customer view_contact view_product view_category view_family view_alias"),
    *_in("orders", "view_order view_quotation view_shipment view_return view_document"),
)
"""The inbox, cases and letters: whoever answers customers."""

CLERK = (
    *DESK,
    *_in("orders", "add_order change_order confirm_order hold_order change_document"),
    *_in("orders", "view_invoice view_printout"),
    *_in("shop", "view_stock add_alias change_alias"),
)

ROLES = (
    Role(
        "clerk",
        pgettext_lazy("role", "Clerk"),
        _("Reads the mail of the own departments, works on cases, writes letters, checks orders."),
        CLERK,
    ),
    Role(
        "lead",
        pgettext_lazy("role", "Team lead"),
        _(
            "As a clerk; puts cases together, takes tasks away, keeps macros and rules, sees reports."
        ),
        (
            *CLERK,
            *_in(
                "cases", "merge_case report_case view_slaresult delete_task change_tag delete_tag"
            ),
            *_in("cases", "add_macro change_macro delete_macro view_rulerun view_webhookcall"),
            *_in("cases", "view_workflowrule add_workflowrule change_workflowrule"),
            *_in("cases", "delete_workflowrule view_workflowversion change_workflowversion"),
            *_in("kpis", "view_snapshot view_target view_recommendation change_recommendation"),
            *_in("agents", "run_agent"),
            *_in("emails", "view_correction view_blockedaddress change_blockedaddress"),
            *_in("emails", "view_routingrule"),
            *_in("orders", "cancel_order return_order"),
            *_in("journal", "export_lists"),
        ),
    ),
    Role(
        "sales",
        pgettext_lazy("role", "Sales"),
        _("Works on cases; keeps customers, prices and quotations, enters and confirms orders."),
        (
            *DESK,
            *_in("orders", "add_order change_order confirm_order hold_order cancel_order"),
            *_in("orders", "return_order add_quotation change_quotation change_document"),
            *_in("orders", "view_invoice view_printout"),
            *_in("shop", "add_customer change_customer merge_customer add_contact change_contact"),
            *_in("shop", "add_alias change_alias delete_alias view_merge change_merge"),
            *_in("shop", "view_pricelist add_pricelist change_pricelist delete_pricelist"),
            *_in("shop", "change_product view_stock view_reservation view_apikey change_apikey"),
            *_in("kpis", "view_snapshot view_target"),
            *_in("journal", "export_lists"),
        ),
    ),
    Role(
        "finance",
        pgettext_lazy("role", "Finance"),
        _("Works on cases; keeps invoices, payments, reminders and what suppliers bill."),
        (
            *DESK,
            *_in("orders", "invoice_order close_order hold_order change_document"),
            *_in("orders", "view_invoice credit_invoice cancel_invoice view_receivable"),
            *_in("orders", "change_receivable view_reminder change_reminder view_bankstatement"),
            *_in("orders", "import_bankstatement view_bankentry change_bankentry"),
            *_in("orders", "view_printout change_printout"),
            *_in("shop", "view_supplier add_supplier change_supplier"),
            *_in("company", "view_terms"),
            *_in("kpis", "view_snapshot view_target"),
            *_in("journal", "export_lists"),
        ),
    ),
    Role(
        "production",
        pgettext_lazy("role", "Production"),
        _(
            "Plans, makes, packs and sends orders and keeps the stock. Sees no mail and no price lists."
        ),
        (
            *_in("orders", "view_order plan_order produce_order pack_order ship_order"),
            *_in("orders", "deliver_order return_order view_shipment view_return"),
            *_in("orders", "view_printout change_printout"),
            *_in("shop", "view_product view_category view_family view_stock change_stock"),
            *_in("shop", "view_reservation view_movement"),
        ),
    ),
    Role(
        "auditor",
        pgettext_lazy("role", "Auditor"),
        _("Reads everything of all departments, with the journal, and changes nothing."),
        (
            "*.view_*",
            "cases.report_case",
            "agents.see_all_departments",
            "journal.export_lists",
        ),
    ),
    Role(
        "admin",
        pgettext_lazy("role", "Administrator"),
        _("Does everything, with configuration and users."),
        ("*.*",),
    ),
)
CODES = tuple(role.code for role in ROLES)


def permissions_of(role: Role, known: Iterable[str]) -> frozenset[str]:
    """Return those of the known permissions that the role has."""
    named = frozenset(role.may)
    stars = [one for one in role.may if "*" in one]
    return frozenset(
        one for one in known if one in named or any(fnmatchcase(one, star) for star in stars)
    )


def role_of(groups: Iterable[str]) -> Role | None:
    """Return the role of somebody in these groups; of several the last in the table."""
    names = set(groups)
    return next((role for role in reversed(ROLES) if role.code in names), None)
