import json

import pytest

from emails import learning
from emails.classifying import LEARNED, LEARNED_OTHERWISE, LEARNED_WEIGHT, classify
from emails.data import Kind, Sender
from emails.learning import Lesson
from tests.emails.letters import letter
from tests.explosions import no_explosion

LESSONS = [
    Lesson("Farbkarte", "bitte die aktuelle Farbkarte schicken", Kind.QUOTATION_REQUEST, 3),
    Lesson("Farbkarte Herbst", "wir hätten gern die Farbkarte", Kind.QUOTATION_REQUEST, 3),
    Lesson("Stempel", "der Stempel auf dem Karton fehlt", Kind.COMPLAINT, 3),
    Lesson("Karton", "Karton ohne Stempel bekommen", Kind.COMPLAINT, 3),
    Lesson("Hallo", "wie war der Urlaub", Kind.GENERAL, 3),
]
MODEL = learning.train(LESSONS, version=4)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Könnte ich die Farbkarte bekommen?", Kind.QUOTATION_REQUEST),
        ("Auf dem Karton ist kein Stempel", Kind.COMPLAINT),
    ],
)
def test_what_was_taught_is_known_again_with_its_words(text, kind):
    vote = learning.vote(MODEL, "", text)
    assert vote.kind is kind
    assert set(vote.words) & {"farbkarte", "stempel", "karton"}
    assert learning.LEAST_SHARE <= vote.share <= 1


def test_who_knows_too_few_of_the_words_says_nothing():
    assert learning.vote(MODEL, "", "") is None
    assert learning.vote(MODEL, "", "something else entirely") is None


def test_the_same_lessons_make_the_same_model_in_any_order_and_through_json():
    again = learning.train(list(reversed(LESSONS)), version=4)
    assert again == MODEL
    assert learning.Model.from_json(4, json.loads(json.dumps(MODEL.as_json()))) == MODEL


def test_a_model_of_nothing_says_nothing():
    assert learning.vote(learning.train([]), "Farbkarte", "die Farbkarte bitte") is None


def test_its_voice_is_one_among_others_and_limited():
    mail = letter("", "Bitte schicken Sie die aktuelle Farbkarte.")
    alone, taught = classify(mail, Sender()), classify(mail, Sender(), model=MODEL)
    assert alone.kind is Kind.GENERAL
    assert taught.kind is Kind.QUOTATION_REQUEST
    reason = next(one for one in taught.reasons if one.what == LEARNED)
    assert "farbkarte" in reason.evidence
    assert 0 < reason.weight <= LEARNED_WEIGHT


def test_where_the_rules_know_better_its_view_is_told():
    mail = letter("Reklamation", "Mängelrüge: Farbkarte beschädigt, bitte die aktuelle Farbkarte")
    verdict = classify(mail, Sender(), model=MODEL)
    assert verdict.kind is Kind.COMPLAINT
    told = {reason.what: reason.evidence for reason in verdict.reasons}
    assert told[LEARNED_OTHERWISE] == Kind.QUOTATION_REQUEST


def test_b14_lessons_and_letters_are_bounded():
    long = " ".join(f"wort{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}" for n in range(20_000))
    with no_explosion():
        model = learning.train([Lesson(long, long, kind) for kind in Kind])
        learning.vote(model, long, long)
    assert len(model.words) <= learning.MOST_WORDS
