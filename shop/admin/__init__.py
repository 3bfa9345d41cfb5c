"""What we sell and to whom, in the staff's house."""

from shop.admin.catalogue import CategoryAdmin, ProductAdmin
from shop.admin.customer import AliasAdmin, ContactAdmin, CustomerAdmin
from shop.admin.stock import MovementAdmin, StockAdmin

__all__ = [
    "AliasAdmin",
    "CategoryAdmin",
    "ContactAdmin",
    "CustomerAdmin",
    "MovementAdmin",
    "ProductAdmin",
    "StockAdmin",
]
