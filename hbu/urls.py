from django.contrib import admin
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from agents.views import sign_out_everywhere

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("sign-out/everywhere/", sign_out_everywhere, name="sign_out_everywhere"),
    path("i18n/", include("django.conf.urls.i18n")),
    # Browsers ask for it whatever a page says.
    path("favicon.ico", RedirectView.as_view(url=static("hbu/button.svg"))),
    path("api/", include("hbu.api")),
    # Before the shop's own pages, whose last address takes any word.
    path("shop/", include("orders.urls")),
    path("shop/", include("shop.urls")),
    path("", include("cases.urls")),
    path("notifications/", include("cases.notification_urls")),
    path("rate/", include("cases.rating_urls")),
    path("orders/", include("orders.board_urls")),
    path("", include("kpis.urls")),
]
