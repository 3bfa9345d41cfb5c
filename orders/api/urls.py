from django.urls import re_path

from orders.api import views

urlpatterns = [
    re_path(r"^quote/?$", views.Quote.as_view(), name="quote"),
    re_path(r"^orders/?$", views.Orders.as_view(), name="orders"),
    re_path(
        r"^orders/status/(?P<token>[\w-]{1,100})/?$", views.Status.as_view(), name="order_status"
    ),
    re_path(r"^orders/(?P<number>[\w.-]{1,30})/?$", views.OneOrder.as_view(), name="order"),
]
