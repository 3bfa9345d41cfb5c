"""Reading header fields that anybody may have written. Nothing in here raises.

The standard library's readers raise on, recurse into or blow up over hostile values (`<[>` as a
Message-ID, three thousand opening brackets, encoded words by the thousand). So values are cut
first and read by expressions that take linear time.

Imports run in this order: words, fields, and then parameters, mailboxes, ids and dates, which do
not know each other.
"""

from emails.headers.dates import sent_at
from emails.headers.fields import (
    HEADER_BYTES,
    first_word,
    has_header,
    in_charset,
    media_type,
    safe_header,
)
from emails.headers.ids import message_id, message_ids
from emails.headers.mailboxes import NAME_LENGTH, addresses, author
from emails.headers.parameters import parameter

__all__ = [
    "HEADER_BYTES",
    "NAME_LENGTH",
    "addresses",
    "author",
    "first_word",
    "has_header",
    "in_charset",
    "media_type",
    "message_id",
    "message_ids",
    "parameter",
    "safe_header",
    "sent_at",
]
