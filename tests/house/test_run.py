"""`manage.py run` as a person starts it; takes a minute, so it is left to the suite of services."""

import os
import re
import signal
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, str(ROOT / "manage.py"), "run"]

pytestmark = pytest.mark.services


@pytest.fixture
def environment(tmp_path):
    return dict(os.environ) | {"HBU_DATA_DIR": str(tmp_path / "data"), "HBU_SIMULATE": "0"}


@pytest.fixture
def house(environment, tmp_path):
    """Open the house and return its process with what it has printed; close it after the test."""
    for name in ("HBU_IMAP_PORT", "HBU_SMTP_PORT", "PORT"):
        environment.pop(name, None)
    opened = []

    def open_house():
        log = tmp_path / f"{len(opened)}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(COMMAND, env=environment, stdout=out, stderr=out)
        opened.append(process)
        deadline = time.monotonic() + 120
        while "is open" not in log.read_text() and time.monotonic() < deadline:
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
        return process, log.read_text()

    yield open_house
    for process in opened:
        process.terminate()
        process.wait(20)


def of_this_house(environment):
    """Return the processes, with children of children, that were started with this data folder."""
    mark = f"HBU_DATA_DIR={environment['HBU_DATA_DIR']}\0".encode()
    return [path.parent.name for path in Path("/proc").glob("[0-9]*/environ") if mark in read(path)]


def read(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_the_house_opens_once_answers_and_closes_in_time(house, environment):
    process, printed = house()
    again = subprocess.run(COMMAND, env=environment, capture_output=True, text=True, check=False)
    assert again.returncode == 1
    assert f"process {process.pid}" in again.stderr
    port = int(re.search(r"http://127\.0\.0\.1:(\d+)/", printed).group(1))
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/admin/login/")
    assert connection.getresponse().status == 200
    connection.close()
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0
    assert time.monotonic() - began < 10
    assert of_this_house(environment) == []


def test_a_killed_house_opens_again_on_the_same_data(house, environment):
    process, printed = house()
    process.kill()
    process.wait()
    _, again = house()
    login = re.compile(r"Staff login .*")
    assert login.search(again).group() == login.search(printed).group()
