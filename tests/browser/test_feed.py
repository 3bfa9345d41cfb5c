"""The live feed as somebody reads it: narrowed, paused, and further back."""

import pytest

from tests.browser.test_today import arrive

pytestmark = pytest.mark.browser


def test_a_filter_stays_after_a_reload_and_holds_for_what_comes_in(house, page):
    arrive(house, 21, "Wanted")
    page.locator("[data-mail]", has_text="Wanted").wait_for(timeout=15000)
    page.select_option("[data-filters] [name=kind]", "complaint")
    page.locator("[data-mail]", has_text="Wanted").wait_for(state="detached", timeout=15000)
    assert page.url.endswith("/?kind=complaint")
    page.reload()
    assert page.input_value("[data-filters] [name=kind]") == "complaint"
    assert not page.locator("[data-mail]").count()
    page.locator("a[data-narrow]", has_text="Show all").click()
    page.locator("[data-mail]", has_text="Wanted").wait_for(timeout=15000)
    assert page.complaints == []


def test_a_paused_feed_counts_what_is_new_and_shows_it_on_demand(house, page):
    page.click("[data-pause]")
    assert page.get_attribute("[data-pause]", "aria-pressed") == "true"
    arrive(house, 22, "While paused")
    bar = page.locator("[data-part=feed] [data-fresh]")
    bar.wait_for(timeout=15000)
    assert bar.inner_text().startswith("1")
    assert not page.locator("[data-mail]", has_text="While paused").count()
    bar.click()
    assert page.locator("[data-mail]", has_text="While paused").is_visible()
    assert page.get_attribute("[data-pause]", "aria-pressed") == "true"
    page.click("[data-pause]")
    arrive(house, 23, "Going on")
    page.locator("[data-mail]", has_text="Going on").wait_for(timeout=15000)
