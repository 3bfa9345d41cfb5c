"""`manage.py run` as a person starts it, and what can be seen of it from outside."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from emails.simulation.hub import Hub

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, str(ROOT / "manage.py"), "run"]


def surroundings(folder: Path, **variables: str) -> dict[str, str]:
    """Return the environment of a house with its data in the folder, on any free ports."""
    environment = dict(os.environ)
    for name in ("HBU_IMAP_PORT", "HBU_SMTP_PORT", "PORT"):
        environment.pop(name, None)
    return environment | {"HBU_DATA_DIR": str(folder), "HBU_SIMULATE": "0"} | variables


class House:
    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self.data = Path(environment["HBU_DATA_DIR"])
        self.log = log
        with log.open("wb") as out:
            self.process = subprocess.Popen(COMMAND, env=environment, stdout=out, stderr=out)

    @property
    def printed(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_until_open(self) -> None:
        deadline = time.monotonic() + 120
        while "is open" not in self.printed and time.monotonic() < deadline:
            assert self.process.poll() is None, self.printed
            time.sleep(0.1)
        assert "is open" in self.printed, self.printed

    @property
    def port(self) -> int:
        return self._number(r"http://127\.0\.0\.1:(\d+)/")

    @property
    def hub(self) -> Hub:
        imap, smtp = self._number(r"IMAP \S+:(\d+)"), self._number(r"SMTP \S+:(\d+)")
        return Hub(imap, smtp, self.data / "certificates" / "ca.pem")

    def _number(self, pattern: str) -> int:
        return int(re.search(pattern, self.printed)[1])

    def child(self, name: str) -> int | None:
        """Return the process of one of its children, which leads a group of its own."""
        children = json.loads((self.data / "run" / "children.json").read_bytes())
        return children[name]["pid"] if name in children else None

    def close(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        finally:
            self.process.kill()


@contextmanager
def opened(environment: Mapping[str, str], log: Path) -> Iterator[House]:
    """Open a house and close it, whatever happens in it."""
    house = House(environment, log)
    try:
        house.wait_until_open()
        yield house
    finally:
        house.close()
