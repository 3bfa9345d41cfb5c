import pytest

pytestmark = pytest.mark.browser

COMPANY = """
from django.conf import settings
from hbu.company import schema
from hbu.management import loading
loading.load(schema.read(settings.HBU_COMPANY_FILE))
"""
ORDER = """
from decimal import Decimal
from orders.data import ReadDocument, ReadLine
from orders.services import drafting, placing
from shop.models import Customer
document = ReadDocument(
    kind="order", format="text", number={number!r},
    lines=(
        ReadLine(1, "HB-1001", "", Decimal(150), "Stk", Decimal("0.30")),
        ReadLine(2, "X-77", "Lampenschirm", Decimal(200), "Stk"),
    ),
)
known = Customer.objects.get(number="K-10001")
proposal = drafting.draft([drafting.Request(document, known)])[0]
print(placing.place([placing.Entry(proposal, "mail", "de")])[0].pk)
"""


@pytest.fixture(scope="module", autouse=True)
def company(house):
    house.do(COMPANY)


def press(page, do):
    with page.expect_navigation():
        page.locator(f"button[name=do][value='{do}']").first.click()


@pytest.mark.parametrize("width", [1400, 400])
def test_a_clerk_settles_each_doubt_and_confirms(page, house, width):
    order = house.do(ORDER.format(number=f"PO-{width}"))
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{house.address}/admin/orders/order/{order}/change/")
    page.goto(page.locator("a[href$='/desk/']").first.evaluate("(link) => link.href"))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    first, second = page.locator(".hb-line").all()
    lines = [one.locator("input[name^=quantity-]").get_attribute("name") for one in (first, second)]
    aurora, unknown = (name.rpartition("-")[2] for name in lines)

    press(page, f"price {aurora}")
    press(page, f"quantity {aurora} 200")
    if not page.locator(f"#product-{unknown}").is_visible():
        page.locator(".hb-line").nth(1).locator("summary").click()
    page.fill(f"#product-{unknown}", "HB-1002")
    press(page, f"product {unknown}")
    assert page.locator(".hb-doubt").count() == 0
    assert "0.30" in page.locator(".hb-line").first.inner_text()
    press(page, "confirm")
    assert "is confirmed" in page.locator("body").inner_text()
    state = f"from orders.models import Order; print(Order.objects.get(pk={order}).state)"
    assert house.do(state) == "CONFIRMED"
    assert page.complaints == []
