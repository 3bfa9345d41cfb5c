"""The shop from the catalogue to the confirmation, as people use it."""

import re

import pytest

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1400, "height": 900}}
GUEST = {
    "name": "Ida Vogel", "company": "Knopf & Faden", "email": "ida@knopf-faden.example",
    "street": "Am Markt 3", "postcode": "50667", "city": "Köln",
}  # fmt: skip

OPEN_SHOP = """
from django.conf import settings
from django.contrib.auth import get_user_model
from hbu.company import schema
from hbu.management import loading
from shop.models import Contact
loading.load(schema.read(settings.HBU_COMPANY_FILE))
login = get_user_model().objects.create_user("sabine", password="royal-buttons")
Contact.objects.filter(email="einkauf@modehaus-berger.example").update(user=login)
"""


@pytest.fixture(scope="module")
def shop(house):
    house.do(OPEN_SHOP)
    return house


@pytest.fixture
def visit(browser, shop):
    """Open the shop in a browser that must not complain about anything."""
    opened = []

    def open_shop(language, **device):
        context = browser.new_context(locale=language, base_url=shop.address, **device)
        page = context.new_page()
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda line: line.type == "error" and page.complaints.append(line.text))
        opened.append(context)
        return page

    yield open_shop
    for context in opened:
        context.close()


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def check_out(page, **said):
    for name, value in said.items():
        page.fill(f"main [name={name}]", value)
    go_on(page)
    for _step in ("delivery", "payment"):
        assert fits(page)
        go_on(page)
    page.wait_for_url("**/shop/checkout/review/")
    assert fits(page)


def go_on(page):
    page.click("main form button.btn-primary")


def test_a_guest_buys_on_a_phone_in_german(visit):
    page = visit("de-DE", **PHONE)
    page.goto("/shop/products/HB-1001/")
    page.click("main form[action$='/cart/add/'] button:not([type=button])")
    page.wait_for_selector("#cart-badge:has-text('1')")
    page.goto("/shop/cart/")
    page.click("a[href='/shop/checkout/']")
    check_out(page, **GUEST)
    page.click("main form button.btn-gold")
    page.wait_for_url("**/shop/checkout/placed/**")
    assert fits(page)
    number = page.inner_text(".order-number")
    assert re.fullmatch(r"B-\d{4}-\d+", number)
    page.click("main a[href*='/shop/orders/']")
    assert number in page.inner_text("h1")
    assert fits(page)
    assert page.complaints == []


def test_a_pasted_list_is_put_right_and_ordered_on_a_desktop_in_english(visit):
    page = visit("en-GB", **DESKTOP)
    page.goto("/shop/quick-order/")
    page.fill("#text", "HB-1001 200\n200 pcs Perlmuttknopf Aurora\nHB-9999 5")
    page.click("main form:has(#text) button")
    page.click("button[name=choose] >> nth=0")
    page.check("[name=line-3-drop]")
    page.click(".shop-actions button:has-text('Check again')")
    page.click("button[value=checkout]")
    check_out(page, **GUEST)
    assert "We keep these pieces for you until" in page.inner_text("main")
    page.dblclick("main form button.btn-gold")
    page.wait_for_url("**/shop/checkout/placed/**")
    number = page.inner_text(".order-number")
    page.goto("/shop/orders/")
    page.fill("#number", number)
    page.fill("#email", GUEST["email"])
    page.click("main form button")
    assert "Confirmed" in page.inner_text("[aria-current=step]")
    assert page.complaints == []


def test_the_back_button_harms_nothing(visit):
    page = visit("en-GB", **DESKTOP)
    page.goto("/shop/quick-order/")
    page.fill("#text", "HB-1001 200")
    page.click("main form:has(#text) button")
    page.click("button[value=checkout]")
    check_out(page, **GUEST)
    page.go_back()
    page.go_back()
    page.go_forward()
    page.goto("/shop/checkout/review/")
    page.click("main form button.btn-gold")
    page.wait_for_url("**/shop/checkout/placed/**")
    number = page.inner_text(".order-number")
    page.go_back()
    page.goto(page.url)
    assert "/shop/cart/" in page.url
    page.goto("/shop/orders/")
    assert number not in page.content()


def test_a_customer_signs_in_and_orders_the_same_again(visit):
    page = visit("en-GB", **DESKTOP)
    page.goto("/shop/login/?next=/shop/quick-order/")
    page.fill("main [name=email]", "einkauf@modehaus-berger.example")
    page.fill("main [name=password]", "royal-buttons")
    page.press("main [name=password]", "Enter")
    page.wait_for_url("**/shop/quick-order/")
    page.fill("#text", "HB-1001 200")
    page.click("main form:has(#text) button")
    page.click("button[value=checkout]")
    check_out(page)
    page.click("main form button.btn-gold")
    page.wait_for_url("**/shop/checkout/placed/**")
    number = page.inner_text(".order-number")
    page.goto("/shop/account/orders/")
    page.click(f"a:has-text('{number}')")
    page.click("button:has-text('Order the same again')")
    page.wait_for_url("**/shop/cart/")
    assert "HB-1001" in page.inner_text("#cart")
    assert page.complaints == []
