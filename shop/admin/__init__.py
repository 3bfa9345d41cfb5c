"""What we sell, to whom, and whom we pay, in the staff's house."""

from shop.admin.catalogue import CategoryAdmin, ProductAdmin
from shop.admin.customer import AliasAdmin, ContactAdmin, CustomerAdmin
from shop.admin.stock import MovementAdmin, StockAdmin
from shop.admin.supplier import SupplierAdmin

__all__ = [
    "AliasAdmin",
    "CategoryAdmin",
    "ContactAdmin",
    "CustomerAdmin",
    "MovementAdmin",
    "ProductAdmin",
    "StockAdmin",
    "SupplierAdmin",
]
