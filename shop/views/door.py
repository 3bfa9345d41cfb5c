"""Coming in and going out: logins of customers. Staff have a door of their own."""

from typing import cast

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from hbu.lib.callers import ip_of
from shop.services import accounts, carts
from shop.views import forms
from shop.views.page import page
from shop.views.visitor import COOKIE, for_customers, visitor


@sensitive_post_parameters("password")
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    onward = _onward(request)
    if visitor(request).contact is not None:
        return redirect(onward)
    form = forms.LogIn(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email, password = form.cleaned_data["email"], form.cleaned_data["password"]
        user, refusal = _user(request, email, password)
        if user is not None and user.is_staff:
            return redirect(f"{reverse('admin:login')}?{urlencode({'next': '/'})}")
        if user is not None:
            return _welcome(request, user, onward)
        form.add_error(None, refusal)
    status = 200 if request.method != "POST" else 422
    return page(request, "shop/login.html", {"form": form, "onward": onward}, status=status)


def _user(request: HttpRequest, email: str, password: str) -> tuple[User | None, str]:
    """Return who this is, or what to say. Whom nobody knows costs as much time as a wrong password."""
    ip = ip_of(request)
    username = accounts.username_of(email) or email
    if accounts.is_locked(username, ip):
        return None, _("Too many tries. Please wait a quarter of an hour and try again.")
    user = authenticate(request, username=username, password=password)
    if not isinstance(user, User) or not (user.is_staff or accounts.contact_of(user)):
        accounts.failed(username, ip)
        return None, _("This mail address and password do not fit together.")
    accounts.succeeded(username, ip)
    return user, ""


def _welcome(request: HttpRequest, user: User, onward: str) -> HttpResponse:
    guest = visitor(request).token
    login(request, user)
    contact = accounts.contact_of(user)
    if guest:
        carts.merge(guest, user, customer=contact.customer if contact else None)
    response = redirect(onward)
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


def _onward(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    secure = request.is_secure()
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=secure):
        return wanted
    return reverse("shop:account")


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """The cart stays with the login: nobody else at this screen shall see it."""
    logout(request)
    messages.success(request, _("You are signed out. Your cart waits for you."))
    return redirect("shop:home")


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a link to choose a password; the answer is the same for every address."""
    form = forms.Ask(request.POST or None)
    if request.method == "POST" and form.is_valid():
        accounts.ask(
            form.cleaned_data["email"], language=(get_language() or "de")[:2], ip=ip_of(request)
        )
        return redirect(f"{reverse('shop:ask')}?sent=1")
    return page(request, "shop/ask.html", {"form": form, "sent": "sent" in request.GET})


@sensitive_post_parameters()
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def set_password(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Choose a password by the link of a letter, which is used up by that."""
    user = accounts.user_of(uid, token)
    if user is None:
        return page(request, "shop/link_gone.html", status=410)
    form = SetPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        accounts.set_password(user, form.cleaned_data["new_password1"])
        messages.success(request, _("Your password is set. You can sign in with it now."))
        return redirect("shop:login")
    response = page(request, "shop/set_password.html", {"form": form})
    # The address is a key: it is told to no other site.
    # (With no referrer at all browsers post the form from "null", which the CSRF check refuses.)
    response["Referrer-Policy"] = "same-origin"
    return response


@sensitive_post_parameters()
@for_customers
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    form = PasswordChangeForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        accounts.set_password(user, form.cleaned_data["new_password1"])
        update_session_auth_hash(request, user)
        messages.success(request, _("Your password is changed."))
        return redirect("shop:account")
    return page(request, "shop/change_password.html", {"form": form})
