"""A clerk's Monday, walked in a browser: thirty mails over SMTP, and no form of a model is touched."""

import re
from email import message_from_bytes
from email.policy import default

import pytest
from imapclient import IMAPClient

from tests.browser.mailing import HUB_PASSWORD, WORK, house_with_hub, write

pytestmark = pytest.mark.browser

MAILS = 30
FURNISH = """
from datetime import time
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from agents.models import Agent, Department
from hbu.company.models import OpeningHours
from hbu.company import schema
from hbu.management import loading
call_command("migrate", verbosity=0)
loading.load(schema.read(settings.HBU_COMPANY_FILE))
# The house is open all day and night, or it would matter on which day this is walked.
OpeningHours.objects.all().delete()
for weekday in range(7):
    OpeningHours.objects.create(weekday=weekday, opens=time(0), closes=time.max)
lena = get_user_model().objects.create_user("lena", "lena@h-bu.de", "royal", first_name="Lena",
                                             last_name="Vogt", is_staff=True)
lena.groups.add(Group.objects.get(name="lead"))
Agent.objects.create(user=lena, name="Lena Vogt", kind="human")
for department in Department.objects.all():
    department.members.add(lena)
"""
LEAVE = """
from django.utils import timezone
from emails.services import outbox
print(outbox.send(outbox.due(timezone.now())))
"""
HURRY = """
from django.utils import timezone
from emails.models import OutgoingEmail
OutgoingEmail.objects.filter(state="queued").update(next_attempt_at=timezone.now())
"""
LATE = """
from datetime import timedelta
from django.utils import timezone
from cases.models import Case, StatusChange
from cases.services import clocks, escalating, hearing
from hbu.journal.models import Event
long_ago = timezone.now() - timedelta(days=9)
case = Case.objects.get(number={number!r})
Case.objects.filter(pk=case.pk).update(opened_at=long_ago, customer_wrote_at=long_ago)
StatusChange.objects.filter(case=case, status="new").update(at=long_ago)
clocks.refresh([case.pk])
escalating.warn(escalating.due(timezone.now()))
hearing.hear(list(Event.objects.values_list("pk", flat=True)))
"""
NUMBER = re.compile(r"C-\d{4}-\d{6}")


@pytest.fixture(scope="module")
def monday(tmp_path_factory, migrated):
    with house_with_hub(tmp_path_factory.mktemp("monday"), migrated) as house:
        house.environment["HBU_SITE_URL"] = house.address
        house.do(FURNISH)
        house.open()
        yield house
        house.close()


def letters_to(house, address):
    with IMAPClient("127.0.0.1", house.hub.imap_port, ssl=False, timeout=10) as client:
        client.login(address, HUB_PASSWORD)
        client.select_folder("INBOX", readonly=True)
        rows = client.fetch(client.search(), ["BODY[]"])
        mails = (message_from_bytes(rows[key][b"BODY[]"], policy=default) for key in sorted(rows))
        return [mail.get_body(("plain",)).get_content() for mail in mails]


@pytest.fixture(scope="module")
def lena(browser, monday):
    """Lena's page; whatever is asked in a dialog is answered with `page.answer`."""
    page = browser.new_context(locale="en-GB", viewport={"width": 1400, "height": 900}).new_page()
    page.complaints, page.answer = [], None
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("dialog", lambda dialog: dialog.accept(page.answer or ""))
    page.goto(f"{monday.address}/admin/login/?next=/inbox/")
    page.fill("[name=username]", "lena")
    page.fill("[name=password]", "royal")
    page.press("[name=password]", "Enter")
    page.wait_for_selector("[data-connection=on]", timeout=20000)
    yield page
    assert page.complaints == []


def see(page, house, view):
    page.goto(f"{house.address}/inbox/?view={view}")
    return page.locator("[data-row]")


def test_a_clerk_s_monday(lena, monday, browser):
    page = lena
    for number in range(MAILS):
        sender = f"Anna Kunde <anna@kunde-{number:02}.example>"
        if number == 1:
            sender = "Anna Kunde <anna@kunde-00.example>"
        text = f"Guten Tag,\n\nsind Ihre Knöpfe HB-1001 waschbar? Frage {number}.\n\nAnna Kunde"
        write(monday, number, sender, f"Frage zur Waschbarkeit {number:02}", text)

    # Thirty mails come in while the inbox is open.
    assert see(page, monday, "unassigned").count() == 0
    monday.do(WORK)
    page.wait_for_function(
        f"document.querySelectorAll('[data-row]').length === {MAILS}", timeout=20000
    )

    # Two of one customer are put together, by keyboard.
    row = page.locator("[data-row]", has_text="Waschbarkeit 01")
    first = page.locator("[data-row]", has_text="Waschbarkeit 00")
    page.answer = NUMBER.search(first.inner_text())[0]
    row.locator("a").focus()
    page.keyboard.press("x")
    with page.expect_navigation():
        page.locator("[data-bar] button[data-do=merge]").click()
    assert "Done for one case." in page.locator("body").inner_text()
    assert page.locator("[data-row]").count() == MAILS - 1

    # All of them are hers now.
    page.locator("[data-all]").check()
    with page.expect_navigation():
        page.keyboard.press("t")
    assert see(page, monday, "mine").count() == MAILS - 1

    # An answer from a template, taken back, and sent again.
    page.locator("[data-row]", has_text="Waschbarkeit 05").locator("a").click()
    page.wait_for_selector("[data-desk]")
    page.keyboard.press("r")
    page.wait_for_selector("[data-letter-form]")
    page.select_option("[data-template]", index=1)
    page.wait_for_function("document.querySelector('[data-letter-form] [name=template]').value")
    text = "Sehr geehrte Damen und Herren,\n\nvielen Dank für Ihre Frage. Unsere Knöpfe sind bei 60 Grad waschbar; "
    text += (
        "ein Datenblatt senden wir Ihnen gern bis Freitag.\n\nMit freundlichen Grüßen\n\nLena Vogt"
    )
    page.fill("[data-letter-text]", text)
    page.wait_for_selector("[data-lint] [data-score]")
    page.click("[data-send][value=awaiting_customer]")
    page.locator("[data-toast] button").click()
    page.wait_for_selector("[data-letter-form]")
    assert monday.do(LEAVE) == "0"
    page.click("[data-send][value=awaiting_customer]")
    page.wait_for_function("document.querySelector('.hb-status-awaiting_customer')", timeout=20000)
    monday.do(HURRY)
    assert monday.do(LEAVE) == "1"
    assert "60 Grad waschbar" in letters_to(monday, "anna@kunde-05.example")[-1]

    # A note for a colleague, a tag, a task that is done.
    page.keyboard.press("n")
    page.fill("#note-text", "Bitte ein Datenblatt beilegen, @lena")
    page.click("[data-note] button.hb-primary")
    page.wait_for_selector(".hb-entry-note mark")
    page.locator("#add-task summary").click()
    page.fill("#add-task [name=value]", "Datenblatt schicken")
    page.click("#add-task button")
    page.wait_for_selector(".hb-tasks li:has-text('Datenblatt schicken')")
    page.locator(".hb-tasks li:has-text('Datenblatt schicken') button").click()
    page.wait_for_selector(".hb-tasks li.hb-done:has-text('Datenblatt schicken')")

    # A breach is warned of and escalated: the bell rings on the open page.
    see(page, monday, "mine")
    late = NUMBER.search(page.locator("[data-row]", has_text="Waschbarkeit 07").inner_text())[0]
    monday.do(LATE.format(number=late))
    page.wait_for_selector(".hb-clock-breached", timeout=20000)
    assert late in see(page, monday, "risk").first.inner_text()
    page.goto(f"{monday.address}/notifications/")
    assert "breached" in page.locator("main, #main, body").first.inner_text()

    # The late one is answered and resolved; the customer rates it with one click.
    page.goto(f"{monday.address}/cases/{late}/")
    page.keyboard.press("r")
    page.wait_for_selector("[data-letter-form]")
    page.fill("[data-letter-text]", text)
    page.click("[data-send][value=resolved]")
    page.wait_for_selector(".hb-status-resolved", timeout=20000)
    monday.do(HURRY)
    monday.do(LEAVE)
    said = letters_to(monday, "anna@kunde-07.example")[-1]
    address = re.search(r"(\S*/rate/[^\s?]+)\?stars=5", said)[1]
    visitor = browser.new_context(locale="de-DE").new_page()
    visitor.goto(f"{address}?stars=5")
    # Programs that look through mails follow links, too; a person moves.
    visitor.mouse.move(300, 300)
    visitor.mouse.move(320, 320)
    visitor.wait_for_selector(".rating-given", timeout=10000)
    page.reload()
    page.wait_for_selector(".hb-event:has-text('rated')")
    assert late in see(page, monday, "done").first.inner_text()
