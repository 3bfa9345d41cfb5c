"""How a sale of goods is taxed: VAT of our country, none within the Union or abroad."""

from decimal import Decimal

from stdnum.eu.vat import MEMBER_STATES

from hbu.company import vat
from hbu.lib.reasons import N_
from shop.data import Treatment

UNION = frozenset(code.upper() for code in MEMBER_STATES)
_VAT_PREFIX = {"EL": "GR"}
"""Greece writes its VAT ids with another code than its addresses."""
_TERRITORY = {"MC": "FR"}
"""Monaco counts as France (Directive 2006/112/EC, article 7)."""
NORTHERN_IRELAND = "XI"
"""For goods a part of the Union's VAT area; its addresses say GB (Windsor Framework)."""

DOMESTIC = Treatment("S", None, N_("VAT of our country"))
CONSUMER = Treatment("S", None, N_("Buyer in the EU without a VAT id: VAT of our country"))
INTRA_COMMUNITY = Treatment(
    "K",
    Decimal(0),
    # § 4 Nr. 1 b, § 6a UStG; the buyer accounts for the VAT on his acquisition.
    N_("Intra-community supply, free of VAT; the buyer accounts for it"),
)
# § 4 Nr. 1 a, § 6 UStG
EXPORT = Treatment("G", Decimal(0), N_("Export to a country outside the EU, free of VAT"))


def treatment(seller_country: str, buyer_country: str, vat_id: str = "") -> Treatment:
    """Return how goods are taxed that go to `buyer_country`.

    `vat_id` is the buyer's, valid as far as we can tell, else empty (see `union_vat_id`).
    """
    seller, buyer = _state(seller_country), _state(buyer_country)
    registered = vat_id[:2]
    if buyer == "GB" and registered == NORTHERN_IRELAND:
        buyer = NORTHERN_IRELAND
    if buyer == seller:
        return DOMESTIC
    if buyer not in UNION or seller not in UNION:
        return EXPORT
    return INTRA_COMMUNITY if _state(registered) in UNION - {seller} else CONSUMER


def union_vat_id(text: str) -> str:
    """Return a VAT id of the Union with its country, as it is compared; empty if it is none."""
    number = vat.compact(text)
    return number if _state(number[:2]) in UNION and not vat.problem(number) else ""


def _state(code: str) -> str:
    code = code.strip().upper()
    return _VAT_PREFIX.get(code) or _TERRITORY.get(code) or code
