"""The words by which mails are told apart, German and English, with what each is worth.

`about` phrases, `together` words that count in one sentence, `titles` of documents,
`tone` of urgency, and what makes a letter of ours courteous.
Phrases are separated by commas; `*` lets the last word go on ("liefer*" finds "Lieferung").
"""

from collections.abc import Iterator


def listed(text: str) -> tuple[str, ...]:
    """Return what a text lists, each on a line or between upright strokes."""
    return tuple(one.strip() for line in text.strip().split("\n") for one in line.split("|"))


def phrases(text: str) -> Iterator[str]:
    for phrase in text.split(","):
        yield " ".join(phrase.split())
