"""Taking mails apart (RFC 2045, RFC 2046). Imports run in this order: heads, leaves, splitting."""

from emails.mime.heads import TooComplex, read_head
from emails.mime.leaves import Leaf, display_name
from emails.mime.splitting import Anatomy, take_apart

__all__ = ["Anatomy", "Leaf", "TooComplex", "display_name", "read_head", "take_apart"]
