"""Other processes that send from the same outbox, as the workers of a real house do."""

import os
import subprocess
import sys

from django.conf import settings
from django.db import connection

CODE = """
import sys
import django
django.setup()
from emails.services import outbox
outbox.send([int(pk) for pk in sys.argv[1].split(",")])
"""


def database_url() -> str:
    """Where this very test keeps its rows."""
    here = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{here['NAME']}"
    return f"postgres://{here['USER']}@{here['HOST']}:{here['PORT']}/{here['NAME']}"


def sending(ids, port: int) -> subprocess.Popen:
    """Start a worker that sends the letters through the relay at the port, and leave it running."""
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "HBU_SMTP_HOST": "127.0.0.1",
        "HBU_SMTP_PORT": str(port),
        "HBU_SMTP_SECURITY": "none",
        "LOG_LEVEL": "CRITICAL",
    }
    command = [sys.executable, "-c", CODE, ",".join(map(str, ids))]
    return subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR)
