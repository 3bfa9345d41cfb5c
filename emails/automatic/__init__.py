"""Mail that machines write, and mail that a machine must never answer (RFC 3834, RFC 2369)."""

from emails.automatic.judging import judge
from emails.automatic.silence import must_not_answer

__all__ = ["judge", "must_not_answer"]
