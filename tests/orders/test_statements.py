import io
import random
import zipfile
from datetime import date
from decimal import Decimal

import pytest

from hbu.lib.errors import DomainError
from orders.banking import details, door
from orders.banking.data import Statement
from orders.banking.keys import is_ours
from orders.models import BankEntry, BankStatement
from orders.services import statements
from tests.orders.ledger import active, camt, detail, entry, open_of, owed, paid_in

pytestmark = pytest.mark.usefixtures("company")

MT940 = """:20:STARTUMS
:25:37040044/0532013000
:28C:00035/001
:60F:C261019EUR1000,00
:61:2610191019CR119,00N166NONREF//BANKREF1
:86:166?00GUTSCHR. UEBERWEISUNG?109310?20EREF+RE-2026-900123?21SVWZ+Rechnung RE-2026-90012?
223 vom 01.10.?30MALADE51XXX?31DE12500105170648489890?32Modehaus Berger GmbH?33 & Co. KG?34992
:61:2610201020RC50,00N166NONREF
:86:159?00RETOURE?20EREF+E1?21SVWZ+RUECKGABE KONTO GESCHL?22OSSEN ABWA+Meier Söhne?32Meier
:62F:C261020EUR1069,00
-
"""


def read(data: bytes) -> list[Statement]:
    return [Statement.from_json(one["statement"]) for one in door.read(data)]


def packed(*files: bytes) -> bytes:
    pile = io.BytesIO()
    with zipfile.ZipFile(pile, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, one in enumerate(files):
            archive.writestr(f"{number}.xml", one)
    return pile.getvalue()


def refused(data: bytes) -> str:
    with pytest.raises(DomainError) as refusal:
        statements.load(data, "x")
    assert (BankStatement.objects.count(), BankEntry.objects.count()) == (0, 0)
    return refusal.value.message


def test_a_camt_statement_is_read():
    data = camt(
        entry("119.00", "RE-2026-900123", end_to_end="E1", reference="B1"),
        entry("-20.00", "Gebühr", reversal=True),
        entry("7.00", "vorgemerkt", status="PDNG"),
    )
    (said,) = read(data)
    assert (said.account, said.number) == ("DE89370400440532013000", "1")
    assert (said.opening, said.closing, said.difference) == (1000, 1099, 0)
    first, second = said.entries
    assert (first.amount, first.purpose, first.party) == (
        119, "RE-2026-900123", "Modehaus Berger GmbH",
    )  # fmt: skip
    assert (first.iban, first.end_to_end, first.reference) == (
        "DE02120300000000202051", "E1", "B1",
    )  # fmt: skip
    assert (second.amount, second.reversal, first.reversal) == (-20, True, False)


@pytest.mark.parametrize("version", ["02", "04", "08", "13"])
def test_each_version_of_camt_is_read(version):
    newer = version in ("08", "13")
    data = camt(entry("119.00", "RE-2026-900123")).decode()
    data = data.replace("camt.053.001.02", f"camt.053.001.{version}")
    if newer:
        data = data.replace("<Sts>BOOK</Sts>", "<Sts><Cd>BOOK</Cd></Sts>")
        data = data.replace("<Dbtr><Nm>", "<Dbtr><Pty><Nm>")
        data = data.replace("</Nm></Dbtr>", "</Nm></Pty></Dbtr>")
    (said,) = read(data.encode())
    assert [one.party for one in said.entries] == ["Modehaus Berger GmbH"]


def test_a_batch_is_as_many_entries_as_it_has_payments():
    batch = entry(
        "30.00", details=[detail("A", amount="10.00"), detail("B", amount="20.00", iban="DE1")]
    )
    assert [(one.amount, one.purpose) for one in read(camt(batch))[0].entries] == [
        (10, "A"), (20, "B"),
    ]  # fmt: skip
    broken = entry("30.00", details=[detail("A", amount="10.00"), detail("B", amount="21.00")])
    assert [(one.amount, one.purpose) for one in read(camt(broken))[0].entries] == [(30, "A B")]


def test_numbers_in_structured_remittance_are_read_too():
    structured = (
        "<RmtInf><Strd><RfrdDocInf><Nb>RE-2026-900123</Nb></RfrdDocInf>"
        "<CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf>"
    )
    data = (
        camt(entry("119.00", "@")).decode().replace("<RmtInf><Ustrd>@</Ustrd></RmtInf>", structured)
    )
    assert read(data.encode())[0].entries[0].purpose == "RE-2026-900123 RF18539007547034"


def test_an_mt940_statement_is_read():
    (said,) = read(MT940.encode())
    assert (said.account, said.number, said.difference) == ("37040044/0532013000", "35", 0)
    first, back = said.entries
    assert first.amount == 119
    assert first.purpose == "Rechnung RE-2026-900123 vom 01.10."
    assert (first.party, first.iban) == ("Modehaus Berger GmbH & Co. KG", "DE12500105170648489890")
    assert (first.end_to_end, first.reference) == ("RE-2026-900123", "BANKREF1")
    assert (back.amount, back.reversal, back.end_to_end) == (-50, True, "E1")
    assert (back.purpose, back.party) == ("RUECKGABE KONTO GESCHLOSSEN", "Meier / Meier Söhne")


@pytest.mark.parametrize("alphabet", ["utf-8", "cp1252", "cp850", "utf-8-sig", "utf-16"])
def test_mt940_is_read_in_the_alphabets_of_banks(alphabet):
    said = read(MT940.encode(alphabet))[0].entries[1].party
    assert said == "Meier / Meier Söhne"


def test_pages_of_one_statement_are_one():
    first = MT940.replace(":62F:C261020EUR1069,00\n-\n", ":62M:C261020EUR1069,00\n-\n")
    second = (
        ":20:STARTUMS\n:25:37040044/0532013000\n:28C:00035/002\n:60M:C261020EUR1069,00\n"
        ":61:2610201020CR1,00N166NONREF\n:86:Zinsen\n:62F:C261020EUR1070,00\n-\n"
    )
    (said,) = read((first + second).encode())
    assert (said.opening, said.closing, len(said.entries), said.difference) == (1000, 1070, 3, 0)


def test_an_unstructured_purpose_is_kept_as_one_text():
    assert details.read("Zahlung\n RE-2026-900123").purpose == "Zahlung RE-2026-900123"


@pytest.mark.parametrize(
    ("account", "ours"),
    [
        ("DE89 3704 0044 0532 0130 00", True), ("37040044/0532013000", True),
        ("37040044/532013000EUR", True), ("37040045/0532013000", False),
        ("DE89370400440532013001", False), ("", False), ("0532013000", False),
    ],
)  # fmt: skip
def test_our_account_is_known_as_iban_and_as_bank_code_with_number(account, ours):
    assert is_ours(account, "DE89 3704 0044 0532 0130 00") is ours
    assert not is_ours(account, "")


def test_an_import_matches_what_is_certain_and_keeps_the_rest():
    invoice = owed(number="RE-2026-900123")
    done = statements.load(camt(entry("119.00", "RE-2026-900123"), entry("5.00", "?")), "a.xml")
    assert (len(done.statements), done.entries, done.matched) == (1, 2, 1)
    assert open_of(invoice) == 0
    assert BankEntry.objects.to_match().count() == 1


def test_the_same_file_again_brings_nothing_and_says_so():
    data = camt(entry("119.00", "A"))
    statements.load(data, "a.xml")
    again = statements.load(data, "b.xml")
    assert (again.statements, again.known_statements, again.entries) == ([], 1, 0)
    assert BankEntry.objects.count() == 1


def test_statements_that_overlap_bring_each_entry_once():
    twice = [entry("10.00", "A"), entry("10.00", "A")]
    statements.load(camt(*twice, entry("20.00", "B"), number=1), "a.xml")
    later = camt(*twice, entry("10.00", "A"), entry("30.00", "C"), number=2)
    done = statements.load(later, "b.xml")
    assert (done.entries, done.known_entries) == (2, 2)
    amounts = sorted(BankEntry.objects.values_list("amount", flat=True))
    assert amounts == [10, 10, 10, 20, 30]


def test_equal_payments_of_one_day_in_two_statements_of_an_archive_are_two():
    first = camt(entry("10.00", "A"), number=1)
    second = camt(entry("10.00", "A"), number=2, opening="1010.00")
    assert statements.load(packed(first, second, first), "a.zip").entries == 2


def test_o9_fifty_payments_delivered_three_times_shuffled_end_the_same():
    invoices = [owed(f"{100 + number}.00") for number in range(50)]
    files = [
        camt(entry(f"{one.gross}", one.number, reference=f"B{at}"), number=at)
        for at, one in enumerate(invoices)
    ]
    deliveries = files * 3
    random.Random(9).shuffle(deliveries)
    for data in deliveries[:20]:
        statements.load(data, "a.xml")
    statements.load(packed(*deliveries), "a.zip")
    assert active() == sorted((one.number, one.gross) for one in invoices)
    assert (BankEntry.objects.count(), BankStatement.objects.count()) == (50, 50)
    assert not any(open_of(one) for one in invoices)


def test_another_account_is_refused():
    assert "DE12500105170648489890" in refused(camt(account="DE12500105170648489890"))


def test_a_statement_that_does_not_add_up_is_refused():
    assert "add up" in refused(camt(entry("119.00", "A"), closing="1118.99"))


HEAD = b'<?xml version="1.0"?>'
XXE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document>&x;</Document>'
LAUGHS = (
    b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<Document>&b;</Document>"
)


def bomb() -> bytes:
    return packed(b"<a>" + b"0" * 60_000_000)


def locked() -> bytes:
    data = bytearray(packed(camt()))
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        at = data.index(mark)
        data[at + (6 if mark == b"PK\x03\x04" else 8)] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    "make",
    [
        lambda: b"", lambda: b"hello", lambda: b"%PDF-1.7", lambda: HEAD + XXE,
        lambda: HEAD + LAUGHS, lambda: b"0" * 20_000_000, bomb, locked,
        lambda: packed(packed(camt())), lambda: b"PK\x03\x04 torn", lambda: b"\xff\xfe\x00",
        lambda: camt(entry("1.00", "A"))[:-40],
        lambda: camt(entry("1.00", "A")).replace(b"1.00<", b"NaN<"),
        lambda: camt(entry("1.00", "A")).replace(b"1.00<", b"1e9<"),
        lambda: camt(entry("1.00", "A")).replace(b"2026-10-19", b"2026-99-19"),
        lambda: camt().replace(b"BkToCstmrStmt", b"BkToCstmrAcctRpt"),
        lambda: camt().replace(b"CLBD", b"XXXX"),
        lambda: MT940.replace("CR119,00", "CRX19,00").encode(),
        lambda: MT940.replace(":62F:", ":99X:").encode(),
        lambda: b":20:/etc/passwd\n:25:x",
        lambda: b"/etc/passwd",
        lambda: "Ü".encode("cp1252") * 100,
    ],
)  # fmt: skip
def test_hostile_and_broken_files_get_a_clear_answer_and_store_nothing(make):
    assert len(refused(make())) > 10


def test_a_return_in_a_later_statement_takes_the_payment_back():
    invoice = owed(number="RE-2026-900123")
    came = entry("119.00", "RE-2026-900123", end_to_end="E1")
    statements.load(camt(came), "a.xml")
    assert open_of(invoice) == 0
    back = entry("-119.00", "AC04", end_to_end="E1", reversal=True, day=date(2026, 10, 21))
    statements.load(camt(back, number=2, day=date(2026, 10, 21)), "b.xml")
    assert open_of(invoice) == 119
    assert BankEntry.objects.to_match().count() == 0


def test_the_number_of_queries_to_store_does_not_grow_with_the_entries(
    django_assert_max_num_queries,
):
    paid_in("1.00")
    many = camt(*(entry("1.00", f"nothing of ours {n}") for n in range(300)))
    with django_assert_max_num_queries(30):
        done = statements.load(many, "a.xml")
    assert (done.entries, done.matched) == (300, 0)
    assert sum(BankEntry.objects.values_list("amount", flat=True)) == Decimal(301)
