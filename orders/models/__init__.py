"""The commitment: orders from quotation to payment, and the documents they come from and become."""

from orders.models.document import Document, FieldCorrection
from orders.models.idempotency import IdempotencyKey
from orders.models.invoice import Invoice, InvoiceLine, Receivable, Reminder
from orders.models.order import Milestone, Order, OrderLine
from orders.models.payment import Allocation, BankEntry, BankStatement
from orders.models.printout import Printout
from orders.models.quotation import Quotation, QuotationLine
from orders.models.shipment import Return, ReturnLine, Shipment, ShipmentLine

__all__ = [
    "Allocation",
    "BankEntry",
    "BankStatement",
    "Document",
    "FieldCorrection",
    "IdempotencyKey",
    "Invoice",
    "InvoiceLine",
    "Milestone",
    "Order",
    "OrderLine",
    "Printout",
    "Quotation",
    "QuotationLine",
    "Receivable",
    "Reminder",
    "Return",
    "ReturnLine",
    "Shipment",
    "ShipmentLine",
]
