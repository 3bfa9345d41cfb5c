"""The orders board: where every order stands, and the steps that take it on."""

from typing import Any, cast

from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hbu.lib.admin.shell import in_the_shell
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_
from orders.models import Order
from orders.services import board, stepping

may_look = permission_required("orders.view_order", raise_exception=True)


@never_cache
@require_safe
@staff_member_required
@may_look
def page(request: HttpRequest) -> HttpResponse:
    steps = stepping.allowed_to(request.user)
    context = _context(request) | {
        "title": _("Orders board"),
        "steps": steps,
        "is_fullwidth": "1",
    }
    return in_the_shell(request, "orders/board/page.html", context)


@never_cache
@require_safe
@staff_member_required
@may_look
def parts(request: HttpRequest) -> HttpResponse:
    return render(request, "orders/board/columns.html", _context(request))


def _context(request: HttpRequest) -> dict[str, Any]:
    wanted = board.Wanted.read(request.GET.dict())
    everything = reverse("admin:orders_order_changelist")
    columns = board.columns(wanted, stepping.allowed_to(request.user))
    return {
        "wanted": wanted,
        "columns": [(one, f"{everything}?{urlencode(one.lookups)}") for one in columns],
        "without_words": wanted.but(q=""),
        "without_customer": wanted.but(customer=""),
        "with_late": wanted.but(late="" if wanted.late else "1"),
        "total": sum(one.count for one in columns),
        "today": timezone.localdate(),
    }


@never_cache
@require_POST
@staff_member_required
@may_look
def do(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one step with an order; a refusal is told in words."""
    order = get_object_or_404(Order, pk=pk)
    try:
        step = stepping.STEPS.get(request.POST.get("step", ""))
        if step is None:
            raise DomainError("order.no_such_step", N_("There is no such step."), status=400)
        if not step.is_allowed(request.user):
            raise PermissionDenied
        seen = request.POST.get("seen", "")
        stepping.take(
            order,
            step,
            by=cast(AbstractUser, request.user),
            reason=request.POST.get("reason", ""),
            seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None,
        )
    except DomainError as error:
        return JsonResponse({"detail": _(error.message), "code": error.code}, status=error.status)
    said = _("%(what)s: %(name)s") % {"what": step.label, "name": order.number}
    return JsonResponse({"said": said, "state": order.state})
