"""Stored reasons and codes, in the reader's language."""

import json
import re
from typing import Any

from django.utils.translation import gettext, pgettext

CODE = re.compile(r"[A-Za-z]+(?:_[A-Za-z]+)*")


def told(text: str) -> str:
    """Return a stored text translated.

    Marked texts are stored with their evidence: "what: evidence; what". The marks are translated,
    the evidence stays as it was found.
    """
    whole = gettext(text)
    if whole != text:
        return whole
    whats = (piece.split(": ") for piece in text.split("; "))
    return "; ".join(": ".join(gettext(part) for part in what) for what in whats)


def named(code: str) -> str:
    """Return the words for a stored value such as IN_PRODUCTION; itself if there are none."""
    words = code.lower().replace("_", " ")
    if not CODE.fullmatch(code):
        return told(code)
    found = next(
        (one for one in (pgettext("kind of mail", words), gettext(words)) if one != words), ""
    )
    return found or told(code)


def plain(value: Any) -> str:
    """Return a value of a JSON field as people read it."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    if isinstance(value, dict):
        return ", ".join(f"{gettext(str(name))}: {plain(one)}" for name, one in value.items())
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
