"""CII as programs write it: Factur-X and XRechnung, ZUGFeRD 1 and Order-X."""

from xml.sax.saxutils import escape, quoteattr

RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:"
GUIDELINES = {
    "minimum": "urn:factur-x.eu:1p0:minimum",
    "basicwl": "urn:factur-x.eu:1p0:basicwl",
    "basic": "urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic",
    "en16931": "urn:cen.eu:en16931:2017",
    "extended": "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended",
    "zugferd 2.0 minimum": "urn:zugferd.de:2p0:minimum",
    "zugferd 2.0 basicwl": "urn:zugferd.de:2p0:basicwl",
    "zugferd 2.0 basic": "urn:cen.eu:en16931:2017#compliant#urn:zugferd.de:2p0:basic",
    "zugferd 2.0 extended": "urn:cen.eu:en16931:2017#conformant#urn:zugferd.de:2p0:extended",
    "xrechnung 1.2": "urn:cen.eu:en16931:2017#compliant#urn:xoev-de:kosit:standard:xrechnung_1.2",
    "xrechnung 2.0": "urn:cen.eu:en16931:2017#compliant#urn:xoev-de:kosit:standard:xrechnung_2.0",
    "xrechnung 2.3": "urn:cen.eu:en16931:2017#compliant#urn:xoev-de:kosit:standard:xrechnung_2.3",
    "xrechnung 3.0": "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0",
    "xrechnung extension": "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0",
    "zugferd1 basic": "urn:ferd:CrossIndustryDocument:invoice:1p0:basic",
    "zugferd1 comfort": "urn:ferd:CrossIndustryDocument:invoice:1p0:comfort",
    "zugferd1 extended": "urn:ferd:CrossIndustryDocument:invoice:1p0:extended",
    "orderx basic": "urn:order-x.eu:1p0:basic",
    "orderx comfort": "urn:order-x.eu:1p0:comfort",
    "orderx extended": "urn:order-x.eu:1p0:extended",
}


def tag(name, value, **attributes):
    if value is None or value == "":
        return ""
    stated = "".join(f" {key}={quoteattr(str(one))}" for key, one in attributes.items() if one)
    text = value if str(value).startswith("<") else escape(f"{value}")
    return f"<{name}{stated}>{text}</{name}>"


def group(name, *parts):
    inside = "".join(part for part in parts if part)
    return f"<{name}>{inside}</{name}>" if inside else ""


def moment(name, iso, kind="udt", form="102"):
    if not iso:
        return ""
    shown = iso.replace("-", "") + ("0930" if form == "203" else "")
    return group(f"ram:{name}", tag(f"{kind}:DateTimeString", shown, format=form))


def party(name, side, level, *, old=False):
    if side is None:
        return ""
    if level == "minimum":
        taxes = tag("ram:ID", side.vat_id, schemeID="VA")
        country = group("ram:PostalTradeAddress", tag("ram:CountryID", side.country))
        if name == "BuyerTradeParty":
            return group(f"ram:{name}", tag("ram:Name", side.name))
        return group(
            f"ram:{name}",
            tag("ram:Name", side.name),
            country,
            taxes and group("ram:SpecifiedTaxRegistration", taxes),
        )
    contact = group(
        "ram:DefinedTradeContact",
        tag("ram:PersonName", side.contact),
        side.phone and group("ram:TelephoneUniversalCommunication", tag("ram:CompleteNumber", side.phone)),
        side.email and side.contact and group("ram:EmailURIUniversalCommunication", tag("ram:URIID", side.email)),
    )  # fmt: skip
    legal = group(
        "ram:SpecifiedLegalOrganization",
        tag("ram:ID", side.legal_id),
        tag("ram:TradingBusinessName", side.trading_name),
    )
    endpoint = side.endpoint and group(
        "ram:URIUniversalCommunication", tag("ram:URIID", side.endpoint, schemeID="EM")
    )
    seller = name == "SellerTradeParty"
    return group(
        f"ram:{name}",
        tag("ram:ID", side.identifier),
        tag("ram:GlobalID", side.gln, schemeID="0088"),
        tag("ram:Name", side.name),
        "" if old else legal,
        "" if level in {"basicwl", "basic"} else contact,
        group(
            "ram:PostalTradeAddress",
            tag("ram:PostcodeCode", side.postcode),
            tag("ram:LineOne", side.street),
            tag("ram:LineTwo", side.street2),
            tag("ram:CityName", side.city),
            tag("ram:CountryID", side.country),
        ),
        "" if old else endpoint,
        side.vat_id and level != "orderx basic" and group("ram:SpecifiedTaxRegistration", tag("ram:ID", side.vat_id, schemeID="VA")),
        side.tax_number and level != "orderx basic" and seller and group("ram:SpecifiedTaxRegistration", tag("ram:ID", side.tax_number, schemeID="FC")),
    )  # fmt: skip


def amount(name, value, currency, *, old=False):
    return tag(
        f"ram:{name}", None if value is None else f"{value}", currencyID=currency if old else ""
    )


def tax(name, category, rate, *, old=False, before="", after=""):
    percent = "ApplicablePercent" if old else "RateApplicablePercent"
    return group(
        f"ram:{name}",
        before,
        tag("ram:TypeCode", "VAT"),
        after,
        tag("ram:CategoryCode", category),
        tag(f"ram:{percent}", None if rate is None else f"{rate}"),
    )


def adjustment(name, is_charge, value, reason, currency, taxed="", *, old=False):
    return group(
        f"ram:{name}",
        group("ram:ChargeIndicator", tag("udt:Indicator", "true" if is_charge else "false")),
        amount("ActualAmount", value, currency, old=old),
        tag("ram:Reason", reason),
        taxed,
    )


def line(item, at, bill, names, level):
    old = names["old"]
    currency = bill.currency
    product = group(
        "ram:SpecifiedTradeProduct",
        tag("ram:GlobalID", item.gtin, schemeID="0160"),
        (level != "basic" and tag("ram:SellerAssignedID", item.sku)) or "",
        (level != "basic" and tag("ram:BuyerAssignedID", item.buyer_sku)) or "",
        tag("ram:Name", item.name),
        (level != "basic" and tag("ram:Description", item.description)) or "",
    )
    basis = tag("ram:BasisQuantity", item.basis, unitCode=item.unit)
    gross = item.gross_price and group(
        "ram:GrossPriceProductTradePrice",
        amount("ChargeAmount", item.gross_price, currency, old=old),
        basis,
        group(
            "ram:AppliedTradeAllowanceCharge",
            group("ram:ChargeIndicator", tag("udt:Indicator", "false")),
            amount("ActualAmount", item.gross_price - item.price, currency, old=old),
        ),
    )
    reference = (
        item.order_line
        and level != "basic"
        and group("ram:BuyerOrderReferencedDocument", tag("ram:LineID", item.order_line))
    )
    price = group(
        "ram:NetPriceProductTradePrice",
        amount("ChargeAmount", item.price, currency, old=old),
        basis,
    )
    status = ""
    if item.role:
        status = tag("ram:ParentLineID", item.parent) + tag("ram:LineStatusReasonCode", item.role)
    bare = level == "orderx basic"
    wanted = (
        names["order"]
        and not bare
        and item.wanted
        and group(
            "ram:RequestedDeliverySupplyChainEvent",
            moment("OccurrenceDateTime", item.wanted),
        )
    )
    without_price = level == "zugferd1 basic"
    return group(
        "ram:IncludedSupplyChainTradeLineItem",
        group(
            "ram:AssociatedDocumentLineDocument",
            tag("ram:LineID", item.id or at),
            status,
            item.note and group("ram:IncludedNote", tag("ram:Content", item.note)),
        ),
        "" if old else product,
        "" if without_price else group(names["line_agreement"], reference or "", "" if bare else gross or "", price),
        group(names["line_delivery"], tag(names["quantity"], item.quantity, unitCode=item.unit), wanted or ""),
        group(
            names["line_settlement"],
            "" if (names["order"] and level == "orderx basic") or without_price else tax("ApplicableTradeTax", item.category, item.rate, old=old),
            (not bare and item.allowance and adjustment("SpecifiedTradeAllowanceCharge", False, item.allowance, "Rabatt", currency, old=old)) or "",
            (not bare and item.charge and adjustment("SpecifiedTradeAllowanceCharge", True, item.charge, "Zuschlag", currency, old=old)) or "",
            group(names["line_sum"], amount("LineTotalAmount", item.total, currency, old=old)),
        ),
        product if old else "",
    )  # fmt: skip


NEW = {
    "old": False, "order": False, "context": "rsm:ExchangedDocumentContext", "document": "rsm:ExchangedDocument",
    "trade": "rsm:SupplyChainTradeTransaction", "agreement": "ram:ApplicableHeaderTradeAgreement",
    "delivery": "ram:ApplicableHeaderTradeDelivery", "settlement": "ram:ApplicableHeaderTradeSettlement",
    "sums": "ram:SpecifiedTradeSettlementHeaderMonetarySummation", "reference": "ram:IssuerAssignedID",
    "line_agreement": "ram:SpecifiedLineTradeAgreement", "line_delivery": "ram:SpecifiedLineTradeDelivery",
    "line_settlement": "ram:SpecifiedLineTradeSettlement", "quantity": "ram:BilledQuantity",
    "line_sum": "ram:SpecifiedTradeSettlementLineMonetarySummation", "currency": "ram:InvoiceCurrencyCode",
}  # fmt: skip
OLD = NEW | {
    "old": True, "context": "rsm:SpecifiedExchangedDocumentContext", "document": "rsm:HeaderExchangedDocument",
    "trade": "rsm:SpecifiedSupplyChainTradeTransaction", "agreement": "ram:ApplicableSupplyChainTradeAgreement",
    "delivery": "ram:ApplicableSupplyChainTradeDelivery", "settlement": "ram:ApplicableSupplyChainTradeSettlement",
    "sums": "ram:SpecifiedTradeSettlementMonetarySummation", "reference": "ram:ID",
    "line_agreement": "ram:SpecifiedSupplyChainTradeAgreement", "line_delivery": "ram:SpecifiedSupplyChainTradeDelivery",
    "line_settlement": "ram:SpecifiedSupplyChainTradeSettlement", "line_sum": "ram:SpecifiedTradeSettlementMonetarySummation",
}  # fmt: skip
ORDER = NEW | {
    "order": True,
    "quantity": "ram:RequestedQuantity",
    "currency": "ram:OrderCurrencyCode",
}


def head(bill, names, guideline):
    notes = bill.note and group("ram:IncludedNote", tag("ram:Content", bill.note))
    named = (names["old"] and tag("ram:Name", "RECHNUNG")) or ""
    return (
        group(names["context"], group("ram:GuidelineSpecifiedDocumentContextParameter", tag("ram:ID", guideline)))
        + group(
            names["document"],
            tag("ram:ID", bill.number),
            named,
            tag("ram:TypeCode", bill.type_code),
            moment("IssueDateTime", bill.date, form="203" if names["order"] else "102"),
            notes,
        )
    )  # fmt: skip


def agreement(bill, names, level):
    old = names["old"]
    order = bill.order and group(
        "ram:BuyerOrderReferencedDocument", tag(names["reference"], bill.order)
    )
    attached = bill.attachment and level != "basic" and group(
        "ram:AdditionalReferencedDocument",
        tag("ram:IssuerAssignedID", "LS-1"),
        tag("ram:TypeCode", "916"),
        f'<ram:AttachmentBinaryObject mimeCode="application/pdf" filename="{bill.attachment}">QUJD</ram:AttachmentBinaryObject>',
    )  # fmt: skip
    return group(
        names["agreement"],
        tag("ram:BuyerReference", bill.buyer_reference),
        party("SellerTradeParty", bill.seller, level, old=old),
        party("BuyerTradeParty", bill.buyer, level, old=old),
        order,
        "" if old or level in {"minimum", "basicwl"} else attached or "",
    )


def delivery(bill, names, level):
    if level == "minimum":
        return f"<{names['delivery']}/>"
    inside = (
        party("ShipToTradeParty", bill.ship_to, "basicwl", old=names["old"]) if bill.ship_to else "",
        group("ram:ActualDeliverySupplyChainEvent", moment("OccurrenceDateTime", bill.delivered)) if not names["order"] else "",
        group("ram:RequestedDeliverySupplyChainEvent", moment("OccurrenceDateTime", bill.wanted)) if names["order"] else "",
    )  # fmt: skip
    return group(names["delivery"], *inside) or f"<{names['delivery']}/>"


def settlement(bill, names, level):
    currency, old, order = bill.currency, names["old"], names["order"]
    minimum = level == "minimum"
    if minimum:
        return group(
            names["settlement"], tag(names["currency"], currency), sums(bill, names, level)
        )
    rows = "".join(
        tax(
            "ApplicableTradeTax", category, rate, old=old,
            before=amount("CalculatedAmount", due, currency, old=old),
            after=tag("ram:ExemptionReason", bill.reasons.get(category)) + amount("BasisAmount", basis, currency, old=old),
        )
        for category, rate, basis, due in bill.rows
    )  # fmt: skip
    account = "ram:PayeePartyCreditorFinancialAccount"
    means = bill.iban and group(
        "ram:SpecifiedTradeSettlementPaymentMeans",
        tag("ram:TypeCode", "31" if old else bill.payment_code),
        group(account, tag("ram:IBANID", bill.iban)),
    )
    extras = "".join(
        group(
            "ram:SpecifiedLogisticsServiceCharge",
            tag("ram:Description", one.reason),
            amount("AppliedAmount", one.amount, currency, old=old),
            tax("AppliedTradeTax", one.category, one.rate, old=old),
        )
        if one.freight
        else adjustment(
            "SpecifiedTradeAllowanceCharge", one.is_charge, one.amount, one.reason, currency,
            "" if level == "orderx basic" else tax("CategoryTradeTax", one.category, one.rate, old=old), old=old,
        )
        for one in sorted(bill.extras, key=lambda one: one.freight)
    )  # fmt: skip
    period = bill.period and group(
        "ram:BillingSpecifiedPeriod",
        moment("StartDateTime", bill.period[0]),
        moment("EndDateTime", bill.period[1]),
    )
    terms = (bill.due or bill.terms) and group(
        "ram:SpecifiedTradePaymentTerms",
        tag("ram:Description", bill.terms),
        moment("DueDateDateTime", bill.due),
    )
    before = bill.preceding and group(
        "ram:InvoiceReferencedDocument", tag("ram:IssuerAssignedID", bill.preceding)
    )
    if order:
        return group(
            names["settlement"],
            tag(names["currency"], currency),
            "" if level == "orderx basic" else extras,
            sums(bill, names, level),
        )
    return group(
        names["settlement"],
        tag("ram:PaymentReference", bill.number),
        "" if old else tag("ram:TaxCurrencyCode", bill.tax_currency),
        tag(names["currency"], currency),
        means,
        rows,
        period,
        extras,
        terms,
        sums(bill, names, level),
        "" if old else before,
    )


def sums(bill, names, level):
    currency, old = bill.currency, names["old"]
    foreign = (
        tag("ram:TaxTotalAmount", bill.foreign_tax, currencyID=bill.tax_currency)
        if bill.foreign_tax and not old
        else ""
    )
    full = level != "minimum"
    parts = {
        "LineTotalAmount": bill.line_sum if full else None,
        "ChargeTotalAmount": bill.extra_sum(is_charge=True) if full else None,
        "AllowanceTotalAmount": bill.extra_sum(is_charge=False) if full else None,
        "TaxBasisTotalAmount": bill.net,
    }
    return group(
        names["sums"],
        *(amount(name, value, currency, old=old) for name, value in parts.items()),
        tag("ram:TaxTotalAmount", bill.tax, currencyID=currency),
        foreign if full else "",
        ""
        if old or names["order"] or level in {"minimum", "basic", "basicwl"}
        else amount("RoundingAmount", bill.rounding, currency),
        amount("GrandTotalAmount", bill.gross, currency, old=old),
        ""
        if names["order"] or not full
        else amount("TotalPrepaidAmount", bill.prepaid, currency, old=old),
        "" if names["order"] else amount("DuePayableAmount", bill.payable, currency, old=old),
    )


def written(bill, kind):
    """The XML of a bill; `kind` is one of GUIDELINES."""
    level = kind.removeprefix("zugferd 2.0 ")
    names, root, version, udt = (
        NEW,
        "CrossIndustryInvoice",
        "100",
        "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    )
    rsm = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
    if kind.startswith("zugferd1"):
        names, root, version = OLD, "CrossIndustryDocument", "12"
        rsm, udt = (
            "urn:ferd:CrossIndustryDocument:invoice:1p0",
            "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:15",
        )
    elif kind.startswith("orderx"):
        names, root, version = ORDER, "SCRDMCCBDACIOMessageStructure", "128"
        rsm, udt = (
            "urn:un:unece:uncefact:data:SCRDMCCBDACIOMessageStructure:100",
            "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:128",
        )
    without_lines = level in {"minimum", "basicwl"}
    items = (
        ""
        if without_lines
        else "".join(line(one, at, bill, names, level) for at, one in enumerate(bill.items, 1))
    )
    parts = [
        agreement(bill, names, level),
        delivery(bill, names, level),
        settlement(bill, names, level),
    ]
    body = [*parts, items] if names["old"] else [items, *parts]
    spaces = f'xmlns:rsm="{rsm}" xmlns:ram="{RAM}{version}" xmlns:udt="{udt}"'
    inside = head(bill, names, GUIDELINES[kind]) + group(names["trade"], *body)
    return f"<rsm:{root} {spaces}>{inside}</rsm:{root}>"
