"""Orders and the documents they were read from, in the staff's house."""

from orders.admin.document import DocumentAdmin
from orders.admin.order import OrderAdmin

__all__ = ["DocumentAdmin", "OrderAdmin"]
