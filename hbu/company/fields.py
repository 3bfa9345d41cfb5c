"""The kinds of value that company.yaml holds, each refused in words that people understand."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field
from stdnum import iban

from hbu.company import vat
from hbu.lib.reasons import N_

WORKING_DAY = timedelta(hours=8)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": WORKING_DAY}


def _matching(pattern: str, otherwise: str) -> AfterValidator:
    compiled = re.compile(pattern, re.ASCII)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            raise ValueError(otherwise)
        return text

    return AfterValidator(check)


def _iban(text: str) -> str:
    if not iban.is_valid(text, check_country=False):
        raise ValueError(N_("not a valid IBAN"))
    return str(iban.format(text))


def _vat_id(text: str) -> str:
    if wrong := vat.problem(text):
        raise ValueError(wrong)
    return vat.compact(text)


def _timezone(text: str) -> str:
    if text not in available_timezones():
        raise ValueError(N_("not a time zone"))
    return text


def _working_time(value: object) -> timedelta:
    amount = re.fullmatch(r"([1-9][0-9]{0,3})([mhd])", str(value))
    if amount is None:
        raise ValueError(N_("not a working time such as 30m, 4h or 2d"))
    return int(amount[1]) * _UNITS[amount[2]]


Text = Annotated[str, Field(max_length=2000)]
Line = Annotated[str, Field(min_length=1, max_length=120)]
Code = Annotated[
    str, _matching(r"[a-z][a-z0-9_-]{0,29}", N_("not a code (small letters, digits, - and _)"))
]
MailAddress = Annotated[
    str,
    Field(max_length=254),
    _matching(r"[\w.!#$%&'*+/=?^`{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+", N_("not a mail address")),
]
Domain = Annotated[str, _matching(r"[a-z0-9-]+(\.[a-z0-9-]+)+", N_("not a domain"))]
Region = Annotated[
    str, _matching(r"[A-Z0-9]{1,6}", N_("not the code of a federal state such as NW or BY"))
]
Country = Annotated[str, _matching(r"[A-Z]{2}", N_("not a country code such as DE"))]
Currency = Annotated[str, _matching(r"[A-Z]{3}", N_("not a currency code such as EUR"))]
Bic = Annotated[str, _matching(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", N_("not a BIC"))]
Variable = Annotated[
    str, _matching(r"[A-Z][A-Z0-9_]*", N_("not the name of an environment variable"))
]
Iban = Annotated[str, AfterValidator(_iban)]
VatId = Annotated[str, AfterValidator(_vat_id)]
Timezone = Annotated[str, AfterValidator(_timezone)]
WorkingTime = Annotated[timedelta, BeforeValidator(_working_time)]
Language = Literal["de", "en"]
Percent = Annotated[Decimal, Field(ge=0, le=100, decimal_places=1)]
Money = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
UnitPrice = Annotated[Decimal, Field(gt=0, max_digits=10, decimal_places=4)]
Millimetres = Annotated[Decimal, Field(gt=0, max_digits=5, decimal_places=1)]
