"""How the writer feels: words of displeasure and praise, what strengthens and what denies them."""

from collections.abc import Iterator, Sequence

from emails.data import Sentiment
from emails.evidence import Zone
from emails.vocabulary import phrases
from emails.vocabulary.feelings import DENYING, FEELINGS, POLITE, STRENGTHENING
from hbu.lib.reasons import N_, Reason
from hbu.lib.words import Hit, Lexicon

ENOUGH = 2
LOOKED_BACK = 25
WORDS_BACK = 2
STRONGER = 1.5
DISPLEASED, PLEASED = N_("Words of displeasure"), N_("Words of praise")


def _meanings() -> dict[str, float]:
    meanings = dict.fromkeys(phrases(POLITE), 0.0)
    for weight, text in FEELINGS.items():
        meanings |= dict.fromkeys(phrases(text), float(weight))
    return meanings


WORDS = Lexicon(_meanings())


def read(zones: Sequence[Zone]) -> tuple[Sentiment, tuple[Reason, ...]]:
    """Return the feeling and the words it was told by. Displeasure wins over praise as strong."""
    found = list(dict.fromkeys(one for zone in zones for one in _felt(zone.folded)))
    bad = [one for one in found if one[1] < 0]
    good = [one for one in found if one[1] > 0]
    displeased, pleased = -_sum(bad), _sum(good)
    if displeased >= ENOUGH and displeased >= pleased:
        return Sentiment.NEGATIVE, (_reason(DISPLEASED, bad),)
    if pleased >= ENOUGH and pleased > displeased:
        return Sentiment.POSITIVE, (_reason(PLEASED, good),)
    return Sentiment.NEUTRAL, ()


def _felt(folded: str) -> Iterator[tuple[str, float]]:
    for hit in WORDS.hits(folded):
        if hit.meaning:
            yield _weighed(folded, hit)


def _weighed(folded: str, hit: Hit[float]) -> tuple[str, float]:
    """Weigh a word by the two before it: "nicht zufrieden", "sehr zufrieden"."""
    start = max(0, hit.start - LOOKED_BACK)
    sentence = folded[start : hit.start].rpartition(".")[2]
    before = sentence.split()[-WORDS_BACK:]
    denied = next((word for word in before if word in DENYING), "")
    strengthened = next((word for word in before if word in STRENGTHENING), "")
    weight = hit.meaning * (STRONGER if strengthened else 1)
    # To be denied displeasure is no praise: "keine Reklamation" says nothing.
    if denied:
        weight = min(-ENOUGH, -weight) if weight > 0 else 0.0
    return " ".join(filter(None, (denied, strengthened, hit.written))), weight


def _sum(found: Sequence[tuple[str, float]]) -> float:
    return sum(weight for _, weight in found)


def _reason(what: str, found: Sequence[tuple[str, float]]) -> Reason:
    return Reason(what, ", ".join(words for words, _ in found)[:300], round(_sum(found), 2))
