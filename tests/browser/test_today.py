import pytest

pytestmark = pytest.mark.browser

ARRIVE = """
from emails.models import Email
from agents.models import Department
from django.db import transaction
from hbu.journal.recording import record
with transaction.atomic():
    email = Email.objects.create(
        fingerprint={number:064}, subject={subject!r}, from_name={name!r},
        from_address="anna@amann.example", kind="order", priority="urgent", state="triaged",
        department=Department.objects.get(), text={text!r}, html_safe={html!r},
        reasons=[{{"what": {text!r}, "evidence": {text!r}, "weight": 1}}],
    )
    record("email.triaged", email)
print(email.pk)
"""
HOSTILE = "</script><script>window.__xss=1</script><img src=x onerror=window.__xss=1>\"'"
HTML = '<p style="color: rgb(91, 42, 134)">In colour</p><img src="http://127.0.0.1:1/t.gif">'


def arrive(house, number, subject, *, name="Anna Amann", text="Hello", html=""):
    return house.do(
        ARRIVE.format(number=str(number), subject=subject, name=name, text=text, html=html)
    )


def test_a_new_mail_appears_by_itself_and_opens_in_a_dialog(house, page):
    before = int(page.locator("#tile-1 .hb-number").inner_text())
    arrive(house, 1, "Order 4711", text="500 pieces, please.")

    row = page.locator("a[data-dialog]", has_text="Order 4711")
    row.wait_for(timeout=10000)
    row.click()
    dialog = page.locator("dialog[open]")
    dialog.wait_for()
    assert dialog.get_by_text("500 pieces, please.", exact=True).first.is_visible()
    assert dialog.get_by_text("anna@amann.example").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("dialog[open]").count()
    assert int(page.locator("#tile-1 .hb-number").inner_text()) == before + 1
    assert page.complaints == []


def test_b6_a_hostile_mail_runs_nothing_in_the_feed_and_in_the_dialog(house, page):
    number = arrive(house, 2, HOSTILE, name=HOSTILE, text=HOSTILE, html=HTML)
    page.locator(f"#mail-{number}").click(timeout=10000)
    page.wait_for_selector("dialog[open] iframe")
    page.wait_for_timeout(300)
    frame = page.frame_locator("dialog iframe")
    assert frame.get_by_text("In colour").evaluate("one => getComputedStyle(one).color") == (
        "rgb(91, 42, 134)"
    )
    assert page.evaluate("window.__xss") is None
    assert page.locator("dialog h2").inner_text() == HOSTILE
    assert page.complaints == []


def test_g6_a_page_that_lost_the_line_finds_it_again_and_misses_nothing(house, page):
    house.close()
    page.wait_for_selector("[data-connection=off]", timeout=10000)
    number = arrive(house, 3, "While nobody listened")
    house.open()
    page.wait_for_selector("[data-connection=on]", timeout=30000)
    page.locator(f"#mail-{number}").wait_for(timeout=10000)


def test_who_signed_out_elsewhere_is_told_so(house, page):
    page.context.clear_cookies()
    arrive(house, 4, "Not for strangers")
    page.wait_for_selector("[data-connection=out]", timeout=10000)
    assert not page.get_by_text("Not for strangers").count()


@pytest.mark.parametrize("width", [1400, 400])
def test_the_page_fits_the_screen(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
