"""Nothing is lost and nothing told twice between the journal and the broker (promise G6)."""

import asyncio
import json

import pytest
from django.db import DatabaseError

from hbu.journal import consumers, hub, resuming, staying
from hbu.journal.audiences import Listener
from tests.live.test_hub import (
    CLARA,
    EVERYTHING,
    TO_ALL,
    call,
    event,
    ids,
    journal,
    quiet_layer,
    subscribed,
    tell,
)

__all__ = ["call", "journal", "quiet_layer"]


async def test_the_first_frame_says_which_event_is_the_newest(call):
    assert (await call(CLARA)).first == {"events": [], "at": 4}


async def test_g6_who_comes_back_hears_what_was_missed(call, journal):
    journal.since = [event(2), event(3, to=TO_ALL | {"may": "kpis.watch_house"}), event(4)]
    clerk = Listener(1, frozenset({"emails.view_email"}), None)
    line = await call(clerk, since=1)
    assert line.first == {
        "events": [{"type": "new_email", "id": n, "event": n} for n in (2, 4)],
        "at": 4,
    }


async def test_g6_what_the_journal_told_is_not_told_again_by_the_broker(call, journal):
    journal.since = [event(2), event(4)]
    line = await call(CLARA, since=1)
    layer = await subscribed()
    await tell(layer, 4)
    await tell(layer, 2, 5)
    assert await ids(line) == [5]


async def test_g6_what_is_told_while_the_journal_is_read_is_not_lost(call, journal, monkeypatch):
    """The broker tells of number 5 after the hub listens and before the socket has its first frame."""
    loop = asyncio.get_running_loop()

    def slowly(_number):
        async def told():
            await tell(await subscribed(), 4, 5)
            # The hub has handed it on.
            async with asyncio.timeout(2):
                while 5 not in hub.hub._heard:
                    await asyncio.sleep(0.005)

        asyncio.run_coroutine_threadsafe(told(), loop).result(5)
        return [event(4)]

    monkeypatch.setattr(resuming, "since", slowly)
    line = await call(CLARA, since=3)
    assert [one["event"] for one in line.first["events"]] == [4]
    assert await ids(line) == [5]


async def test_who_missed_too_much_is_told_to_read_everything_anew(call, journal):
    journal.since = None
    assert (await call(CLARA, since=1)).first == {"events": [], "at": 4, "reload": True}


@pytest.mark.parametrize("since", ["", "x", "-1", "1.5", "٤", "9" * 30, "1%00", "1;DROP"])
async def test_g5_whatever_else_is_named_is_no_event(call, journal, since):
    journal.since = [event(2)]
    assert (await call(CLARA, since=since)).first == {"events": [], "at": 4}


async def test_a_journal_that_does_not_answer_lets_the_page_read_anew(call, monkeypatch, caplog):
    def broken():
        raise DatabaseError("secret words")

    monkeypatch.setattr(resuming, "newest", broken)
    assert (await call(CLARA, since=1)).first == {"events": [], "reload": True}
    assert "could not be asked" in caplog.text


async def test_g6_what_the_broker_lost_is_found_in_the_journal_and_told_once(
    call, journal, monkeypatch
):
    monkeypatch.setattr(hub, "LOOKS_EVERY", 0.02)
    line = await call(CLARA)
    await subscribed()
    journal.lately = [event(6), event(7)]
    assert await ids(line) == [6, 7]
    await tell(await subscribed(), 6, 8)
    assert await ids(line) == [8]


async def test_what_was_before_the_first_page_is_no_news(call, journal, monkeypatch):
    monkeypatch.setattr(hub, "LOOKS_EVERY", 0.02)
    journal.lately = [event(6)]
    line = await call(CLARA)
    await subscribed()
    journal.lately = [event(6), event(7)]
    assert await ids(line) == [7]


async def test_when_the_broker_lost_too_much_all_pages_read_anew(call, journal, monkeypatch):
    monkeypatch.setattr(hub, "LOOKS_EVERY", 0.02)
    line = await call(CLARA)
    await subscribed()
    journal.lately = None
    assert json.loads(await line.receive_from(timeout=2)) == {"events": [], "reload": True}


async def test_a_broker_that_is_away_keeps_nobody_waiting_for_long(call, monkeypatch, caplog):
    async def away(_self):
        raise ConnectionError

    monkeypatch.setattr(hub.Hub, "_subscribe", away)
    monkeypatch.setattr(consumers, "PATIENCE", 0.01)
    assert (await call(CLARA)).first["at"] == 4
    assert "from the journal alone" in caplog.text


TYPES = ("new_email", "case", "agent", "notification", "system_status", "kpi_update", "alert")


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("ws/notifications", ["notification", "system_status"]),
        ("ws/agents", ["case", "agent"]),
        ("ws/kpis", ["kpi_update", "alert"]),
        ("live", list(TYPES)),
    ],
)
async def test_each_address_tells_its_kinds(call, address, told):
    line = await call(Listener(1, EVERYTHING, None), types=consumers.TOLD.get(address))
    layer = await subscribed()
    events = [event(n, type=type_) for n, type_ in enumerate(TYPES)]
    await layer.group_send(hub.GROUP, {"type": "live.events", "events": events})
    frame = json.loads(await line.receive_from(timeout=2))
    assert [one["type"] for one in frame["events"]] == told


async def test_the_first_event_of_a_quiet_moment_leaves_at_once_and_a_burst_in_portions():
    pace = hub.Pace()
    pauses = [pace.pause() for _ in range(8)]
    assert pauses[: hub.AT_ONCE - 1] == [0] * (hub.AT_ONCE - 1)
    assert pauses[hub.AT_ONCE :] == [hub.SECONDS_BETWEEN_FRAMES] * (8 - hub.AT_ONCE)


async def test_g2_a_database_that_was_away_is_asked_again_who_may_stay(call, monkeypatch, caplog):
    monkeypatch.setattr(consumers, "SETTLING", 0.01)
    line = await call(CLARA)
    answers = iter([DatabaseError("away"), None])

    def admitted(_key):
        answer = next(answers)
        if answer:
            raise answer
        return answer

    monkeypatch.setattr(consumers, "admitted", admitted)
    message = {"type": "live.people", "users": [CLARA.user]}
    await (await subscribed()).group_send(hub.GROUP, message)
    closed = {"type": "websocket.close", "code": consumers.NOT_ALLOWED}
    assert await line.receive_output(timeout=2) == closed
    assert "could not be asked" in caplog.text


@pytest.mark.parametrize("stand", [None, ("another password",)])
async def test_g2_who_changed_without_a_word_is_found_out(call, monkeypatch, stand):
    stands = {"0": ("a password",), "1": ("a password",)}
    monkeypatch.setattr(hub, "ASKS_EVERY", 0.02)
    monkeypatch.setattr(staying, "stands", lambda _sessions: stands)
    monkeypatch.setattr(consumers, "SETTLING", 0.01)
    line, other = await call(CLARA), await call(Listener(2, EVERYTHING, None))
    async with asyncio.timeout(2):
        while not all(one.stand for one in hub.hub._lines):
            await asyncio.sleep(0.005)
    line.people[line.key] = None
    stands = stands | {"0": stand}
    closed = {"type": "websocket.close", "code": consumers.NOT_ALLOWED}
    assert await line.receive_output(timeout=2) == closed
    await tell(await subscribed(), 7)
    assert await ids(other) == [7]
