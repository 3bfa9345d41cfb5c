import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

HOSTILE = "<script>window.__xss=1</script>\"'><img src=x onerror=window.__xss=1>"
DIALOG = {"HX-Request": "true"}


@pytest.fixture
def clara_in(client, clara):
    client.force_login(clara)
    return client


def show(client, email):
    answer = client.get(f"/mails/{email.pk}/", headers=DIALOG)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_dialog_shows_the_facts_and_what_belongs_to_the_mail(
    clara_in, receive, open_case, write_letter, make_order
):
    email = receive("Order 4711")
    write_letter(answers=email, subject="Your order 4711")
    case, order = open_case(email), make_order()
    case.orders.add(order)
    page = show(clara_in, email)
    for words in ("anna@amann.example", "Order desk", case.number, order.number, "Your order 4711"):
        assert words in page
    assert "Dear buttons, 500 pieces, please." in page


def test_the_dialog_says_why_it_was_decided_so(clara_in, receive):
    email = receive(
        reasons=[{"what": "A word of orders", "evidence": "Bestellung", "weight": 2.0}],
        trace=[
            {"rule": "Orders", "version": 3, "hit": True, "applied": {"department": "orders"}},
            {"rule": "Never hit", "version": 1, "hit": False, "applied": {}},
        ],
    )
    page = show(clara_in, email)
    assert "A word of orders: <q>Bestellung</q>" in page
    assert "department: orders" in page
    assert "Never hit" not in page


def test_a_link_to_a_mail_is_a_page_of_its_own_without_the_dialog(clara_in, receive):
    answer = clara_in.get(f"/mails/{receive().pk}/")
    assert 'id="nav-sidebar"' in answer.content.decode()
    assert "HX-Request" in answer["Vary"]


def test_b6_a_hostile_mail_is_shown_as_text(clara_in, receive):
    email = receive(
        HOSTILE,
        from_name=HOSTILE,
        from_address=HOSTILE,
        reply_to=HOSTILE,
        text=HOSTILE,
        error=HOSTILE,
        must_not_answer=HOSTILE,
        reasons=[{"what": HOSTILE, "evidence": HOSTILE, "weight": 1}],
        trace=[{"rule": HOSTILE, "version": 1, "hit": True, "applied": {"sla": HOSTILE}}],
    )
    email.attachments.create(filename=HOSTILE, content_type="text/html", size=1, sha256="0" * 64)
    page = show(clara_in, email)
    assert "<script" not in page
    assert "<img" not in page


def test_b6_html_of_a_mail_stays_in_a_frame_without_scripts(clara_in, receive):
    email = receive(html_safe='<b>Dear</b><script>window.__xss=1</script>"><img src=x onerror=y>')
    page = show(clara_in, email)
    frame = page.split("<iframe")[1].split("</iframe>")[0]
    assert 'sandbox=""' in frame
    assert "default-src &#x27;none&#x27;" in frame
    assert "&lt;b&gt;Dear&lt;/b&gt;" in frame
    assert "script" not in frame.replace("allow-scripts", "")
    assert "onerror" not in frame


def test_staff_without_the_right_to_read_mail_are_refused(client, ben, receive):
    email = receive()
    client.force_login(ben)
    assert client.get(f"/mails/{email.pk}/", headers=DIALOG).status_code == 403
    ben.user_permissions.add(Permission.objects.get(codename="view_email"))
    assert client.get(f"/mails/{email.pk}/", headers=DIALOG).status_code == 404
    email.department.members.add(ben)
    assert client.get(f"/mails/{email.pk}/", headers=DIALOG).status_code == 200


def test_a_mail_that_is_not_there_is_a_page_of_ours(clara_in, db):
    answer = clara_in.get("/mails/4711/")
    assert answer.status_code == 404
    assert "come loose" in answer.content.decode()


def test_the_number_of_queries_does_not_grow_with_what_belongs_to_it(
    clara_in, receive, open_case, write_letter, make_order
):
    email = receive()
    case = open_case(email)

    def grow(number):
        for place in range(number):
            write_letter(answers=email)
            case.orders.add(make_order())
            email.attachments.create(
                filename=f"{place}.pdf", content_type="x/y", size=1, sha256="0"
            )

    def queries():
        with CaptureQueriesContext(connection) as found:
            show(clara_in, email)
        return len(found)

    grow(1)
    few = queries()
    grow(9)
    assert queries() == few
