"""What we sell, to whom, and whom we pay."""

from shop.models.catalogue import Category, Product
from shop.models.customer import Alias, Contact, Customer
from shop.models.stock import Movement, Stock
from shop.models.supplier import Supplier, SupplierName

__all__ = [
    "Alias",
    "Category",
    "Contact",
    "Customer",
    "Movement",
    "Product",
    "Stock",
    "Supplier",
    "SupplierName",
]
