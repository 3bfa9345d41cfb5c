from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.filters import OrderingFilter, SearchFilter
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from shop.api.callers import caller
from shop.api.filters import ProductFilter
from shop.api.serializers import CategorySerializer, ProductSerializer
from shop.models import Category, Product
from shop.services import selling


def _on_sale() -> QuerySet[Product]:
    return Product.objects.on_sale().select_related("category", "family")


def _context(request: Request, products: list[Product]) -> dict[str, Any]:
    offers = selling.offers(products, caller(request).customer)
    return {"offers": offers, "language": (get_language() or "en")[:2]}


@extend_schema(
    tags=["catalogue"],
    parameters=[OpenApiParameter("search", str, description="Words of the name or article number")],
)
class Products(ListAPIView[Product]):
    """Products on sale, with what they cost whoever asks."""

    permission_classes = [AllowAny]
    serializer_class = ProductSerializer
    queryset = _on_sale()
    filter_backends = [DjangoFilterBackend, SearchFilter, OrderingFilter]
    filterset_class = ProductFilter
    search_fields = ["sku", "name_de", "name_en", "material", "colour"]
    ordering_fields = ["sku", "price"]
    ordering = ["sku"]

    def list(self, request: Request, *_args: Any, **_named: Any) -> Response:
        found = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        products = list(found or ())
        shown = ProductSerializer(products, many=True, context=_context(request, products))
        return self.get_paginated_response(shown.data)


@extend_schema(tags=["catalogue"])
class OneProduct(RetrieveAPIView[Product]):
    permission_classes = [AllowAny]
    serializer_class = ProductSerializer
    queryset = _on_sale()
    lookup_field = "sku"

    def retrieve(self, request: Request, *_args: Any, **_named: Any) -> Response:
        product = self.get_object()
        return Response(ProductSerializer(product, context=_context(request, [product])).data)


@extend_schema(tags=["catalogue"])
class Categories(ListAPIView[Category]):
    permission_classes = [AllowAny]
    serializer_class = CategorySerializer
    queryset = Category.objects.all()
    pagination_class = None
