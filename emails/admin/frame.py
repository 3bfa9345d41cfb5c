"""The HTML of a mail, with the pictures it brought and no others."""

import re
from base64 import b64encode
from collections.abc import Iterable
from html import escape, unescape

from django.conf import settings

from emails.html import sanitise
from emails.models import Attachment, Email
from hbu.lib import blobs
from hbu.lib.downloads import OCTETS, safe_type

PICTURE = re.compile(r'(<img\b[^>]*?\bsrc=")cid:([^"]{1,255})(")', re.IGNORECASE)
PICTURE_BYTES = 2 * 1024 * 1024


def shown_html(email: Email, attachments: Iterable[Attachment]) -> str:
    """Return the mail's HTML, sanitised once more, because rules grow stricter after it was stored."""
    html, _problem = sanitise(email.html_safe)
    pictures = {one.content_id.strip("<>"): one for one in attachments if one.content_id}
    left = PICTURE_BYTES

    def inlined(match: re.Match[str]) -> str:
        nonlocal left
        picture = pictures.get(unescape(match[2]))
        if picture is None or picture.size > left:
            return match[0]
        left -= picture.size
        return f"{match[1]}{escape(_as_data(picture))}{match[3]}"

    return PICTURE.sub(inlined, html) if pictures else html


def _as_data(picture: Attachment) -> str:
    try:
        data = blobs.get(settings.BLOBS_DIR, picture.sha256)
    except OSError:
        return ""
    kind = safe_type(data, picture.content_type)
    is_picture = kind not in (OCTETS, "application/pdf")
    return f"data:{kind};base64,{b64encode(data).decode('ascii')}" if is_picture else ""
