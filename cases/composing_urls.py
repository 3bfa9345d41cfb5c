"""Addresses of the composer, in the namespace of the case pages."""

from django.urls import URLPattern, path

from cases.views import composing

composing_urls: list[URLPattern] = [
    path("cases/<str:number>/answer/lint/", composing.lint, name="answer_lint"),
    path("cases/<str:number>/answer/keep/", composing.keep, name="answer_keep"),
    path("cases/<str:number>/answer/discard/", composing.discard, name="answer_discard"),
    path("cases/<str:number>/answer/upload/", composing.upload, name="answer_upload"),
    path("cases/<str:number>/answer/attachable/", composing.attachable, name="answer_attachable"),
    path("cases/<str:number>/answer/fill/", composing.fill, name="answer_fill"),
    path("cases/<str:number>/answer/send/", composing.send, name="answer_send"),
    path("cases/<str:number>/answer/take-back/", composing.take_back, name="answer_take_back"),
]
