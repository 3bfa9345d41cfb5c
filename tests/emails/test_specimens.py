import pytest

from emails.parsing import parse
from tests.corpora.mails import all_specimens
from tests.corpora.specimens import charsets

SPECIMENS = [one for one in all_specimens() if not one.name.startswith("charset ")]


def wrong_fields(specimen):
    return list(specimen.wrong(parse(specimen.raw)))


@pytest.mark.parametrize("specimen", SPECIMENS, ids=lambda one: one.name)
def test_a_mail_is_read_as_it_was_meant(specimen):
    assert wrong_fields(specimen) == []


@pytest.mark.parametrize("specimen", list(charsets.specimens()), ids=lambda one: one.name)
def test_b16_a_letter_is_right_in_every_charset(specimen):
    assert wrong_fields(specimen) == []
