"""`manage.py run` as a person starts it; takes a minute, so it is left to the suite of services."""

import re
import signal
import subprocess
import time
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.house.houses import COMMAND, opened, surroundings

pytestmark = pytest.mark.services


@pytest.fixture
def environment(tmp_path):
    return surroundings(tmp_path / "data")


@pytest.fixture
def open_house(environment, tmp_path):
    """Open the house, as often as asked, and close it after the test."""
    with ExitStack() as stack:
        yield lambda log: stack.enter_context(opened(environment, tmp_path / log))


def of_this_house(environment):
    """Return the processes, with children of children, that were started with this data folder."""
    mark = f"HBU_DATA_DIR={environment['HBU_DATA_DIR']}\0".encode()
    return [path.parent.name for path in Path("/proc").glob("[0-9]*/environ") if mark in read(path)]


def read(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_the_house_opens_once_answers_and_closes_in_time(open_house, environment):
    house = open_house("log")
    again = subprocess.run(COMMAND, env=environment, capture_output=True, text=True, check=False)
    assert again.returncode == 1
    assert f"process {house.process.pid}" in again.stderr
    connection = HTTPConnection("127.0.0.1", house.port, timeout=20)
    connection.request("GET", "/admin/login/")
    assert connection.getresponse().status == 200
    connection.close()
    began = time.monotonic()
    house.process.send_signal(signal.SIGINT)
    assert house.process.wait(20) == 0
    assert time.monotonic() - began < 10
    assert of_this_house(environment) == []


def test_a_killed_house_opens_again_on_the_same_data(open_house):
    first = open_house("first.log")
    first.process.kill()
    first.process.wait()
    second = open_house("second.log")
    login = re.compile(r"Staff login .*")
    assert login.search(second.printed).group() == login.search(first.printed).group()
