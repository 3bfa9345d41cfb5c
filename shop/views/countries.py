"""The countries that we deliver to, in the reader's language."""

from functools import lru_cache

from babel import Locale
from django.utils.translation import get_language

from shop import taxing

NEIGHBOURS = ("CH", "LI", "NO", "IS", "GB", "US", "CA")
GREECE = {"EL": "GR"}


def countries() -> list[tuple[str, str]]:
    return _countries((get_language() or "en")[:2])


@lru_cache
def _countries(language: str) -> list[tuple[str, str]]:
    names = Locale.parse(language).territories
    codes = {GREECE.get(code, code) for code in taxing.UNION if code != taxing.NORTHERN_IRELAND}
    found = [(code, str(names.get(code, code))) for code in {*codes, *NEIGHBOURS}]
    return sorted(found, key=lambda one: one[1])
