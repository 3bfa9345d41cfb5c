from django.urls import path, re_path

from shop.views import account, browse, cart, door, pages, pictures, product

app_name = "shop"
urlpatterns = [
    path("", browse.home, name="home"),
    path("products/", browse.products, name="products"),
    path("products/<path:sku>/", product.product, name="product"),
    path("pictures/<path:sku>.svg", pictures.picture, name="picture"),
    path("cart/", cart.show, name="cart"),
    path("cart/add/", cart.add, name="cart_add"),
    path("cart/change/", cart.change, name="cart_change"),
    path("cart/remove/", cart.remove, name="cart_remove"),
    path("login/", door.log_in, name="login"),
    path("logout/", door.log_out, name="logout"),
    path("login/link/", door.ask, name="ask"),
    path("account/", account.overview, name="account"),
    path("account/password/", door.change_password, name="change_password"),
    path("account/addresses/new/", account.address, name="new_address"),
    path("account/addresses/<int:pk>/", account.address, name="address"),
    # The shape of Django's own tokens: addresses of orders below account/ are none.
    re_path(
        r"^account/(?P<uid>[0-9A-Za-z_-]+)/(?P<token>[0-9a-z]{1,13}-[0-9a-f]{32})/$",
        door.set_password,
        name="set_password",
    ),
    path("imprint/", pages.imprint, name="imprint"),
    path("legal/<slug:kind>/", pages.legal, name="legal"),
]
