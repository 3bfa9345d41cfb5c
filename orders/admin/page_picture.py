"""A page of a stored document as a picture, for documents that came and for those of ours."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext

from hbu.lib.errors import DomainError
from orders.services import pictures


def page_picture(document: pictures.Filed, number: int) -> HttpResponse:
    """Raises Http404 where there is no such page or its file cannot be read."""
    try:
        picture = pictures.page(document, number)
    except (DomainError, OSError):
        raise Http404(gettext("The page cannot be shown.")) from None
    response = HttpResponse(picture.data, content_type=picture.content_type)
    # A file that is stored never changes; where another may take its place, its address changes.
    response["Cache-Control"] = "private, max-age=604800, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response
