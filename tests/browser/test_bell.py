import pytest

pytestmark = pytest.mark.browser

TELL = """
from django.contrib.auth import get_user_model
from django.db import transaction
from agents.models import Department
from cases.models import Case
from cases.services import notifying
case, _ = Case.objects.get_or_create(
    number="C-2025-000001",
    defaults={{"title": "Five hundred buttons", "department": Department.objects.get()}},
)
with transaction.atomic():
    notifying.tell(
        [get_user_model().objects.get(username="clara")], "mentioned", cause="event:{number}",
        case=case, by="Ben", text={text!r},
    )
"""
HOSTILE = "</span><script>window.__xss=1</script><img src=x onerror=window.__xss=1>\"'"


@pytest.fixture(autouse=True)
def _nothing_told_yet(house):
    house.do("from cases.models import Notification; Notification.objects.all().delete()")


def tell(house, number, text):
    house.do(TELL.format(number=number, text=text))


def test_c6_the_bell_rings_without_a_reload(house, page):
    count = page.locator("[data-bell-count]")
    assert not count.is_visible()
    tell(house, 1, "Please have a look")
    # Long before the bell would ask by itself.
    count.wait_for(state="visible", timeout=10000)
    assert count.inner_text() == "1"

    page.locator("[data-bell-button]").focus()
    page.keyboard.press("Enter")
    line = page.locator("[data-bell-panel] a", has_text="Please have a look")
    line.wait_for()
    assert "Ben mentions you in C-2025-000001" in line.inner_text()
    page.keyboard.press("Escape")
    assert not line.is_visible()

    tell(house, 2, HOSTILE)
    page.wait_for_function("document.querySelector('[data-bell-count]').textContent === '2'")
    assert "Ben mentions you" in page.locator("[data-bell-said]").inner_text()
    assert page.evaluate("window.__xss") is None

    page.locator("[data-bell-button]").click()
    page.get_by_role("button", name="Mark all as read").click()
    count.wait_for(state="hidden")
    assert page.complaints == []


def test_another_window_counts_anew_and_shares_the_line(house, page):
    other = page.context.new_page()
    other.goto(f"{house.address}/notifications/")
    tell(house, 3, "For both windows")
    for one in (page, other):
        one.wait_for_function("document.querySelector('[data-bell-count]').textContent === '1'")
    other.locator("[data-bell-button]").click()
    other.locator("[data-bell-panel]").get_by_role("button", name="Mark all as read").click()
    page.locator("[data-bell-count]").wait_for(state="hidden", timeout=10000)
    assert page.complaints == []


@pytest.mark.parametrize("address", ["/notifications/", "/notifications/settings/"])
@pytest.mark.parametrize("width", [1400, 400])
def test_the_pages_fit_the_screen(house, page, address, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{house.address}{address}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("[data-bell-button]").click()
    box = page.locator("[data-bell-panel]").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert page.complaints == []
