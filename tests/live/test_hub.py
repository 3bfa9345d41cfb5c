import asyncio
import json
from types import SimpleNamespace

import pytest
from channels.layers import channel_layers
from channels.testing import WebsocketCommunicator
from django.conf import settings

from hbu.journal import consumers, hub, live, resuming
from hbu.journal.audiences import PERMISSIONS, Listener
from hbu.journal.consumers import NOT_ALLOWED, TOO_SLOW, LiveConsumer

EVERYTHING = frozenset(PERMISSIONS.values())
CLARA = Listener(1, EVERYTHING, None)
TO_ALL = {"may": "emails.view_email", "in": None, "users": []}


@pytest.fixture(autouse=True)
def quiet_layer():
    """In-memory layers belong to one event loop, as does each test."""
    channel_layers.backends.clear()
    yield
    channel_layers.backends.clear()


@pytest.fixture
def journal(monkeypatch):
    """What the journal knows, without a database."""
    journal = SimpleNamespace(lately=[], since=[])
    monkeypatch.setattr(resuming, "newest", lambda: 4)
    monkeypatch.setattr(resuming, "lately", lambda _now, _heard: journal.lately)
    monkeypatch.setattr(resuming, "since", lambda _number: journal.since)
    return journal


@pytest.fixture
async def call(monkeypatch, journal):
    """Open a socket as somebody; all are hung up at the end. Who that is stands in no database."""
    lines = []
    people = {}

    def admitted(key):
        return people.get(key)

    monkeypatch.setattr(consumers, "admitted", admitted)

    async def call(listener, since="", types=None):
        key = str(len(lines))
        people[key] = listener
        line = WebsocketCommunicator(LiveConsumer.as_asgi(types=types), f"/live?since={since}")
        line.scope["session"] = SimpleNamespace(session_key=key)
        line.people, line.key = people, key
        await line.connect()
        lines.append(line)
        if listener:
            line.first = json.loads(await line.receive_from(timeout=2))
        return line

    yield call
    for line in lines:
        await line.disconnect()


async def subscribed():
    """Wait until the hub hears the layer."""
    layer = channel_layers["default"]
    async with asyncio.timeout(2):
        while not layer.groups.get(hub.GROUP):
            await asyncio.sleep(0.005)
    return layer


def event(number, **more):
    return {"type": "new_email", "id": number, "event": number, "to": TO_ALL} | more


async def tell(layer, *ids, type="new_email"):
    events = [event(number, type=type) for number in ids]
    await layer.group_send(hub.GROUP, {"type": "live.events", "events": events})


async def ids(line):
    frame = json.loads(await line.receive_from(timeout=2))
    return [event["id"] for event in frame["events"]]


async def test_g4_who_is_not_staff_is_hung_up_on(call):
    line = await call(None)
    assert await line.receive_output(timeout=2) == {
        "type": "websocket.close",
        "code": NOT_ALLOWED,
    }
    assert not hub.hub._lines


@pytest.mark.parametrize("origin", [b"https://mallory.example", b"null", b"", None])
async def test_g4_a_page_of_somebody_else_gets_no_socket(origin):
    from hbu.asgi import application

    foreign = [(b"host", b"localhost"), *([(b"origin", origin)] if origin is not None else [])]
    line = WebsocketCommunicator(application, "/live", headers=foreign)
    connected, _code = await line.connect()
    assert not connected


async def test_staff_hear_of_events_by_kind_and_number_alone(call):
    line = await call(CLARA)
    layer = await subscribed()
    told = event(12, kind="email.triaged", subject="Order 4711")
    await layer.group_send(hub.GROUP, {"type": "live.events", "events": [told]})
    assert json.loads(await line.receive_from(timeout=2)) == {
        "events": [{"type": "new_email", "id": 12, "kind": "email.triaged", "event": 12}]
    }


@pytest.mark.parametrize("text", ["disconnect", "__init__", '{"type":"live.events"}', "PING"])
async def test_g5_whatever_else_is_said_gets_one_answer(call, text):
    line = await call(CLARA)
    await line.send_to(text_data=text)
    assert json.loads(await line.receive_from(timeout=2)) == {"error": "unknown"}


async def test_g5_bytes_are_not_understood_either(call):
    line = await call(CLARA)
    await line.send_to(bytes_data=b"\x00ping")
    assert json.loads(await line.receive_from(timeout=2)) == {"error": "unknown"}


async def test_a_ping_is_answered(call):
    line = await call(CLARA)
    await line.send_to(text_data="ping")
    assert json.loads(await line.receive_from(timeout=2)) == {"pong": True}


async def test_two_sockets_share_one_subscription(call):
    first, second = await call(CLARA), await call(CLARA)
    layer = await subscribed()
    assert len(layer.groups[hub.GROUP]) == 1
    await tell(layer, 7)
    assert await ids(first) == await ids(second) == [7]


async def test_the_last_one_to_leave_ends_the_subscription(call):
    line = await call(CLARA)
    layer = await subscribed()
    await line.disconnect()
    async with asyncio.timeout(2):
        while layer.groups.get(hub.GROUP):
            await asyncio.sleep(0.005)
    assert not hub.hub._tasks


async def test_a_burst_becomes_a_few_frames_and_loses_nothing(call):
    line = await call(CLARA)
    layer = await subscribed()
    for number in range(60):
        await tell(layer, number)
    heard, frames = [], 0
    while len(heard) < 60:
        heard += await ids(line)
        frames += 1
    assert heard == list(range(60))
    assert frames <= hub.AT_ONCE + 5


async def test_g3_a_slow_reader_is_dropped_and_others_are_served(call):
    slow = hub.hub.join(Listener(9, EVERYTHING, None))
    line = await call(CLARA)
    layer = await subscribed()
    for number in range(hub.PATIENCE + 1):
        hub.hub._fan_out([event(number)])
        assert await ids(line) == [number]
    assert slow not in hub.hub._lines
    assert slow.queue.get_nowait() is None
    await tell(layer, 4711)
    assert await ids(line) == [4711]


async def test_g3_the_socket_of_a_slow_reader_is_closed_so_that_it_starts_afresh(call):
    line = await call(CLARA)
    await subscribed()
    (held,) = hub.hub._lines
    for number in range(hub.PATIENCE + 1):
        hub.hub._fan_out([event(number)])
    assert held not in hub.hub._lines
    assert await line.receive_output(timeout=2) == {"type": "websocket.close", "code": TOO_SLOW}


async def test_g6_a_subscription_that_broke_is_taken_up_again(call, caplog, monkeypatch):
    tries = []

    async def broken(self):
        tries.append(1)
        if len(tries) == 1:
            raise ConnectionError("the broker is away")
        await subscribe(self)

    subscribe = hub.Hub._subscribe
    monkeypatch.setattr(hub.Hub, "_subscribe", broken)
    line = await call(CLARA)
    await tell(await subscribed(), 5)
    assert await ids(line) == [5]
    assert "lost its subscription" in caplog.text


async def test_events_that_no_page_needs_are_not_told(call):
    line = await call(CLARA)
    await subscribed()
    events = [
        SimpleNamespace(pk=1, kind="email.taken_in", subject_type="emails.email", subject_id=1),
        SimpleNamespace(pk=2, kind="order.created", subject_type="orders.order", subject_id=2),
    ]
    await asyncio.to_thread(live.tell, events)
    assert json.loads(await line.receive_from(timeout=2)) == {
        "events": [{"type": "order", "id": 2, "kind": "order.created", "event": 2}]
    }


async def test_g1_each_hears_of_what_is_for_him_alone(call):
    sales = Listener(1, frozenset({"emails.view_email"}), frozenset({10}))
    finance = Listener(2, frozenset({"emails.view_email"}), frozenset({20}))
    packer = Listener(3, frozenset({"orders.view_order"}), frozenset({10}))
    lines = [await call(one) for one in (sales, finance, packer)]
    layer = await subscribed()
    may = "emails.view_email"
    to = [
        {"may": may, "in": [10], "users": []},
        {"may": may, "in": [20], "users": []},
        {"may": may, "in": [], "users": [1, 3]},
        {"may": "", "in": [], "users": [2]},
        None,
        {"may": "orders.view_order", "in": None, "users": []},
        {"may": may, "in": [10, 20], "users": []},
    ]
    events = [{"type": "x", "id": number, "to": one} for number, one in enumerate(to)]
    await layer.group_send(hub.GROUP, {"type": "live.events", "events": events})
    assert [await ids(line) for line in lines] == [[0, 2, 6], [1, 3, 6], [5]]


async def test_g3_an_office_full_of_tabs_is_refused_and_others_get_in(call):
    for _ in range(settings.HBU_MAX_SOCKETS_OF_ONE):
        await call(CLARA)
    crowded = WebsocketCommunicator(LiveConsumer.as_asgi(), "/live")
    crowded.scope["session"] = SimpleNamespace(session_key="0")
    assert await crowded.connect() == (False, consumers.TOO_MUCH)
    line = await call(Listener(2, EVERYTHING, None))
    await tell(await subscribed(), 7)
    assert await ids(line) == [7]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["x" * 4097], consumers.TOO_LARGE),
        (["ping"] * 11, consumers.TOO_MUCH),
        (["a", "b", "c"], consumers.NONSENSE),
    ],
)
async def test_g3_g5_who_talks_too_much_is_hung_up_on(call, words, code):
    line = await call(CLARA)
    for one in words:
        await line.send_to(text_data=one)
    for _ in range(len(words)):
        output = await line.receive_output(timeout=2)
        if output["type"] == "websocket.close":
            break
    else:
        output = await line.receive_output(timeout=2)
    assert output == {"type": "websocket.close", "code": code}


@pytest.mark.parametrize(
    ("now", "code"),
    [(None, NOT_ALLOWED), (Listener(1, frozenset(), None), consumers.CHANGED)],
)
@pytest.mark.parametrize("announced", [True, False])
async def test_g2_who_may_no_longer_stay_is_hung_up_on(call, monkeypatch, now, code, announced):
    """At once when it was announced, else with the next look."""
    monkeypatch.setattr(consumers, "SETTLING", 0.01)
    monkeypatch.setattr(consumers, "ASKED_EVERY", 30 if announced else 0.05)
    line = await call(CLARA)
    other = await call(Listener(2, EVERYTHING, None))
    layer = await subscribed()
    line.people[line.key] = now
    if announced:
        await layer.group_send(hub.GROUP, {"type": "live.people", "users": [1]})
    assert await line.receive_output(timeout=2) == {"type": "websocket.close", "code": code}
    await tell(layer, 7)
    assert await ids(other) == [7]
