from django.urls import re_path

from emails.api import mails

EMAIL = r"^emails/(?P<pk>[0-9]{1,18})"

urlpatterns = [
    re_path(r"^emails/?$", mails.Emails.as_view(), name="emails"),
    re_path(rf"{EMAIL}/?$", mails.OneEmail.as_view(), name="email"),
    re_path(rf"{EMAIL}/why/?$", mails.Why.as_view(), name="email_why"),
    re_path(rf"{EMAIL}/retry/?$", mails.Retry.as_view(), name="email_retry"),
    re_path(rf"{EMAIL}/dismiss/?$", mails.Dismiss.as_view(), name="email_dismiss"),
]
