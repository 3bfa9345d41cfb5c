"""What we sell, to whom, and whom we pay."""

from shop.models.access import ApiKey
from shop.models.cart import Cart, CartLine
from shop.models.catalogue import Category, Family, PriceList, Product, TierPrice
from shop.models.customer import Address, Alias, Contact, Customer, DiscountTier
from shop.models.merge import Merge
from shop.models.stock import Movement, Reservation, Stock
from shop.models.supplier import Supplier, SupplierName

__all__ = [
    "Address",
    "Alias",
    "ApiKey",
    "Cart",
    "CartLine",
    "Category",
    "Contact",
    "Customer",
    "DiscountTier",
    "Family",
    "Merge",
    "Movement",
    "PriceList",
    "Product",
    "Reservation",
    "Stock",
    "Supplier",
    "SupplierName",
    "TierPrice",
]
