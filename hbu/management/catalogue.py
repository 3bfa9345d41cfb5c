"""The catalogue of a company file goes into the books: what we sell, at which prices."""

from collections.abc import Mapping
from decimal import Decimal

from hbu.company import goods
from hbu.company.entries import CompanyFile
from shop.models import Category, Family, PriceList, Product, Stock, TierPrice

OF_A_PRODUCT = {
    "sku", "category", "family", "name", "description", "features", "tiers", "stock",
}  # fmt: skip


def load(file: CompanyFile) -> None:
    """Write the catalogue of the file; call inside a transaction."""
    categories = _categories(file)
    families = {
        one.code: Family.objects.update_or_create(
            code=one.code, defaults={"name_de": one.name.de, "name_en": one.name.en}
        )[0]
        for one in file.families
    }
    products = {
        one.sku: _product(one, categories[one.category], families.get(one.family))
        for one in file.products
    }
    _price_lists(file, products)


def _categories(file: CompanyFile) -> dict[str, Category]:
    return {
        one.code: Category.objects.update_or_create(
            code=one.code,
            defaults={
                "name_de": one.name.de,
                "name_en": one.name.en,
                "description_de": one.description.de if one.description else "",
                "description_en": one.description.en if one.description else "",
                "position": position,
            },
        )[0]
        for position, one in enumerate(file.categories)
    }


def _product(one: goods.Product, category: Category, family: Family | None) -> Product:
    product, _ = Product.objects.update_or_create(
        sku=one.sku,
        defaults={
            **one.model_dump(exclude=OF_A_PRODUCT),
            "category": category,
            "family": family,
            "name_de": one.name.de,
            "name_en": one.name.en,
            "description_de": one.description.de if one.description else "",
            "description_en": one.description.en if one.description else "",
            "features_de": one.features.de,
            "features_en": one.features.en,
        },
    )
    _prices(product, None, one.tiers)
    # What lies on the shelf is counted there, not told by a file a second time.
    Stock.objects.get_or_create(product=product, defaults={"on_hand": one.stock})
    return product


def _price_lists(file: CompanyFile, products: Mapping[str, Product]) -> None:
    for one in file.price_lists:
        agreed, _ = PriceList.objects.update_or_create(code=one.code, defaults={"name": one.name})
        for sku, prices in one.prices.items():
            _prices(products[sku], agreed, prices)


def _prices(product: Product, agreed: PriceList | None, prices: Mapping[int, Decimal]) -> None:
    """The file's prices take the place of all that were there for this product and list."""
    known = TierPrice.objects.filter(product=product, price_list=agreed)
    if dict(known.values_list("from_quantity", "price")) != dict(prices):
        known.delete()
        TierPrice.objects.bulk_create(
            TierPrice(product=product, price_list=agreed, from_quantity=since, price=price)
            for since, price in prices.items()
        )
