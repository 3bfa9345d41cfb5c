import pytest

pytestmark = pytest.mark.browser

RULE = """
from agents.models import Department
from emails.models import RoutingRule
from emails.services import rules
words = [f"a rather long word number {number}" for number in range(12)]
rules.save(RoutingRule(
    name="Fairs", note="What people write to us before and after the fairs of a year.", position=1,
    condition={"field": "subject", "op": "contains_any", "value": words},
    department=Department.objects.get(),
), by=None)
"""
CUT_OFF = """[...document.querySelectorAll("#result_list .data-row > *")]
    .filter((cell) => cell.scrollHeight > cell.clientHeight + 1)
    .map((cell) => cell.className.split(" ")[0])"""


def test_a_phone_shows_the_whole_of_each_cell(house, page):
    house.do(RULE)
    page.set_viewport_size({"width": 400, "height": 900})
    page.goto(f"{house.address}/admin/emails/routingrule/")
    assert page.get_by_text("a rather long word number 11").is_visible()
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    assert page.complaints == []
