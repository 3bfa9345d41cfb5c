"""A customer's own pages: who he is to us, and where we deliver."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hbu.lib.errors import DomainError
from shop.models import Address
from shop.services import addresses
from shop.views import forms
from shop.views.page import page
from shop.views.visitor import for_customers, visitor


@for_customers
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    _contact, customer = visitor(request).known
    context = {
        "customer": customer,
        "contacts": customer.contacts.all(),
        "addresses": customer.addresses.filter(kind=Address.Kind.DELIVERY),
    }
    return page(request, "shop/account.html", context)


@for_customers
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Enter, change or remove a delivery address; those of others are not there (promise O7)."""
    contact, customer = visitor(request).known
    own = customer.addresses.filter(kind=Address.Kind.DELIVERY)
    found = get_object_or_404(own, pk=pk) if pk else None
    if found and "remove" in request.POST:
        addresses.remove(found, customer=customer, by=contact.user)
        messages.success(request, _("The address is removed."))
        return redirect("shop:account")
    form = forms.DeliveryAddress(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            addresses.save(form.save(commit=False), customer=customer, by=contact.user)
        except DomainError as refusal:
            form.add_error(None, _(refusal.message))
        else:
            messages.success(request, _("The address is saved."))
            return redirect("shop:account")
    return page(request, "shop/address.html", {"form": form, "address": found})
