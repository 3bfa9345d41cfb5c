"""Customers of the play reckon apart from the shop; both must come to the same sums."""

import email
from datetime import datetime
from email import policy
from zoneinfo import ZoneInfo

import pytest

from emails.simulation import letters
from orders.documents.files import read_bytes
from orders.services import drafting
from shop.models import Customer
from shop.services import people
from tests.factories import company as factory

MORNING = datetime(2026, 11, 20, 8, 15, tzinfo=ZoneInfo("Europe/Berlin"))
MONEY = {"price_differs", "totals_differ", "check_failed"}
pytestmark = pytest.mark.django_db


def orders_of(name, count):
    for letter in letters.write(count, 3, MORNING, factory.file(), only=(name,)):
        message = email.message_from_bytes(letter.raw, policy=policy.default)
        (paper,) = message.iter_attachments()
        sender = message["From"].addresses[0].addr_spec
        yield sender, read_bytes(paper.get_content(), today=MORNING.date())[1]


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("layout", ["classic", "international", "long"])
def test_e1_orders_with_tiers_agreed_prices_and_no_tax_abroad_tie(company, layout, language):
    papers = list(orders_of(f"order_pdf_{layout}.{language}", 8))
    known = people.senders(sender for sender, _ in papers)
    requests = [drafting.Request(document, known[sender]) for sender, document in papers]
    proposals = drafting.draft(requests)
    for proposal in proposals:
        assert not MONEY & {doubt.code for doubt in proposal.doubts}, proposal.doubts
        abroad = Customer.objects.get(pk=proposal.customer_id).country != "DE"
        assert proposal.tax_category in (("K", "G") if abroad else "S")
        assert proposal.gross == proposal.document.gross
