"""What we sell, to whom, and whom we pay, in the staff's house."""

from shop.admin.api_key import ApiKeyAdmin
from shop.admin.catalogue import CategoryAdmin, FamilyAdmin, PriceListAdmin, ProductAdmin
from shop.admin.contact import AliasAdmin, ContactAdmin
from shop.admin.customer import CustomerAdmin
from shop.admin.merging import MergeAdmin
from shop.admin.stock import MovementAdmin, ReservationAdmin, StockAdmin
from shop.admin.supplier import SupplierAdmin

__all__ = [
    "AliasAdmin",
    "ApiKeyAdmin",
    "CategoryAdmin",
    "ContactAdmin",
    "CustomerAdmin",
    "FamilyAdmin",
    "MergeAdmin",
    "MovementAdmin",
    "PriceListAdmin",
    "ProductAdmin",
    "ReservationAdmin",
    "StockAdmin",
    "SupplierAdmin",
]
