"""@name in the text of a note. No Django here."""

import re
from html import escape

# As Django lets user names be written; a mail address is no mention.
MENTION = re.compile(r"(?<![\w@.+-])@([\w.+-]*\w)")
MOST = 50


def found(text: str) -> list[str]:
    """Return the names that a text mentions, once each, in their order."""
    return list(dict.fromkeys(match[1] for match in MENTION.finditer(text)))[:MOST]


def marked(text: str) -> str:
    """Return the text as HTML, with the mentions in it marked."""
    parts, end = [], 0
    for match in MENTION.finditer(text):
        parts += [escape(text[end : match.start()]), f"<mark>@{escape(match[1])}</mark>"]
        end = match.end()
    return "".join([*parts, escape(text[end:])])
