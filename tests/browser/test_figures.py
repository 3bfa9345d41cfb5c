"""The figures move while one looks at them (row E11, promise G1)."""

import pytest

pytestmark = pytest.mark.browser

OPEN = """
from agents.models import Department
from cases.models import Case
from kpis.services import rollup
Case.objects.create(number={number!r}, title="Buttons", department=Department.objects.get())
rollup.keep_up()
"""
BACKLOG = ".hb-kpi:has(a[href^='/kpis/backlog/'])"


def test_g1_a_figure_moves_without_a_reload_and_opens_its_rows(house, page):
    page.goto(f"{house.address}/kpis/")
    page.get_by_text("Nothing has happened in this time yet.").wait_for()
    page.wait_for_selector("[data-connection=on]", timeout=15000)
    page.evaluate("window.still = true")
    house.do(OPEN.format(number="C-1"))
    page.locator(BACKLOG).get_by_text("1", exact=True).wait_for(timeout=20000)
    assert page.evaluate("window.still")

    page.locator(BACKLOG).get_by_role("link", name="1 open cases").click()
    page.get_by_text("C-1").first.wait_for()
    assert page.complaints == []


def test_g1_the_page_of_a_figure_is_drawn_anew(house, page):
    page.goto(f"{house.address}/kpis/backlog/?days=7")
    canvas = page.locator("canvas[data-chart]")
    canvas.wait_for()
    page.wait_for_selector("[data-connection=on]", timeout=15000)
    before = canvas.get_attribute("data-chart")
    house.do(OPEN.format(number="C-2"))
    page.wait_for_function(
        "said => document.querySelector('canvas[data-chart]').dataset.chart !== said",
        arg=before,
        timeout=20000,
    )
    drawn = "Chart.getChart(document.querySelector('canvas[data-chart]')).data.datasets[0].data"
    assert page.evaluate(drawn)[-1] == page.evaluate(
        "JSON.parse(document.querySelector('canvas[data-chart]').dataset.chart).series[0].values.at(-1)"
    )
    page.locator("#hb-course summary").click()
    assert page.locator("#hb-course tbody tr").count() == 7
    assert page.complaints == []


def test_the_chosen_time_and_department_stay_in_the_address(house, page):
    page.goto(f"{house.address}/kpis/")
    page.get_by_role("link", name="90 days").click()
    page.get_by_label("Department").select_option("orders")
    page.wait_for_url("**/kpis/?days=90&department=orders")
    assert page.locator(".hb-lengths [aria-current]").inner_text() == "90 days"
    assert page.complaints == []
