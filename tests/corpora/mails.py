"""Real-looking mails and what every reader should find in them."""

from emails.parsing import parse
from tests.corpora.figure import Figure
from tests.corpora.specimens import broken, charsets, clients, heads, strangers, structures, wrapped

NOTES = 40


def all_specimens():
    for part in (charsets, heads, structures, broken, wrapped, clients, strangers):
        yield from part.specimens()


def measure() -> tuple[Figure, ...]:
    right = of = crashed = 0
    notes: list[str] = []
    specimens = list(all_specimens())
    for specimen in specimens:
        try:
            mail = parse(specimen.raw)
        except Exception as error:
            crashed += 1
            notes.append(f"{specimen.name}: {type(error).__name__} {error}")
            continue
        wrong = list(specimen.wrong(mail))
        count = len(list(specimen.fields(mail)))
        of += count
        right += count - len(wrong)
        notes += [
            f"{specimen.name}: {field} {found!r:.300} is not {expected!r:.300}"
            for field, expected, found in wrong
        ]
    return (
        Figure("fields of parsing", right, of, 0.993, tuple(notes[:NOTES])),
        Figure("mails parsed without an exception", len(specimens) - crashed, len(specimens), 1.0),
    )
