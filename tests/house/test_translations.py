import re
from io import BytesIO, StringIO
from string import Formatter

import pytest
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from django.core.management import call_command
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, override

from hbu.lib.telling import named, told
from hbu.management.commands import update_translations as catalogue

NAMED = re.compile(r"%\(\w+\)[sd]|%[sd]")


def placeholders(text):
    braces = [
        name for _text, name, _spec, _conversion in Formatter().parse(text) if name is not None
    ]
    return sorted([*NAMED.findall(text), *braces])


@pytest.fixture(scope="module")
def marked():
    return catalogue.marked_texts()


@pytest.fixture(scope="module", params=catalogue.catalogues(), ids=lambda path: path.parts[-3])
def path(request):
    return request.param


@pytest.fixture(scope="module")
def translations(path):
    return read_po(BytesIO(path.read_bytes()), locale=path.parts[-3])


def test_german_is_spoken():
    assert "de" in [path.parts[-3] for path in catalogue.catalogues()]


def test_whatever_is_marked_stands_in_the_catalogue_and_nothing_else(path, marked):
    assert path.read_bytes() == catalogue.as_po(catalogue.merged(path, marked))


def test_every_text_is_translated(translations):
    assert [one.id for one in translations if one.id and not catalogue.translated(one)] == []


def test_placeholders_survive_the_translation(translations):
    for one in translations:
        texts = one.id if one.pluralizable else (one.id,)
        words = one.string if one.pluralizable else (one.string,)
        wanted = {tuple(placeholders(text)) for text in texts}
        assert {tuple(placeholders(word)) for word in words} <= wanted, one.id


def test_the_catalogue_can_be_compiled(translations):
    compiled = BytesIO()
    write_mo(compiled, translations)
    compiled.seek(0)
    assert len(read_mo(compiled)) == len(translations)
    assert [(one.id, errors) for one, errors in translations.check()] == []


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("Enter the order by hand", None),  # a pure module marks it with N_
        ("needs one value", None),  # a mark in an f-string
        ("order", "kind of mail"),
        ("Order", "business"),  # in a template, with a context
        ("This page has come loose", None),  # in a template
        ("Apply Filters", None),  # the look of the admin, which speaks English only
    ],
)
def test_marks_are_found_wherever_they_stand(marked, text, context):
    assert marked.get(text, context)


def test_a_second_run_changes_nothing(settings, tmp_path, marked, monkeypatch):
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    path = folder / "django.po"
    path.write_text('msgid "Today"\nmsgstr "Heute"\n\nmsgid "gone"\nmsgstr "weg"\n')
    settings.LOCALE_PATHS = [tmp_path]
    # Both runs would find the same marks, slowly.
    monkeypatch.setattr(catalogue, "marked_texts", lambda: marked)
    call_command("update_translations", stdout=StringIO())
    first = path.read_bytes()
    assert b'msgid "Today"\nmsgstr "Heute"' in first
    assert b'"gone"' not in first
    assert str(settings.BASE_DIR).encode() not in first
    call_command("update_translations", stdout=StringIO())
    assert path.read_bytes() == first


def test_stored_reasons_are_told_in_the_readers_language():
    with override("de"):
        assert told("Not enough in stock: 500 > 100; Another currency") == (
            "Nicht genug auf Lager: 500 > 100; Eine andere Währung"
        )
        assert told("Its courtesy falls short; a person should read it.").startswith("Ihre ")
        assert named("IN_PRODUCTION") == "in Fertigung"
        assert named("order_received") == "order_received"
    with override("en"):
        assert told("Not enough in stock: 500 > 100") == "Not enough in stock: 500 > 100"


def test_an_order_of_a_customer_is_no_sequence():
    with override("de"):
        assert gettext("order") == "Auftrag"


def test_english_dates_are_european():
    moment = timezone.make_aware(timezone.datetime(2026, 7, 4, 15, 5))
    with override("en"):
        assert date_format(moment, "DATETIME_FORMAT") == "4 Jul 2026, 15:05"
        assert date_format(moment, "SHORT_DATE_FORMAT") == "04/07/2026"
    with override("de"):
        assert date_format(moment, "DATE_FORMAT") == "4. Juli 2026"
