"""No word that a clerk types is lost: not by the line, the session, a colleague or a wrong key."""

import pytest

pytestmark = pytest.mark.browser

FURNISH = """
from django.conf import settings
from django.contrib.auth import get_user_model
from agents.models import Agent
from hbu.company import schema
from hbu.management import loading
loading.load(schema.read(settings.HBU_COMPANY_FILE))
Agent.objects.create(user=get_user_model().objects.get(username="clara"), name="Clara", kind="human")
"""
ENTER = """
from django.contrib.auth import get_user_model
from agents.models import Department
from cases.services import entering
desk, clara = Department.objects.get(code="info"), get_user_model().objects.get(username="clara")
for title in {titles!r}:
    print(entering.enter(entering.NewCase(title=title, department=desk), by=clara).number)
"""
TITLES = ("line", "ways", "leaving", "one", "two", "choice", "task", "focus")
MERGE = """
from django.contrib.auth import get_user_model
from cases.models import Case
from cases.services import regrouping
case, into = (Case.objects.get(number=number) for number in {numbers!r})
regrouping.merge_cases(case, into, by=get_user_model().objects.get(username="clara"))
"""
DRAFT = """
from cases.models import ReplyDraft
print(*ReplyDraft.objects.filter(case__title="line").values_list("text", flat=True))
"""
TEXT = (
    "Dear Ms Summer,\n\nthank you for your question. We send you the data sheet by Friday.\n\n"
    "Kind regards\n\nClara"
)


@pytest.fixture(scope="module")
def numbers(house):
    """The numbers of the cases, by their titles."""
    said = house.do(FURNISH + ENTER.format(titles=TITLES))
    return dict(zip(TITLES, said.split(), strict=True))


def begin(page, house, number):
    page.goto(f"{house.address}/cases/{number}/")
    page.keyboard.press("l")
    page.fill("#letter-to", "anna@summer.example")
    page.fill("[data-letter-text]", TEXT)


def send(page, says):
    page.click("[data-send][value='']")
    page.wait_for_selector(f"[data-toast]:visible:has-text('{says}')", timeout=15000)


def test_a_letter_outlives_the_line_and_the_session_and_leaves_in_the_end(page, house, numbers):
    begin(page, house, numbers["line"])
    page.context.set_offline(True)
    send(page, "The line is down")
    page.context.set_offline(False)
    cookies = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    send(page, "You are signed out")
    assert page.input_value("[data-letter-text]") == TEXT
    page.context.add_cookies(cookies)
    page.once("dialog", lambda dialog: dialog.accept())
    send(page, "leaves in")
    assert page.locator("[data-letter-form]").count() == 0
    page.wait_for_selector("[data-undo-letter]", timeout=15000)
    assert house.do(DRAFT) == ""


def test_what_was_written_goes_along_to_another_way_to_write(page, house, numbers):
    begin(page, house, numbers["ways"])
    page.locator("[data-compose=forward]").first.click()
    page.wait_for_function("!document.querySelector('#letter-to').value", timeout=15000)
    assert page.input_value("[data-letter-text]") == TEXT
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.click("[data-discard]")
    assert page.input_value("[data-letter-text]") == TEXT


def test_the_last_words_before_leaving_are_there_again(page, house, numbers):
    number = numbers["leaving"]
    begin(page, house, number)
    page.goto(f"{house.address}/inbox/")
    page.wait_for_timeout(1000)
    page.goto(f"{house.address}/cases/{number}/")
    assert page.input_value("[data-letter-text]") == TEXT


def test_a_letter_goes_along_when_a_colleague_puts_the_case_into_another_one(page, house, numbers):
    one, two = numbers["one"], numbers["two"]
    begin(page, house, one)
    house.do(MERGE.format(numbers=(one, two)))
    page.wait_for_selector(f".hb-desk-head .hb-warning:has-text('{two}')", timeout=15000)
    with page.expect_navigation(url=f"**/cases/{two}/"):
        page.click("[data-send][value='']")
    assert page.input_value("[data-letter-text]") == TEXT


def test_arrows_walk_through_a_choice_and_enter_makes_it(page, house, numbers):
    page.goto(f"{house.address}/cases/{numbers['choice']}/")
    posts = []
    page.on("request", lambda request: request.url.endswith("/do/") and posts.append(request.url))
    page.focus("select[data-do=priority]")
    page.keyboard.press("ArrowUp")
    page.wait_for_timeout(500)
    assert posts == []
    page.keyboard.press("Enter")
    page.wait_for_selector(".hb-desk-marks .hb-pill-high", timeout=15000)
    assert len(posts) == 1


def test_a_half_written_task_outlives_what_colleagues_do(page, house, numbers):
    number = numbers["task"]
    page.goto(f"{house.address}/cases/{number}/")
    page.click("#add-task summary")
    page.fill("#add-task [name=value]", "Send samples")
    page.focus("#add-task select")
    page.evaluate("document.querySelector('[data-do=take]').click()")
    page.wait_for_selector("[data-do=take]", state="detached", timeout=15000)
    assert page.input_value("#add-task [name=value]") == "Send samples"
    page.locator("#add-task button").dblclick()
    page.wait_for_selector(".hb-tasks li:has-text('Send samples')", timeout=15000)
    page.wait_for_timeout(1500)
    assert page.locator(".hb-tasks li:has-text('Send samples')").count() == 1


def test_the_row_that_one_stands_on_keeps_the_focus_when_the_list_is_new(page, house, numbers):
    number = numbers["focus"]
    page.goto(f"{house.address}/inbox/?view=open")
    page.locator("[data-row]", has_text=number).locator("a").focus()
    house.do(ENTER.format(titles=["Another one"]))
    page.wait_for_selector("[data-row]:has-text('Another one')", timeout=15000)
    assert number in page.evaluate("document.activeElement.innerText")
