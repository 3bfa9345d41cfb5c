import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emails.courtesy import LEAVES_UNSEEN, score
from tests.explosions import no_explosion

GOOD = {
    "de": (
        "Sehr geehrte Frau Berger,\n\nvielen Dank für Ihre Bestellung 4711. Wir prüfen sie und "
        "bestätigen Ihnen den Liefertermin bis Dienstag, 14. Juli.\n\nMit freundlichen Grüßen\n\n"
        "Auftragsabteilung\nHappy Buttons GmbH\n"
    ),
    "en": (
        "Dear Ms Berger,\n\nThank you for your order 4711. We will check it and confirm the "
        "delivery date by Tuesday, 14 July.\n\nKind regards\n\nOrders\nHappy Buttons GmbH\n"
    ),
}
SUBJECT = {"de": "Ihre Bestellung 4711", "en": "Your order 4711"}
THANKS = {"de": "vielen Dank für Ihre Bestellung 4711. ", "en": "Thank you for your order 4711. "}


def judged(text, language="de", **more):
    more = {"subject": SUBJECT[language], "addressee": "Anna Berger", "commits": True} | more
    return score(text, language=language, **more)


def missed(result):
    return {one.rule for one in result.findings if not one.ok}


@pytest.mark.parametrize("language", ["de", "en"])
def test_an_impeccable_letter_has_a_hundred_points(language):
    result = judged(GOOD[language], language)
    assert (result.score, missed(result)) == (100, set())


@pytest.mark.parametrize(
    ("language", "old", "new", "rule"),
    [
        ("de", "Sehr geehrte Frau Berger,", "Hallo,", "Salutation"),
        ("de", "Frau Berger", "Damen und Herren", "Salutation"),
        ("de", "vielen Dank für Ihre Bestellung 4711. ", "", "Thanks"),
        ("de", "Wir prüfen sie und bestätigen Ihnen den Liefertermin", "Liefertermin", "Next step"),
        ("de", "bis Dienstag, 14. Juli", "bald", "Next step"),
        ("de", "Mit freundlichen Grüßen", "", "Closing formula"),
        ("de", "Auftragsabteilung\nHappy Buttons GmbH", "", "Signature"),
        ("de", "für Ihre Bestellung", "für deine Bestellung", "Formal address"),
        ("de", "Wir prüfen", "Sie haben vergessen zu unterschreiben. Wir prüfen", "No blame"),
        ("de", "bis Dienstag", "BITTE SOFORT ZAHLEN bis Dienstag", "No shouting"),
        ("de", "14. Juli.", "14. Juli!!!", "No shouting"),
        ("de", "Bestellung 4711", "Bestellung {{ order_reference }}", "No unfilled placeholder"),
        ("de", "Bestellung 4711", "Bestellung [NUMMER]", "No unfilled placeholder"),
        ("de", "Bestellung 4711", "Bestellung None", "No unfilled placeholder"),
        ("de", "Bestellung 4711", "Bestellung XXX", "No unfilled placeholder"),
        ("en", "Dear Ms Berger,", "Hello,", "Salutation"),
        ("en", "Thank you for your order 4711. ", "", "Thanks"),
        ("en", "by Tuesday, 14 July", "soon", "Next step"),
        ("en", "Kind regards", "", "Closing formula"),
        ("en", "We will", "Hey guys, we will", "Formal address"),
        ("en", "We will", "It is your own fault. We will", "No blame"),
        ("en", "order 4711", "order <NUMBER>", "No unfilled placeholder"),
    ],
)
def test_each_slip_is_found_and_costs(language, old, new, rule):
    assert old in GOOD[language]
    text = GOOD[language].replace(old, new)
    result = judged(text, language)
    assert rule in missed(result)
    assert result.score < 100
    (finding,) = [one for one in result.findings if one.rule == rule]
    assert finding.hint
    assert finding.excerpt in text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("für Ihre Bestellung", "für deine Bestellung"),
        ("Wir prüfen", "Das ist Ihre Schuld. Wir prüfen"),
        ("4711", "{{ order_number }}"),
    ],
)
def test_b7_a_fault_keeps_the_best_letter_in_the_house(old, new):
    assert judged(GOOD["de"].replace(old, new)).score < LEAVES_UNSEEN


def test_b7_the_wrong_language_does_not_leave_unseen():
    assert judged(GOOD["en"], "de").score < LEAVES_UNSEEN
    assert judged(GOOD["de"], "en").score < LEAVES_UNSEEN


def test_a_loud_subject_counts_too():
    assert "No shouting" in missed(judged(GOOD["de"], subject="IHRE BESTELLUNG"))


def test_a_bare_note_does_not_leave_unseen():
    assert judged("Ist erledigt.").score < LEAVES_UNSEEN
    assert judged("").score < LEAVES_UNSEEN


def test_what_a_letter_quotes_is_not_held_against_it():
    text = GOOD["de"].replace("4711", "„HEY DU, DRINGEND BITTE!!!“")
    assert judged(text).score == 100


def test_without_a_known_name_the_general_salutation_is_enough():
    text = GOOD["de"].replace("Sehr geehrte Frau Berger", "Sehr geehrte Damen und Herren")
    assert judged(text, addressee="").score == 100


def test_a_letter_that_promises_nothing_needs_no_date():
    text = GOOD["de"].replace("bis Dienstag, 14. Juli", "so bald wie möglich")
    assert judged(text, commits=False).score == 100


def test_names_and_codes_are_neither_familiar_nor_loud():
    text = GOOD["de"].replace("\n\nMit", "\n1  HB-100 ROYAL BLAU\n   GOLD RAND, 5 EUR\n\nMit")
    assert judged(text).score == 100
    assert judged(GOOD["de"].replace("Berger", "Du"), addressee="Frau Du").score == 100


@pytest.mark.parametrize("language", ["de", "en"])
@given(parts=st.lists(st.sampled_from(range(8)), max_size=12))
@settings(max_examples=60, deadline=None)
def test_taking_the_thanks_away_never_raises_the_score(language, parts):
    sentences = [
        "Wir prüfen es.",
        "We will check it.",
        "Bis Dienstag.",
        "BITTE SOFORT!!",
        "Hey du!",
        "Sehr geehrte Frau Berger,\n",
        "\nMit freundlichen Grüßen\nA\nB\n",
        "Kind regards\nA\nB",
    ]
    rest = " ".join(sentences[part] for part in parts)
    with_thanks = judged(f"{THANKS[language]}\n{rest}", language).score
    assert judged(rest, language).score <= with_thanks


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("Formal address", "für Ihre", "für deine"),
        ("No blame", "Wir prüfen", "Das ist Ihre Schuld. Wir prüfen"),
        ("No unfilled placeholder", "4711", "[NUMMER]"),
        ("No shouting", "14. Juli.", "14. Juli!!!"),
    ],
)
def test_a_fault_shows_the_words_that_decided(rule, old, new):
    result = judged(GOOD["de"].replace(old, new))
    (fault,) = [one for one in result.findings if not one.ok]
    assert (fault.rule, bool(fault.hint)) == (rule, True)
    assert fault.excerpt
    assert fault.excerpt in new


def test_the_wrong_language_shows_its_first_line():
    (fault,) = [one for one in judged(GOOD["en"], "de").findings if one.points < 0]
    assert fault.excerpt == "Dear Ms Berger,"


def test_what_is_good_needs_no_hint():
    assert not [one.hint for one in judged(GOOD["de"]).findings if one.hint]


def test_the_score_is_the_same_every_time_and_explains_itself():
    result = judged(GOOD["de"])
    assert result == judged(GOOD["de"])
    assert sum(one.points for one in result.findings) == result.score
    assert len(result.as_json()["findings"]) == len(result.findings)


@pytest.mark.parametrize(
    "text", ["Sie haben " * 10_000, "„" * 100_000, "[A" * 50_000, "\n" * 100_000]
)
def test_b14_a_hundred_kilobytes_are_scored_in_no_time(text):
    with no_explosion():
        judged(text)
