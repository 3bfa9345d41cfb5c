from django.urls import re_path

from shop.api import views

# With and without the slash at the end: programs write both, and a redirect would lose a body.
urlpatterns = [
    re_path(r"^products/?$", views.Products.as_view(), name="products"),
    re_path(r"^products/(?P<sku>[^\0]{1,40}?)/?$", views.OneProduct.as_view(), name="product"),
    re_path(r"^categories/?$", views.Categories.as_view(), name="categories"),
]
