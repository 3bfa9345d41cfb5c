"""Years of correspondence in a minute: mails and cases by the hundred thousand, for measuring.

Words are drawn as they are in letters: a few all the time, most of them hardly ever.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from django.utils import timezone

from agents.models import Department
from cases.models import Case, CaseEmail
from cases.services import indexing
from cases.services.entries import Kind
from emails.models import Email, Thread
from shop.models import Customer


def drawn_from(words: str) -> tuple[str, ...]:
    return tuple(words.split())


COMMON = drawn_from(
    "und der die das wir bitte Sie um mit für Ihre Knöpfe Stück Bestellung Lieferung Angebot Preis "
    "Rechnung danke Grüße Damen Herren geehrte noch schicken Muster Farbe Größe liefern bis Woche "
    "benötigen haben leider Frage Termin Kunde Artikel Menge Rabatt Versand Muster Katalog"
)
STEMS = drawn_from(
    "Perlmutt Horn Holz Kokos Metall Messing Silber Glas Leder Stoff Kristall Zwirn Seiden Samt "
    "Trachten Mantel Hemden Blusen Kinder Braut Uniform Jeans Lager Liefer Zahlungs Muster Sonder "
    "Eil Rahmen Nach Teil Mindest Export Zoll Farb Größen Qualitäts Prüf Rück Umtausch Messe"
)
ENDS = drawn_from(
    "knopf knöpfe ösen nieten schnalle schließe menge preis termin auftrag bestellung rechnung "
    "lieferung muster karte bogen tüte schachtel karton palette prüfung mangel fehler schaden "
    "gutschrift nachlass frist zusage anfrage bestätigung gebühr größe farbe oberfläche"
)
FIRST = drawn_from(
    "Anna Otto Sabine Jürgen Käthe Björn Ines Uwe Gülcan Frauke Marek Zoë Heiner Ruth"
)
LAST = drawn_from(
    "Müller Berger Wagner Schütz Großmann Yılmaz Kowalski Lindner Böhm Thiel Ahrens Vogt"
)
PORTION = 1000
MINUTES_BETWEEN = 7


@dataclass(frozen=True, slots=True)
class Writer:
    """Draws words; the same seed writes the same letters."""

    chance: random.Random
    words: tuple[str, ...]
    weights: tuple[float, ...]

    @classmethod
    def of(cls, seed: int) -> "Writer":
        rare = [f"{stem}{end}" for stem in STEMS for end in ENDS]
        rare += [f"{stem}{end}{number}" for stem in STEMS for end in ENDS for number in range(3, 9)]
        chance = random.Random(seed)  # noqa: S311 - letters, not secrets
        chance.shuffle(rare)
        words = (*COMMON, *rare)
        return cls(chance, words, tuple(accumulate(1 / (rank + 4) for rank in range(len(words)))))

    def text(self, count: int) -> str:
        return " ".join(self.chance.choices(self.words, cum_weights=self.weights, k=count))


def correspondence(count: int, *, seed: int = 1, start: int = 0) -> None:
    """Write so many mails, each with its thread and its case, in no search yet."""
    writer, now = Writer.of(seed + start), timezone.now()
    departments = list(Department.objects.all())
    customers: Sequence[Customer | None] = list(Customer.objects.all()) or [None]
    for first in range(start, start + count, PORTION):
        numbers = range(first, min(first + PORTION, start + count))
        mails = [_mail(number, writer, departments, now) for number in numbers]
        threads = Thread.objects.bulk_create(Thread(subject=mail.subject) for mail in mails)
        for mail, thread in zip(mails, threads, strict=True):
            mail.thread = thread
        Email.objects.bulk_create(mails)
        cases = Case.objects.bulk_create(_case(mail, writer, customers) for mail in mails)
        CaseEmail.objects.bulk_create(
            CaseEmail(case=case, email=mail) for case, mail in zip(cases, mails, strict=True)
        )


def _mail(number: int, writer: Writer, departments: list[Department], now: datetime) -> Email:
    chance = writer.chance
    name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
    return Email(
        fingerprint=f"crowd-{number}",
        subject=writer.text(chance.randint(3, 7)),
        text=f"Sehr geehrte Damen und Herren, {writer.text(chance.randint(40, 160))}\n{name}",
        from_name=name,
        from_address=f"{name.split(maxsplit=1)[0].lower()}{number % 9973}@firma{number % 997}.example",
        to=["info@h-bu.de"],
        department=chance.choice(departments),
        state=Email.State.HANDLED,
        kind="inquiry",
        priority="normal",
        received_at=now - timedelta(minutes=MINUTES_BETWEEN) * number,
    )


def _case(mail: Email, writer: Writer, customers: Sequence[Customer | None]) -> Case:
    chance = writer.chance
    number = int(mail.fingerprint.removeprefix("crowd-"))
    status = chance.choices(Case.Status.values, weights=[2, 3, 3, 1, 1, 30])[0]
    return Case(
        number=f"C-{mail.received_at.year}-{number:06}",
        title=mail.subject,
        status=status,
        priority=chance.choice(["low", "normal", "normal", "high"]),
        department=mail.department,
        customer=chance.choice(customers),
        thread=mail.thread,
        opened_at=mail.received_at,
        updated_at=mail.received_at,
        next_deadline_at=None if status in Case.DONE else mail.received_at + timedelta(days=2),
    )


def enter() -> Iterator[int]:
    """Enter everything into the search; yields how many entries there are so far."""
    done = 0
    for kind in Kind:
        while ids := indexing.missing(kind, PORTION):
            indexing.index(kind, ids)
            done += len(ids)
            yield done
