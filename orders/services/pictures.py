"""The pages of a document as pictures: drawn in the jail, once, and kept for a while."""

import base64
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.core.cache import caches

from hbu.lib import blobs, jail
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

MOST_PAGES = 50
"""As many as are read."""
SECONDS = 8
_DRAW = "orders.documents.picture:page_picture"
_VERSION = "1"
KEPT_FOR = 7 * 86_400
FAILED_FOR = 600
"""Seconds; a page that takes the jail its whole time does not do so at every look."""
_UNSHOWN = N_("The page cannot be shown.")


@dataclass(frozen=True, slots=True)
class Picture:
    content_type: str
    data: bytes
    pages: int
    """Of the whole document."""


class Filed(Protocol):
    """A row whose file lies in our store."""

    sha256: str


def page(document: Filed, number: int) -> Picture:
    """Raises DomainError when it cannot be drawn, blobs.Missing when the file is gone."""
    if not 1 <= number <= MOST_PAGES:
        raise DomainError("unshown_page", _UNSHOWN, status=404)
    key = f"page-{_VERSION}-{document.sha256}-{number}"
    kept: Picture | None = caches["pictures"].get(key)
    if kept is None:
        kept = _draw(document.sha256, number)
        caches["pictures"].set(key, kept, KEPT_FOR if kept.data else FAILED_FOR)
    if not kept.data:
        raise DomainError("unshown_page", _UNSHOWN, status=422)
    return kept


def pages(document: Filed) -> int:
    """How many pages can be shown as pictures; 0 for what is no PDF, or one that cannot be drawn."""
    if not is_pdf(document):
        return 0
    try:
        return min(page(document, 1).pages, MOST_PAGES)
    except (DomainError, OSError):
        return 0


def is_pdf(document: Filed) -> bool:
    """By its first bytes; the name is the sender's opinion."""
    if not document.sha256:
        return False
    try:
        with blobs.path_of(settings.BLOBS_DIR, document.sha256).open("rb") as file:
            return b"%PDF-" in file.read(1024)
    except OSError:
        return False


def _draw(digest: str, number: int) -> Picture:
    data = blobs.get(settings.BLOBS_DIR, digest)
    try:
        answer = jail.call(_DRAW, data, seconds=SECONDS, number=number)
    except jail.Jailed:
        # Kept as well, if not for long: a busy machine is no reason never to show a page.
        return Picture("", b"", 0)
    return Picture(answer["type"], base64.b64decode(answer["data"]), answer["pages"])
