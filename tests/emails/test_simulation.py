import re
import socket
from datetime import datetime, timedelta
from decimal import Decimal
from email import message_from_bytes, policy
from io import BytesIO
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from PIL import Image
from pypdf import PdfReader

from emails.data import Kind, Priority
from emails.simulation import letters, papers, scenarios
from emails.simulation.baskets import priced
from emails.simulation.sending import send
from emails.simulation.wording import amount
from hbu.company import schema

COMPANY = schema.read(Path(__file__).parents[2] / "demo" / "company.yaml")
MORNING = datetime(2026, 11, 20, 8, 15, tzinfo=ZoneInfo("Europe/Berlin"))
OUR_ADDRESSES = {department.address for department in COMPANY.departments}
CATALOGUE = {product.sku: product for product in COMPANY.products}


def write(count, seed=1, **options):
    return list(letters.write(count, seed, MORNING, COMPANY, **options))


def parsed(letter):
    return message_from_bytes(letter.raw, policy=policy.default)


def pdf_text(letter):
    papers = [
        part
        for part in parsed(letter).iter_attachments()
        if part.get_content_type() == "application/pdf"
    ]
    return "\n".join(text_of(part.get_content()) for part in papers)


def text_of(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def plain_text(letter):
    return parsed(letter).get_body(("plain",)).get_content()


def test_a4_there_are_more_than_fifty_scenarios_in_two_languages():
    codes = letters.codes()
    assert len(codes) > 50
    assert {code.partition(".")[0] for code in codes if code.endswith(".de")} == set(scenarios.ALL)
    assert {code.partition(".")[0] for code in codes if code.endswith(".en")} == set(scenarios.ALL)


def test_the_same_seed_writes_the_same_bytes():
    assert write(80, seed=7) == write(80, seed=7)


def test_another_seed_writes_other_letters():
    ids = {parsed(letter)["Message-ID"] for seed in (1, 2, 3) for letter in write(40, seed=seed)}
    assert len(ids) == 120


def test_a_letter_depends_on_its_place_and_not_on_how_many_follow():
    assert write(60)[:5] == write(5)


def test_dates_follow_the_start():
    dates = [parsed(letter)["Date"].datetime for letter in write(3)]
    assert dates == [MORNING + timedelta(seconds=offset) for offset in range(3)]


def test_a_long_day_brings_every_scenario():
    assert {letter.scenario.partition(".")[0] for letter in write(1200)} == set(scenarios.ALL)


@pytest.mark.parametrize("code", letters.codes())
def test_a4_every_scenario_is_a_proper_mail(code):
    for letter in write(3, only=(code,)):
        mail = parsed(letter)
        assert not any(part.defects for part in mail.walk())
        assert mail["From"].addresses[0].domain.endswith(".example")
        assert mail["Subject"].strip()
        assert mail["Message-ID"]
        assert letter.recipients
        assert set(letter.recipients) <= OUR_ADDRESSES
        assert plain_text(letter).strip()
        assert "{" not in plain_text(letter)
        assert all(len(line) <= 998 for line in letter.raw.split(b"\r\n"))  # RFC 5322, 2.1.1
        assert letter.raw.replace(b"\r\n", b"").count(b"\n") == 0
        assert letter.expected["kind"] in {"", *Kind}
        assert letter.expected["priority"] in set(Priority)
        assert letter.expected["order"] in {"confirmed", "created", "none"}


def test_the_envelope_names_the_writer_except_for_bounces_and_absence_notes():
    for letter in write(150):
        empty = letter.scenario.startswith(("bounce", "vacation"))
        assert letter.sender == ("" if empty else parsed(letter)["From"].addresses[0].addr_spec)


def test_mail_comes_in_many_shapes():
    mails = [parsed(letter) for letter in write(150)]
    parts = [part for mail in mails for part in mail.walk()]
    texts = [part for part in parts if part.get_content_type() == "text/plain"]
    assert {part.get_content_charset() for part in texts} >= {"utf-8", "iso-8859-1", "windows-1252"}
    assert {part["Content-Transfer-Encoding"] for part in texts} >= {"quoted-printable", "base64"}
    assert {part.get_content_type() for part in parts} >= {
        "text/html", "multipart/mixed", "multipart/alternative", "multipart/report",
        "application/pdf", "image/png", "image/jpeg",
    }  # fmt: skip
    bodies = "\n".join(part.get_content() for part in texts)
    assert "-----Ursprüngliche Nachricht-----" in bodies
    assert "\n> " in bodies


def test_umlauts_in_headers_are_encoded_words():
    letter = next(
        letter
        for letter in write(200)
        if not parsed(letter)["From"].addresses[0].display_name.isascii()
    )
    head = letter.raw.partition(b"\r\n\r\n")[0]
    assert head.isascii()
    assert re.search(
        rb"^From: =\?(utf-8|iso-8859-1|windows-1252)\?[qb]\?", head, re.MULTILINE | re.IGNORECASE
    )


def test_what_looks_like_an_outsider_is_none_of_our_customers():
    domains = {domain for customer in COMPANY.customers for domain in customer.domains}
    outside = ("order_unknown_customer", "supplier", "newsletter", "spam", "general")
    for letter in write(200):
        known = parsed(letter)["From"].addresses[0].domain in domains
        if letter.scenario.startswith(outside):
            assert not known
        elif letter.scenario.startswith(("order", "oem", "complaint", "payment_advice")):
            assert known


def test_a_newsletter_can_be_unsubscribed_and_an_absence_note_says_it_is_automatic():
    (news,) = write(1, only=("newsletter.de",))
    assert parsed(news)["List-Unsubscribe"]
    (away,) = write(1, only=("vacation.en",))
    assert parsed(away)["Auto-Submitted"] == "auto-replied"
    assert not news.expected["auto_reply"]
    assert not away.expected["auto_reply"]


def test_a_bounce_is_a_delivery_status_notification():
    (bounce,) = write(1, only=("bounce.de",))
    report = parsed(bounce)
    assert report.get_content_type() == "multipart/report"
    assert report.get_param("report-type") == "delivery-status"
    _, status, headers = report.iter_parts()
    whole, recipient = status.get_payload()
    assert whole["Reporting-MTA"].startswith("dns;")
    assert recipient["Status"] == "5.1.1"
    assert recipient["Final-Recipient"].startswith("rfc822; ")
    assert headers.get_content_type() == "text/rfc822-headers"
    assert "Message-ID: <" in headers.get_content()


def test_pictures_of_complaints_open():
    for letter in write(4, only=("complaint.de", "complaint.en")):
        pictures = list(parsed(letter).iter_attachments())
        assert pictures
        for part in pictures:
            assert Image.open(BytesIO(part.get_content())).size == (160, 120)
            assert len(part.get_content()) < 20_000


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("layout", ["classic", "international", "compact", "long"])
def test_e1_an_order_on_paper_names_articles_we_sell_and_sums_that_tie(layout, language):
    for letter in write(5, only=(f"order_pdf_{layout}.{language}",)):
        text = pdf_text(letter)
        skus = re.findall(r"HB-\d{4}", text)
        assert skus
        assert set(skus) <= set(CATALOGUE)
        net, tax, gross = sums(text)
        rate = Decimal(re.search(r"(\d+) %", text)[1])
        assert rate in (0, 19)
        assert tax == (net * rate / 100).quantize(Decimal("0.01"), "ROUND_HALF_UP")
        assert gross == net + tax


def sums(text):
    found = re.findall(r"([\d.,]+) EUR", text)
    return [Decimal(re.sub(r"[.,](?=\d{3}\b)", "", one).replace(",", ".")) for one in found[-3:]]


def test_an_order_with_a_wrong_total_does_not_tie_and_is_not_to_be_confirmed():
    for letter in write(6, only=("order_wrong_total.de", "order_wrong_total.en")):
        net, tax, gross = sums(pdf_text(letter))
        assert gross != net + tax
        assert letter.expected["order"] == "created"


def test_an_order_with_own_numbers_names_none_of_ours():
    aliases = {alias for customer in COMPANY.customers for alias in customer.aliases}
    for letter in write(6, only=("order_pdf_own_numbers.de", "order_pdf_own_numbers.en")):
        text = pdf_text(letter)
        assert not re.findall(r"HB-\d{4}", text)
        assert set(re.findall(r"(?:MB|TWD)-\d+", text)) & aliases


def test_a_long_order_has_two_pages():
    (letter,) = write(1, only=("order_pdf_long.de",))
    (paper,) = parsed(letter).iter_attachments()
    assert len(PdfReader(BytesIO(paper.get_content())).pages) == 2


def test_quantities_can_be_sold():
    for letter in write(20, only=("order_text_list.de",)):
        for sku, quantity in lines_of(plain_text(letter)):
            product = CATALOGUE[sku]
            assert quantity >= product.min_quantity
            assert quantity % product.pack_size == 0
            assert quantity <= product.stock


def lines_of(text):
    for line in text.splitlines():
        if sku := re.search(r"HB-\d{4}", line):
            number = re.search(r"([\d.]+) (?:Stück|x)", line)[1]
            yield sku.group(), int(number.replace(".", ""))


def basket(*wanted, **terms):
    customer = COMPANY.customers[0].model_copy(
        update={"discount_percent": Decimal("12.5"), "price_list": "", "tiers": {}} | terms
    )
    return priced(COMPANY, customer, [(product, quantity) for product, quantity in wanted])


def test_customers_pay_the_list_price_less_their_discount_to_four_places():
    product = CATALOGUE["HB-1001"]
    assert product.price == Decimal("0.38")
    assert basket((product, 200)).items[0].unit_price == Decimal("0.3325")
    fine = product.model_copy(update={"price": Decimal("0.0333"), "tiers": {}})
    five = basket((fine, 200), discount_percent=Decimal(5))
    assert five.items[0].unit_price == Decimal("0.0316")


def test_customers_know_their_tiers_and_reckon_tax_at_home_only():
    product = CATALOGUE["HB-1001"].model_copy(update={"tiers": {1000: Decimal("0.30")}})
    reached = basket((product, 1000), tiers={Decimal(300): Decimal(20)})
    assert reached.items[0].unit_price == Decimal("0.24")
    assert reached.tax == Decimal("45.60")
    abroad = basket((product, 1000), country="GB")
    assert (abroad.tax, abroad.gross) == (0, abroad.net)


def test_an_order_above_the_limit_of_its_customer_is_left_to_a_person():
    strict = COMPANY.model_copy(
        update={
            "customers": [
                one.model_copy(update={"auto_confirm_limit": Decimal(0)})
                for one in COMPANY.customers
            ]
        }
    )
    (letter,) = letters.write(1, 1, MORNING, strict, only=("order_pdf_classic.de",))
    assert letter.expected["order"] == "created"


@pytest.fixture
def order():
    berger = papers.Party(
        "Modehaus Berger GmbH & Co. KG", "Sendlinger Straße 48", "80331", "München"
    )
    us = papers.Party("Happy Buttons GmbH", "Knopfmachergasse 7", "50667", "Köln")
    line = papers.PaperLine(
        "HB-1004", "Büffelhornknopf <Sylt> & Co.", 5000, Decimal("0.7031"), Decimal("3515.50")
    )
    return papers.Paper(
        "4500012345", MORNING.date(), berger, us, (line,), Decimal("3515.50"), Decimal("667.95"), Decimal("4183.45")
    )  # fmt: skip


@pytest.mark.parametrize("layout", papers.LAYOUTS)
def test_papers_say_what_they_were_given(layout, order):
    paper = papers.purchase_order(layout, order)
    text = text_of(paper)
    for words in (
        "4500012345",
        "HB-1004",
        "Büffelhornknopf <Sylt> & Co.",
        "5.000",
        "3.515,50",
        "4.183,45",
        "Berger",
    ):
        assert words in text
    assert ("70,31" if layout == "compact" else "0,7031") in text
    assert papers.purchase_order(layout, order) == paper


def test_invoices_and_delivery_notes_say_what_they_were_given(order):
    bill, note = text_of(papers.invoice(order)), text_of(papers.delivery_note(order))
    assert "Rechnungsnummer: 4500012345" in bill
    assert "4.183,45 EUR" in bill
    assert "Lieferscheinnummer: 4500012345" in note
    assert "4.183,45" not in note


@pytest.mark.parametrize(
    ("value", "german", "english"),
    [("1234.5", "1.234,50", "1,234.50"), ("0.3825", "0,3825", "0.3825"), ("0.05", "0,05", "0.05"), ("1000", "1.000,00", "1,000.00")],
)  # fmt: skip
def test_amounts_are_written_as_the_language_wants(value, german, english):
    assert amount(Decimal(value), "de") == german
    assert amount(Decimal(value), "en") == english


class Postbox:
    """A real SMTP server on a free port."""

    def __init__(self):
        self.envelopes = []
        self.sessions = set()
        self.drop_after = None
        self.refuse = ()

    async def handle_DATA(self, server, session, envelope):
        if self.drop_after == len(self.envelopes):
            self.drop_after = None
            server.transport.close()
            return "451 gone"
        if envelope.mail_from in self.refuse:
            return "554 not wanted"
        self.sessions.add(id(session))
        self.envelopes.append(envelope)
        return "250 OK"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def postbox():
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.factory = lambda: SMTP(box, data_size_limit=None, ident="test")
    controller.start()
    box.port = controller.port
    yield box
    controller.stop()


def test_a4_letters_arrive_over_one_connection(postbox):
    written = write(30)
    receipt = send(written, "127.0.0.1", postbox.port)
    assert (receipt.sent, receipt.refused) == (30, 0)
    assert len(postbox.sessions) == 1
    assert [envelope.content for envelope in postbox.envelopes] == [
        letter.raw for letter in written
    ]


def test_a_bounce_travels_with_an_empty_sender(postbox):
    send(write(1, only=("bounce.en",)), "127.0.0.1", postbox.port)
    assert postbox.envelopes[0].mail_from == "<>"


def test_a_dropped_connection_is_made_again_and_no_letter_is_missing(postbox):
    postbox.drop_after = 2
    written = write(6)
    assert send(written, "127.0.0.1", postbox.port).sent == 6
    assert [envelope.content for envelope in postbox.envelopes] == [
        letter.raw for letter in written
    ]


def test_a_refused_letter_does_not_stop_the_next(postbox):
    written = write(6, only=("complaint.de", "complaint.en"))
    postbox.refuse = {written[2].sender}
    receipt = send(written, "127.0.0.1", postbox.port)
    assert receipt.refused >= 1
    assert receipt.sent == 6 - receipt.refused == len(postbox.envelopes)


def test_the_rate_is_kept(postbox):
    began = monotonic()
    send(write(4, only=("general.de",)), "127.0.0.1", postbox.port, rate_per_minute=600)
    assert 0.3 <= monotonic() - began < 2


def test_a_patient_sender_waits_for_the_server_and_stops_when_told():
    stop, port = Event(), free_port()
    sender = Thread(
        target=send, args=(write(1), "127.0.0.1", port), kwargs={"patient": True, "stop": stop}
    )
    sender.start()
    sleep(0.2)
    assert sender.is_alive()
    stop.set()
    sender.join(2)
    assert not sender.is_alive()
