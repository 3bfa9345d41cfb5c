"""Catalogues that come in as files: good ones, and those that nobody should write unseen."""

import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from shop.importing import cells, table
from shop.models import Movement, Product, Reservation, Stock
from shop.services import importing
from shop.services.stock import Demand, reserve

pytestmark = pytest.mark.django_db
AURORA = "HB-1001"


def sheet(*rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def csv(*rows, encoding="utf-8-sig", separator=";") -> bytes:
    return "\r\n".join(separator.join(row) for row in rows).encode(encoding)


def look(content):
    return importing.look(content, "list.csv")


def wrong(content) -> list[tuple[int, str, str]]:
    plan, _ = look(content)
    assert not plan.may_be_applied
    return [(row.number, one.column, one.message) for row in plan.rows for one in row.problems]


def changes(content):
    plan, _ = look(content)
    return {row.sku: {one.column: one.after for one in row.changes} for row in plan.rows}


def test_a_file_is_shown_first_and_then_written_as_shown(company, clara):
    content = csv(
        ("sku", "price", "category", "name_de", "name_en", "material"),
        (AURORA, "0,40", "premium", "Perlmuttknopf Aurora 11,5 mm", "Aurora mother-of-pearl button 11.5 mm", "Perlmutt"),
        ("HB-2001", "1.5", "standard", "Größenknopf", "Size button", "Ölpapier"),
        ("HB-1002", "0,64", "premium", "Perlmuttknopf Aurora 18 mm", "Aurora mother-of-pearl button 18 mm", "Perlmutt"),
    )  # fmt: skip
    plan, token = look(content)
    assert plan.counts() == {"new": 1, "changed": 1, "unchanged": 1, "wrong": 0}
    assert changes(content)[AURORA] == {"price": "0.4"}
    assert not Product.objects.filter(sku="HB-2001").exists()
    assert importing.apply(token, by=clara) == plan.counts()
    assert Product.objects.get(sku=AURORA).price == Decimal("0.40")
    new = Product.objects.get(sku="HB-2001")
    assert (new.name_de, new.material, new.stock.on_hand) == ("Größenknopf", "Ölpapier", 0)
    event = Event.objects.get(kind="catalogue.imported")
    assert (event.actor, event.data["new"], event.data["changed"]) == (clara, 1, 1)


def test_what_the_file_does_not_name_stays_as_it_is(company, clara):
    before = Product.objects.get(sku=AURORA)
    _, token = look(csv(("sku", "lead_time_days"), (AURORA, "9")))
    importing.apply(token, by=clara)
    after = Product.objects.get(sku=AURORA)
    assert (after.lead_time_days, after.price, after.tax_rate, after.category) == (
        9, before.price, before.tax_rate, before.category,
    )  # fmt: skip
    assert after.tier_prices == before.tier_prices == "2000: 0.361 | 10000: 0.342"


@pytest.mark.parametrize("second", ["catalogue", "twice", "forged"])
def test_nothing_is_written_that_was_not_shown(company, clara, second):
    _, token = look(csv(("sku", "price"), (AURORA, "0,40")))
    if second == "catalogue":
        Product.objects.filter(sku=AURORA).update(price=Decimal("0.39"))
    elif second == "twice":
        importing.apply(token, by=clara)
    else:
        token = token[:-3] + "abc"
    with pytest.raises(importing.CatalogueMoved):
        importing.apply(token, by=clara)
    expected = {"catalogue": "0.39", "twice": "0.40", "forged": "0.38"}[second]
    assert Product.objects.get(sku=AURORA).price == Decimal(expected)


def test_tier_prices_come_along_and_are_taken_away(company, clara):
    _, token = look(
        csv(("sku", "tier_prices"), (AURORA, "500: 0,36 | 5000: 0.34"), ("HB-1002", ""))
    )
    importing.apply(token, by=clara)
    assert Product.objects.get(sku=AURORA).tier_prices == "500: 0.36 | 5000: 0.34"
    assert Product.objects.get(sku="HB-1002").tier_prices == ""


def test_stock_in_a_file_is_a_count_with_its_movement(company, clara):
    _, token = look(csv(("sku", "stock"), (AURORA, "50"), ("HB-1002", "")))
    importing.apply(token, by=clara)
    assert Stock.objects.get(product__sku=AURORA).on_hand == 50
    moved = Movement.objects.get()
    assert (moved.kind, moved.quantity, moved.by) == ("counted", 50 - 60_000, clara)
    reserve([Demand(Product.objects.get(sku=AURORA).pk, 20, "B-1")])
    assert wrong(csv(("sku", "stock"), (AURORA, "19"))) == [
        (2, "stock", "More pieces than that are promised to orders.")
    ]
    assert Reservation.objects.get().quantity == 20


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("price", "cheap", "not a number such as 0.38"),
        ("price", "-1", "not a number such as 0.38"),
        ("price", "1.234,50", "not a number such as 0.38"),
        ("price", "NaN", "not a number such as 0.38"),
        ("price", "1e9", "not a number such as 0.38"),
        ("price", "999999999", "digits before the decimal point"),
        ("price", "0,12345", "decimal places"),
        ("price", "", "is missing"),
        ("tax_rate", "190", "less than or equal to 100"),
        ("pack_size", "0", "greater than or equal to 1"),
        ("pack_size", "1.000", "without separators"),
        ("min_quantity", "99999999999", "beyond all bounds"),
        ("lead_time_days", "70000", "beyond all bounds"),
        ("category", "luxury", "there is none with this code"),
        ("category", "", "there is none with this code"),
        ("family", "luxury", "there is none with this code"),
        ("name_de", "", "cannot be blank"),
        ("name_de", "x" * 121, "at most 120 characters"),
        ("is_active", "perhaps", "neither yes nor no"),
        ("tier_prices", "many: cheap", "not tier prices"),
        ("tier_prices", "500: 0.5", "more pieces must cost less"),
        ("tier_prices", "500: 0.3 | 500: 0.2", "the same quantity twice"),
        ("tier_prices", "0: 0.3", "beyond all bounds"),
        ("name_en", "=1+1", "a formula"),
    ],
)
def test_what_is_wrong_is_told_with_its_row_and_column(company, column, value, why):
    (problem,) = wrong(csv(("sku", column), ("HB-1002", ""), (AURORA, value)))[-1:]
    assert problem[:2] == (3, column)
    assert why in problem[2]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([("HB-1002",), ("HB-1002",)], "the same article number stands above already"),
        ([("hb-1002",)], "there is an article number that differs in capitals only"),
        ([("HB-1002 ",), ("HB-1002",)], "the same article number stands above already"),
        ([("NEW-1",)], "is missing, and the product is new"),
    ],
)
def test_article_numbers_that_would_make_a_mess_are_refused(company, rows, why):
    assert why in {message for *_, message in wrong(csv(("sku",), *rows))}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"\r\n;;\r\n", "empty"),
        (b"a;b\r\n1;2\r\n", "no column for the article number"),
        (b"%PDF-1.4\0\1\2", "neither a CSV file nor a workbook"),
        ("sku;price\r\n".encode("utf-16")[:-1], "letters cannot be read"),
        (b'sku;name_de\r\nHB-1001;"open', "damaged"),
        (b"PK\3\4 no archive", "damaged or protected"),
        (b"sku\r\n" + b"x" * 6_000_000, "too big"),
        (b"sku\r\n" + b"A\r\n" * 10_001, "too many rows"),
        (b"sku;" + b"x;" * 100, "too many columns"),
        (b"sku\r\n" + b"A" * 5_000, "more text than any product"),
    ],
)
def test_files_that_are_no_catalogue_are_refused_in_words(company, content, why):
    with pytest.raises(DomainError, match=why):
        look(content)


def test_a_workbook_that_unpacks_to_a_flood_is_refused(company):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (table.MAX_UNPACKED + 1))
    with pytest.raises(DomainError, match="too big once it is unpacked"):
        look(stream.getvalue())


def test_a_workbook_keeps_its_numbers_and_shows_its_formulas(company):
    content = sheet(
        ("sku", "price", "min_quantity", "is_active", "name_en"),
        (AURORA, 0.1 + 0.2, 400.0, False, "Button"),
        ("HB-1002", "=1+1", 100, True, "Button two"),
    )
    plan, _ = look(content)
    assert {one.column: one.after for one in plan.rows[0].changes} == {
        "price": "0.3", "min_quantity": "400", "is_active": "no", "name_en": "Button",
    }  # fmt: skip
    assert [(one.column, one.message) for one in plan.rows[1].problems] == [
        ("price", "a formula: save the file with its values")
    ]


@pytest.mark.parametrize(
    "content",
    [
        csv(("Artikelnummer", "Material"), (AURORA, "Büffelhorn")),
        csv(("Artikelnummer", "Material"), (AURORA, "Büffelhorn"), encoding="cp1252"),
        csv(("Artikelnummer", "Material"), (AURORA, "Büffelhorn"), encoding="utf-16", separator="\t"),
        csv(("article number", "MATERIAL", "Notiz"), (AURORA, "Büffelhorn", ""), separator=","),
    ],
)  # fmt: skip
def test_files_of_german_spreadsheets_are_read_in_their_encodings(company, content):
    assert changes(content)[AURORA] == {"material": "Büffelhorn"}


def test_columns_that_say_nothing_to_us_are_named(company):
    plan, _ = look(csv(("sku", "Lieferant", "price"), (AURORA, "wir", "0,38")))
    assert list(plan.ignored) == ["Lieferant"]
    assert plan.counts()["unchanged"] == 1


def test_a_guarded_cell_comes_back_as_it_was(company):
    assert changes(csv(("sku", "material"), (AURORA, "'=Gold")))[AURORA] == {"material": "=Gold"}


def test_questions_do_not_grow_with_the_file(company, clara, django_assert_max_num_queries):
    rows = [(one.sku, "30") for one in Product.objects.all()]
    content = csv(("sku", "lead_time_days"), *rows)
    with django_assert_max_num_queries(7):
        _, token = look(content)
    with django_assert_max_num_queries(16):
        importing.apply(token, by=clara)
    assert not Product.objects.exclude(lead_time_days=30).exists()


@pytest.mark.parametrize("text", ["1000: 0.36 | 5000: 0.34", "", "1: 2"])
def test_tier_prices_are_shown_as_they_are_read(text):
    assert cells.shown(cells.steps(text)) == text
