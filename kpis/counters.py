"""The numbers in the menu, for open pages that count anew."""

from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hbu import navigation


@never_cache
@require_safe
@staff_member_required
def counters(request: HttpRequest) -> JsonResponse:
    return JsonResponse(navigation.counters(request))
