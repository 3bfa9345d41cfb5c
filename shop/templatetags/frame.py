"""Head and foot of every page. What they say depends on a few words; for the same they are drawn once."""

from functools import lru_cache
from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from hbu.lib.keeping import kept
from shop.services import house, legal

register = template.Library()


@register.simple_tag(takes_context=True)
def head(context: Context) -> SafeString:
    shop = context["shop"]
    return _head(
        shop.language,
        shop.company.name if shop.company else "",
        tuple((one.code, str(one)) for one in shop.categories),
        shop.contact is not None,
        shop.cart_lines,
        str(context.get("query") or ""),
        str(context.get("shelf") or ""),
    )


@lru_cache(maxsize=512)
def _head(language: str, *said: Any) -> SafeString:
    name, categories, is_known, cart_lines, query, shelf = said
    return _drawn(
        "shop/parts/head.html",
        {
            "languages": house.LANGUAGES,
            "language": language,
            "name": name,
            "categories": categories,
            "is_known": is_known,
            "cart_lines": cart_lines,
            "query": query,
            "shelf": shelf,
        },
    )


@register.simple_tag(takes_context=True)
def foot(context: Context) -> SafeString:
    return _foot(context["shop"].language)


@kept(15.0)
def _foot(language: str) -> SafeString:
    said = {"company": house.company(), "pages": legal.pages(language)}
    return _drawn("shop/parts/foot.html", said)


def _drawn(name: str, said: dict[str, Any]) -> SafeString:
    return mark_safe(render_to_string(name, said))  # noqa: S308 - a template of ours, escaped
