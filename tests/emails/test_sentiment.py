import pytest

from emails import evidence, sentiment
from emails.classifying import classify
from emails.data import Sender, Sentiment
from tests.emails.letters import letter


def felt(text, subject=""):
    return sentiment.read(evidence.zones(letter(subject, text)))


@pytest.mark.parametrize(
    ("text", "feeling"),
    [
        ("Ich bin sehr enttäuscht von Ihrer Lieferung.", "negative"),
        ("Das ist inakzeptabel!", "negative"),
        ("This is unacceptable and I am furious.", "negative"),
        ("Ich bin nicht zufrieden.", "negative"),
        ("We are not happy with the quality.", "negative"),
        ("Leider ist die Ware beschädigt.", "negative"),
        ("Vielen Dank, aber wir sind verärgert und enttäuscht.", "negative"),
        ("Die Knöpfe sind wunderschön, wir sind begeistert!", "positive"),
        ("We are very happy with the excellent service.", "positive"),
        ("Wir sind sehr zufrieden, gerne wieder.", "positive"),
        ("Bitte senden Sie uns ein Angebot.\n\nMit freundlichen Grüßen", "neutral"),
        ("Kind regards and a nice day", "neutral"),
        ("Das ist kein Problem und keine Reklamation.", "neutral"),
        ("Please send us 500 buttons.", "neutral"),
        ("", "neutral"),
    ],
)
def test_feelings_are_told_by_their_words(text, feeling):
    assert felt(text)[0] == feeling


def test_reasons_name_the_words_with_what_strengthens_and_denies_them():
    _, (reason,) = felt("Wir sind nicht zufrieden und sehr verärgert.")
    assert reason.what == sentiment.DISPLEASED
    assert reason.evidence == "nicht zufrieden, sehr verärgert"
    assert reason.weight < 0


def test_the_verdict_carries_the_feeling():
    verdict = classify(letter("Beschwerde", "Das ist eine Frechheit!"), Sender())
    assert verdict.sentiment is Sentiment.NEGATIVE
    assert sentiment.DISPLEASED in {reason.what for reason in verdict.reasons}
