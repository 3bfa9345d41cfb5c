"""What we sell, and to whom."""

from shop.models.catalogue import Category, Product
from shop.models.customer import Alias, Contact, Customer
from shop.models.stock import Movement, Stock

__all__ = ["Alias", "Category", "Contact", "Customer", "Movement", "Product", "Stock"]
