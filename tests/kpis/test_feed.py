from datetime import timedelta

import pytest
from django.utils import timezone

from agents.models import Department
from kpis import feeding
from kpis.feeding import Wanted
from tests.kpis.test_today import allow


@pytest.fixture
def clara_in(client, clara):
    client.force_login(clara)
    return client


@pytest.fixture
def three(receive, department):
    other = Department.objects.create(
        code="sales", name_de="Verkauf", name_en="Sales", address="sales@h-bu.de"
    )
    receive("An order")
    receive("A complaint", kind="complaint", priority="urgent")
    receive("For sales", department=other)


def feed(client, **said):
    return client.get("/today/", {"part": "feed"} | said).content.decode()


def shown(client, **said):
    page = feed(client, **said)
    return [one for one in ("An order", "A complaint", "For sales") if one in page]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, ["An order", "A complaint", "For sales"]),
        ({"department": "sales"}, ["For sales"]),
        ({"kind": "complaint"}, ["A complaint"]),
        ({"priority": "urgent"}, ["A complaint"]),
        ({"department": "orders", "kind": "order"}, ["An order"]),
        ({"department": "sales", "kind": "complaint"}, []),
    ],
)
def test_the_feed_shows_what_its_filters_want(clara_in, three, said, found):
    assert shown(clara_in, **said) == found
    page = clara_in.get("/", said).content.decode()
    assert all(one in page for one in found)


def test_a_filter_stays_in_the_address_of_the_live_refresh_and_in_its_field(clara_in, three):
    page = clara_in.get("/?kind=complaint").content.decode()
    assert 'data-live="/today/?kind=complaint"' in page
    assert '<option value="complaint" selected>' in page
    assert "No mail is like that." in feed(clara_in, department="sales", kind="complaint")


def test_what_the_feed_leads_to_is_narrowed_as_the_feed_is(clara_in, three):
    from django.utils.html import escape

    for said, count in (({"kind": "complaint"}, 1), ({"department": "sales"}, 1), ({}, 3)):
        url = clara_in.get("/", said).context["parts"]["feed"]["content"].url
        assert escape(url) in feed(clara_in, **said)
        assert clara_in.get(url).context["cl"].result_count == count


@pytest.mark.parametrize(
    "said", [{"kind": "poem"}, {"rows": "all"}, {"rows": "-1"}, {"work": "x"}, {"rows": "9" * 30}]
)
def test_what_makes_no_sense_is_left_out(said):
    assert Wanted.read(said) == Wanted()


def test_older_mails_come_when_they_are_asked_for(clara_in, receive):
    now = timezone.now()
    for number in range(feeding.PAGE + 5):
        receive(f"Mail {number:02}", received_at=now - timedelta(minutes=number))
    page = feed(clara_in, kind="order")
    assert page.count("data-mail=") == feeding.PAGE
    assert 'href="/?kind=order&amp;rows=60"' in page
    older = feed(clara_in, kind="order", rows=60)
    assert older.count("data-mail=") == feeding.PAGE + 5
    assert "Older mails" not in older


def test_no_more_rows_are_shown_than_a_page_can_bear():
    assert Wanted.read({"rows": "99999"}).rows == feeding.MOST
    assert Wanted.read({"rows": "99999"}).more == ""


def test_f3_a_filter_names_no_department_that_one_does_not_serve(client, ben, three, department):
    allow(ben, "view_email")
    department.members.add(ben)
    client.force_login(ben)
    page = client.get("/").content.decode()
    assert '<option value="orders">' in page
    assert '<option value="sales">' not in page
    assert "For sales" not in feed(client, department="sales")


def test_the_feed_can_be_paused_and_says_what_is_new(clara_in, three):
    page = feed(clara_in)
    assert "data-pause" in page
    assert "data-fresh hidden" in page
