"""What is wrong with a VAT id, as far as it can be told without asking anybody. No Django here."""

import re

from stdnum.eu import vat
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError

from hbu.lib.reasons import N_

WRONG = N_("not a valid VAT id")
WRONG_LENGTH = N_("not a valid VAT id: it has too few or too many characters")
WRONG_DIGITS = N_("not a valid VAT id: its check digits do not fit, perhaps a digit is mistyped")
OTHER_COUNTRY = N_("the VAT id is of another country than the address")
# Greece writes EL for GR; Northern Ireland trades goods under XI (Directive 2006/112/EC, art. 215).
PREFIXES = {"GR": {"EL", "GR"}, "GB": {"GB", "XI"}}
_ELSEWHERE = re.compile(r"(?=.*[0-9])[A-Z]{2,3}[A-Z0-9]{2,18}", re.ASCII)


def compact(vat_id: str) -> str:
    """Return the id without the blanks, dots and dashes that people put into it."""
    return re.sub(r"[\s./-]", "", vat_id).upper()


def problem(vat_id: str, country: str = "") -> str:
    """Return what is wrong with the id of a company in this country; empty where nothing is.

    Only the European Union's have check digits that we know; of others their form is looked at.
    """
    number = compact(vat_id)
    if number[:2].lower() in (*vat.MEMBER_STATES, "el"):
        wrong = _european(number)
    else:
        wrong = "" if _ELSEWHERE.fullmatch(number) else WRONG
    if wrong or not country:
        return wrong
    fits = PREFIXES.get(country, {country})
    # A Swiss number begins with CHE.
    return "" if number[:2] in fits else OTHER_COUNTRY


def _european(number: str) -> str:
    try:
        vat.validate(number)
    except InvalidLength:
        return WRONG_LENGTH
    except InvalidChecksum:
        return WRONG_DIGITS
    except ValidationError:
        return WRONG
    return ""
