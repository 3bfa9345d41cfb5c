"""Say how courteous a letter is, and what would make it better."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext, override

from emails.courtesy import score
from emails.data import CourtesyScore, Finding
from emails.language import detect

MAX_BYTES = 1_000_000


class Command(BaseCommand):
    help = (
        "Judge the courtesy of a letter, rule by rule. A first line `Subject: ...` is its subject."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="a text file; - reads from standard input")
        parser.add_argument(
            "--language", choices=("de", "en"), help="told by its words if left out"
        )
        parser.add_argument("--json", action="store_true", help="as one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        subject, text = _parted(_read(options["file"]))
        language = options["language"] or detect(text)
        judged = score(text, subject=subject, language=language)
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(judged)))
            return
        with override(language):
            self.stdout.write("\n".join(_told(judged)))


def _read(name: str) -> str:
    # 0 is standard input, whose encoding the terminal chose; a letter is UTF-8.
    source: int | Path = 0 if name == "-" else Path(name)
    try:
        with open(source, "rb", closefd=name != "-") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise CommandError(f"{name} cannot be read: {error}") from error
    if len(data) > MAX_BYTES:
        raise CommandError(f"{name} is too long for a letter.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(f"{name} is not a text in UTF-8.") from error


def _parted(text: str) -> tuple[str, str]:
    """Return the subject, if the first line is one, and the letter."""
    first, _, rest = text.partition("\n")
    label, colon, subject = first.partition(":")
    is_subject = bool(colon) and label.strip().lower() == "subject"
    return (subject.strip(), rest) if is_subject else ("", text)


def _as_json(judged: CourtesyScore) -> dict[str, Any]:
    shown = ("rule", "points", "excerpt", "hint")
    findings = [{name: getattr(one, name) for name in shown} for one in judged.findings]
    return {"score": judged.score, "findings": findings}


def _told(judged: CourtesyScore) -> list[str]:
    total = gettext("%(points)d of 100 points") % {"points": judged.score}
    return [total, *(_line(one) for one in judged.findings)]


def _line(one: Finding) -> str:
    parts = [f"{one.points:+4d}  {gettext(one.rule)}"]
    parts += [f"“{one.excerpt}”"] if one.excerpt else []
    parts += [gettext(one.hint)] if one.hint else []
    return ": ".join(parts)
