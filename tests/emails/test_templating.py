from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emails.courtesy import score
from emails.template_grammar import LISTS
from emails.templating import VARIABLES, TemplateProblem, check, render, split
from tests.explosions import no_explosion

SHELF = Path(__file__).parents[2] / "demo" / "templates"
CODES = {path.stem for path in (SHELF / "de").glob("*.txt")}
FILES = sorted(SHELF.glob("*/*.txt"))
SIGNATURE = (
    "Happy Buttons GmbH\nKnopfallee 1, 99084 Erfurt\nGeschäftsführung: Clara Weber\n"
    "Amtsgericht Jena, HRB 123456, USt-IdNr. DE123456789\nhttps://h-bu.de"
)
LINE = {
    "position": 1,
    "sku": "HB-1001",
    "name": "Perlmuttknopf Royal",
    "quantity": "1.000",
    "unit": "Stück",
    "unit_price": "0,25",
    "total": "250,00",
}
INVOICE = {
    "number": "RE-2026-0815",
    "gross": "142,80 EUR",
    "received": "100,00 EUR",
    "open": "42,80 EUR",
    "due": "14. Juli 2026",
}
NOTICE = {
    "heading": "C-2026-000123 Bestellung 4711",
    "when": "7.7.2026 09:00",
    "title": "Ben",
    "details": "",
    "link": "https://h-bu.example/cases/C-2026-000123/",
}
SAMPLE = {
    "customer": "Atelier Nord",
    "subject_line": "Bestellung 4711",
    "case_number": "C-2026-000123",
    "order_number": "2026-00042",
    "order_reference": "4711",
    "order_state": "in Fertigung",
    "document_number": "RE-2026-0815",
    "promised_date": "14. Juli 2026",
    "lines": [LINE, LINE | {"position": 2, "sku": "HB-7"}],
    "net": "500,00",
    "tax": "95,00",
    "gross": "595,00",
    "currency": "EUR",
    "doubts": ["Position 2: Meinen Sie HB-7 oder HB-8?", "Welche Lieferadresse gilt?"],
    "invoices": [INVOICE],
    "notice": "Ben mentions you in C-2026-000123",
    "details": "Please have a look",
    "notices": [NOTICE],
    "preceding_number": "RE-2026-0801",
    "due_date": "13. August 2026",
    "prepayment": "",
    "cash_discount": "2",
    "cash_discount_date": "24. Juli 2026",
    "open_amount": "142,80",
    "fee": "5,00",
    "to_pay": "147,80",
    "pay_until": "27. August 2026",
    "iban": "DE02 1203 0000 0000 2020 51",
    "shipment_number": "L-2026-000042",
    "carrier": "DHL",
    "tracking": "00340434161094000000",
    "delivery_date": "16. Juli 2026",
    "valid_until": "13. August 2026",
    "quotation_number": "A-2026-000007",
    "link": "https://h-bu.example/shop/orders/abc/",
    "deadline": "Dienstag, 7. Juli, 12:00 Uhr",
    "department": "Auftragsabteilung",
    "clerk": "Clara Weber",
    "company": "Happy Buttons",
    "signature": SIGNATURE,
}
ENGLISH = SAMPLE | {
    "deadline": "Tuesday, 7 July, 12:00",
    "promised_date": "14 July 2026",
    "due_date": "13 August 2026",
    "cash_discount_date": "24 July 2026",
    "pay_until": "27 August 2026",
    "delivery_date": "16 July 2026",
    "valid_until": "13 August 2026",
}
SPARSE = ("case_number", "deadline", "department", "company", "signature", "order_number", "lines")
SALUTATIONS = {
    ("de", ""): "Sehr geehrte Damen und Herren",
    ("de", "Anna Berger"): "Sehr geehrte Frau Berger",
    ("en", ""): "Dear Sir or Madam",
    ("en", "Anna Berger"): "Dear Ms Berger",
}


def filled(path, name="", **more):
    language = path.parent.name
    values = (SAMPLE if language == "de" else ENGLISH) | more
    salutation = SALUTATIONS[language, name]
    return render(*split(path.read_text("utf-8")), values | {"salutation": salutation})


def said(body, **values):
    return render("Betreff", body, values).text


def name_of(path):
    return f"{path.parent.name}-{path.stem}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
@pytest.mark.parametrize("name", ["", "Anna Berger"])
def test_b7_every_shipped_letter_is_courteous(path, name):
    letter = filled(path, name)
    judged = score(
        letter.text,
        subject=letter.subject,
        language=path.parent.name,
        addressee=name,
        commits=True,
    )
    assert judged.score >= 80, [one for one in judged.findings if not one.ok]


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_shipped_letter_may_be_saved_and_is_signed(path):
    subject, body = split(path.read_text("utf-8"))
    assert check(subject, body) == []
    assert filled(path).text.rstrip().endswith(SIGNATURE.splitlines()[-1])


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_letter_stands_without_the_optional_values(path):
    letter = filled(path, promised_date=None, order_reference=None, order_number="2026-1")
    assert "None" not in letter.text
    assert "\n\n\n" not in letter.text


def test_both_languages_have_the_same_letters():
    assert {path.stem for path in (SHELF / "en").glob("*.txt")} == CODES
    assert {"order_received", "generic_ack", "invoice_received", "expedite_ack"} <= CODES
    assert {"order_confirmed", "shipment_sent", "invoice_issued", "quotation_sent"} <= CODES


def test_a_confirmation_shows_lines_totals_and_date():
    text = filled(SHELF / "de" / "order_confirmed.txt").text
    for shown in ("HB-1001", "HB-7", "595,00 EUR", "14. Juli 2026", "2026-00042"):
        assert shown in text


def test_a_case_number_rides_in_the_subject():
    assert "[C-2026-000123]" in filled(SHELF / "en" / "generic_ack.txt").subject


def test_a_missing_value_is_named_with_its_line():
    with pytest.raises(TemplateProblem, match="Line 2: 'deadline' is undefined") as caught:
        said("Guten Tag,\nbis {{ deadline }}")
    assert caught.value.line == 2


def test_a_missing_value_may_be_asked_for():
    assert said("{% if promised_date %}am {{ promised_date }}{% else %}bald{% endif %}") == "bald\n"


def test_values_that_no_template_knows_stay_outside():
    with pytest.raises(TemplateProblem, match="Unknown variable: secret"):
        said("{{ secret }}", secret="x")


@pytest.mark.parametrize(
    "body",
    [
        "{{ signature.__class__ }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ signature.format(1) }}",
        "{{ signature['x'] }}",
        "{{ signature|attr('x') }}",
        "{{ lines|map('upper') }}",
        "{{ self }}",
        "{{ settings.SECRET_KEY }}",
        "{{ range(10) }}",
        "{% for x in range(999999999) %}x{% endfor %}",
        "{% for x in signature %}x{% endfor %}",
        "{% for x in lines recursive %}x{% endfor %}",
        "{% for x in lines if x %}x{% endfor %}",
        "{% for x in lines %}{% for y in lines %}x{% endfor %}{% endfor %}",
        "{% for signature in lines %}x{% endfor %}",
        "{% for a, b in lines %}x{% endfor %}",
        "{% for x in lines %}{{ x.items }}{% endfor %}",
        "{% for x in lines %}{{ loop.cycle }}{% endfor %}",
        "{% for x in doubts %}{{ x.upper }}{% endfor %}",
        "{{ 'a' * 999999999 }}",
        "{{ 9 ** 9 ** 9 ** 9 }}",
        "{{ 'a' ~ 'b' }}",
        "{{ [1, 2] }}",
        "{% set x = 1 %}",
        "{% macro x() %}{% endmacro %}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% extends 'x' %}",
        "{% block x %}{% endblock %}",
        "{% filter upper %}x{% endfilter %}",
        "{% if x is defined %}x{% endif %}",
        "{{ signature|left('a' * 9) }}",
        "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
        "{{ " + "not " * 300 + "net }}",
        "{{ " + "9" * 9000 + " }}",
        "{% if %}",
        "{{ net",
        "x" * 20_001,
    ],
)
def test_f11_what_a_letter_does_not_need_is_refused_on_saving(body):
    with no_explosion():
        assert check("Betreff", body)
    with pytest.raises(TemplateProblem):
        said(body, signature="x", lines=[LINE], doubts=["x"], net="1")


def test_f11_a_problem_tells_its_place():
    found = check("{{ nope }}", "a\nb {{ 1 + 1 }}")
    assert [(part, str(problem)) for part, problem in found] == [
        ("Subject", "Line 1: Unknown variable: nope"),
        ("Text", "Line 2: Not allowed in a letter: Add"),
    ]


def test_f11_many_lines_cannot_make_an_endless_letter():
    with pytest.raises(TemplateProblem, match="too long"):
        said("{% for line in lines %}" + "x" * 15_000 + "{% endfor %}", lines=[LINE] * 5000)


def test_a_value_of_the_wrong_kind_is_a_problem_in_words():
    with pytest.raises(TemplateProblem):
        said("{{ lines|upper }}", lines=[LINE])
    with pytest.raises(TemplateProblem):
        said("{{ net|left('wide') }}", net="1")


def test_f11_values_are_never_read_as_templates():
    assert said("{{ customer }}", customer="{{ 7 * 7 }}{% for %}") == "{{ 7 * 7 }}{% for %}\n"


@pytest.mark.parametrize(
    "field",
    sorted(set(VARIABLES) - LISTS - {"company", "link", "signature"}),
)
def test_d7_a_link_in_a_value_is_undone(field):
    evil = "Click https://evil.example/x www.evil.example evil.com a@evil.com javascript:alert(1)"
    text = said("{{ " + field + " }}", **{field: evil})
    assert "://" not in text
    assert "www." not in text
    assert "evil.com" not in text
    assert "javascript" not in text


def test_d7_links_in_lines_and_doubts_are_undone():
    text = said(
        "{% for line in lines %}{{ line.name }}{% endfor %}{% for d in doubts %}{{ d }}{% endfor %}",
        lines=[LINE | {"name": "http://evil.example"}],
        doubts=["ftp://evil.example"],
    )
    assert text == "……\n"


def test_d7_links_in_invoices_are_undone():
    loop = "{% for one in invoices %}{{ one.number }}{% endfor %}"
    assert said(loop, invoices=[INVOICE | {"number": "http://evil.example"}]) == "…\n"


def test_d7_names_are_cut_and_stay_on_one_line():
    assert len(said("{{ customer }}", customer="x" * 5000)) == 101
    assert said("{{ customer }}", customer="a\r\nb\u202e\u200bc") == "a b c\n"


def test_our_own_address_stays_a_link():
    assert "https://h-bu.de" in said("{{ signature }}", signature=SIGNATURE)


@given(st.text(max_size=400))
@settings(max_examples=100, deadline=None)
def test_c7_a_subject_is_one_short_line_whatever_a_value_holds(value):
    subject = render(
        "Re: {{ subject_line }} {{ signature }}",
        "x",
        {
            "subject_line": value,
            "signature": value * 3,
        },
    ).subject
    assert len(subject) <= 200
    assert len(subject.splitlines()) == 1
    assert not any(ord(letter) < 32 for letter in subject)


@pytest.mark.parametrize("source", ["", "Hello\n\nbody", "Subject: a\nX: b\n\nbody"])
def test_a_file_without_a_subject_is_refused(source):
    with pytest.raises(TemplateProblem):
        split(source)


def test_d7_links_in_notices_are_undone_but_ours():
    loop = "{% for one in notices %}{{ one.title }} {{ one.link }}{% endfor %}"
    rows = [NOTICE | {"title": "http://evil.example"}]
    assert said(loop, notices=rows) == f"… {NOTICE['link']}\n"
