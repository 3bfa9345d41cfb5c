from itertools import count

import pytest

pytestmark = pytest.mark.browser
NUMBERS = count(1)

CREW = """
from django.contrib.auth import get_user_model
from agents.models import Agent, Department
desk = Department.objects.get(code="orders")
for name in ("Anna", "Otto"):
    user = get_user_model().objects.create_user(name, first_name=name, is_staff=True)
    desk.members.add(user)
    Agent.objects.update_or_create(user=user, defaults=dict(name=name, kind="human"))
bot = get_user_model().objects.create_user("bot")
agent = Agent.objects.create(name="SalesAgent", kind="software", role="sales", user=bot)
agent.departments.add(desk)
"""
CASE = """
from agents.models import Agent, Department
from cases.models import Case
desk = Department.objects.get(code="orders")
Case.objects.create(number={number!r}, title="Buttons", department=desk)
"""
WHOSE = """
from cases.models import Case
print(Case.objects.get(number={number!r}).assignee)
"""
GIVE = """
from agents.models import Agent
from cases.models import Case
from cases.services import assigning
to = Agent.objects.get(name={name!r})
assigning.assign(Case.objects.get(number={number!r}), assignee=to, by=None)
"""


@pytest.fixture(scope="module", autouse=True)
def crew(house):
    house.do(CREW)


@pytest.fixture
def case(house):
    number = f"C-{next(NUMBERS)}"
    house.do(CASE.format(number=number))
    return number


def lane(page, name):
    return page.locator(".hb-lane").filter(has=page.get_by_role("heading", name=name))


def card(page, number):
    return page.locator(f"[data-case='{number}']")


def open_teams(page, house):
    page.goto(f"{house.address}/teams/")
    page.wait_for_selector("[data-connection=on]")


def middle(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page, number, to):
    source = card(page, number)
    source.scroll_into_view_if_needed()
    page.mouse.move(*middle(source))
    page.mouse.down()
    page.mouse.move(*middle(to), steps=8)
    page.mouse.up()


def test_a_case_is_dragged_to_a_colleague(page, house, case):
    page.set_viewport_size({"width": 1400, "height": 900})
    open_teams(page, house)
    drag(page, case, lane(page, "Anna"))
    page.get_by_text(f"{case} is given to Anna.").wait_for()
    lane(page, "Anna").locator(f"[data-case='{case}']").wait_for()
    assert page.url.endswith("/teams/")
    assert house.do(WHOSE.format(number=case)) == "Anna"
    assert page.complaints == []


def test_escape_leaves_a_dragged_case_where_it_was(page, house, case):
    open_teams(page, house)
    page.mouse.move(*middle(card(page, case)))
    page.mouse.down()
    page.mouse.move(*middle(lane(page, "Otto")), steps=5)
    page.keyboard.press("Escape")
    assert page.locator(".hb-ghost").count() == 0
    page.mouse.up()
    assert house.do(WHOSE.format(number=case)) == "None"


def test_a_case_is_given_by_keyboard_alone(page, house, case):
    open_teams(page, house)
    page.focus(f"#handle-{case}")
    page.keyboard.press("Enter")
    pointed = page.locator("[role=option][aria-selected=true]")
    assert "nobody" in pointed.inner_text()
    page.keyboard.press("ArrowUp")
    assert "Otto" in pointed.inner_text()
    page.keyboard.press("Home")
    page.keyboard.press("o")
    assert "Otto" in pointed.inner_text()
    page.keyboard.press("Enter")
    page.get_by_text(f"{case} is given to Otto.").wait_for()
    lane(page, "Otto").locator(f"[data-case='{case}']").wait_for()
    assert page.evaluate("document.activeElement.id") == f"handle-{case}"
    assert house.do(WHOSE.format(number=case)) == "Otto"
    assert page.complaints == []


def test_escape_closes_the_list_and_gives_nothing(page, house, case):
    open_teams(page, house)
    page.focus(f"#handle-{case}")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert not page.locator("[data-giving]").is_visible()
    assert house.do(WHOSE.format(number=case)) == "None"


def test_whoever_was_faster_is_not_overruled_and_that_is_told(page, house, case):
    open_teams(page, house)
    page.focus(f"#handle-{case}")
    page.keyboard.press("Enter")
    house.do(GIVE.format(number=case, name="Anna"))
    page.keyboard.press("o")
    page.keyboard.press("Enter")
    page.locator("[data-toast].hb-refused").wait_for()
    assert "meanwhile" in page.locator("[data-toast]").inner_text()
    assert house.do(WHOSE.format(number=case)) == "Anna"


def test_what_colleagues_do_shows_without_reload(page, house, case):
    open_teams(page, house)
    house.do(GIVE.format(number=case, name="Anna"))
    lane(page, "Anna").locator(f"[data-case='{case}']").wait_for()


def test_a_finger_drags_by_the_handle(browser, house, case):
    context = browser.new_context(
        locale="en-GB", has_touch=True, viewport={"width": 400, "height": 1200}
    )
    page = context.new_page()
    page.goto(f"{house.address}/admin/login/?next=/teams/")
    page.fill("[name=username]", "clara")
    page.fill("[name=password]", "royal")
    page.press("[name=password]", "Enter")
    page.wait_for_selector("[data-connection=on]")
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    handle = page.locator(f"#handle-{case}")
    handle.scroll_into_view_if_needed()
    line = context.new_cdp_session(page)

    def touch(kind, *points):
        line.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]},
        )

    (x, y), (end_x, end_y) = middle(handle), middle(lane(page, "Anna"))
    touch("touchStart", (x, y))
    touch("touchMove", ((x + end_x) / 2, (y + end_y) / 2))
    touch("touchMove", (end_x, end_y))
    touch("touchEnd")
    page.get_by_text(f"{case} is given to Anna.").wait_for()
    assert house.do(WHOSE.format(number=case)) == "Anna"
    context.close()


def test_an_agent_is_paused_on_its_page_after_a_question(page, house):
    page.goto(f"{house.address}/agents/")
    page.wait_for_selector("[data-connection=on]")
    page.get_by_role("button", name="Pause").click()
    asked = page.locator("[data-asking]")
    assert "goes on waiting" in asked.inner_text()
    asked.get_by_role("button", name="Cancel").click()
    assert page.locator(".hb-stand-working").count() == 1
    page.get_by_role("button", name="Pause").click()
    with page.expect_navigation():
        asked.get_by_role("button", name="Pause").click()
    assert page.locator(".hb-stand-paused").count() == 1
    start = "from agents.models import Agent; from agents.services import running; "
    user = (
        "from django.contrib.auth.models import User; clara = User.objects.get(username='clara'); "
    )
    house.do(start + user + "running.start(Agent.objects.get(name='SalesAgent'), by=clara)")
    page.wait_for_selector(".hb-stand-working")
    assert page.complaints == []
