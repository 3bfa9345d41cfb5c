"""What loading a company file changed: for each table how many rows are new, other or gone."""

from collections import Counter
from typing import Any

from django.apps import apps

TABLES = (
    "company.company", "company.terms", "company.openinghours", "company.holiday",
    "company.workcalendar", "agents.department", "agents.agent", "auth.user", "emails.mailbox",
    "emails.routingrule", "emails.royaltemplate", "cases.slapolicy", "cases.workflowrule",
    "cases.macro", "kpis.target", "shop.category", "shop.product", "shop.tierprice", "shop.pricelist",
    "shop.customer", "shop.contact", "shop.alias", "shop.supplier",
)  # fmt: skip
Stock = dict[str, Counter[int]]


def take() -> Stock:
    """Return a picture of the tables that a company file writes; nothing of it can be read."""
    return {label: Counter(_rows(label)) for label in TABLES}


def _rows(label: str) -> list[int]:
    """Rows without their keys: what is written anew as it was did not change."""
    model = apps.get_model(label)
    names = [one.attname for one in model._meta.concrete_fields if not one.primary_key]
    rows: Any = model._base_manager.order_by().values_list(*names)
    return [hash(repr(row)) for row in rows.iterator()]


def changes(before: Stock, after: Stock) -> dict[str, dict[str, int]]:
    """Return how many rows of which table are new, changed or gone; tables as they were are left out."""
    found = {}
    for label, rows in after.items():
        new, gone = (rows - before[label]).total(), (before[label] - rows).total()
        other = min(new, gone)
        counts = {"new": new - other, "changed": other, "gone": gone - other}
        if new or gone:
            found[label] = {name: count for name, count in counts.items() if count}
    return found
