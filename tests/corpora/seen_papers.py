"""E-invoices as the well-known public examples write them; their oddities kept, their data our own.

Each stands as it would lie in a mail: written out from short templates, with what it says beside it.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

CII_HEAD = (
    '<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" '
    'xmlns:qdt="urn:un:unece:uncefact:data:standard:QualifiedDataType:100" '
    'xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" '
    'xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">'
)
UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
EN = "urn:cen.eu:en16931:2017"
KOSIT = f"{EN}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
KOSIT_2 = f"{EN}#compliant#urn:xoev-de:kosit:standard:xrechnung_2.1"
KOSIT_EXTENDED = f"{KOSIT}#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0"
PEPPOL = f"{EN}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
MINIMUM, BASICWL = "urn:factur-x.eu:1p0:minimum", "urn:factur-x.eu:1p0:basicwl"
BASIC = f"{EN}#compliant#urn:factur-x.eu:1p0:basic"
EXTENDED = f"{EN}#conformant#urn:factur-x.eu:1p0:extended"
FERD = "urn:ferd:CrossIndustryDocument:invoice:1p0:"


@dataclass(frozen=True)
class Item:
    """A line; `price` as read, `stated` as written where that differs."""

    name: str
    quantity: str = "1"
    price: str = "100.00"
    total: str = "100.00"
    stated: str = ""
    """The whole price group, or the amount alone."""
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Paper:
    name: str
    profile: str = EN
    number: str = "RE-2024-001"
    day: str = "20240315"
    """As written; 15 March 2024 in every spelling."""
    seller: str = "Lieferant GmbH"
    buyer: str = "Kunden AG Mitte"
    items: tuple[Item, ...] = (Item("Trennblätter A4"),)
    sums: tuple[str, str | None, str, str | None] = ("100.00", "19.00", "119.00", "119.00")
    """Net, tax, gross, payable as read."""
    written: str = ""
    """The sums as written, where they are written otherwise."""
    code: str = "380"
    currency: str = "EUR"
    seller_more: str = ""
    buyer_more: str = ""
    head: str = ""
    settlement: str = ""
    root: str = ""

    @property
    def facts(self):
        lines = tuple(
            (one.name, _amount(one.quantity) or Decimal(0), _amount(one.price), _amount(one.total))
            for one in self.items
        )
        amounts = tuple(map(_amount, self.sums))
        return (self.number, date(2024, 3, 15), self.seller, self.buyer, *amounts, lines)


def _amount(words):
    return Decimal(words.strip()) if words else None


def facts_read(document):
    lines = tuple((one.name, one.quantity, one.price, one.total) for one in document.lines)
    parties = (document.seller.name, document.buyer.name)
    sums = (document.net, document.tax, document.gross, document.payable)
    return (document.number, document.date, *parties, *sums, lines)


def cii(paper):
    day = paper.day
    if "<" not in day:
        day = f'<udt:DateTimeString format="102">{day}</udt:DateTimeString>'
    return (
        f"{paper.root or CII_HEAD}<rsm:ExchangedDocumentContext>"
        f"<ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>{paper.profile}</ram:ID>"
        "</ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>"
        f"<rsm:ExchangedDocument><ram:ID>{paper.number}</ram:ID><ram:TypeCode>{paper.code}</ram:TypeCode>"
        f"<ram:IssueDateTime>{day}</ram:IssueDateTime>{paper.head}</rsm:ExchangedDocument>"
        f"<rsm:SupplyChainTradeTransaction>{''.join(map(_cii_line, paper.items))}"
        "<ram:ApplicableHeaderTradeAgreement><ram:BuyerReference>04011000-12345-34</ram:BuyerReference>"
        f"<ram:SellerTradeParty>{_named(paper.seller)}{paper.seller_more}</ram:SellerTradeParty>"
        f"<ram:BuyerTradeParty>{_named(paper.buyer)}{paper.buyer_more}</ram:BuyerTradeParty>"
        "</ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeDelivery/>"
        f"<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>{paper.currency}"
        f"</ram:InvoiceCurrencyCode>{paper.settlement}"
        "<ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
        f"{paper.written or _cii_sums(paper)}</ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
        "</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction>"
        "</rsm:CrossIndustryInvoice>"
    )


def _named(name):
    return f"<ram:Name>{name}</ram:Name>" if name else ""


def _cii_sums(paper):
    net, tax, gross, payable = paper.sums
    said = f'<ram:TaxTotalAmount currencyID="{paper.currency}">{tax}</ram:TaxTotalAmount>'
    return (
        f"<ram:TaxBasisTotalAmount>{net}</ram:TaxBasisTotalAmount>{said if tax else ''}"
        f"<ram:GrandTotalAmount>{gross}</ram:GrandTotalAmount>"
        f"<ram:DuePayableAmount>{payable}</ram:DuePayableAmount>"
    )


def _cii_line(item):
    price = item.stated or item.price
    if price and "<" not in price:
        price = (
            f"<ram:NetPriceProductTradePrice><ram:ChargeAmount>{price}</ram:ChargeAmount>"
            "</ram:NetPriceProductTradePrice>"
        )
    billed = f'<ram:BilledQuantity unitCode="H87">{item.quantity}</ram:BilledQuantity>'
    total = f"<ram:LineTotalAmount>{item.total}</ram:LineTotalAmount>"
    return (
        "<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument>"
        f"<ram:LineID>1</ram:LineID>{item.before}</ram:AssociatedDocumentLineDocument>"
        f"<ram:SpecifiedTradeProduct>{_named(item.name)}{item.after}</ram:SpecifiedTradeProduct>"
        f"<ram:SpecifiedLineTradeAgreement>{price}</ram:SpecifiedLineTradeAgreement>"
        f"<ram:SpecifiedLineTradeDelivery>{billed if item.quantity else ''}</ram:SpecifiedLineTradeDelivery>"
        "<ram:SpecifiedLineTradeSettlement><ram:SpecifiedTradeSettlementLineMonetarySummation>"
        f"{total}</ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>"
        "</ram:IncludedSupplyChainTradeLineItem>"
    )


_OLDER = (
    ("SpecifiedLineTrade", "SpecifiedSupplyChainTrade"),
    ("ApplicableHeaderTrade", "ApplicableSupplyChainTrade"),
    ("SpecifiedTradeSettlementHeaderMonetary", "SpecifiedTradeSettlementMonetary"),
    ("SpecifiedTradeSettlementLineMonetary", "SpecifiedTradeSettlementMonetary"),
    ("rsm:ExchangedDocumentContext", "rsm:SpecifiedExchangedDocumentContext"),
    ("rsm:ExchangedDocument>", "rsm:HeaderExchangedDocument>"),
    ("rsm:SupplyChainTradeTransaction", "rsm:SpecifiedSupplyChainTradeTransaction"),
    ("CrossIndustryInvoice:100", "CrossIndustryDocument:invoice:1p0"),
    ("rsm:CrossIndustryInvoice", "rsm:CrossIndustryDocument"),
    ("urn:un:unece:uncefact:data:standard:CrossIndustryDocument", "urn:ferd:CrossIndustryDocument"),
    ("InformationEntity:100", "InformationEntity:12"),
    ("UnqualifiedDataType:100", "UnqualifiedDataType:15"),
)


def zugferd_1(paper):
    """The first edition: other names, every amount with its currency, the lines last."""
    text = cii(paper)
    for newer, older in _OLDER:
        text = text.replace(newer, older)
    start, end = "<ram:IncludedSupplyChainTradeLineItem>", "</ram:IncludedSupplyChainTradeLineItem>"
    if start in text:
        at, to = text.index(start), text.rindex(end) + len(end)
        lines, text = text[at:to], text[:at] + text[to:]
        closing = "</rsm:SpecifiedSupplyChainTradeTransaction>"
        text = text.replace(closing, lines + closing)
    for name in ("ChargeAmount", "LineTotalAmount", "TaxBasisTotalAmount", "GrandTotalAmount"):
        text = text.replace(f"<ram:{name}>", f'<ram:{name} currencyID="EUR">')
    return text


def ubl(paper, kind="Invoice"):
    quantity = "InvoicedQuantity" if kind == "Invoice" else "CreditedQuantity"
    code = "InvoiceTypeCode" if kind == "Invoice" else "CreditNoteTypeCode"
    return (
        f'<{kind} xmlns="{UBL}{kind}-2" xmlns:cac="{UBL}CommonAggregateComponents-2" '
        f'xmlns:cbc="{UBL}CommonBasicComponents-2">'
        f"<cbc:CustomizationID>{paper.profile}</cbc:CustomizationID><cbc:ID>{paper.number}</cbc:ID>"
        f"<cbc:IssueDate>{paper.day}</cbc:IssueDate><cbc:{code}>{paper.code}</cbc:{code}>{paper.head}"
        f"<cbc:DocumentCurrencyCode>{paper.currency}</cbc:DocumentCurrencyCode>"
        f"{_ubl_party('Supplier', paper.seller, paper.seller_more)}"
        f"{_ubl_party('Customer', paper.buyer, paper.buyer_more)}"
        f"{paper.settlement}{paper.written or _ubl_sums(paper)}"
        f"{''.join(_ubl_line(one, kind, quantity, paper.currency) for one in paper.items)}</{kind}>"
    )


def _ubl_party(side, name, more):
    legal = f"<cac:PartyLegalEntity><cbc:RegistrationName>{name}</cbc:RegistrationName></cac:PartyLegalEntity>"
    return (
        f"<cac:Accounting{side}Party><cac:Party>{more}{legal if '<cac:PartyLegal' not in more else ''}"
        f"</cac:Party></cac:Accounting{side}Party>"
    )


def money(name, amount, currency="EUR"):
    return f'<cbc:{name} currencyID="{currency}">{amount}</cbc:{name}>'


def _ubl_sums(paper):
    net, tax, gross, payable = paper.sums
    taxes = f"<cac:TaxTotal>{money('TaxAmount', tax, paper.currency)}</cac:TaxTotal>"
    sums = (("TaxExclusiveAmount", net), ("TaxInclusiveAmount", gross), ("PayableAmount", payable))
    total = "".join(money(name, amount, paper.currency) for name, amount in sums)
    return f"{taxes if tax else ''}<cac:LegalMonetaryTotal>{total}</cac:LegalMonetaryTotal>"


def _ubl_line(item, kind, quantity, currency):
    price = item.stated or money("PriceAmount", item.price, currency)
    return (
        f'<cac:{kind}Line><cbc:ID>1</cbc:ID><cbc:{quantity} unitCode="XPP">{item.quantity}</cbc:{quantity}>'
        f"{money('LineExtensionAmount', item.total, currency)}{item.before}"
        f"<cac:Item><cbc:Name>{item.name}</cbc:Name></cac:Item><cac:Price>{price}</cac:Price>{item.after}"
        f"</cac:{kind}Line>"
    )
