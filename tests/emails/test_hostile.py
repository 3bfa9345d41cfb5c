from resource import RUSAGE_SELF, getrusage

import pytest

from emails.classifying import classify
from emails.data import Sender
from emails.mime import TooComplex
from emails.parsing import parse
from tests.corpora.bombs.mails import MAILS
from tests.explosions import no_explosion

MEGABYTES = 150


def read(raw):
    try:
        return classify(parse(raw), Sender()).kind
    except TooComplex as refusal:
        return str(refusal)


@pytest.mark.parametrize("make", MAILS, ids=lambda make: make.__name__)
def test_b1_to_b5_hostile_mails_are_read_or_refused_with_a_reason(make):
    before = getrusage(RUSAGE_SELF).ru_maxrss
    for name, raw in make():
        with no_explosion():
            assert read(raw), name
    assert getrusage(RUSAGE_SELF).ru_maxrss - before < MEGABYTES * 1024
