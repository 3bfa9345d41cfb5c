"""Two people look at the house; a mail comes, and the server goes and comes back."""

import pytest

from tests.browser.mailing import WORK, house_with_hub, write

pytestmark = pytest.mark.browser

FURNISH = """
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from hbu.company import schema
from hbu.management import loading
call_command("migrate", verbosity=0)
loading.load(schema.read(settings.HBU_COMPANY_FILE))
for name in ("clara", "david"):
    get_user_model().objects.create_superuser(name, password="royal")
"""
MAILS_TODAY = "#tile-1 .hb-number"


@pytest.fixture(scope="module")
def watched(tmp_path_factory, migrated):
    with house_with_hub(tmp_path_factory.mktemp("watched"), migrated) as house:
        house.do(FURNISH)
        house.open()
        yield house
        house.close()


@pytest.fixture
def pages(browser, watched):
    """Today, in the browsers of two people."""
    contexts = [browser.new_context(locale="en-GB") for _ in range(2)]
    pages = [context.new_page() for context in contexts]
    for page, name in zip(pages, ("clara", "david"), strict=True):
        page.goto(f"{watched.address}/admin/login/?next=/")
        page.fill("[name=username]", name)
        page.fill("[name=password]", "royal")
        page.press("[name=password]", "Enter")
        page.wait_for_selector("[data-connection=on]", timeout=20000)
        page.evaluate("window.opened = true")
    yield pages
    for context in contexts:
        context.close()


def arrive(house, number, subject):
    text = "Guten Tag,\n\nsind Ihre Knöpfe HB-1001 waschbar?\n\nAnna Kunde"
    write(house, number, f"Anna Kunde <anna@kunde-{number}.example>", subject, text)
    house.do(WORK)


def mails(page):
    return int(page.locator(MAILS_TODAY).inner_text())


def see(page, subject, count):
    page.locator("a[data-dialog]", has_text=subject).wait_for(timeout=30000)
    page.wait_for_function(
        f"Number(document.querySelector('{MAILS_TODAY}').innerText) === {count}", timeout=30000
    )
    assert page.evaluate("window.opened"), "the page was loaded again"


def test_a_mail_by_smtp_appears_on_two_pages_and_the_numbers_move(watched, pages):
    before = [mails(page) for page in pages]
    arrive(watched, 1, "Waschbar?")
    for page, count in zip(pages, before, strict=True):
        see(page, "Waschbar?", count + 1)


def test_g6_a_server_that_was_away_is_found_again_and_what_was_missed_is_shown(watched, pages):
    before = [mails(page) for page in pages]
    watched.close()
    for page in pages:
        page.wait_for_selector("[data-connection=off]", timeout=15000)
    arrive(watched, 2, "Während alles stand")
    watched.open()
    for page, count in zip(pages, before, strict=True):
        page.wait_for_selector("[data-connection=on]", timeout=40000)
        see(page, "Während alles stand", count + 1)
        assert page.locator("a[data-dialog]", has_text="Während alles stand").count() == 1
