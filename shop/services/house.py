"""The company, as every page of the shop names it."""

from django.conf import settings
from django.utils.translation import get_language_info

from hbu.company.models import Company
from hbu.lib.keeping import kept

LANGUAGES = [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]
"""Each in its own words."""


@kept(15.0)
def company() -> Company | None:
    return Company.objects.first()


def currency() -> str:
    house = company()
    return house.currency if house else "EUR"
