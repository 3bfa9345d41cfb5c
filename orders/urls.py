"""Under /shop/, before the shop's own pages."""

from django.urls import path

from orders.views import account, checkout, quick, quotations, status

app_name = "orders"
urlpatterns = [
    path("checkout/", checkout.start, name="checkout"),
    path("checkout/contact/", checkout.contact, name="checkout_contact"),
    path("checkout/delivery/", checkout.delivery, name="checkout_delivery"),
    path("checkout/payment/", checkout.payment, name="checkout_payment"),
    path("checkout/review/", checkout.review, name="checkout_review"),
    path("checkout/prices/", checkout.accept_prices, name="accept_prices"),
    path("checkout/reduce/", checkout.reduce, name="reduce"),
    path("checkout/placed/<str:token>/", checkout.placed, name="placed"),
    path("orders/", status.lookup, name="status"),
    path("orders/<str:token>/", status.by_link, name="status"),
    path("orders/<str:token>/documents/<str:filename>/", status.document, name="document"),
    path("quick-order/", quick.start, name="quick_order"),
    path("quick-order/check/", quick.check, name="quick_order_check"),
    path("quotations/", quotations.request_one, name="request_quotation"),
    path("quotations/<str:token>/", quotations.show, name="quotation"),
    path("quotations/<str:token>/accept/", quotations.accept, name="accept_quotation"),
    path("quotations/<str:token>/decline/", quotations.decline, name="decline_quotation"),
    path(
        "quotations/<str:token>/documents/<str:filename>/",
        quotations.document,
        name="quotation_document",
    ),
    path("account/orders/", account.orders, name="account_orders"),
    path("account/orders/<str:number>/", account.order, name="account_order"),
    path("account/orders/<str:number>/again/", account.again, name="reorder"),
    path(
        "account/orders/<str:number>/documents/<str:filename>/",
        account.order_document,
        name="account_order_document",
    ),
    path("account/documents/", account.documents, name="account_documents"),
    path("account/documents/<str:filename>/", account.document, name="account_document"),
    path("account/quotations/", account.quotations, name="account_quotations"),
]
