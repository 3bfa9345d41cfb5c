from django_filters import rest_framework as filters

from shop.models import Product


class ProductFilter(filters.FilterSet):
    """What may be asked for; nothing else of a request reaches the database (promise F13)."""

    category = filters.CharFilter(field_name="category__code")
    family = filters.CharFilter(field_name="family__code")
    material = filters.CharFilter(lookup_expr="iexact")
    colour = filters.CharFilter(lookup_expr="iexact")
    size_mm = filters.NumberFilter()

    class Meta:
        model = Product
        fields = ["category", "family", "material", "colour", "size_mm"]
