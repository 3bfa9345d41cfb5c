"""The HTML of a mail, with the pictures it brought and no others."""

import re
from base64 import b64encode
from collections.abc import Iterable
from html import escape, unescape
from urllib.parse import unquote

from django.conf import settings

from emails.html import sanitise
from emails.marking import Marker
from emails.models import Attachment, Email
from hbu.lib import blobs
from hbu.lib.downloads import SIGNATURES

PICTURE = re.compile(r'(<img\b[^>]*?\bsrc=")cid:([^"]{1,255})(")', re.IGNORECASE)
PICTURE_BYTES = 2 * 1024 * 1024
# What its first bytes say; what its sender calls it is often wrong.
_PICTURES = [kind for kind in SIGNATURES if kind.startswith("image/")]


def shown_html(email: Email, attachments: Iterable[Attachment], marker: Marker) -> str:
    """Return the mail's HTML with its words marked, sanitised after that: nothing of ours may
    open what was closed, and rules grow stricter after a mail was stored."""
    html = sanitise(marker.html(email.html_safe))[0] or sanitise(email.html_safe)[0]
    pictures = {_key(one.content_id): one for one in attachments if one.content_id}
    left = PICTURE_BYTES

    def inlined(match: re.Match[str]) -> str:
        nonlocal left
        picture = pictures.get(_key(unescape(match[2])))
        if picture is None or picture.size > left:
            return match[0]
        left -= picture.size
        return f"{match[1]}{escape(_as_data(picture))}{match[3]}"

    return PICTURE.sub(inlined, html) if pictures else html


def _key(content_id: str) -> str:
    """Return an id as it is compared: programs escape it in one place and not in the other."""
    return unquote(content_id.strip("<> ")).lower()


def _as_data(picture: Attachment) -> str:
    try:
        data = blobs.get(settings.BLOBS_DIR, picture.sha256)
    except OSError:
        return ""
    kind = next((kind for kind in _PICTURES if data.startswith(SIGNATURES[kind])), "")
    return f"data:{kind};base64,{b64encode(data).decode('ascii')}" if kind else ""
