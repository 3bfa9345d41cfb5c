"""A model is trained on the shipped letters and on staff's corrections, and judged before it speaks.

The corrections are parted in five by the hash of their words. Each part is judged by a model that
was trained without it, beside the rules alone; those figures stand with the candidate, which then
learns from all of them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.module_loading import import_string

from emails import learning
from emails.classifying import classify
from emails.data import Address, Automatic, Kind, ParsedMail, Part, Sender, texts_by_name
from emails.learning import Lesson, Model
from emails.models import Correction, Email, LearnedModel
from emails.services.deciding import as_sender
from emails.services.learning import FEWEST_HELD_BACK, switch_on
from hbu.company import schema
from hbu.company.entries import CompanyFile
from hbu.journal.recording import record

PARTS = 5
LATEST = 1_000
"""So many corrections count; older ones speak of habits that may be over."""
CORRECTED_WEIGHT = 3
CLEARLY_BETTER = 0.05
"""By so much more of the held-back corrections, for a model to be switched on by itself."""
# By name: the simulation draws papers, and who never trains need not carry what that takes.
SHIPPED_LESSONS = "emails.simulation.lessons.lessons"
SHIPPED_COMPANY = settings.BASE_DIR / "demo" / "company.yaml"
State = LearnedModel.State


@dataclass(frozen=True, slots=True)
class Corrected:
    """A mail as the decision sees it, with the kind that staff say it is of."""

    mail: ParsedMail
    sender: Sender
    texts: dict[str, str]
    kind: Kind
    part: int

    @property
    def lesson(self) -> Lesson:
        own = self.mail.reply_text or self.mail.text
        return Lesson(self.mail.subject, own, self.kind, CORRECTED_WEIGHT)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a held-back mail is, and what was made of it: by the rules, the model, and both."""

    kind: Kind
    rules: Kind
    model: Kind | None
    both: Kind


def train() -> LearnedModel:
    """Train a model on all there is and store it as a candidate, in the place of the one before."""
    corrected = list(_corrected())
    shipped = _shipped()
    judged = list(_judge(shipped, corrected))
    lessons = [*shipped, *(one.lesson for one in corrected)]
    with transaction.atomic():
        version = (LearnedModel.objects.aggregate(last=Max("version"))["last"] or 0) + 1
        # One that never was in force has no history to keep.
        LearnedModel.objects.filter(state=State.CANDIDATE).delete()
        model = LearnedModel.objects.create(
            version=version,
            lessons=len(lessons),
            weights=learning.train(lessons, version).as_json(),
            **_figures(judged),
        )
        record("model.trained", model, version=version, number=len(lessons))
    return model


def _shipped() -> list[Lesson]:
    lessons: Callable[[CompanyFile], Iterator[Lesson]] = import_string(SHIPPED_LESSONS)
    return list(lessons(schema.read(SHIPPED_COMPANY)))


def train_if_due() -> None:
    """Train when staff corrected a mail since the last time, and let what is clearly better speak
    if the settings allow it."""
    trained = LearnedModel.objects.aggregate(at=Max("trained_at"))["at"]
    corrected = Correction.objects.of_kind().aggregate(at=Max("at"))["at"]
    if corrected is None or (trained is not None and corrected <= trained):
        return
    model = train()
    clearly_better = model.both_share - model.rules_share >= CLEARLY_BETTER
    if settings.HBU_MODEL_AUTO and clearly_better and model.held_back >= FEWEST_HELD_BACK:
        switch_on(model, by=None)


def _corrected() -> Iterator[Corrected]:
    """Yield whose kind was corrected lately, each text once: what staff said last of it counts."""
    rows = Correction.objects.of_kind().select_related("email__customer").order_by("-at", "-id")
    seen: set[str] = set()
    for row in rows.prefetch_related("email__attachments")[:LATEST]:
        mail = _as_mail(row.email)
        digest = _digest(mail)
        if digest not in seen:
            seen.add(digest)
            yield Corrected(
                mail=mail,
                sender=as_sender(row.email.customer),
                texts=texts_by_name(
                    (one.filename, one.text) for one in row.email.attachments.all()
                ),
                kind=Kind(row.kind),
                part=int(digest[:8], 16) % PARTS,
            )


def _digest(mail: ParsedMail) -> str:
    words = sorted(learning.terms(mail.subject, mail.reply_text or mail.text))
    return sha256(" ".join(words).encode()).hexdigest()


def _as_mail(email: Email) -> ParsedMail:
    """Return as much of the mail as the verdict looks at, from its row."""
    return ParsedMail(
        message_id=email.message_id,
        in_reply_to=email.in_reply_to,
        references=(),
        subject=email.subject,
        sender=Address(email.from_name, email.from_address),
        reply_to=(),
        to=(),
        cc=(),
        date=email.date,
        text=email.text,
        html="",
        html_safe="",
        reply_text=email.reply_text,
        attachments=tuple(
            Part(one.filename, one.content_type, b"", inline=one.inline)
            for one in email.attachments.all()
        ),
        automatic=Automatic(email.automatic) if email.automatic else None,
        bounce=None,
        must_not_answer="",
    )


def _judge(shipped: Sequence[Lesson], corrected: Sequence[Corrected]) -> Iterator[Judged]:
    for part in range(PARTS):
        held_back = [one for one in corrected if one.part == part]
        if held_back:
            others = [one.lesson for one in corrected if one.part != part]
            model = learning.train([*shipped, *others])
            yield from (_judge_one(one, model) for one in held_back)


def _judge_one(one: Corrected, model: Model) -> Judged:
    vote = learning.vote(model, one.mail.subject, one.mail.reply_text or one.mail.text)
    return Judged(
        kind=one.kind,
        rules=classify(one.mail, one.sender, one.texts).kind,
        model=vote.kind if vote else None,
        both=classify(one.mail, one.sender, one.texts, model=model).kind,
    )


def _figures(judged: Sequence[Judged]) -> dict[str, Any]:
    return {
        "held_back": len(judged),
        "rules_right": sum(one.rules is one.kind for one in judged),
        "model_right": sum(one.model is one.kind for one in judged),
        "both_right": sum(one.both is one.kind for one in judged),
        "by_kind": {kind.value: row for kind in Kind if (row := _of_kind(judged, kind))},
        "confusion": _confusion(judged),
    }


def _of_kind(judged: Iterable[Judged], kind: Kind) -> dict[str, int]:
    of = [one for one in judged if one.kind is kind]
    if not of:
        return {}
    rules, both = sum(one.rules is kind for one in of), sum(one.both is kind for one in of)
    return {"held_back": len(of), "rules": rules, "both": both}


def _confusion(judged: Iterable[Judged]) -> list[dict[str, Any]]:
    """Return what was mistaken for what, how often by the rules alone and how often with the model."""
    rules = Counter(
        (one.kind.value, one.rules.value) for one in judged if one.rules is not one.kind
    )
    both = Counter((one.kind.value, one.both.value) for one in judged if one.both is not one.kind)
    pairs = sorted({*rules, *both}, key=lambda pair: (-rules[pair] - both[pair], pair))
    return [
        {"kind": kind, "taken_for": wrong, "rules": rules[kind, wrong], "both": both[kind, wrong]}
        for kind, wrong in pairs
    ]
