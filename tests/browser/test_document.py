import pytest

pytestmark = pytest.mark.browser

FILE = """
from django.conf import settings
from hbu.lib import blobs
from orders.data import Party, ReadDocument, ReadLine, Source
from orders.services import filing
from tests.orders.papers import german_order
from decimal import Decimal
line = ReadLine(
    1, "HB-1001", {name!r}, Decimal(1000), "Stk", Decimal("0.85"), Decimal(850),
    source=Source("HB-1001", 1, (0.1, 0.8, 0.9, 0.83), score=0.6), score=0.6,
)
read = ReadDocument(
    kind="order", format="pdf", number="B-2026-118", lines=(line,),
    sources={{"number": Source("B-2026-118", 1, (0.1, 0.2, 0.3, 0.22))}},
)
digest = blobs.put(settings.BLOBS_DIR, german_order())
print(filing.file([filing.Paper(read, "Bestellung.pdf", digest)])[0].pk)
"""
HOSTILE = "</script><script>window.__xss=1</script><img src=x onerror=window.__xss=1>\"'"


@pytest.fixture(scope="module")
def document(house):
    return house.do(FILE.format(name=HOSTILE))


@pytest.fixture
def opened(page, house, document):
    page.goto(f"{house.address}/admin/orders/document/{document}/change/")
    page.wait_for_function("document.querySelector('.hb-sheet img')?.naturalWidth > 500")
    return page


def lit(page):
    return page.evaluate("[...document.querySelectorAll('.hb-on')].map((one) => one.dataset.mark)")


def test_a_field_and_its_place_show_each_other(opened):
    opened.focus("[name=number]")
    assert lit(opened) == ["number", "number"]
    opened.click("a[data-mark='lines.0']")
    assert lit(opened) == ["lines.0", "lines.0"]
    assert opened.evaluate("document.activeElement.name") == "lines.0.sku"
    assert opened.evaluate("window.__xss") is None
    assert opened.complaints == []


def test_only_what_was_changed_is_sent(opened):
    save = opened.get_by_role("button", name="Save corrections")
    assert save.is_disabled()
    opened.fill("[name='lines.0.quantity']", "1200")
    with opened.expect_request("**/correct/") as sent:
        save.click()
    posted = sent.value.post_data
    assert "lines.0.quantity=1200" in posted
    assert "lines.0.price" not in posted
    opened.get_by_text("1 field corrected.").wait_for()
    assert opened.input_value("[name='lines.0.quantity']") == "1200"
    assert opened.complaints == []


@pytest.mark.parametrize("width", [1400, 400])
def test_the_page_fits_the_screen(opened, width):
    opened.set_viewport_size({"width": width, "height": 900})
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
