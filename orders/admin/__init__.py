"""Orders and the documents they were read from, in the staff's house."""

from orders.admin.bank_entry import BankEntryAdmin
from orders.admin.bank_statement import BankStatementAdmin
from orders.admin.customer import TradingCustomerAdmin
from orders.admin.document import DocumentAdmin
from orders.admin.invoice import InvoiceAdmin
from orders.admin.order import OrderAdmin
from orders.admin.printout import PrintoutAdmin
from orders.admin.quotation import QuotationAdmin
from orders.admin.receivable import ReceivableAdmin
from orders.admin.reminder import ReminderAdmin
from orders.admin.shipment import ReturnAdmin, ShipmentAdmin

__all__ = [
    "BankEntryAdmin",
    "BankStatementAdmin",
    "DocumentAdmin",
    "InvoiceAdmin",
    "OrderAdmin",
    "PrintoutAdmin",
    "QuotationAdmin",
    "ReceivableAdmin",
    "ReminderAdmin",
    "ReturnAdmin",
    "ShipmentAdmin",
    "TradingCustomerAdmin",
]
