"""The commitment: orders with their lines, and the documents they were read from."""

from orders.models.document import Document, FieldCorrection
from orders.models.order import Order, OrderLine

__all__ = ["Document", "FieldCorrection", "Order", "OrderLine"]
