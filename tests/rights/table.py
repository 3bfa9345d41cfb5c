"""Who may use which address (promises F1 and P13). A new address without a line here fails.

The pages of the admin for a model's rows are not listed: what is expected of them follows from the
role's permissions in hbu/roles.py.
"""

from dataclasses import dataclass

from orders.services.stepping import STEPS

EVERYBODY, STAFF, CUSTOMERS = "everybody", "staff", "customers"
TOKEN = "whoever has its token"
"""Tested where the tokens are made; here everybody knocks with a wrong one."""
WHO = {EVERYBODY, STAFF, CUSTOMERS, TOKEN}


@dataclass(frozen=True)
class Rule:
    get: str = ""
    """Who may read: one of the words above, or a permission of staff; "" where nobody reads."""
    post: str = ""
    other: tuple[tuple[str, str], ...] = ()
    """The same for other methods."""

    def who(self, method):
        return {"GET": self.get, "POST": self.post, **dict(self.other)}.get(method, "")


def read(who):
    return Rule(get=who)


def write(who):
    return Rule(post=who)


def both(who, post=None):
    return Rule(get=who, post=who if post is None else post)


SEE, CHANGE, ANSWER = "cases.view_case", "cases.change_case", "cases.answer_case"
REPORT, MAIL = "cases.report_case", "emails.view_email"
SNAPSHOT = "kpis.view_snapshot"
WATCH = "kpis.watch_house"

ADMIN = {
    "admin:login": both(EVERYBODY),
    "admin:logout": both(EVERYBODY),
    "admin:jsi18n": read(STAFF),
    "admin:index": both(STAFF),
    "admin:search": both(STAFF),
    "admin:app_list": None,
    "admin:autocomplete": None,
    "admin:password_change": both(STAFF),
    "admin:password_change_done": both(STAFF),
    "sign_out_everywhere": both(STAFF),
    "admin:view_on_site": None,
    "admin:auth_user_password_change": both("auth.change_user"),
    "admin:company_holiday_fetch": both("company.add_holiday"),
    "admin:shop_product_bring_in": both("shop.add_product"),
    "admin:emails_enclosure": both("emails.view_outgoingemail"),
    "admin:emails_email_raw": both(MAIL),
    "admin:emails_attachment": both(MAIL),
    "admin:emails_routingrule_try": write("emails.change_routingrule"),
    "admin:cases_workflowrule_try": write("cases.change_workflowrule"),
    "admin:orders_bankentry_allocate": both("orders.change_bankentry"),
    "admin:orders_bankstatement_sample": both("orders.import_bankstatement"),
    "admin:orders_bankstatement_bring_in": both("orders.import_bankstatement"),
    "admin:orders_printout_download": read("orders.view_printout"),
    "admin:orders_printout_page": read("orders.view_printout"),
    "admin:orders_document_file": both("orders.view_document"),
    "admin:orders_document_data": read("orders.view_document"),
    "admin:orders_document_page": read("orders.view_document"),
    "admin:orders_document_correct": write("orders.change_document"),
    "admin:orders_document_supplier": write("shop.add_supplier"),
    "admin:journal_event_chain": both("journal.view_event"),
    "admin:journal_event_verify": both(STAFF),
    "admin:orders_order_desk": both("orders.view_order", post="orders.change_order"),
}
DESK = {
    "cases:inbox": read(SEE),
    "cases:inbox_parts": read(SEE),
    "cases:inbox_many": write(CHANGE),
    "cases:inbox_views": write(SEE),
    "cases:search": read(STAFF),
    "cases:suggest": read(STAFF),
    "cases:new": both("cases.add_case"),
    "cases:case": read(SEE),
    "cases:case_parts": read(SEE),
    "cases:case_do": write(SEE),
    "cases:case_here": write(SEE),
    "cases:case_mail": read(SEE),
    "cases:case_file": read(SEE),
    "cases:case_file_page": read(SEE),
    "cases:case_people": read(CHANGE),
    "cases:compose": read(ANSWER),
    "cases:answer_lint": write(ANSWER),
    "cases:answer_keep": write(ANSWER),
    "cases:answer_discard": write(ANSWER),
    "cases:answer_upload": write(ANSWER),
    "cases:answer_attachable": read(ANSWER),
    "cases:answer_fill": write(ANSWER),
    "cases:answer_send": write(ANSWER),
    "cases:answer_take_back": write(ANSWER),
    "notifications:list": read(STAFF),
    "notifications:bell": read(STAFF),
    "notifications:read": write(STAFF),
    "notifications:settings": both(STAFF),
    "notifications:open": read(STAFF),
    "rating:rate": both(TOKEN),
    "board:board": read("orders.view_order"),
    "board:parts": read("orders.view_order"),
    # Each step asks for its own right besides (tests/orders/test_board.py).
    "board:do": write("orders.view_order"),
    "kpis:start": read(EVERYBODY),
    "kpis:today_parts": read(STAFF),
    "kpis:mail": read(MAIL),
    "kpis:report_sla": read(REPORT),
    **{
        f"kpis:{name}": read(SNAPSHOT)
        for name in (
            "figures",
            "figures_parts",
            "figure",
            "figure_parts",
        )
    },
    "kpis:agents": read("agents.view_agent"),
    "kpis:agents_parts": read("agents.view_agent"),
    "kpis:agent": read("agents.view_agent"),
    "kpis:agent_parts": read("agents.view_agent"),
    "kpis:agent_forget": write("agents.run_agent"),
    "kpis:agent_turn": write("agents.run_agent"),
    "kpis:teams": read("agents.view_department"),
    "kpis:teams_parts": read("agents.view_department"),
    "kpis:teams_assign": write(CHANGE),
    "kpis:business": read("kpis.view_snapshot"),
    "kpis:business_parts": read("kpis.view_snapshot"),
    "kpis:recommendations": read("kpis.view_recommendation"),
    "kpis:recommendations_parts": read("kpis.view_recommendation"),
    "kpis:recommendations_look": write("kpis.change_recommendation"),
    "kpis:recommendation": write("kpis.change_recommendation"),
    # In the demo they are open on this machine; elsewhere staff or a token (tests/kpis).
    "kpis:health": read(EVERYBODY),
    "kpis:counters": read(STAFF),
    "kpis:live": read(EVERYBODY),
    "kpis:ready": read(EVERYBODY),
    "kpis:stats": read(EVERYBODY),
    "kpis:metrics": read(EVERYBODY),
    "kpis:monitor": read(WATCH),
    "kpis:monitor_parts": read(WATCH),
    "kpis:alert_seen": write(WATCH),
    "kpis:logs": read(WATCH),
    "kpis:log_lines": read(WATCH),
}
_CASE = (
    ("PUT", CHANGE),
    ("PATCH", CHANGE),
    ("DELETE", "cases.delete_case"),
)
_TASK = (
    ("PUT", CHANGE),
    ("PATCH", CHANGE),
    ("DELETE", "cases.delete_task"),
)
API = {
    "api:cases": both(SEE, post="cases.add_case"),
    "api:case": Rule(get=SEE, other=_CASE),
    "api:tasks": both("cases.view_task", post=CHANGE),
    "api:task": Rule(get="cases.view_task", other=_TASK),
    **{f"api:{name}": read(SEE) for name in (
        "cases_search", "cases_stats", "case_by_number", "case_timeline", "case_threads",
        "case_sla",
    )},
    **{f"api:{name}": read("cases.view_task") for name in (
        "tasks_search", "tasks_stats", "task_by_number",
    )},
    **{f"api:{name}": both(SEE, post=CHANGE) for name in ("case_tasks", "case_notes")},
    **{f"api:{name}": Rule(other=(("PUT", CHANGE), ("POST", CHANGE), ("PATCH", CHANGE)))
       for name in (
        "cases_bulk_status", "cases_bulk_assign", "case_status", "case_assign",
        "tasks_bulk_status", "tasks_bulk_assign", "task_status", "task_assign",
    )},
    "api:case_snooze": Rule(post=CHANGE, other=(("PUT", CHANGE), ("DELETE", CHANGE))),
    "api:case_merge": write("cases.merge_case"),
    "api:case_follow": Rule(post=SEE, other=(("PUT", SEE), ("DELETE", SEE))),
    "api:notifications": read(STAFF),
    **{f"api:{name}": read(SNAPSHOT) for name in ("kpis", "kpi", "kpi_history")},
    "api:notifications_read": write(STAFF),
    **{f"api:{name}": read(MAIL) for name in ("emails", "email", "email_why")},
    **{f"api:{name}": write("emails.change_email") for name in ("email_retry", "email_dismiss")},
    **{f"api:{name}": read("orders.view_order") for name in ("staff_orders", "staff_order")},
    **{f"api:staff_order_{name.replace('-', '_')}": write(f"orders.{step.permission}_order")
       for name, step in STEPS.items()},
    **{f"api:{name}": read("agents.view_agent") for name in ("agents", "agent")},
    "api:recommendations": read("kpis.view_recommendation"),
    "api:recommendation_done": write("kpis.change_recommendation"),
    "api:recommendation_dismiss": write("kpis.change_recommendation"),
    "api:agent_runs": read("agents.view_agentrun"),
    **{f"api:agent_{verb}": write("agents.run_agent") for verb in ("start", "pause", "drain")},
    "api:system_health": read(WATCH),
    "api:schema": read(EVERYBODY),
    "api:docs": read(EVERYBODY),
    **{f"api:{name}": read(EVERYBODY) for name in ("products", "product", "categories")},
    "api:quote": write(EVERYBODY),
    "api:orders": Rule(get=CUSTOMERS, post=EVERYBODY),
    "api:order": Rule(get=CUSTOMERS),
    "api:order_status": read(TOKEN),
}  # fmt: skip
# Reports of programs and of people need the same right.
REPORTS = ("api:analytics_", "api:cases_dashboard", "api:cases_trends", "api:cases_performance",
           "api:cases_reports")  # fmt: skip
SHOP = {
    **{f"orders:{name}": both(EVERYBODY) for name in (
        "checkout", "checkout_contact", "checkout_delivery", "checkout_payment", "checkout_review",
        "accept_prices", "reduce", "quick_order", "quick_order_check", "request_quotation",
    )},
    **{f"orders:{name}": both(TOKEN) for name in (
        "placed", "status", "document", "quotation", "accept_quotation", "decline_quotation",
        "quotation_document",
    )},
    **{f"orders:{name}": both(CUSTOMERS) for name in (
        "account_orders", "account_order", "reorder", "account_order_document",
        "account_documents", "account_document", "account_quotations",
    )},
    **{f"shop:{name}": both(EVERYBODY) for name in (
        "home", "products", "product", "picture", "cart", "cart_add", "cart_change", "cart_remove",
        "login", "logout", "ask", "imprint", "legal",
    )},
    **{f"shop:{name}": both(CUSTOMERS) for name in (
        "account", "change_password", "new_address", "address",
    )},
    "shop:set_password": both(TOKEN),
    "set_language": both(EVERYBODY),
}  # fmt: skip
# Buttons on pages of one model that need a right of another.
OTHER_RIGHT = {
    ("orders.Shipment", "deliver"): "orders.deliver_order",
    ("orders.Return", "credit"): "orders.invoice_order",
    ("cases.RuleRun", "again"): "cases.change_workflowrule",
    ("cases.WebhookCall", "again"): "cases.change_workflowrule",
}
TABLE = ADMIN | DESK | API | SHOP


def rule_of(name):
    """Return the rule of the address, None for one that has none."""
    if name.startswith(REPORTS):
        return read(REPORT)
    return TABLE.get(name)
