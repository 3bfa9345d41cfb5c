"""What we sell, to whom, and whom we pay."""

from shop.models.cart import Cart, CartLine
from shop.models.catalogue import Category, Family, PriceList, Product, TierPrice
from shop.models.customer import Address, Alias, ApiKey, Contact, Customer, DiscountTier, Merge
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
