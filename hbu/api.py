"""The APIs of the house, assembled. Each app holds its own views; here they get their addresses."""

from django.urls import include, path, re_path
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView


class ByKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "shop.api.callers.ByKey"
    name = "apiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class ByAccessKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "agents.api.keys.ByAccessKey"
    name = "accessKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class Nothing(APIView):
    """What is no address of the API says so in the API's own words."""

    permission_classes = [AllowAny]
    schema = None

    def initial(self, request: Request, *args: object, **named: object) -> None:
        raise NotFound


app_name = "api"
urlpatterns = [
    path("shop/", include("shop.api.urls")),
    path("shop/", include("orders.api.urls")),
    path("", include("emails.api.urls")),
    path("", include("orders.api.staff_urls")),
    path("", include("cases.api.urls")),
    path("", include("kpis.api.urls")),
    re_path(r"^schema/?$", SpectacularAPIView.as_view(), name="schema"),
    re_path(
        r"^docs/?$",
        SpectacularSwaggerSplitView.as_view(
            url_name="api:schema", template_name="hbu/api_docs.html"
        ),
        name="docs",
    ),
    re_path(r"^", Nothing.as_view()),
]
