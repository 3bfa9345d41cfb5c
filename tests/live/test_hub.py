import asyncio
import json

import pytest
from channels.layers import channel_layers
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import AnonymousUser, User

from hbu.journal import live
from hbu.journal.consumers import NOT_ALLOWED, TOO_SLOW, LiveConsumer

CLARA = User(pk=1, username="clara", is_staff=True)
MALLORY = User(pk=2, username="mallory")
FORMER = User(pk=3, username="former", is_staff=True, is_active=False)


@pytest.fixture(autouse=True)
def quiet_layer():
    """In-memory layers belong to one event loop, as does each test."""
    channel_layers.backends.clear()
    yield
    channel_layers.backends.clear()


@pytest.fixture
async def call():
    """Open a socket as somebody; all are hung up at the end."""
    lines = []

    async def call(user):
        line = WebsocketCommunicator(LiveConsumer.as_asgi(), "/live")
        line.scope["user"] = user
        await line.connect()
        lines.append(line)
        return line

    yield call
    for line in lines:
        await line.disconnect()


async def subscribed():
    """Wait until the hub hears the layer."""
    layer = channel_layers["default"]
    async with asyncio.timeout(2):
        while not layer.groups.get(live.GROUP):
            await asyncio.sleep(0.005)
    return layer


async def tell(layer, *ids, type="new_email"):
    events = [{"type": type, "id": number} for number in ids]
    await layer.group_send(live.GROUP, {"type": "live.events", "events": events})


async def ids(line):
    frame = json.loads(await line.receive_from(timeout=2))
    return [event["id"] for event in frame["events"]]


@pytest.mark.parametrize("user", [AnonymousUser(), MALLORY, FORMER, None])
async def test_g4_who_is_not_staff_is_hung_up_on(call, user):
    line = await call(user)
    assert await line.receive_output(timeout=2) == {
        "type": "websocket.close",
        "code": NOT_ALLOWED,
    }
    assert not live.hub._sockets


async def test_g4_a_page_of_somebody_else_gets_no_socket():
    from hbu.asgi import application

    foreign = [(b"origin", b"https://mallory.example"), (b"host", b"localhost")]
    line = WebsocketCommunicator(application, "/live", headers=foreign)
    connected, _code = await line.connect()
    assert not connected


async def test_staff_hear_of_events_by_kind_and_number_alone(call):
    line = await call(CLARA)
    await tell(await subscribed(), 12)
    assert json.loads(await line.receive_from(timeout=2)) == {
        "events": [{"type": "new_email", "id": 12}]
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
    assert len(layer.groups[live.GROUP]) == 1
    await tell(layer, 7)
    assert await ids(first) == await ids(second) == [7]


async def test_the_last_one_to_leave_ends_the_subscription(call):
    line = await call(CLARA)
    layer = await subscribed()
    await line.disconnect()
    async with asyncio.timeout(2):
        while layer.groups.get(live.GROUP):
            await asyncio.sleep(0.005)
    assert live.hub._reader is None


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
    assert frames <= 5


async def test_g3_a_slow_reader_is_dropped_and_others_are_served(call):
    slow = live.hub.join()
    line = await call(CLARA)
    layer = await subscribed()
    for number in range(live.PATIENCE + 1):
        live.hub._fan_out([{"type": "new_email", "id": number}])
        assert await ids(line) == [number]
    assert slow not in live.hub._sockets
    assert slow.get_nowait() is None
    await tell(layer, 4711)
    assert await ids(line) == [4711]


async def test_g3_the_socket_of_a_slow_reader_is_closed_so_that_it_starts_afresh(call):
    line = await call(CLARA)
    await subscribed()
    (queue,) = live.hub._sockets
    for number in range(live.PATIENCE + 1):
        live.hub._fan_out([{"type": "new_email", "id": number}])
    assert queue not in live.hub._sockets
    assert await line.receive_output(timeout=2) == {"type": "websocket.close", "code": TOO_SLOW}


async def test_g6_a_subscription_that_broke_is_taken_up_again(call, caplog, monkeypatch):
    tries = []

    async def broken(hub):
        tries.append(1)
        if len(tries) == 1:
            raise ConnectionError("the broker is away")
        await subscribe(hub)

    subscribe = live.Hub._subscribe
    monkeypatch.setattr(live.Hub, "_subscribe", broken)
    line = await call(CLARA)
    await tell(await subscribed(), 5)
    assert await ids(line) == [5]
    assert "lost its subscription" in caplog.text


async def test_events_that_no_page_needs_are_not_told(call):
    from types import SimpleNamespace

    line = await call(CLARA)
    await subscribed()
    events = [
        SimpleNamespace(kind="email.taken_in", subject_id=1),
        SimpleNamespace(kind="order.created", subject_id=2),
    ]
    await asyncio.to_thread(live.tell, events)
    assert json.loads(await line.receive_from(timeout=2)) == {
        "events": [{"type": "order", "id": 2}]
    }
