"""The whole house on PostgreSQL and Redis: customers write by SMTP and fetch answers over IMAP."""

import os
import signal
from collections import Counter
from email import message_from_bytes

import psycopg
import pytest
from django.conf import settings
from django.utils import timezone

from emails.simulation import letters, sending
from hbu.company import schema
from tests.flows.conftest import Post
from tests.house.houses import opened, surroundings
from tests.services import servers
from tests.services.servers import until

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not servers.Redis.program, reason="apt-get install redis-server"),
]
ORDERS = ("order_pdf_classic.de", "order_pdf_international.en", "order_text_list.de")


@pytest.fixture(scope="module")
def database():
    with servers.postgres_database() as url:
        yield url


@pytest.fixture(scope="module")
def house(database, tmp_path_factory):
    folder = tmp_path_factory.mktemp("house")
    with servers.redis_server(folder) as redis:
        environment = surroundings(
            folder / "data",
            DATABASE_URL=database,
            REDIS_URL=redis.url,
            HBU_HUB_PASSWORD=settings.HBU_HUB_PASSWORD,
        )
        with opened(environment, folder / "log") as house:
            yield house


@pytest.fixture
def rows(database):
    """Ask the house's database, as it stands at each question."""
    with psycopg.connect(database, autocommit=True) as connection:
        yield lambda query, *values: connection.execute(query, values).fetchall()


@pytest.fixture(scope="module")
def company():
    return schema.read(settings.HBU_COMPANY_FILE)


def mails_in(house, written):
    """Return which mails, and how often, lie in the letter boxes of those who wrote."""
    boxes = Post(house.hub)
    addresses = {letter.sender for letter in written}
    return Counter(mail["Message-ID"] for one in addresses for mail in boxes.letters(one))


def send(house, written):
    assert sending.send(written, "127.0.0.1", house.hub.smtp_port).sent == len(written)


def test_an_order_as_pdf_is_confirmed_and_answered_within_ten_seconds(house, rows, company):
    written = letters.write(50, 1, timezone.now(), company, only=ORDERS[:1])
    order = next(one for one in written if one.expected["order"] == "confirmed")
    asked = message_from_bytes(order.raw)["Message-ID"]

    def answers():
        box = Post(house.hub).letters(order.sender)
        return [mail for mail in box if mail["In-Reply-To"] == asked]

    send(house, [order])
    until(answers, seconds=10, log=house.log)
    (answer,) = answers()
    # It may have moved on by itself meanwhile.
    confirmed = dict(rows("SELECT number, confirmed_at FROM orders_order"))
    (number,) = (one for one in confirmed if one in answer["Subject"])
    assert confirmed[number] is not None
    assert rows("SELECT state FROM emails_email WHERE message_id = %s", asked) == [("handled",)]


def test_a1_c2_p5_a_killed_worker_loses_no_mail_and_answers_none_twice(house, rows, company):
    written = list(letters.write(50, 2, timezone.now(), company, only=ORDERS))
    before = rows("SELECT id FROM emails_email")
    mine, killed = f"> {max(before, default=(0,))[0]}", house.child("worker")
    send(house, written)

    def count(state):
        return rows(f"SELECT count(*) FROM emails_email WHERE id {mine} AND state = %s", state)[0][
            0
        ]

    until(lambda: count("handled") >= 5, seconds=30, log=house.log)
    os.killpg(killed, signal.SIGKILL)
    assert count("handled") < 50

    def settled():
        open_ = "SELECT 1 FROM emails_outgoingemail WHERE state IN ('queued', 'sending')"
        return count("handled") == 50 and not rows(open_)

    until(settled, seconds=120, log=house.log)
    assert house.child("worker") != killed
    answers = rows(f"SELECT message_id, state FROM emails_outgoingemail WHERE answers_id {mine}")
    assert len(answers) == 50
    found = mails_in(house, written)
    for message_id, state in answers:
        # What was on the line at that moment may have arrived, and says so.
        assert found[message_id] == 1 or state in ("retrying", "uncertain"), state
    assert max(found.values()) == 1
    for once in (
        "SELECT fingerprint FROM emails_email",
        "SELECT reference FROM orders_order",
        "SELECT answers_id FROM emails_outgoingemail",
        "SELECT reference, product_id FROM shop_movement WHERE kind = 'reserved'",
        "SELECT subject_id FROM journal_event WHERE kind = 'email.handled'",
    ):
        values = rows(once)
        assert len(values) == len(set(values)) >= 50, once
