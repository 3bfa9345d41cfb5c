"""The business overview: one page, its living parts, and its tables to take along."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import tablib
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agents.models import Department
from hbu.lib.admin.exporting import LONGEST_FILTER, SafeCSV
from hbu.lib.admin.exporting import PERMISSION as EXPORT
from hbu.lib.admin.shell import in_the_shell
from hbu.lib.auditing import Export, tell
from hbu.lib.words import whole_number
from kpis.advice.telling import advice
from kpis.business import figures, tables
from kpis.business.measures import Asked
from kpis.models import Recommendation, Snapshot
from kpis.periods import LENGTHS, USUAL, Span
from kpis.reports import PeriodForm
from kpis.services import recommending
from orders.models import Order

SEEN = "kpis.view_snapshot"
ORDERS = "orders.view_order"
ADVICE_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page that is fetched anew when one of its events happened."""

    name: str
    events: str
    permission: str
    read: Callable[[HttpRequest, Asked], Any]

    @property
    def template(self) -> str:
        return f"kpis/business/{self.name}.html"


def _figures(_request: HttpRequest, asked: Asked) -> list[figures.Figure]:
    return figures.figures(asked)


def _customers(_request: HttpRequest, asked: Asked) -> dict[str, Any]:
    return {"lines": tables.customers(asked)}


def _products(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    by, query = _order_of(request), request.GET.copy()
    query["by"] = "net" if by == "pieces" else "pieces"
    return {"lines": tables.products(asked, by), "by": by, "other": query.urlencode()}


def _departments(_request: HttpRequest, asked: Asked) -> dict[str, Any]:
    return {"lines": tables.departments(asked)}


def _advice(request: HttpRequest, _asked: Asked) -> dict[str, Any]:
    rows = recommending.seen_by(request.user).filter(state=Recommendation.State.OPEN)
    found = advice(rows, request.user)
    return {"first": found[:ADVICE_SHOWN], "open": len(found)}


PARTS = (
    Part("figures", "kpi_update order new_email outgoing case", "", _figures),
    Part("advice", "kpi_update", "kpis.view_recommendation", _advice),
    Part("customers", "kpi_update order", ORDERS, _customers),
    Part("products", "kpi_update order", ORDERS, _products),
    Part("departments", "kpi_update new_email outgoing case", "", _departments),
)


TABLES = ("figures", "customers", "products", "departments")


@never_cache
@require_safe
@staff_member_required
@permission_required(SEEN, raise_exception=True)
def page(request: HttpRequest) -> HttpResponse:
    """Show how the house did in a time; one of the tables to take along with ?as=csv&table=…"""
    form, asked = _asked(request)
    if request.GET.get("as") == "csv":
        return _file(request, asked)
    parts = {one["name"]: one for one in _read(request, asked, PARTS)}
    context = {
        "title": _("Business overview"),
        "form": form,
        "asked": asked,
        "parts": parts,
        "choices": [(days, _query(request, days)) for days in LENGTHS],
        "days": _days(request),
        "query": request.GET.urlencode(),
    }
    return in_the_shell(request, "kpis/business/page.html", context)


@never_cache
@require_safe
@staff_member_required
@permission_required(SEEN, raise_exception=True)
def living(request: HttpRequest) -> HttpResponse:
    """Return the named parts of the page, all of them when none is named."""
    _form, asked = _asked(request)
    names = request.GET.getlist("part")
    wanted = [part for part in PARTS if part.name in names or not names]
    return render(
        request, "kpis/business/parts.html", {"parts": list(_read(request, asked, wanted))}
    )


def _read(request: HttpRequest, asked: Asked, parts: Sequence[Part]) -> Iterator[dict[str, Any]]:
    for part in parts:
        if not part.permission or request.user.has_perm(part.permission):
            yield {
                "name": part.name,
                "events": part.events,
                "template": part.template,
                "content": part.read(request, asked),
                "csv": _csv(request, part.name),
            }


def _asked(request: HttpRequest) -> tuple[PeriodForm, Asked]:
    said = request.GET.copy()
    if days := _days(request):
        span = Span.until_today(days)
        said["first"], said["last"] = span.first.isoformat(), span.last.isoformat()
    form = PeriodForm(request.user, said)
    period, department = form.chosen()
    desk = Department.objects.filter(pk=department).first() if department else None
    return form, Asked(request.user, Span(period.first, period.last), desk)


def _days(request: HttpRequest) -> int:
    """Return the choice that is in force; 0 where days were typed in."""
    days = whole_number(request.GET.get("days", ""))
    if days in LENGTHS:
        return days
    return 0 if request.GET.get("first") or request.GET.get("last") else USUAL


def _query(request: HttpRequest, days: int) -> str:
    query = request.GET.copy()
    for name in ("first", "last", "as", "table"):
        query.pop(name, None)
    query["days"] = str(days)
    return query.urlencode()


def _csv(request: HttpRequest, table: str) -> str:
    """Return the address of the file; empty for whoever may not take lists along."""
    if not request.user.has_perm(EXPORT):
        return ""
    query = request.GET.copy()
    query.pop("part", None)
    query["as"], query["table"] = "csv", table
    return query.urlencode()


def _order_of(request: HttpRequest) -> str:
    return "pieces" if request.GET.get("by") == "pieces" else "net"


def _file(request: HttpRequest, asked: Asked) -> HttpResponse:
    if not request.user.has_perm(EXPORT):
        raise PermissionDenied
    wanted = request.GET.get("table", "figures")
    part = next((one for one in PARTS if one.name == wanted in TABLES), None)
    if part is None:
        raise Http404
    if part.permission and not request.user.has_perm(part.permission):
        raise PermissionDenied
    table = _table(part, part.read(request, asked))
    model = Order if part.permission == ORDERS else Snapshot
    with transaction.atomic():
        tell(Export(model, request.user, len(table), request.GET.urlencode()[:LONGEST_FILTER]))
    name = f"{part.name}-{asked.span.first}-{asked.span.last}.csv"
    return HttpResponse(
        SafeCSV().export_data(table),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _table(part: Part, content: Any) -> tablib.Dataset:
    if part.name == "figures":
        headings = [_("figure"), _("from"), _("rows"), _("this time"), _("the time before")]
        return tablib.Dataset(*figures.lines(content), headers=headings)
    lines: list[tables.Line] = content["lines"]
    rows = [[one.name, one.note, *(cell.value for cell in one.cells)] for one in lines]
    headings = [cell.label for one in lines[:1] for cell in one.cells]
    return tablib.Dataset(*rows, headers=[_("name"), _("number"), *headings])
