"""UBL as programs write it: invoices, credit notes, orders; of XRechnung, Peppol and plain 2.1."""

from tests.corpora.bill_cii import GUIDELINES, group, tag

CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
PROFILES = {
    "plain": "",
    "en16931": GUIDELINES["en16931"],
    "xrechnung 1.2": GUIDELINES["xrechnung 1.2"],
    "xrechnung 2.0": GUIDELINES["xrechnung 2.0"],
    "xrechnung 3.0": GUIDELINES["xrechnung 3.0"],
    "peppol": "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
    "nlcius": "urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0",
}
PEPPOL_ORDER = "urn:fdc:peppol.eu:poacc:trns:order:3"


def money(name, value, currency):
    return tag(f"cbc:{name}", None if value is None else f"{value}", currencyID=currency)


def scheme(kind="VAT"):
    return group("cac:TaxScheme", tag("cbc:ID", kind))


def address(name, side):
    return group(
        f"cac:{name}",
        tag("cbc:StreetName", side.street),
        tag("cbc:AdditionalStreetName", side.street2),
        tag("cbc:CityName", side.city),
        tag("cbc:PostalZone", side.postcode),
        group("cac:Country", tag("cbc:IdentificationCode", side.country)),
    )


def party(name, side, *, old=False):
    """A side of the trade; UBL 2.0 had the name in PartyName alone."""
    taxed = side.vat_id and group("cac:PartyTaxScheme", tag("cbc:CompanyID", side.vat_id), scheme())
    seller = "Suppl" in name or "Seller" in name
    other = (
        side.tax_number
        and seller
        and group("cac:PartyTaxScheme", tag("cbc:CompanyID", side.tax_number), scheme("FC"))
    )
    short = side.name if old else side.trading_name
    return group(
        f"cac:{name}",
        group(
            "cac:Party",
            tag("cbc:EndpointID", side.endpoint, schemeID="EM"),
            group("cac:PartyIdentification", tag("cbc:ID", side.identifier)),
            side.gln and group("cac:PartyIdentification", tag("cbc:ID", side.gln, schemeID="0088")),
            short and group("cac:PartyName", tag("cbc:Name", short)),
            address("PostalAddress", side),
            taxed,
            other,
            "" if old else group("cac:PartyLegalEntity", tag("cbc:RegistrationName", side.name), tag("cbc:CompanyID", side.legal_id)),
            group("cac:Contact", tag("cbc:Name", side.contact), tag("cbc:Telephone", side.phone), tag("cbc:ElectronicMail", side.contact and side.email)),
        ),
    )  # fmt: skip


def category(name, code, rate, reason=""):
    return group(
        f"cac:{name}",
        tag("cbc:ID", code),
        tag("cbc:Percent", None if rate is None else f"{rate}"),
        tag("cbc:TaxExemptionReason", reason),
        scheme(),
    )


def extra(is_charge, value, reason, currency, taxed=""):
    return group(
        "cac:AllowanceCharge",
        tag("cbc:ChargeIndicator", "true" if is_charge else "false"),
        tag("cbc:AllowanceChargeReason", reason),
        money("Amount", value, currency),
        taxed,
    )


def wanted(day, *, until=True):
    name = "EndDate" if until else "StartDate"
    return day and group(
        "cac:Delivery", group("cac:RequestedDeliveryPeriod", tag(f"cbc:{name}", day))
    )


def line(item, at, bill, root):
    quantity = {"Invoice": "InvoicedQuantity", "CreditNote": "CreditedQuantity"}.get(
        root, "Quantity"
    )
    order = root == "Order"
    currency = bill.currency
    discount = item.gross_price and group(
        "cac:AllowanceCharge",
        tag("cbc:ChargeIndicator", "false"),
        money("Amount", item.gross_price - item.price, currency),
        money("BaseAmount", item.gross_price, currency),
    )
    inside = (
        tag("cbc:ID", item.id or at),
        "" if order else tag("cbc:Note", item.note),
        tag(f"cbc:{quantity}", item.quantity, unitCode=item.unit),
        money("LineExtensionAmount", item.total, currency),
        item.order_line and not order and group("cac:OrderLineReference", tag("cbc:LineID", item.order_line)),
        wanted(item.wanted) if order else "",
        item.allowance and extra(False, item.allowance, "Rabatt", currency),
        item.charge and extra(True, item.charge, "Zuschlag", currency),
        group(
            "cac:Item",
            tag("cbc:Description", item.description),
            tag("cbc:Name", item.name),
            item.buyer_sku and group("cac:BuyersItemIdentification", tag("cbc:ID", item.buyer_sku)),
            item.sku and group("cac:SellersItemIdentification", tag("cbc:ID", item.sku)),
            item.gtin and group("cac:StandardItemIdentification", tag("cbc:ID", item.gtin, schemeID="0160")),
            category("ClassifiedTaxCategory", item.category, item.rate),
        ),
        group(
            "cac:Price",
            money("PriceAmount", item.price, currency),
            tag("cbc:BaseQuantity", item.basis, unitCode=item.unit),
            discount or "",
        ),
    )  # fmt: skip
    return (
        group("cac:OrderLine", group("cac:LineItem", *inside))
        if order
        else group(f"cac:{root}Line", *inside)
    )


def taxes(bill):
    rows = "".join(
        group(
            "cac:TaxSubtotal",
            money("TaxableAmount", basis, bill.currency),
            money("TaxAmount", due, bill.currency),
            category("TaxCategory", code, rate, bill.reasons.get(code, "")),
        )
        for code, rate, basis, due in bill.rows
    )
    foreign = bill.foreign_tax and group(
        "cac:TaxTotal", money("TaxAmount", bill.foreign_tax, bill.tax_currency)
    )
    own = group("cac:TaxTotal", money("TaxAmount", bill.tax, bill.currency), rows)
    return (foreign or "") + own


def sums(bill, name):
    currency = bill.currency
    stated = {
        "LineExtensionAmount": bill.line_sum,
        "TaxExclusiveAmount": bill.net,
        "TaxInclusiveAmount": bill.gross,
        "AllowanceTotalAmount": bill.extra_sum(is_charge=False) or None,
        "ChargeTotalAmount": bill.extra_sum(is_charge=True) or None,
        "PrepaidAmount": bill.prepaid,
        "PayableRoundingAmount": bill.rounding,
        "PayableAmount": bill.payable,
    }
    return group(f"cac:{name}", *(money(key, value, currency) for key, value in stated.items()))


def written(bill, profile, root="Invoice", *, old=False):
    """An Invoice or a CreditNote."""
    note = root == "CreditNote"
    due = "" if note else tag("cbc:DueDate", bill.due)
    period = bill.period and group(
        "cac:InvoicePeriod",
        tag("cbc:StartDate", bill.period[0]),
        tag("cbc:EndDate", bill.period[1]),
    )
    attached = bill.attachment and group(
        "cac:AdditionalDocumentReference",
        tag("cbc:ID", "LS-1"),
        group(
            "cac:Attachment",
            f'<cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="{bill.attachment}">QUJD</cbc:EmbeddedDocumentBinaryObject>',
        ),
    )
    to = bill.ship_to and group("cac:DeliveryLocation", address("Address", bill.ship_to))
    delivered = (bill.delivered or to) and group(
        "cac:Delivery", tag("cbc:ActualDeliveryDate", bill.delivered), to or ""
    )
    pay = bill.iban and group(
        "cac:PaymentMeans",
        tag("cbc:PaymentMeansCode", bill.payment_code),
        tag("cbc:PaymentDueDate", bill.due) if note else "",
        group("cac:PayeeFinancialAccount", tag("cbc:ID", bill.iban)),
    )
    inside = (
        tag("cbc:CustomizationID", PROFILES[profile]),
        tag("cbc:ProfileID", PROFILES[profile] and "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"),
        tag("cbc:ID", bill.number),
        tag("cbc:IssueDate", bill.date),
        due,
        tag(f"cbc:{root}TypeCode", bill.type_code),
        tag("cbc:Note", bill.note),
        tag("cbc:DocumentCurrencyCode", bill.currency),
        tag("cbc:TaxCurrencyCode", bill.tax_currency),
        tag("cbc:BuyerReference", bill.buyer_reference),
        period,
        bill.order and group("cac:OrderReference", tag("cbc:ID", bill.order)),
        bill.preceding and group("cac:BillingReference", group("cac:InvoiceDocumentReference", tag("cbc:ID", bill.preceding))),
        attached,
        party("AccountingSupplierParty", bill.seller, old=old),
        party("AccountingCustomerParty", bill.buyer, old=old),
        delivered,
        pay,
        bill.terms and group("cac:PaymentTerms", tag("cbc:Note", bill.terms)),
        *(extra(one.is_charge, one.amount, one.reason, bill.currency, category("TaxCategory", one.category, one.rate)) for one in bill.extras),
        taxes(bill),
        sums(bill, "LegalMonetaryTotal"),
        *(line(one, at, bill, root) for at, one in enumerate(bill.items, 1)),
    )  # fmt: skip
    return document(root, inside)


def ordered(bill):
    inside = (
        tag("cbc:CustomizationID", PEPPOL_ORDER),
        tag("cbc:ID", bill.number),
        tag("cbc:IssueDate", bill.date),
        tag("cbc:OrderTypeCode", bill.type_code),
        tag("cbc:Note", bill.note),
        tag("cbc:DocumentCurrencyCode", bill.currency),
        tag("cbc:CustomerReference", bill.buyer_reference),
        party("BuyerCustomerParty", bill.buyer),
        party("SellerSupplierParty", bill.seller),
        wanted(bill.wanted),
        *(extra(one.is_charge, one.amount, one.reason, bill.currency) for one in bill.extras),
        group("cac:TaxTotal", money("TaxAmount", bill.tax, bill.currency)),
        sums(bill, "AnticipatedMonetaryTotal"),
        *(line(one, at, bill, "Order") for at, one in enumerate(bill.items, 1)),
    )
    return document("Order", inside)


def document(root, inside):
    spaces = f'xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2" xmlns:cac="{CAC}" xmlns:cbc="{CBC}"'
    return f"<{root} {spaces}>{''.join(part for part in inside if part)}</{root}>"
