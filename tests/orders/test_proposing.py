from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from orders.data import Check, CheckState, ReadDocument, ReadLine
from orders.documents.files import read_bytes
from orders.documents.reading import read_order
from orders.proposing import Terms, propose
from shop import taxing
from shop.data import Discounts
from tests.orders.papers import (
    CATALOGUE,
    PEARL,
    english_order,
    german_order,
    order_of_two_pages,
    order_per_hundred,
)

TODAY = date(2026, 11, 21)
LINE = ReadLine(1, "HB-1001", "", Decimal(500), "Stk")
DOCUMENT = ReadDocument(kind="order", format="pdf", number="B-1", lines=(LINE,))


def proposed(document=DOCUMENT, **options):
    return propose(document, CATALOGUE, Terms(**{"customer_id": 7, "today": TODAY} | options))


def proposed_line(**changes):
    return proposed(replace(DOCUMENT, lines=(replace(LINE, **changes),)))


def codes(proposal):
    return [doubt.code for doubt in proposal.doubts]


def test_e1_a_plain_order_is_certain_and_priced_by_our_list():
    proposal = proposed()
    assert proposal.certain
    assert (proposal.net, proposal.tax, proposal.gross) == (
        Decimal("425.00"),
        Decimal("80.75"),
        Decimal("505.75"),
    )


@pytest.mark.parametrize(
    "paper", [german_order, english_order, order_per_hundred, order_of_two_pages]
)
def test_e1_from_paper_to_a_certain_proposal_that_ties(paper):
    _, document = read_bytes(paper(), today=TODAY)
    proposal = proposed(document)
    assert proposal.certain, proposal.doubts
    assert proposal.net == document.net


def test_the_discount_of_the_customer_counts():
    line = proposed(discounts=Discounts(Decimal(10))).lines[0]
    assert (line.unit_price, line.total) == (Decimal("0.7650"), Decimal("382.50"))


def test_a_discount_by_value_looks_at_the_whole_document():
    lines = (LINE, replace(LINE, position=2, sku="HB-2003", quantity=Decimal(200)))
    discounts = Discounts(Decimal(3), ((Decimal(500), Decimal(5)),))
    alone = proposed(discounts=discounts)
    both = proposed(replace(DOCUMENT, lines=lines), discounts=discounts)
    assert alone.lines[0].unit_price == Decimal("0.8245")
    assert both.lines[0].unit_price == Decimal("0.8075")
    assert both.lines[0].price_reasons[-1].evidence == "500: 5 %"


def test_prices_agreed_with_the_customer_and_his_country_decide():
    agreed = {PEARL.id: ((1, Decimal("0.80")), (500, Decimal("0.70")))}
    proposal = proposed(agreed=agreed, taxed=taxing.INTRA_COMMUNITY)
    assert (proposal.tax_category, proposal.net, proposal.gross) == ("K", 350, 350)
    assert proposal.lines[0].tax_rate == 0


@pytest.mark.parametrize(
    ("quantity", "unit", "pieces"),
    [("500", "Stk", 500), ("100", "Dutzend", 1200), ("25", "Gros", 3600), ("500", "", 500)],
)
def test_units_become_pieces(quantity, unit, pieces):
    proposal = proposed_line(quantity=Decimal(quantity), unit=unit)
    assert proposal.lines[0].quantity == pieces
    assert proposal.certain


def test_packages_are_counted_at_our_size_and_a_price_must_confirm_it():
    assert codes(proposed_line(quantity=Decimal(3), unit="VE")) == ["pack_unit"]
    confirmed = proposed_line(quantity=Decimal(3), unit="VE", price=Decimal(85))
    assert confirmed.certain
    assert confirmed.lines[0].quantity == 300
    other = proposed_line(quantity=Decimal(3), unit="VE", price=Decimal("0.85"))
    assert codes(other) == ["price_differs"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sku": "", "name": "Dachziegel"}, "unknown_article"),
        ({"sku": "", "name": "Perlmutt 18 mm"}, "weak_match"),
        ({"name": "Hornknopf 23 mm dunkel"}, "weak_match"),
        ({"ambiguous": True}, "ambiguous_quantity"),
        ({"unit": "kg"}, "unknown_unit"),
        ({"quantity": Decimal("500.5")}, "odd_quantity"),
        ({"quantity": Decimal(0)}, "odd_quantity"),
        ({"quantity": Decimal(-500)}, "odd_quantity"),
        ({"quantity": Decimal(50)}, "min_quantity"),
        ({"quantity": Decimal(550)}, "pack_size"),
        ({"quantity": Decimal(20_000)}, "stock"),
        ({"price": Decimal("0.86")}, "price_differs"),
        ({"price": Decimal("0.80")}, "price_differs"),
        ({"total": Decimal("400.00")}, "price_differs"),
    ],
)
def test_e1_every_doubt_of_a_line_names_its_position(changes, code):
    proposal = proposed_line(position=20, **changes)
    assert (code, 20) in {(doubt.code, doubt.position) for doubt in proposal.doubts}
    assert not proposal.certain


def test_a_price_rounded_to_cents_is_no_other_price():
    assert proposed_line(price=Decimal("0.852")).certain


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"error": "The PDF is damaged."}, "unreadable"),
        ({"kind": "invoice"}, "not_an_order"),
        ({"kind": "other"}, "not_an_order"),
        ({"lines": ()}, "no_lines"),
        ({"number": ""}, "no_number"),
        ({"currency": "USD"}, "currency"),
        ({"requested_date": date(2026, 11, 20)}, "date_in_past"),
        ({"checks": (Check("Sum", CheckState.FAILED),)}, "check_failed"),
        ({"net": Decimal("425.50")}, "totals_differ"),
        ({"gross": Decimal("500.00")}, "totals_differ"),
    ],
)
def test_e1_every_doubt_of_a_document_is_named(changes, code):
    assert codes(proposed(replace(DOCUMENT, **changes))) == [code]


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"customer_id": None}, "unknown_customer"),
        ({"known_reference": True}, "duplicate"),
        ({"auto_limit": Decimal("505.74")}, "over_limit"),
    ],
)
def test_every_doubt_of_the_terms_is_named(terms, code):
    assert codes(proposed(**terms)) == [code]


def test_a_letter_needs_no_number_and_checks_that_were_not_made_are_no_doubt():
    checks = (Check("Sum", CheckState.NOT_CHECKED),)
    letter = replace(DOCUMENT, format="text", number="", checks=checks)
    assert proposed(letter, auto_limit=Decimal("505.75")).certain


def test_stated_sums_tie_within_the_cents_that_rounding_costs():
    assert proposed(replace(DOCUMENT, net=Decimal("425.01"), gross=Decimal("505.76"))).certain


@pytest.mark.parametrize("total", ["425.00", "505.75"])
def test_a_lone_total_of_an_unpriced_letter_may_be_net_or_gross(total):
    assert proposed(replace(DOCUMENT, net=Decimal(total))).certain


def test_a_lone_total_that_is_neither_is_in_doubt():
    assert codes(proposed(replace(DOCUMENT, net=Decimal("450.00")))) == ["totals_differ"]


def test_lines_for_the_same_article_share_the_stock():
    lines = tuple(replace(LINE, position=n, quantity=Decimal(6_000)) for n in (1, 2))
    proposal = proposed(replace(DOCUMENT, lines=lines))
    assert [(doubt.code, doubt.position) for doubt in proposal.doubts] == [("stock", 2)]


PLAIN = [
    "Guten Tag,\n\nbitte liefern Sie uns 500 Stk. Art. HB-1001.\n\nMit freundlichen Grüßen\nAnna Berg",
    "Wir bestellen 1.000 Stück HB-1001 und 200 Stk HB-2003 bis 24.12.",
    "Please send 1,000 pcs HB-1001 at 0.85 EUR each.",
    "HB-1001; 500; 0,85\nHB-2003; 200; 1,20",
    "Bestellung:\n- 500 x HB-1001\n- 25 Gros HB-2003",
    "500 Stk Perlmuttknopf 18 mm weiß",
]


@pytest.mark.parametrize("text", PLAIN)
def test_plain_letters_are_certain(text):
    proposal = proposed(read_order(text, format="text", today=TODAY))
    assert proposal.certain, proposal.doubts


TREACHEROUS = [
    "Bitte NICHT liefern: 500 Stk HB-1001",
    "500 Stk HB-1001 bitte nicht mehr liefern.",
    "Wir brauchen keine 500 Stk HB-1001 mehr.",
    "Bitte stornieren Sie die 500 Stk HB-1001.",
    "Bitte stornieren:\n500 Stk HB-1001",
    "Hiermit annullieren wir 500 Stk HB-1001.",
    "Wir widerrufen unsere Bestellung über 500 Stk HB-1001.",
    "Please cancel 500 pcs HB-1001.",
    "Please do not send 500 pcs HB-1001.",
    "We don't need 500 pcs HB-1001.",
    "500 pcs HB-1001 are no longer needed.",
    "Statt 500 Stk HB-1001 bitte 300 Stk HB-2003.",
    "500 Stk HB-1001 instead of HB-2003.",
    "Bitte wie letztes Mal 500 Stk HB-1001.",
    "Bitte wie beim letzten Mal.",
    "200 Stück HB-1001\nund noch die üblichen blauen",
    "HB-1001 wie gehabt",
    "500 Stk HB-1001 wie besprochen",
    "Same as last time, 500 pcs HB-1001",
    "As usual 500 pcs HB-1001",
    "Unsere letzte Bestellung: 500 Stk HB-1001",
    "The previous order was 500 pcs HB-1001",
    "> 500 Stk HB-1001",
    "Danke!\n\nAm 1.11.2026 schrieb Anna Berg:\n500 Stk HB-1001",
    "Danke!\n\n-----Ursprüngliche Nachricht-----\n500 Stk HB-1001",
    "Thanks!\n\nOn 1 November 2026 Anna Berg wrote:\n500 pcs HB-1001",
    "Danke\n\nVon: Anna Berg\nGesendet: gestern\n\n500 Stk HB-1001",
    "Können Sie 500 Stk HB-1001 liefern?",
    "Was kosten 500 Stk HB-1001?",
    "Bitte ein Angebot über 500 Stk HB-1001",
    "Please quote 500 pcs HB-1001",
    "Anfrage: 500 Stk HB-1001",
    "Falls lieferbar, 500 Stk HB-1001",
    "Wenn der Preis stimmt, 500 Stk HB-1001",
    "Vielleicht 500 Stk HB-1001",
    "ca. 500 Stk HB-1001",
    "about 500 pcs HB-1001",
    "500 Stk HB-1001 oder HB-1002",
    "500 oder 600 Stk HB-1001",
    "Wir haben 500 Stk HB-1001 erhalten, danke.",
    "Die 500 Stk HB-1001 sind beschädigt.",
    "Reklamation: 500 Stk HB-1001",
    "Bitte ändern auf 500 Stk HB-1001",
    "Nochmals 500 Stk HB-1001",
    "Die Hälfte von 1.000 Stk HB-1001",
    "1,000 Stk HB-1001",
    "1,500 Stk HB-1001",
    "500 Stk HB-1001, HB-1002 200 Stk",
    "500 Stk HB-1001 und 300 davon in blau",
    "Bitte 500 Stk",
    "500 Stk Perlmutt",
    "500 Stk HB-1010 Perlmuttknopf 18 mm weiß",
    "500 Stk HB-1001 Perlmuttknopf 15 mm weiß",
    "500 Stk HB-1001 und HB-2003",
    "500 Stk HB-1001\n\nGruß\nAnna\nPS: doch nicht!",
    "5 kg HB-1001",
    "HB-1001 500 Stk 0,95 €",
    "HB-1001 50 Stk",
    "Lieferung bis 1.11.2026: 500 Stk HB-1001",
    "",
    "Guten Tag",
]


@pytest.mark.parametrize("text", TREACHEROUS)
def test_h2_no_treacherous_letter_becomes_a_certain_order(text):
    assert not proposed(read_order(text, format="text", today=TODAY)).certain


def test_h2_a_thousand_in_another_language_is_not_certain():
    letter = read_order("1.000 pcs HB-1001", format="text", language="en", today=TODAY)
    assert "ambiguous_quantity" in codes(proposed(letter))
