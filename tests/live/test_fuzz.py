"""Whatever is said on a socket, it is refused with the same few words (promise G5)."""

import json
import random

import pytest

from hbu.journal import consumers
from tests.live.test_hub import CLARA, call, journal, quiet_layer

__all__ = ["call", "journal", "quiet_layer"]
WORDS = (
    "__init__", "base", "disconnect", "connect", "live.events", "live.people", "websocket.close",
    "receive", "dispatch", "ping ", "PING", "subscribe", "since", "admitted", "None", "\x00", "🎩",
)  # fmt: skip


def anything(dice, depth=0):
    scalar = [None, True, dice.random(), dice.randint(-(10**20), 10**20), dice.choice(WORDS)]
    if depth > 3 or dice.random() < 0.4:
        return dice.choice(scalar)
    if dice.random() < 0.3:
        return [anything(dice, depth + 1) for _ in range(dice.randint(0, 4))]
    names = ["type", "event", "action", *WORDS]
    return {dice.choice(names): anything(dice, depth + 1) for _ in range(dice.randint(0, 4))}


def frame(dice):
    said = json.dumps(anything(dice))
    if dice.random() < 0.2:
        said = said[: dice.randint(1, len(said))]
    return {"bytes_data": said.encode()} if dice.random() < 0.2 else {"text_data": said}


@pytest.mark.parametrize("count", [300, pytest.param(10_000, marks=pytest.mark.load)])
async def test_g5_nothing_but_the_fixed_error_is_ever_said(call, monkeypatch, caplog, count):
    monkeypatch.setattr(consumers, "WORDS_A_SECOND", count)
    monkeypatch.setattr(consumers, "UNKNOWN_WORDS", count + 1)
    line = await call(CLARA)
    dice = random.Random(5)
    for _ in range(count):
        await line.send_to(**frame(dice))
        assert json.loads(await line.receive_from(timeout=2)) == {"error": "unknown"}
    assert not caplog.records
