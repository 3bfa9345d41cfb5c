import pytest

pytestmark = pytest.mark.browser

FURNISH = """
from django.contrib.auth import get_user_model
from agents.models import Department
from cases.models import Case
get_user_model().objects.create_superuser("david", password="royal", first_name="David")
orders = Department.objects.get(code="orders")
print(Case.objects.create(number="C-2026-000001", title="Where is it?", department=orders).number)
"""

ASSIGN = """
from django.contrib.auth import get_user_model
from django.db import transaction
from agents.services import people
from cases.models import Case
from hbu.journal.recording import record
with transaction.atomic():
    case = Case.objects.get()
    user = get_user_model().objects.filter(username="{assignee}").first()
    case.assignee = user and people.employ(user)
    case.save()
    record("case.assigned", case)
"""


@pytest.fixture
def davids_page(browser, house):
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(f"{house.address}/admin/login/?next=/inbox/")
    page.fill("[name=username]", "david")
    page.fill("[name=password]", "royal")
    with page.expect_navigation():
        page.press("[name=password]", "Enter")
    yield page
    context.close()


@pytest.fixture(scope="module")
def number(house):
    return house.do(FURNISH)


def test_two_in_one_case_hear_of_each_other(page, number, davids_page, house):
    case = f"{house.address}/cases/{number}/"
    page.goto(case)
    davids_page.goto(case)
    davids_page.wait_for_selector("text=Clara has it open", timeout=15000)
    page.wait_for_selector("text=David has it open", timeout=15000)
    davids_page.keyboard.press("n")
    davids_page.locator("textarea[name=text]:visible").first.press_sequentially("On my way")
    page.wait_for_selector("text=David is writing an answer", timeout=20000)
    davids_page.goto(f"{house.address}/inbox/")
    page.wait_for_selector("[data-others] >> text=David", state="detached", timeout=15000)
    assert page.complaints == []


def test_a_button_that_comes_back_is_no_news(page, number, house):
    page.goto(f"{house.address}/cases/{number}/")
    take = page.locator("[data-part=head] [data-do=take]")
    take.wait_for()
    for assignee, state in (("david", "hidden"), (None, "visible")):
        house.do(ASSIGN.format(assignee=assignee))
        take.wait_for(state=state, timeout=15000)
    assert not page.locator("[data-part=head] .hb-fresh").count()
