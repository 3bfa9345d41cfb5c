import pytest

pytestmark = pytest.mark.browser

SABINE, PASSWORD = "einkauf@modehaus-berger.example", "royal-buttons-7"
OPEN = f"""
from django.conf import settings
from django.contrib.auth import get_user_model
from hbu.company import schema
from hbu.management import loading
from shop.models import Contact
loading.load(schema.read(settings.HBU_COMPANY_FILE))
contact = Contact.objects.get(email={SABINE!r})
contact.user = get_user_model().objects.create_user({SABINE!r}, {SABINE!r}, password={PASSWORD!r})
contact.save()
"""
AURORA = "/shop/products/HB-1001/"
PAGES = [
    "/shop/", "/shop/products/", "/shop/products/?q=knopf&material=Polyester",
    "/shop/products/?q=perlmutknopff", AURORA, "/shop/cart/", "/shop/login/", "/shop/login/link/",
    "/shop/imprint/",
]  # fmt: skip
ACCOUNT = ["/shop/account/", "/shop/account/addresses/new/", "/shop/account/password/"]
UNLABELLED = """[...document.querySelectorAll("input:not([type=hidden]), select, button, a[href]")]
    .filter((one) => !(one.labels?.length || one.ariaLabel || one.textContent.trim()
        || one.querySelector("img[alt]:not([alt=''])")))
    .map((one) => one.outerHTML)"""
TWICE = """(() => { const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
    return ids.filter((id, at) => ids.indexOf(id) !== at); })()"""


@pytest.fixture(scope="module")
def shop(house):
    house.do(OPEN)
    return house


@pytest.fixture
def visit(browser, shop):
    """Open the shop with a browser of one's own, which must not complain about anything."""
    contexts = []

    def opened(path="/shop/", *, width=1400, language="en", script=True, state=None):
        context = browser.new_context(
            locale={"en": "en-GB", "de": "de-DE"}[language],
            viewport={"width": width, "height": 900},
            java_script_enabled=script,
            storage_state=state,
        )
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda line: line.type == "error" and page.complaints.append(line.text))
        page.on(
            "request",
            lambda one: (
                one.url.startswith((shop.address, "data:"))
                or page.complaints.append(f"asked {one.url}")
            ),
        )
        page.goto(shop.address + path)
        return page

    yield opened
    for context in contexts:
        context.close()


def put_in(page, pieces="200"):
    page.fill("#quantity", pieces)
    page.click("#put-in .btn-gold")
    page.wait_for_selector("#put-in-said .alert")


def sign_in(page, shop):
    page.goto(f"{shop.address}/shop/login/")
    page.fill("[name=email]", SABINE)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/shop/account/")


def badge(page):
    return page.locator("#cart-badge [aria-hidden]").inner_text()


def test_search_and_filters_lead_to_a_product_without_a_new_page(visit):
    page = visit()
    page.fill("#shop-search", "knopf")
    page.press("#shop-search", "Enter")
    page.wait_for_url("**/shop/products/?q=knopf")
    page.evaluate("window.stayed = true")
    page.get_by_label("Premium Collection").check()
    page.wait_for_url("**category=premium**")
    page.get_by_role("link", name="Remove filter: Premium Collection").wait_for()
    assert page.evaluate("document.activeElement.value") == "premium"
    page.select_option("#sort", "-price")
    page.wait_for_url("**sort=-price**")
    page.wait_for_function("document.querySelector('#sort')?.value === '-price'")
    assert page.evaluate("window.stayed") is True
    assert "q=knopf" in page.url
    page.locator(".shop-card h3 a").first.click()
    page.wait_for_selector("#put-in")
    page.go_back()
    page.get_by_role("link", name="Remove filter: Premium Collection").wait_for()
    assert page.complaints == []


def test_a_variant_is_a_link_away(visit):
    page = visit(AURORA)
    page.get_by_role("list", name="Size").get_by_role("link", name="18 mm").click()
    page.wait_for_url("**/HB-1002/")
    assert page.locator(".shop-variants [aria-current]").inner_text() == "18 mm"
    assert page.complaints == []


def test_what_is_put_in_is_counted_and_there_again_in_another_window(visit):
    page = visit(AURORA)
    put_in(page)
    assert badge(page) == "1"
    assert "200 pieces are in your cart" in page.locator("#put-in-said").inner_text()
    put_in(page, "300")
    again = visit("/shop/cart/", state=page.context.storage_state())
    assert again.locator(".shop-line input[name=quantity]").input_value() == "500"
    assert page.complaints == again.complaints == []


def test_a_double_click_puts_it_in_once(visit):
    page = visit(AURORA)
    page.locator("#put-in .btn-gold").dblclick()
    page.wait_for_selector("#put-in-said .alert")
    page.wait_for_load_state("networkidle")
    page.goto(page.url.replace("products/HB-1001", "cart"))
    assert page.locator(".shop-line input[name=quantity]").input_value() == "200"
    assert page.complaints == []


def test_the_cart_changes_in_place(visit, shop):
    page = visit(AURORA)
    put_in(page)
    page.goto(f"{shop.address}/shop/cart/")
    page.fill(".shop-line input[name=quantity]", "950")
    page.press(".shop-line input[name=quantity]", "Tab")
    page.get_by_text("1,000 pieces instead of 950").wait_for()
    assert page.locator(".shop-line input[name=quantity]").input_value() == "1000"
    assert "1,000 pieces more save" in page.locator(".shop-advice").inner_text()
    page.get_by_role("button", name="Remove HB-1001").click()
    page.get_by_text("There is nothing in it yet").wait_for()
    assert page.locator("#cart-badge").inner_text() == ""
    assert page.complaints == []


def test_a_guests_cart_is_merged_at_login_and_stays_with_the_login(visit, shop):
    # Another test may have left something with the login.
    shop.do("from shop.models import Cart; Cart.objects.exclude(user=None).delete()")
    page = visit(AURORA)
    put_in(page)
    sign_in(page, shop)
    assert badge(page) == "1"
    page.goto(f"{shop.address}/shop/cart/")
    assert page.locator(".shop-line-total").inner_text() == "€72.20"
    page.goto(f"{shop.address}/shop/account/")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_text("Your cart waits for you").wait_for()
    assert page.locator("#cart-badge").inner_text() == ""
    other = visit()
    sign_in(other, shop)
    assert badge(other) == "1"
    assert page.complaints == other.complaints == []


def test_everything_works_without_scripts(visit, shop):
    page = visit("/shop/products/?q=HB-1001", script=False)
    page.locator(".shop-card h3 a").first.click()
    page.fill("#quantity", "400")
    page.click("#put-in .btn-gold")
    page.wait_for_url("**/shop/cart/")
    page.fill(".shop-line input[name=quantity]", "600")
    page.get_by_role("button", name="Change").click()
    assert page.locator(".shop-line input[name=quantity]").input_value() == "600"
    page.goto(f"{shop.address}/shop/products/")
    page.get_by_label("Premium Collection").check()
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**category=premium**")
    assert page.get_by_role("link", name="Remove filter: Premium Collection").is_visible()


def test_the_keyboard_alone_reaches_the_cart(visit):
    page = visit(AURORA)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "shop-skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().width") > 50
    page.keyboard.press("Enter")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "quantity":
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_selector("#put-in-said .alert")
    assert badge(page) == "1"
    assert page.complaints == []


def test_the_language_changes_where_one_is(visit):
    page = visit(AURORA, language="en")
    page.get_by_role("button", name="Deutsch").click()
    page.wait_for_selector("html[lang=de]")
    assert page.url.endswith(AURORA)
    assert "0,38" in page.locator(".shop-price").first.inner_text()
    assert page.complaints == []


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("width", [400, 768, 1400, 2560])
def test_every_page_fits_the_screen_has_labels_and_asks_nobody_else(visit, shop, width, language):
    page = visit(AURORA, width=width, language=language)
    put_in(page)
    for path in PAGES:
        look_at(page, shop, path, width)
    sign_in(page, shop)
    for path in [*PAGES, *ACCOUNT]:
        look_at(page, shop, path, width)
    assert page.complaints == []


def look_at(page, shop, path, width):
    page.goto(shop.address + path)
    assert (path, page.evaluate("document.documentElement.scrollWidth")) <= (path, width)
    assert page.evaluate(UNLABELLED) == []
    assert page.evaluate(TWICE) == []
    assert page.locator("h1").count() == 1
