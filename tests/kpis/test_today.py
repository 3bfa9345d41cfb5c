from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

HOSTILE = "<script>window.__xss=1</script>\"'><img src=x onerror=window.__xss=1>"


@pytest.fixture
def clara_in(client, clara):
    client.force_login(clara)
    return client


def part(client, *names):
    return client.get("/today/", {"part": names}).content.decode()


def allow(user, *codenames):
    user.user_permissions.add(*Permission.objects.filter(codename__in=codenames))


def value_of(label, html):
    """Return the number shown on the tile with a label."""
    before = html.split(f'<span class="hb-label">{label}</span>')[0]
    return int(before.rpartition('<span class="hb-number">')[2].split("</span>")[0])


def test_strangers_find_the_company_and_a_door_but_no_numbers(client, db, receive):
    receive("Secret order")
    page = client.get("/", follow=True).content.decode()
    assert "Sign in as staff" in page
    assert "Secret order" not in page


def test_someone_without_a_desk_is_not_shown_the_house(client, mallory, receive):
    receive("Secret order")
    client.force_login(mallory)
    assert "Secret order" not in client.get("/", follow=True).content.decode()
    assert client.get("/today/").status_code == 302
    assert client.get("/mails/1/").status_code == 302


def test_the_page_of_a_fresh_house_says_so_in_words(clara_in):
    page = clara_in.get("/").content.decode()
    assert "No mail yet. The first one appears here by itself." in page
    assert "Nothing waits for you." in page
    assert "No orders yet." in page
    assert "No mailbox is watched." in page


def test_the_page_is_in_the_admins_shell_under_its_policy(clara_in):
    answer = clara_in.get("/")
    assert 'id="nav-sidebar"' in answer.content.decode()
    scripts = next(
        one for one in answer["Content-Security-Policy"].split("; ") if one.startswith("script-src")
    )
    assert "unsafe-inline" not in scripts


def test_the_newest_mail_stands_on_top_of_the_feed(clara_in, receive):
    receive("Older", received_at=timezone.now() - timedelta(hours=1))
    receive("Newer")
    feed = part(clara_in, "feed")
    assert feed.index("Newer") < feed.index("Older")


def test_a_mail_that_was_not_read_yet_is_counted_and_not_listed(clara_in, receive):
    receive("Not parsed", state="received")
    feed = part(clara_in, "feed")
    assert "Not parsed" not in feed
    assert "1 on its way" in feed


def test_the_feed_tells_what_became_of_the_answer(clara_in, receive, write_letter):
    write_letter(answers=receive())
    assert "answer sent" in " ".join(part(clara_in, "feed").split())


def test_b6_hostile_names_and_subjects_are_shown_as_text(clara_in, receive):
    receive(HOSTILE, from_name=HOSTILE, state="quarantined", error=HOSTILE)
    page = clara_in.get("/today/").content.decode()
    assert "<script>window" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;window" in page


def test_the_tiles_count_the_rows(
    clara_in, receive, open_case, write_letter, make_order, department
):
    from cases.models import Task

    now = timezone.now()
    write_letter(answers=receive())
    receive(state="quarantined")
    receive(received_at=now - timedelta(days=2))
    write_letter(state="draft")
    write_letter(state="failed")
    make_order()
    late = open_case(status="in_progress", standing="breached")
    open_case(standing="at_risk")
    open_case(status="awaiting_customer", standing="paused")
    open_case(status="closed", standing="breached")
    Task.objects.create(number="T-1", case=late, title="Look", department=department)

    page = part(clara_in, "tiles")
    assert value_of("Mails today", page) == 2
    assert value_of("Answered by itself", page) == 1
    assert value_of("Orders to check", page) == 1
    assert value_of("Tasks open", page) == 1
    assert value_of("Letters waiting", page) == 2
    assert value_of("In quarantine", page) == 1
    assert value_of("SLA at risk", page) == 2
    assert "1 already late" in page


def test_a_letter_that_came_back_waits_for_a_person(clara_in, write_letter):
    write_letter(
        state="bounced", subject="Came back", reason="The mail could not be delivered: 5.1.1"
    )
    assert value_of("Letters waiting", part(clara_in, "tiles")) == 1
    assert "Came back" in part(clara_in, "waiting")


def test_an_answer_that_a_person_released_did_not_happen_by_itself(
    clara_in, clara, receive, write_letter
):
    write_letter(answers=receive(), approved_by=clara)
    assert value_of("Answered by itself", part(clara_in, "tiles")) == 0


def test_the_number_of_mails_answered_by_itself_opens_exactly_those(
    clara_in, clara, receive, open_case, write_letter, department
):
    from cases.models import Task
    from kpis import tiles

    write_letter(answers=receive())
    write_letter(answers=receive(received_at=timezone.now() - timedelta(days=2)))
    write_letter(subject="Your parcel is on its way")
    asked = receive()
    write_letter(answers=asked)
    Task.objects.create(number="T-1", case=open_case(asked), title="Look", department=department)
    tile = next(
        one for one in tiles.tiles(clara, timezone.now()) if one.label == "Answered by itself"
    )
    assert tile.value == clara_in.get(tile.url).context["cl"].result_count == 1


def test_every_number_opens_its_rows(clara_in, receive, open_case, write_letter, make_order):
    receive(state="quarantined")
    make_order()
    open_case(resolution_due_at=timezone.now())
    page = clara_in.get("/today/").content.decode()
    addresses = {
        piece.split('"')[0].replace("&amp;", "&") for piece in page.split('href="/admin/')[1:]
    }
    assert len(addresses) > 10
    for address in addresses:
        assert clara_in.get(f"/admin/{address}").status_code == 200, address


def test_what_waits_for_a_person_is_listed_oldest_first(
    clara_in, receive, open_case, write_letter, make_order, department
):
    from cases.models import Task

    now = timezone.now()
    Task.objects.create(
        number="T-4", case=open_case(), title="Fourth", department=department, created_at=now
    )
    write_letter(state="uncertain", subject="Third", created_at=now - timedelta(minutes=1))
    receive("Second", state="quarantined", received_at=now - timedelta(minutes=2))
    first = make_order(
        created_at=now - timedelta(minutes=3), doubts=[{"what": "The sum differs", "evidence": "3"}]
    )
    page = part(clara_in, "waiting")
    places = [page.index(word) for word in (first.number, "Second", "Third", "Fourth")]
    assert places == sorted(places)
    assert "The sum differs: 3" in page


def test_departments_count_mails_of_today_and_open_cases(clara_in, receive, open_case):
    receive()
    receive(received_at=timezone.now() - timedelta(days=2))
    open_case()
    open_case(status="closed")
    page = part(clara_in, "departments")
    assert 'value="1"' in page
    assert "1 open case<" in page


def test_a_failing_mailbox_says_since_when_and_why(clara_in, department):
    from emails.models import Mailbox

    Mailbox.objects.create(
        address="orders@h-bu.de",
        department=department,
        host="localhost",
        username="orders",
        failing_since=timezone.now() - timedelta(minutes=9),
        last_error="The server refuses the password.",
    )
    page = part(clara_in, "mailboxes")
    assert "failing for 9\xa0minutes: The server refuses the password." in page


def test_staff_see_the_parts_they_have_rights_for(client, ben, receive, make_order, department):
    receive("Secret order", state="quarantined")
    order = make_order()
    client.force_login(ben)
    page = client.get("/today/").content.decode()
    assert "Secret order" not in page
    assert order.number not in page

    allow(ben, "view_email")
    assert "Secret order" not in client.get("/today/").content.decode()
    department.members.add(ben)
    page = client.get("/today/").content.decode()
    assert "Secret order" in page
    assert order.number not in page
    assert 'data-part="orders"' not in page


def test_only_the_parts_that_were_asked_for_are_read(clara_in, receive):
    page = part(clara_in, "feed", "nonsense")
    assert 'data-part="feed"' in page
    assert page.count("data-part=") == 1


def test_the_number_of_queries_does_not_grow_with_the_mails(
    clara_in, receive, open_case, write_letter, make_order, department
):
    from cases.models import Task

    def grow(number):
        for _ in range(number):
            write_letter(state="draft", answers=receive(state="quarantined"))
            Task.objects.create(
                number=f"T-{uuid4()}"[:30],
                case=open_case(receive()),
                title="Look",
                department=department,
            )
            make_order()

    def queries():
        with CaptureQueriesContext(connection) as found:
            clara_in.get("/today/")
        return len(found)

    grow(5)
    few = queries()
    grow(45)
    assert queries() == few
    assert few <= 28


def test_the_error_page_needs_neither_rows_nor_a_request():
    page = render_to_string("500.html")
    assert "Something went wrong" in page
