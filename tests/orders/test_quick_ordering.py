import io

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from orders import pasting
from orders.models import Order
from shop.models import Alias, Cart, Contact, Customer, Product, Stock
from tests.orders import books

AURORA = books.AURORA


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("HB-1001 200", ("HB-1001", "", 200)),
        ("200 x HB-1001", ("HB-1001", "", 200)),
        ("200x HB-1001", ("HB-1001", "", 200)),
        ("HB-1001 x 200", ("HB-1001", "", 200)),
        ("HB-1001\t200", ("HB-1001", "", 200)),
        ("HB-1001;200", ("HB-1001", "", 200)),
        ("HB-1001: 200 Stk.", ("HB-1001", "", 200)),
        ("- 200 HB-1001", ("HB-1001", "", 200)),
        ("1. HB-1001 200", ("HB-1001", "", 200)),
        ("1\tHB-1001\tPerlmuttknopf\t200\t0,64", ("HB-1001", "", 200)),
        ("HB-1001\t1.000", ("HB-1001", "", 1000)),
        ("HB-1001\t200,00", ("HB-1001", "", 200)),
        ("4711 200", ("4711", "", 200)),
        ("200 Stk. Perlmuttknopf Aurora 18 mm", ("", "Perlmuttknopf Aurora 18 mm", 200)),
    ],
)
def test_lines_are_read_as_people_write_them(written, read):
    (line,) = pasting.read(written).document.lines
    assert (line.sku, line.name, line.quantity) == read


@pytest.mark.parametrize(
    "written", ["HB-1001 -1", "HB-1001 0.5", "HB-1001 NaN", "hallo 7,5 x", "0 x HB-1"]
)
def test_what_is_no_line_is_handed_back(written):
    found = pasting.read(f"HB-1002 100\n{written}")
    assert ([line.sku for line in found.document.lines], found.unread) == (["HB-1002"], (written,))


def test_headings_of_a_pasted_sheet_are_no_lines():
    found = pasting.read("Artikel\tMenge\nHB-1001\t200")
    assert (len(found.document.lines), found.unread) == (1, ())


@pytest.fixture
def shop(company):
    cache.clear()
    return Client(headers={"Accept-Language": "en"})


@pytest.fixture
def berger(company, django_user_model):
    cache.clear()
    login = django_user_model.objects.create_user("sabine")
    customer = Customer.objects.get(number=books.BERGER)
    Contact.objects.create(customer=customer, last_name="B", email="b@b.example", user=login)
    browser = Client(headers={"Accept-Language": "en"})
    browser.force_login(login)
    browser.customer = customer
    return browser


def paste(browser, text):
    return browser.post("/shop/quick-order/", {"text": text})


def send(browser, name, data):
    return browser.post("/shop/quick-order/", {"file": SimpleUploadedFile(name, data)})


def rows(answer):
    return [
        (row.sku, row.quantity, [one.code for one in row.doubts]) for row in answer.context["rows"]
    ]


def corrected(answer, **changed):
    said = {}
    for row in answer.context["rows"]:
        said |= {
            f"line-{row.number}-sku": row.sku,
            f"line-{row.number}-name": row.line.read.name,
            f"line-{row.number}-quantity": row.quantity,
        }
    return said | changed


@pytest.mark.django_db
def test_pasted_lines_are_checked_like_an_order_document(shop):
    answer = paste(shop, f"{AURORA} 200\nHB-9999 100\n{AURORA} 7\nhallo")
    assert rows(answer)[0] == (AURORA, "200", [])
    assert rows(answer)[1][2] == ["unknown_article"]
    assert set(rows(answer)[2][2]) == {"min_quantity", "pack_size"}
    assert answer.context["checked"].unread == ("hallo",)
    assert not answer.context["checked"].orderable
    assert not Cart.objects.exists()


@pytest.mark.django_db
def test_own_article_numbers_of_a_customer_are_known(berger):
    Alias.objects.create(
        customer=berger.customer, sku="MB-77", product=Product.objects.get(sku=AURORA)
    )
    answer = paste(berger, "MB-77 200")
    assert rows(answer) == [(AURORA, "200", [])]


@pytest.mark.django_db
def test_a_better_quantity_and_a_candidate_are_one_click_away(shop):
    answer = paste(shop, f"{AURORA} 7\n200 Stk. Perlmuttknopf Aurora")
    first, second = answer.context["rows"]
    assert first.better
    better = corrected(answer, better=f"1:{first.better}")
    answer = shop.post("/shop/quick-order/check/", better)
    assert rows(answer)[0] == (AURORA, str(first.better), [])
    sku = second.candidates[0][0] if second.candidates else AURORA
    answer = shop.post("/shop/quick-order/check/", corrected(answer, choose=f"2:{sku}"))
    assert rows(answer)[1][0] == sku
    assert answer.context["checked"].orderable


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("then", "to"),
    [("cart", "/shop/cart/"), ("checkout", "/shop/checkout/"), ("quotation", "/shop/quotations/")],
)
def test_good_lines_go_on(shop, then, to):
    answer = paste(shop, f"{AURORA} 200")
    answer = shop.post("/shop/quick-order/check/", corrected(answer, then=then))
    assert answer["Location"] == to
    assert Cart.objects.get().lines.get().quantity == 200


@pytest.mark.django_db
@pytest.mark.parametrize("quantity", ["-1", "1e9", "0.5", "NaN", "99999999", "", "٣"])
def test_o6_tampered_lines_go_nowhere(shop, quantity):
    said = {"line-1-sku": AURORA, "line-1-quantity": quantity, "then": "cart", "line-1-price": "0"}
    assert shop.post("/shop/quick-order/check/", said).status_code == 422
    assert not Cart.objects.exists()


@pytest.mark.django_db
def test_more_than_there_is_is_told_with_what_is_left(shop):
    Stock.objects.filter(product__sku=AURORA).update(on_hand=250, reserved=0)
    (row,) = paste(shop, f"{AURORA} 400").context["rows"]
    assert [one.code for one in row.doubts] == ["stock"]
    assert 0 < row.better <= 250


def sheet():
    book, kept = Workbook(), io.BytesIO()
    for row in (["Artikelnummer", "Bezeichnung", "Menge"], [AURORA, "Perlmuttknopf Aurora", 200]):
        book.active.append(row)
    book.save(kept)
    return kept.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("list.csv", f"Artikelnummer;Menge\n{AURORA};200\n".encode()),
        ("bare.csv", f"{AURORA};200\n".encode()),
        ("list.txt", f"{AURORA} 200\n".encode()),
        ("list.xlsx", None),
    ],
)
def test_a_list_is_read_as_an_attachment_is(shop, name, data):
    answer = send(shop, name, data or sheet())
    assert answer.status_code == 200, answer.content.decode()[-3000:]
    assert [(row.sku, row.quantity) for row in answer.context["rows"]] == [(AURORA, "200")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "data", "status"),
    [
        ("list.exe", b"MZ", 415),
        ("list.html", b"<p>HB-1001 200", 415),
        ("list.pdf", b"%PDF-1.7 broken", 422),
        ("list.xlsx", b"PK\x03\x04 broken", 422),
        ("list.csv", b"", 422),
        ("list.csv", b"x" * 5_000_001, 413),
    ],
)
def test_what_cannot_be_read_says_why(shop, name, data, status):
    answer = send(shop, name, data)
    # An empty file is no upload for a browser; then there is nothing pasted either.
    assert answer.status_code == status
    assert answer.context["error"]
    assert not Order.objects.exists()
