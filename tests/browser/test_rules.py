import json

import pytest

pytestmark = pytest.mark.browser


def condition(page):
    return json.loads(page.locator("[name=condition]").input_value())


def test_c5_a_rule_is_put_together_from_words_with_mouse_and_keyboard(house, page):
    page.goto(f"{house.address}/admin/cases/workflowrule/add/")
    page.fill("[name=name]", "Put together")
    page.select_option("[name=trigger]", "created")
    asked, done = page.locator(".hb-cond").nth(0), page.locator(".hb-cond").nth(1)

    asked.locator(".hb-cond-add").first.click()
    asked.locator("[data-at='0']").select_option("kind")
    asked.locator("[data-at='0.op']").select_option("in")
    asked.get_by_label("complaint", exact=True).check()
    asked.locator(".hb-cond-add").nth(-2).click()
    asked.locator("[data-at='1']").select_option("oem")
    page.keyboard.press("Alt+ArrowRight")
    kinds = {"field": "kind", "op": "in", "value": ["order", "complaint"]}
    assert condition(page) == {"all": [kinds, {"any": [{"field": "oem", "op": "true"}]}]}
    page.keyboard.press("Alt+ArrowLeft")
    page.keyboard.press("Alt+ArrowUp")
    assert condition(page) == {"all": [{"field": "oem", "op": "true"}, kinds]}
    said = asked.locator(".hb-cond-said")
    words = 'Customer is an OEM is true and Kind is one of "order", "complaint"'
    assert said.inner_text() == words

    done.locator(".hb-cond-add").click()
    done.locator("[data-at='0']").select_option("tag")
    done.locator(".hb-cond-field input").fill("oem, urgent")
    text = page.locator("[name=actions]")
    done.get_by_role("button", name="As text (JSON)").click()
    written = text.input_value()
    for said_so, is_read in (("nonsense", False), (written, True)):
        text.fill(said_so)
        done.get_by_role("button", name="As words").click()
        assert text.is_hidden() == is_read
        assert done.locator(".hb-act").count() == is_read
    page.click("#try-rule")
    page.get_by_text("Nothing was saved").wait_for()

    page.click("[name=_continue]")
    page.wait_for_url("**/change/")
    # What the script showed is what the house reads.
    assert said.inner_text() == words
    assert page.get_by_text("Put on tags: “oem”, “urgent”").first.is_visible()
    assert page.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
