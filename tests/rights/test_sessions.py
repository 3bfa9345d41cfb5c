"""How long staff stay signed in, and how it ends (promise F7)."""

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from agents.lasting import UNASKED
from agents.models import Session
from hbu.journal.consumers import admitted
from hbu.journal.models import Event
from hbu.tasks import forget_sessions
from tests.house.test_settings import GOOD
from tests.rights import table

pytestmark = pytest.mark.django_db
BELL, PAGE = "/notifications/bell/", "/notifications/"
NAME = settings.SESSION_COOKIE_NAME


@pytest.fixture
def limits(settings):
    settings.HBU_STAFF_SESSION_HOURS, settings.HBU_STAFF_IDLE_MINUTES = 8, 30


@pytest.fixture
def clerk(world):
    """Read anew: what a test does to the row is taken back, what it does to the object is not."""
    return User.objects.get(pk=world.people["clerk"].pk)


def browser(user):
    client = Client()
    client.force_login(user)
    return client


def let_in(client, page=PAGE):
    return client.get(page).status_code == 200


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield lambda **time: traveller.shift(timedelta(**time))


def test_f7_who_does_nothing_for_half_an_hour_is_signed_out(limits, clerk, clock):
    client = browser(clerk)
    for _ in range(3):
        clock(minutes=29)
        assert let_in(client)
    clock(minutes=31)
    assert not let_in(client)
    assert admitted(client.cookies[NAME].value) is None


def test_f7_what_an_open_page_asks_by_itself_keeps_nobody_signed_in(limits, clerk, clock):
    client = browser(clerk)
    for _ in range(2):
        clock(minutes=14)
        assert let_in(client, BELL)
        assert let_in(client, "/inbox/parts/")
    clock(minutes=3)
    assert not let_in(client, BELL)


def test_f7_what_counts_as_asked_by_a_page_is_there():
    assert table.TABLE.keys() >= UNASKED


def test_f7_after_eight_hours_one_signs_in_again(limits, clerk, clock):
    client = browser(clerk)
    for _ in range(19):
        clock(minutes=25)
        assert let_in(client)
    clock(minutes=6)
    assert not let_in(client)


def test_f7_a_screen_may_show_the_house_for_days(settings, clerk, clock):
    settings.HBU_STAFF_SESSION_HOURS = settings.HBU_STAFF_IDLE_MINUTES = 0
    client = browser(clerk)
    clock(days=6)
    assert let_in(client)


def test_f7_limits_that_come_later_hold_for_who_is_signed_in(settings, clerk, clock):
    client = browser(clerk)
    settings.HBU_STAFF_IDLE_MINUTES = 30
    assert let_in(client)
    clock(minutes=31)
    assert not let_in(client)


def test_f7_customers_stay_as_long_as_the_shop_lets_them(limits, world, clock):
    client = browser(world.customers[0])
    clock(hours=9)
    assert let_in(client, "/shop/account/")


def test_f7_a_login_changes_the_key_of_the_session(clerk):
    clerk.set_password("buttons and more")
    clerk.save()
    client = Client()
    client.get("/admin/login/")
    planted = client.session
    planted["x"] = 1
    planted.save()
    client.cookies[NAME] = planted.session_key
    client.post("/admin/login/", {"username": clerk.username, "password": "buttons and more"})
    assert client.cookies[NAME].value != planted.session_key
    assert let_in(client)
    thief = Client()
    thief.cookies[NAME] = planted.session_key
    assert not let_in(thief)


def test_f7_another_password_ends_the_other_sessions_and_not_this_one(clerk):
    clerk.set_password("buttons and more")
    clerk.save()
    here, there = browser(clerk), browser(clerk)
    before = here.cookies[NAME].value
    new = {"new_password1": "royal buttons 21", "new_password2": "royal buttons 21"}
    here.post("/admin/password_change/", {"old_password": "buttons and more", **new})
    assert here.cookies[NAME].value != before
    assert let_in(here)
    assert not let_in(there)


def saved(user, **said):
    """What the page of a user sends, with other words in it."""
    form = {
        "username": user.username, "first_name": "", "last_name": "", "email": "", "is_active": "on",
        "is_staff": "on", "groups": list(user.groups.values_list("pk", flat=True)),
        "date_joined_0": "2026-01-01", "date_joined_1": "08:00:00",
        "Department_members-TOTAL_FORMS": 0, "Department_members-INITIAL_FORMS": 0,
    } | said  # fmt: skip
    return {name: value for name, value in form.items() if value is not None}


@pytest.mark.parametrize("said", [{"groups": []}, {"is_staff": None}, {"is_active": None}])
def test_f7_other_rights_end_the_sessions_of_the_person(world, clerk, said):
    admin, clerks, others = (
        browser(world.people["admin"]),
        browser(clerk),
        browser(world.other_clerk),
    )
    page = f"/admin/auth/user/{clerk.pk}/change/"
    assert admin.post(page, saved(clerk, email="c@h-bu.de")).status_code == 302
    assert let_in(clerks)
    assert admin.post(page, saved(clerk, **said)).status_code == 302
    assert not Session.objects.filter(user_key=clerk.pk).exists()
    assert not let_in(clerks)
    assert let_in(others)
    assert let_in(admin)


def test_f7_who_changes_the_own_rights_goes_on_under_a_new_key(world):
    person = world.people["admin"]
    here, there = browser(person), browser(person)
    before = here.cookies[NAME].value
    groups = [*person.groups.values_list("pk", flat=True), Group.objects.get(name="lead").pk]
    here.post(f"/admin/auth/user/{person.pk}/change/", saved(person, groups=groups))
    assert here.cookies[NAME].value != before
    assert let_in(here)
    assert not let_in(there)
    assert not Session.objects.filter(pk=before).exists()


def test_f7_everywhere_signs_out_here_and_there_and_nobody_else(clerk, world):
    here, there, others = browser(clerk), browser(clerk), browser(world.other_clerk)
    assert let_in(here, "/sign-out/everywhere/")
    assert let_in(there)
    assert here.post("/sign-out/everywhere/").url == "/admin/"
    assert not let_in(here)
    assert not let_in(there)
    assert let_in(others)
    event = Event.objects.get(kind="login.ended_everywhere")
    assert (event.actor_id, event.subject_id, event.data["count"]) == (clerk.pk, clerk.pk, 1)


def test_f7_an_administrator_signs_somebody_out(world, clerk):
    person = world.people["admin"]
    admin, clerks = browser(person), browser(clerk)
    admin.post(f"/admin/auth/user/{clerk.pk}/do/sign-out/")
    assert not let_in(clerks)
    admin.post(f"/admin/auth/user/{person.pk}/do/sign-out/")
    assert let_in(admin)
    lead = browser(world.people["lead"])
    assert lead.post(f"/admin/auth/user/{person.pk}/do/sign-out/").status_code in (403, 404)


def test_f7_sessions_that_are_over_are_forgotten(clerk, clock):
    browser(clerk)
    clock(days=15)
    browser(clerk)
    forget_sessions()
    assert Session.objects.count() == 1


def test_f7_cookies_of_production_are_for_this_host_over_tls_and_for_no_script():
    names = [
        "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY",
        "SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SECURE", "HBU_STAFF_SESSION_HOURS",
        "HBU_STAFF_IDLE_MINUTES",
    ]  # fmt: skip
    code = f"import json, hbu.settings as s; print(json.dumps([getattr(s, n) for n in {names}]))"
    around = {name: os.environ[name] for name in ("PATH", "HBU_DATA_DIR")}
    ran = subprocess.run(
        [sys.executable, "-c", code], env=around | GOOD, cwd=settings.BASE_DIR,
        capture_output=True, check=True,
    )  # fmt: skip
    assert json.loads(ran.stdout) == ["__Host-sessionid", True, True, "Lax", True, 8, 30]


def test_f7_no_script_reads_the_cookie(clerk):
    client = browser(clerk)
    client.get("/admin/login/")
    client.logout()
    clerk.set_password("buttons and more")
    clerk.save()
    client.post("/admin/login/", {"username": clerk.username, "password": "buttons and more"})
    cookie = client.cookies[NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
