"""The bell, the list, the settings and the API: everybody's own, and nobody else's."""

import asyncio
import json
from types import SimpleNamespace

import pytest
from asgiref.sync import sync_to_async
from channels.layers import channel_layers
from channels.testing import WebsocketCommunicator
from django.db import transaction

from cases.models import Notice, Notification, NotificationPreference, Quiet
from cases.notices import DEFAULTS
from cases.services import bell, notifying
from hbu.journal import consumers, hub
from hbu.journal.audiences import Listener
from hbu.journal.models import Event
from tests.cases.staffed import case, department

pytestmark = pytest.mark.django_db


@pytest.fixture
def sales(ben):
    return department("sales", ben)


def tell(user, cause="event:1", one=None, kind="rule", **data):
    with transaction.atomic():
        notifying.tell([user], kind, cause=cause, case=one, **({"text": "Look at this"} | data))
    return Notification.objects.latest("pk")


def form(**values):
    rows = {f"mail_{kind}": wish.mail for kind, wish in DEFAULTS.items()}
    return rows | {
        "begins": "19:00", "ends": "06:30", "digest_at": "09:15", "language": "de", **values
    }  # fmt: skip


def test_the_bell_counts_and_lists(client, sales, ben):
    client.force_login(ben)
    tell(ben, one=case(desk=sales))
    page = client.get("/notifications/bell/").text
    assert 'data-bell-unread="1"' in page
    assert "A rule says of C-2025-000001" in page
    assert "Look at this" in page


def test_a_line_leads_to_its_case_and_is_read(client, sales, ben):
    client.force_login(ben)
    row = tell(ben, one=case(desk=sales))
    answer = client.get(f"/notifications/{row.pk}/")
    assert (answer.status_code, answer.url) == (302, "/cases/C-2025-000001/")
    assert bell.unread(ben) == 0


def test_opening_the_page_of_a_case_reads_its_lines(client, sales, clara):
    client.force_login(clara)
    one = case(desk=sales)
    tell(clara, one=one)
    tell(clara, "event:2")
    assert client.get(one.get_absolute_url()).status_code == 200
    assert bell.unread(clara) == 1


def test_f3_what_others_were_told_is_not_there(client, sales, ben, clara, mallory):
    row = tell(clara, text="Secret token 4711")
    client.force_login(ben)
    assert client.get(f"/notifications/{row.pk}/").status_code == 404
    for address in ("/notifications/", "/notifications/bell/", "/api/notifications"):
        assert "4711" not in client.get(address).text
    client.post("/notifications/read/")
    client.post("/api/notifications/read", {"ids": [row.pk]}, content_type="application/json")
    assert bell.unread(clara) == 1
    client.force_login(mallory)
    for address in ("/notifications/", "/notifications/bell/", "/notifications/settings/"):
        assert client.get(address).status_code == 302
    assert client.get("/api/notifications").status_code == 403


def test_what_one_has_not_seen_yet_stays_unread(client, sales, ben):
    client.force_login(ben)
    seen, _newer = tell(ben, "event:1"), tell(ben, "event:2")
    client.post("/notifications/read/", {"up_to": seen.pk})
    assert bell.unread(ben) == 1
    client.post("/notifications/read/")
    assert bell.unread(ben) == 0


def test_the_list_is_filtered_and_paged(client, sales, ben):
    client.force_login(ben)
    for number in range(55):
        tell(ben, f"event:{number}", text=f"Number {number}.")
    tell(ben, "event:x", kind="system", event="mailbox.failing", address="sales@h-bu.de")
    first, second = (client.get(f"/notifications/?page={page}").text for page in (1, 2))
    assert ("Number 54." in first, "Number 0." in first, "Number 0." in second) == (
        True, False, True,
    )  # fmt: skip
    only = client.get("/notifications/?kind=system").text
    assert ("Mailbox cannot be read" in only, "Number 54." in only) == (True, False)
    bell.read_all(ben)
    assert "Nothing fits" in client.get("/notifications/?unread=1").text
    assert client.get("/notifications/?kind=nonsense&page=x").status_code == 200


def test_c6_one_says_how_one_wants_to_hear(client, sales, ben):
    client.force_login(ben)
    assert "no mail address" in client.get("/notifications/settings/").text
    said = form(page_assigned="on", mail_assigned="at_once", mail_mentioned="never")
    assert client.post("/notifications/settings/", said).status_code == 302
    rows = {row.kind: (row.in_page, row.mail) for row in NotificationPreference.objects.all()}
    assert set(rows) == set(Notice.values)
    assert (rows["assigned"], rows["mentioned"]) == ((True, "at_once"), (False, "never"))
    quiet = Quiet.objects.get(user=ben)
    assert (f"{quiet.begins:%H:%M}", quiet.language, quiet.working_days_only) == (
        "19:00", "de", False,
    )  # fmt: skip
    client.post("/notifications/settings/", form())
    assert Quiet.objects.count() == 1
    assert Event.objects.filter(kind="notices.chosen", actor=ben).count() == 2


def test_settings_that_make_no_sense_are_not_kept(client, sales, ben):
    client.force_login(ben)
    page = client.post("/notifications/settings/", form(begins="25:00", mail_task="daily"))
    assert page.status_code == 200
    assert "errorlist" in page.text
    assert not NotificationPreference.objects.exists()


def test_programs_read_the_same_lines(client, sales, ben):
    client.force_login(ben)
    one = case(desk=sales)
    rows = [tell(ben, f"event:{number}", one) for number in range(3)]
    other = tell(ben, "event:x")
    answer = client.get("/api/notifications?unread=true").json()
    assert [(line["id"], line["count"], line["case"]) for line in answer["results"]] == [
        (other.pk, 1, None), (rows[-1].pk, 3, "C-2025-000001"),
    ]  # fmt: skip
    assert answer["results"][1]["url"] == "/cases/C-2025-000001/"
    said = {"ids": [rows[-1].pk]}
    answer = client.post("/api/notifications/read", said, content_type="application/json")
    assert answer.json() == {"unread": 1}
    assert client.get("/api/notifications?kind=rule").json()["count"] == 2
    assert client.get("/api/notifications?kind=nonsense").status_code == 400
    assert client.get("/api/notifications?nonsense=1").status_code == 400
    assert client.get("/api/notifications?unread=perhaps").status_code == 400
    # Whoever misspells it, or names no key there can be, does not mark everything as read.
    for said in ({"id": [1]}, {"ids": [10**30]}, {"ids": "all"}):
        wrong = client.post("/api/notifications/read", said, content_type="application/json")
        assert wrong.status_code == 400, said
    assert client.get("/api/notifications?unread=true").json()["count"] == 1
    answer = client.post("/api/notifications/read", {}, content_type="application/json")
    assert answer.json() == {"unread": 0}


@pytest.fixture
def fresh_layer():
    channel_layers.backends.clear()
    yield
    channel_layers.backends.clear()


@pytest.mark.django_db(transaction=True)
async def test_c6_only_the_one_who_is_told_hears_of_it(fresh_layer, monkeypatch, ben, clara):
    people = {"ben": Listener(ben.pk), "clara": Listener(clara.pk, frozenset(), None)}

    monkeypatch.setattr(consumers, "admitted", lambda key: people[key])
    lines = {}
    for name in people:
        lines[name] = WebsocketCommunicator(consumers.LiveConsumer.as_asgi(), "/ws/notifications")
        lines[name].scope["session"] = SimpleNamespace(session_key=name)
        await lines[name].connect()
        assert json.loads(await lines[name].receive_from(timeout=2))["events"] == []
    async with asyncio.timeout(2):
        while not channel_layers["default"].groups.get(hub.GROUP):
            await asyncio.sleep(0.005)
    await sync_to_async(tell)(ben)
    frame = json.loads(await lines["ben"].receive_from(timeout=2))
    assert frame == {"events": [{"type": "notification", "id": 0}]}
    assert await lines["clara"].receive_nothing(timeout=0.3)
    for line in lines.values():
        await line.disconnect()
