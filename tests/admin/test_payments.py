from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hbu.company.models import Terms
from orders.models import BankEntry, BankStatement, Receivable, Reminder
from orders.services import reconciling
from tests.factories import company
from tests.orders.ledger import active, camt, entry, open_of, owed, paid_in

pytestmark = pytest.mark.django_db
LISTS = ("bankentry", "bankstatement", "receivable", "reminder")


LONG_AGO = date(2025, 1, 7)


@pytest.fixture(autouse=True)
def _company(db):
    company.load()
    Terms.objects.update_or_create(pk=1, defaults={"reminder_days": [7, 17, 27]})


@pytest.fixture
def page(client, clara):
    client.force_login(clara)
    return client


def url(model, name="changelist", *args):
    return reverse(f"admin:orders_{model}_{name}", args=args)


def upload(client, data, name="a.xml"):
    address = url("bankstatement", "bring_in")
    return client.post(address, {"file": SimpleUploadedFile(name, data)}, follow=True)


@pytest.mark.parametrize("model", LISTS)
def test_lists_open_empty_and_with_rows(page, model):
    assert page.get(url(model)).status_code == 200
    invoice = owed(discount="2", discount_days=10, issued=LONG_AGO)
    paid_in("20.00", invoice.number, party="Modehaus Berger")
    paid_in("-20.00", "Miete"), paid_in("50.00", "?")
    owed("20.00", number="GS-2026-1", kind="credit_note", refers_to=invoice)
    reconciling.match()
    page.post(url("receivable", "transition", invoice.receivable.pk, "remind"))
    assert Reminder.objects.count() == 1
    assert page.get(url(model)).status_code == 200
    for kind in (BankEntry, BankStatement, Receivable, Reminder):
        for row in kind.objects.all():
            assert page.get(url(kind._meta.model_name, "change", row.pk)).status_code == 200


def test_a_clerk_imports_a_statement_and_sees_what_came_of_it(page):
    invoice = owed(number="RE-2026-900123")
    shown = upload(page, camt(entry("119.00", "RE-2026-900123"), entry("5.00", "?")))
    told = shown.content.decode()
    assert "2 entries came in, 1 of them" in told
    assert "1 payment waits for you" in told
    assert open_of(invoice) == 0
    assert (
        "imported before"
        in upload(
            page, camt(entry("119.00", "RE-2026-900123"), entry("5.00", "?"))
        ).content.decode()
    )


def test_a_file_that_is_refused_says_why_on_its_page(page):
    told = upload(page, b"hello").content.decode()
    assert "neither a CAMT.053 nor an MT940" in told
    assert not BankStatement.objects.exists()


def test_a_proposal_is_one_click_and_one_question(page):
    invoice = owed("50.00")
    payment = paid_in("50.00", "Danke", party="Modehaus Berger")
    reconciling.match()
    shown = page.get(url("bankentry", "change", payment.pk)).content.decode()
    address = f"{url('bankentry', 'allocate', payment.pk)}?to={invoice.pk}"
    assert address in shown
    assert "50.00" in page.get(address).content.decode()
    page.post(address, {f"amount_{invoice.pk}": "50.00", f"discount_{invoice.pk}": ""})
    assert active() == [(invoice.number, 50)]


def test_a_payment_is_split_over_invoices_that_were_looked_for(page):
    first, second = owed("50.00"), owed("70.00")
    payment = paid_in("100.00", "Danke")
    found = page.get(url("bankentry", "change", payment.pk), {"q": first.number})
    assert first.number in found.content.decode()
    for invoice, amount in ((first, "50.00"), (second, "50.00")):
        address = f"{url('bankentry', 'allocate', payment.pk)}?to={invoice.pk}"
        page.post(address, {f"amount_{invoice.pk}": amount})
    assert (open_of(first), open_of(second)) == (0, 20)
    payment.refresh_from_db()
    assert payment.state == "matched"
    page.post(url("bankentry", "transition", payment.pk, "take-back"))
    assert (open_of(first), open_of(second), active()) == (50, 70, [])


def test_reminders_are_paused_and_go_on(page):
    item = Receivable.objects.get(invoice=owed("50.00"))
    address = url("receivable", "transition", item.pk, "pause")
    page.post(address, {"until": "", "reason": "Complaint"})
    item.refresh_from_db()
    assert (item.paused_until, item.pause_reason) == (date.max, "Complaint")
    assert "until further notice" in page.get(url("receivable")).content.decode()
    page.post(url("receivable", "transition", item.pk, "resume"))
    item.refresh_from_db()
    assert item.paused_until is None


def test_third_reminders_wait_on_a_list_of_their_own(page):
    invoice = owed("50.00", issued=LONG_AGO)
    Receivable.objects.update(level=2, next_reminder_on=LONG_AGO)
    assert invoice.number in page.get(url("receivable"), {"stand": "confirm"}).content.decode()
    page.post(url("receivable", "transition", invoice.receivable.pk, "remind"))
    assert Reminder.objects.get().level == 3


@pytest.mark.parametrize("name", ["bring_in", "sample"])
def test_who_may_not_import_gets_no_page(client, mallory, ben, name):
    for user in (mallory, ben):
        client.force_login(user)
        assert client.get(url("bankstatement", name)).status_code in (302, 403)


def test_who_may_only_look_matches_nothing(client, ben):
    from django.contrib.auth.models import Permission

    ben.user_permissions.add(Permission.objects.get(codename="view_bankentry"))
    client.force_login(ben)
    invoice, payment = owed("50.00"), paid_in("50.00", "?", party="Modehaus Berger")
    shown = client.get(url("bankentry", "change", payment.pk))
    assert shown.status_code == 200
    address = f"{url('bankentry', 'allocate', payment.pk)}?to={invoice.pk}"
    assert address not in shown.content.decode()
    assert client.post(address, {f"amount_{invoice.pk}": "50.00"}).status_code == 403
    assert not active()


def test_the_sample_of_a_simulated_bank_can_be_imported(page, settings):
    invoices = [owed(f"{100 + number}.00", discount="2", discount_days=9000) for number in range(6)]
    data = page.get(url("bankstatement", "sample")).content
    assert "7 entries came in" in upload(page, data).content.decode()
    paid = [one for one in invoices if open_of(one) == 0]
    assert len(paid) >= 4
    assert Decimal(0) < BankEntry.objects.count()
    settings.HBU_SIMULATE = False
    assert page.get(url("bankstatement", "sample")).status_code == 403
