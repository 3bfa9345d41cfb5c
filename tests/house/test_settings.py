import os
import subprocess
import sys

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from hbu import profile

GOOD = {
    "HBU_PROFILE": "production",
    "SECRET_KEY": "s" * 20 + "0123456789ab",
    "HBU_MESSAGE_ID_KEY": "m" * 20 + "0123456789ab",
    "HBU_FIELD_KEY": Fernet.generate_key().decode(),
    "ALLOWED_HOSTS": "office.h-bu.example",
    "HBU_SITE_URL": "https://office.h-bu.example",
    "DATABASE_URL": "postgres://hbu@db.example/hbu",
    "REDIS_URL": "redis://redis.example:6379/0",
}
BAD = [
    ("SECRET_KEY", ""),
    ("SECRET_KEY", "short"),
    ("SECRET_KEY", "django-insecure-" + "x" * 40),
    ("HBU_MESSAGE_ID_KEY", ""),
    ("HBU_MESSAGE_ID_KEY", "x" * 31),
    ("HBU_FIELD_KEY", ""),
    ("HBU_FIELD_KEY", "x" * 44),
    ("HBU_FIELD_KEY", "ä" * 44),
    ("DEBUG", "1"),
    ("DEBUG", "True"),
    ("ALLOWED_HOSTS", ""),
    ("ALLOWED_HOSTS", "*"),
    ("HBU_SITE_URL", ""),
    ("HBU_SITE_URL", "http://office.h-bu.example"),
    ("ALLOWED_HOSTS", "office.h-bu.example, *"),
    ("DATABASE_URL", ""),
    ("DATABASE_URL", "sqlite:////var/hbu.sqlite3"),
    ("REDIS_URL", ""),
    ("HBU_MAIL_HUB", "yes"),
    ("HBU_SIMULATE", "on"),
    ("HBU_PROFILE", "prodution"),
    ("HBU_PROFILE", ""),
]


def boot(environment, folder):
    around = {"PATH": os.environ["PATH"], "HBU_DATA_DIR": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        cwd=settings.BASE_DIR,
        env=around | {"DJANGO_SETTINGS_MODULE": "hbu.settings"} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(("name", "value"), BAD)
def test_f15_production_refuses_what_is_weak_and_names_it(name, value):
    with pytest.raises(ImproperlyConfigured, match=name):
        profile.chosen(GOOD | {name: value})


def test_f15_all_that_is_wrong_is_told_at_once():
    with pytest.raises(ImproperlyConfigured) as refusal:
        profile.chosen({"HBU_PROFILE": "production", "DEBUG": "1", "HBU_MAIL_HUB": "1"})
    missing = (*GOOD, "DEBUG", "HBU_MAIL_HUB")
    assert [name for name in missing if name not in str(refusal.value)] == []


def test_without_any_variable_the_house_is_embedded():
    assert profile.chosen({}) == "embedded"


def test_f15_a_good_production_starts_and_makes_no_secrets_of_its_own(tmp_path):
    started = boot(GOOD, tmp_path)
    assert started.returncode == 0, started.stderr
    assert not (tmp_path / "secrets").exists()


def test_f15_a_bad_production_does_not_start(tmp_path):
    refused = boot(GOOD | {"SECRET_KEY": "short"}, tmp_path)
    assert refused.returncode != 0
    assert "ImproperlyConfigured" in refused.stderr
    assert "SECRET_KEY" in refused.stderr


def test_no_beat_entry_piles_up_while_the_worker_is_away():
    waits = [entry["options"]["expires"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]
    assert waits
    assert max(waits) <= 3600
