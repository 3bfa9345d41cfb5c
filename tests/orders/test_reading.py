from datetime import date
from decimal import Decimal

import pytest

from orders.documents.files import read_bytes
from orders.documents.reading import read_order
from tests.explosions import no_explosion
from tests.orders.papers import english_order, german_order, order_of_two_pages, order_per_hundred

TODAY = date(2026, 11, 21)


def read(text, **options):
    return read_order(text, **({"format": "text", "today": TODAY} | options))


def lines_of(text, **options):
    return [(line.sku, line.name, line.quantity, line.unit) for line in read(text, **options).lines]


def failed(document):
    return [check.name for check in document.checks if check.state == "failed"]


def test_e1_a_german_order_is_read_with_its_fields_and_sums():
    _, document = read_bytes(german_order())
    assert (document.kind, document.number) == ("order", "B-2026-118")
    assert document.date == date(2026, 11, 21)
    assert document.requested_date == date(2026, 12, 11)
    assert (document.buyer.name, document.seller.name) == (
        "Modehaus Berg GmbH",
        "Happy Buttons GmbH",
    )
    assert document.buyer_reference == "ab-17"
    assert (document.net, document.tax, document.gross) == (
        Decimal("1090.00"),
        Decimal("207.10"),
        Decimal("1297.10"),
    )
    assert [check.state for check in document.checks] == ["ok"] * 7


def test_e1_each_line_shows_what_it_was_read_from():
    _, document = read_bytes(german_order())
    line = document.lines[0]
    assert (line.sku, line.quantity, line.price, line.total) == (
        "HB-1001",
        1000,
        Decimal("0.85"),
        Decimal("850.00"),
    )
    assert "1.000" in line.source.snippet
    assert "850,00 €" in line.source.snippet


def test_an_english_order_with_another_order_of_columns_is_read():
    _, document = read_bytes(english_order(), language="de")
    assert (document.number, document.date) == ("4500012345", date(2026, 11, 24))
    assert document.requested_date == date(2027, 1, 12)
    assert [(line.position, line.sku, line.quantity) for line in document.lines] == [
        (10, "HB-1001", 1500),
        (20, "HB-2003", 300),
    ]
    assert document.net == Decimal("1635.00")
    assert not failed(document)


@pytest.mark.parametrize("valign", ["TOP", "MIDDLE", "BOTTOM"])
def test_wrapped_names_find_their_row_and_prices_their_unit(valign):
    _, document = read_bytes(order_per_hundred(valign))
    assert [(line.name, line.price) for line in document.lines] == [
        (
            "Perlmuttknopf 18 mm weiß, zwei Löcher, poliert, Rückseite matt",
            Decimal("0.85"),
        ),
        ("Hornknopf 23 mm dunkel", Decimal("1.2")),
        (
            "Druckknopf 10 mm silber, rostfrei, im Beutel zu je hundert Stück",
            Decimal("0.0456"),
        ),
    ]
    assert not failed(document)


def test_lines_go_on_over_pages_without_sums_carried_forward_or_footers():
    _, document = read_bytes(order_of_two_pages())
    assert [line.position for line in document.lines] == list(range(1, 31))
    assert {line.name for line in document.lines} == {"Perlmuttknopf 15 mm weiß"}
    assert document.gross == Decimal("2570.40")
    assert not failed(document)


def page(*rows, title="Bestellung 4711"):
    return "\n".join([title, "", *rows])


HEAD = "Pos  Art.-Nr.  Bezeichnung               Menge    Einzelpreis   Gesamt"
ROW = "1    HB-1001   Perlmuttknopf 18 mm weiß  500 Stk  0,85          425,00"


def test_a_wrong_line_total_fails_its_check():
    document = read(page(HEAD, ROW.replace("425", "524")), format="pdf")
    assert failed(document) == ["Quantity times price is the line total"]
    assert "425.00 ≠ 524.00" in document.checks[0].detail


def test_lines_that_do_not_add_up_fail_their_check():
    document = read(page(HEAD, ROW, "Summe netto   500,00"), format="pdf")
    assert failed(document) == ["The lines add up to the net sum"]


def test_sums_that_do_not_add_up_fail_their_check():
    sums = ("Netto   425,00", "MwSt 19 %   80,00", "Gesamtbetrag   505,75")
    assert failed(read(page(HEAD, ROW, *sums), format="pdf")) == [
        "Net and tax add up to the gross sum"
    ]


def test_without_prices_nothing_is_checked_and_nothing_fails():
    document = read(page("Art.-Nr.   Menge", "HB-1001    500"), format="pdf")
    assert {check.state for check in document.checks[:3]} == {"not checked"}
    assert (document.net, document.gross, document.lines[0].price) == (None, None, None)


def test_h2_a_row_that_looks_like_a_line_and_cannot_be_read_is_told():
    document = read(page(HEAD, ROW, "2    HB-2003   Hornknopf   ???   1,20   120,00"), format="pdf")
    assert failed(document) == ["Every row was read"]


def test_a_bare_total_is_net_where_it_is_the_sum_of_the_lines():
    document = read(page(HEAD, ROW, "Gesamt   425,00"), format="pdf")
    assert (document.net, document.gross) == (Decimal("425.00"), None)


def test_discounts_lower_the_price_of_the_line():
    head = "Art.-Nr.  Bezeichnung    Menge  Preis  Rabatt  Betrag"
    row = "HB-1001   Perlmuttknopf  500    0,85   10 %    382,50"
    document = read(page(head, row), format="pdf")
    assert document.lines[0].price == Decimal("0.765")
    assert not failed(document)


def test_the_suppliers_number_goes_before_the_buyers():
    head = "Material   Ihre Artikelnummer   Bezeichnung     Menge"
    row = "70-1234    HB-1001              Perlmuttknopf   500"
    assert lines_of(page(head, row), format="pdf") == [("HB-1001", "Perlmuttknopf", 500, "")]


def test_a_number_below_the_line_that_is_said_to_be_ours_is_the_article():
    rows = (HEAD, ROW.replace("HB-1001", "70-1234"), "               Ihre Art.-Nr.: HB-1001")
    (line,) = read(page(*rows), format="pdf").lines
    assert (line.sku, line.buyer_sku) == ("HB-1001", "70-1234")
    assert line.name == "Perlmuttknopf 18 mm weiß"


def test_lines_that_take_two_rows_are_read_as_one():
    text = page(
        "Pos.    Material     Bezeichnung",
        "        Menge        Einheit    Preis pro Einheit       Nettowert",
        "00010   70001234     Perlmuttknopf 18 mm weiß",
        "        500,000      ST         85,00 EUR / 100 ST      425,00",
        "                     Ihre Materialnummer: HB-1001",
        "00020   70001235     Hornknopf 23 mm dunkel",
        "        200,000      ST         120,00 EUR / 100 ST     240,00",
        "                     Ihre Materialnummer: HB-2003",
        "Gesamtnettowert ohne MwSt                               665,00",
    )
    document = read(text, format="pdf")
    assert [(line.position, line.sku, line.quantity, line.price) for line in document.lines] == [
        (10, "HB-1001", 500, Decimal("0.85")),
        (20, "HB-2003", 200, Decimal("1.20")),
    ]
    assert [line.buyer_sku for line in document.lines] == ["70001234", "70001235"]
    assert document.net == Decimal("665.00")
    assert not failed(document)


def test_one_delivery_column_gives_the_date_and_several_days_are_told():
    head = "Art.-Nr.   Menge   Liefertermin"
    same = page(head, "HB-1001   500   12.01.2027", "HB-2003   200   12.01.2027")
    assert read(same, format="pdf").requested_date == date(2027, 1, 12)
    other = read(same.replace("200   12", "200   19"), format="pdf")
    assert other.requested_date is None
    assert failed(other) == ["All lines are wanted on one day"]


def test_a_price_for_a_hundred_is_told_by_a_column_a_cell_or_a_second_row_of_titles():
    column = page("Art.-Nr.  Menge  Preis  PE   Betrag", "HB-1001   500    85,00  100  425,00")
    cell = page("Art.-Nr.  Menge  Preis        Betrag", "HB-1001   500    85,00 / 100  425,00")
    below = page(
        "Art.-Nr.  Bezeichnung    Menge  Preis    Betrag",
        "          je 100 Stk",
        "HB-1001   Perlmuttknopf  500    85,00    425,00",
    )
    for text in (column, cell, below):
        assert read(text, format="pdf").lines[0].price == Decimal("0.85"), text


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Bestellung", "order"),
        ("PURCHASE ORDER", "order"),
        ("Rechnung Nr. 12", "invoice"),
        ("Invoice", "invoice"),
        ("Auftragsbestätigung", "other"),
        ("Order confirmation", "other"),
        ("Stornierung", "other"),
        ("Bestelländerung", "other"),
        ("Angebot", "other"),
        ("Lieferschein", "other"),
        ("Sommerfest", "other"),
    ],
)
def test_the_title_tells_the_kind(title, kind):
    assert read(page(HEAD, ROW, title=title), format="pdf").kind == kind


def test_a_reference_to_a_quotation_does_not_hide_the_title():
    assert read("Angebot: A-12\nBestellung\n", format="pdf").kind == "order"


@pytest.mark.parametrize(
    "text",
    [
        "Bestellnummer: B-4711",
        "Bestell-Nr.   B-4711",
        "Bestellung Nr. B-4711 vom 1.11.2026",
        "Purchase Order No. B-4711",
        "PO: B-4711",
        "P.O. # B-4711",
        "Order number\nB-4711",
        "Kundennummer   Bestellnummer   Datum\n70012          B-4711          21.11.2026",
        "Datum        Bestellnummer\n21.11.2026   B-4711",
    ],
)
def test_the_number_of_the_order_is_found_beside_or_below_its_label(text):
    assert read(text, format="pdf").number == "B-4711"


@pytest.mark.parametrize("text", ["PO Box 1234", "Bestellung vom 21.11.2026", "Bestellnummer:"])
def test_what_is_no_number_leaves_it_empty(text):
    assert read(text, format="pdf").number == ""


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "bitte 500 Stk. Art. HB-1001 und 2 Dutzend Perlmutt 18 mm",
            [("HB-1001", "", 500, "Stk"), ("", "Perlmutt 18 mm", 2, "Dutzend")],
        ),
        (
            "Wir bestellen:\n- HB-1001: 500 Stück à 0,85 €\n- HB-2003 - 200 Stk\n• HB-3000 x 100",
            [
                ("HB-1001", "", 500, "Stück"),
                ("HB-2003", "", 200, "Stk"),
                ("HB-3000", "", 100, ""),
            ],
        ),
        (
            "HB-1001; 500; 0,85\nHB-2003; 1.000; 1,20",
            [("HB-1001", "", 500, ""), ("HB-2003", "", 1000, "")],
        ),
        (
            "SKU;Menge;Preis\nHB-1001;500;0,85\nHB-2003;200;1,20",
            [("HB-1001", "", 500, ""), ("HB-2003", "", 200, "")],
        ),
        (
            "| Artikel | Menge |\n|---|---|\n| HB-1001 | 500 |\n| HB-2003 | 200 |",
            [("HB-1001", "", 500, ""), ("HB-2003", "", 200, "")],
        ),
        (
            "Please send two dozen of HB-1001 and 300 x HB-2003 by 24 December.",
            [("HB-1001", "", 2, "dozen"), ("HB-2003", "", 300, "")],
        ),
        (
            "Artikel: HB-1001\nMenge: 500 Stk",
            [("HB-1001", "", 500, "Stk")],
        ),
        (
            "1. HB-1001 500 Stk\n2. HB-2003 300 Stk",
            [("HB-1001", "", 500, "Stk"), ("HB-2003", "", 300, "Stk")],
        ),
        (
            "Wir hätten gern 3 VE HB-1001 und 500 Hornknöpfe 23 mm dunkel.",
            [("HB-1001", "", 3, "VE"), ("", "Hornknöpfe 23 mm dunkel", 500, "")],
        ),
        (
            "Perlmuttknopf 18 mm weiß: 500 Stk",
            [("", "Perlmuttknopf 18 mm weiß", 500, "Stk")],
        ),
        (
            "Hiermit bestellen wir zu unserer Bestellung B-2026-118 wie folgt und bitte bald\n"
            "500 Stk HB-1001 bis 24.12.",
            [("HB-1001", "", 500, "Stk")],
        ),
    ],
)
def test_e1_lines_are_read_from_letters(text, lines):
    document = read(text)
    assert [(line.sku, line.name, line.quantity, line.unit) for line in document.lines] == lines
    assert document.kind == "order"
    assert not failed(document)


def test_prices_in_a_letter_belong_to_their_line():
    document = read("1.000 Stück HB-1001 zu 85,00 € je 100 Stück, 2 Dutzend HB-2003 à 14,40 €")
    assert [line.price for line in document.lines] == [Decimal("0.85"), Decimal("14.40")]


def test_a_table_in_a_letter_and_a_sentence_below_it_are_both_read():
    text = "Art.-Nr.   Menge\nHB-1001    500\n\nUnd dazu noch 3 Dutzend HB-3000 bis 24.12."
    document = read(text)
    assert [(line.sku, line.quantity) for line in document.lines] == [
        ("HB-1001", 500),
        ("HB-3000", 3),
    ]
    assert document.requested_date == date(2026, 12, 24)


def test_h2_quoted_mail_closing_and_signature_are_not_the_senders_order():
    text = (
        "500 Stk HB-1001\n\nMit freundlichen Grüßen\nAnna Berg, Tel. 0711 123456\n"
        "> 300 Stk HB-3000\n\nAm 1.11.2026 schrieb Happy Buttons:\n200 Stk HB-4010\n"
    )
    assert lines_of(text) == [("HB-1001", "", 500, "Stk")]


def test_h2_a_line_below_the_signature_is_told():
    document = read("500 Stk HB-1001\nViele Grüße\nAnna\n\n100 Stk HB-2003 bitte auch")
    assert [line.sku for line in document.lines] == ["HB-1001"]
    assert failed(document) == ["Every row was read"]


def test_h2_a_postscript_counts():
    text = "500 Stk HB-1001\nViele Grüße\nAnna\nPS: Bitte doch nicht liefern!"
    assert failed(read(text)) == ["The wording is plain"]


def test_h2_nothing_in_a_sentence_that_refuses_becomes_a_line():
    assert lines_of("500 Stk HB-1001\nHB-2003 200 Stk bitte NICHT liefern") == [
        ("HB-1001", "", 500, "Stk")
    ]


def test_h2_a_row_of_a_table_that_is_struck_out_is_told():
    rows = (HEAD, ROW, "               STORNIERT, entfällt ohne Ersatz")
    assert failed(read(page(*rows), format="pdf")) == ["The wording is plain"]


@pytest.mark.parametrize(
    "text", ["500 Stk HB-1001, HB-1002 200 Stk", "Bitte 500 Stk", "HB-1001 wäre gut\nHB-2003 5 Stk"]
)
def test_h2_quantities_and_articles_that_do_not_pair_up_are_told(text):
    assert "Every row was read" in failed(read(text))


def test_h2_arithmetic_proves_an_ambiguous_quantity():
    assert read("HB-1001: 1,000 Stk").lines[0].ambiguous
    row = "Art.-Nr.;Menge;Preis;Betrag\nHB-1001;1,000;2;2,00"
    assert not read(row).lines[0].ambiguous


def test_a_letter_without_an_order_has_no_lines():
    document = read("Guten Tag, wann haben Sie geöffnet? Wir kommen am 24.12. um 10.30 Uhr.")
    assert (document.kind, document.lines) == ("other", ())


def test_another_currency_is_told():
    assert read("500 Stk HB-1001 zu 0.85 USD").currency == "USD"


@pytest.mark.parametrize(
    "piece",
    [
        "1 ",
        "1 Stk ",
        "HB-1001 500 Stk, ",
        HEAD,
        HEAD + "\n" + (ROW + "\n") * 20,
        "               wrapped on\n",
        "Bestell",
        "1.1.",
        "9",
        "Art.-Nr. 1 Stk\n",
        "\n\f",
    ],
)
def test_no_text_makes_reading_slow(piece):
    text = f"{HEAD}\n{piece * (20_000 // len(piece))}"
    for form in ("pdf", "text"):
        with no_explosion():
            read(text, format=form)


def test_a_quantity_and_an_article_number_one_blank_apart_are_two_columns():
    text = (
        "Bestellung BE-1\n\n"
        "      Menge Artikel-Nr.  Bezeichnung                         Preis/100       Gesamt\n"
        "      1.300 HB-1035      Polsterknopf Chesterfield 22 mm         30,60       397,80\n"
    )
    (line,) = read_order(text, format="pdf").lines
    assert (line.quantity, line.sku, line.total) == (1300, "HB-1035", Decimal("397.80"))


def test_a_sentence_may_say_what_the_order_number_is():
    letter = "Please send us 1,200 pieces of HB-1038 (20 mm). Our order number is BE-78-0036."
    document = read_order(letter, format="text", language="en")
    assert (document.number, [line.sku for line in document.lines]) == ("BE-78-0036", ["HB-1038"])


def test_a_polite_salutation_and_a_size_leave_nothing_open():
    letter = "Dear Sir or Madam,\n\nWe order 200 pieces HB-1001 button 11.5 mm\n"
    document = read_order(letter, format="text", language="en")
    assert not [check for check in document.checks if check.state == "failed"]


def test_a_discount_below_its_line_is_taken_off_it():
    page = (
        "Bestellung Nr. 4711\n\n"
        "Pos  Artikel-Nr.  Bezeichnung              Menge  Einzelpreis     Gesamt\n"
        "1    HB-1001      Perlmuttknopf 18 mm        100         2,00     200,00\n"
        "                  abzgl. 5,00 % Rabatt                            -10,00\n"
        "2    HB-1002      Hornknopf 23 mm             10         3,00      30,00\n"
        "                                              Nettosumme          220,00\n"
    )
    document = read(page, format="pdf")
    first, second = document.lines
    assert (first.price, first.total, first.discount) == (Decimal("1.90"), Decimal("190.00"), 5)
    assert (second.price, second.discount) == (Decimal("3.00"), None)
    assert (document.net, document.charges) == (Decimal("220.00"), ())
    assert not failed(document)


def test_a_discount_that_is_no_share_of_the_line_stays_one_on_the_whole():
    page = (
        "Bestellung Nr. 4711\n\n"
        "Pos  Artikel-Nr.  Bezeichnung              Menge  Einzelpreis     Gesamt\n"
        "1    HB-1001      Perlmuttknopf 18 mm        100         2,00     200,00\n"
        "2    HB-1002      Hornknopf 23 mm             10         3,00      30,00\n"
        "                  abzgl. 5,00 % Rabatt                            -11,50\n"
        "                                              Nettosumme          218,50\n"
    )
    document = read(page, format="pdf")
    assert [line.discount for line in document.lines] == [None, None]
    assert [one.amount for one in document.charges] == [Decimal("-11.50")]
    assert not failed(document)


def test_the_conditions_of_a_price_are_no_lines_and_no_sums():
    page = (
        "Bestellung 4500012345\n\n"
        "Pos.    Material      Bezeichnung\n"
        "        Bestellmenge  Einheit      Preis pro Einheit     Nettowert\n"
        "00010   70-1234       Perlmuttknopf 18 mm\n"
        "        250           Stück\n"
        "        Ihre Materialnummer HB-1001\n"
        "        Bruttopreis                 85,00  EUR  100 ST      212,50\n"
        "        Rabatt %                    10,000-  %              21,25-\n"
        "        Nettowert                   76,50  EUR  100 ST      191,25\n"
        "Gesamtnettowert ohne MwSt EUR                               191,25\n"
    )
    (line,) = read(page, format="pdf").lines
    assert (line.sku, line.quantity, line.price) == ("HB-1001", 250, Decimal("0.765"))
    assert (line.total, line.score) == (Decimal("191.25"), 1.0)


def test_a_line_that_lacks_the_sellers_number_among_such_that_have_it_is_less_sure():
    numbers = ("Ihre Art.-Nr.: HB-1001", "Ihre Art.-Nr.: HB-1002", "")
    lines = "".join(
        f"{at}    70-123{at}      Perlmuttknopf 18 mm        100         2,00     200,00\n"
        f"                  {number}\n"
        for at, number in enumerate(numbers, start=1)
    )
    page = (
        "Bestellung Nr. 4711\n\n"
        "Pos  Artikel-Nr.  Bezeichnung              Menge  Einzelpreis     Gesamt\n"
        f"{lines}                                              Nettosumme          600,00\n"
    )
    read_lines = read(page, format="pdf").lines
    assert [line.sku for line in read_lines] == ["HB-1001", "HB-1002", "70-1233"]
    assert [line.score >= 0.9 for line in read_lines] == [True, True, False]


def test_money_under_a_title_nobody_knows_makes_a_line_less_sure():
    page = (
        "Bestellung Nr. 4711\n\n"
        "Artikel-Nr.  Bezeichnung              Menge      Xyzw      Gesamt\n"
        "HB-1001      Perlmuttknopf 18 mm        100      2,50      200,00\n"
        "                                Nettosumme                 200,00\n"
    )
    (line,) = read(page, format="pdf").lines
    assert line.price is None
    assert line.score < 0.9


@pytest.mark.parametrize(
    ("head", "buyer"),
    [
        ("Happy Buttons GmbH\nLieferadresse:\nModehaus Berg KG", "Modehaus Berg KG"),
        ("Modehaus Berg KG\n\nHappy Buttons GmbH", "Modehaus Berg KG"),
        ("Supplier:\nHappy Buttons GmbH\n\nBerg Ltd", "Berg Ltd"),
        ("Besteller: Atelier Nordlicht", "Atelier Nordlicht"),
        ("Lieferant:\nHappy Buttons GmbH", ""),
        ("Happy Buttons GmbH      Modehaus Berg KG", ""),
    ],
)
def test_the_buyer_is_the_company_at_home_on_the_page(head, buyer):
    page = f"{head}\n\nBestellung Nr. 4711\n\nArtikel-Nr.  Menge\nHB-1001      100\n"
    assert read(page, format="pdf").buyer.name == buyer


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Date: 04/12/2026", date(2026, 12, 4)),
        ("Date: 04/12/2026\nShip date: 04/28/2026", date(2026, 4, 12)),
        ("Date: 04/12/2026\nCleveland, OH 44114\nTotal $12.00", date(2026, 4, 12)),
        ("Date: 04/12/2026\nDelivery: 28/12/2026\nTotal $12.00", date(2026, 12, 4)),
    ],
)
def test_the_month_comes_first_where_the_document_shows_it(text, day):
    page = f"Purchase order 4711\n{text}\n"
    assert read(page, format="pdf").date == day
