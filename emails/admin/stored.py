"""A file of the store, on its way to a browser."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.translation import gettext

from hbu.lib import blobs
from hbu.lib.downloads import download


def stored_file(digest: str, filename: str, content_type: str = "") -> HttpResponse:
    try:
        data = blobs.get(settings.BLOBS_DIR, digest)
    except OSError:
        raise Http404(gettext("The file is not in our store.")) from None
    return download(data, filename, content_type)
