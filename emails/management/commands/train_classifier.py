"""Train the model that learns from staff's corrections, and say how it does beside the rules."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext

from emails.models import LearnedModel
from emails.services import learning, training
from hbu.lib.errors import DomainError


class Command(BaseCommand):
    help = (
        "Train a model on the shipped letters and staff's corrections. It is a candidate and says "
        "nothing until it is switched on; its figures are of corrections it had not seen."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--switch-on",
            action="store_true",
            help="put it in force, unless the rules alone do better",
        )
        parser.add_argument("--json", action="store_true", help="as one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        model = training.train()
        refused = self._switch_on(model) if options["switch_on"] else ""
        figures = _figures(model)
        if options["json"]:
            self.stdout.write(json.dumps(figures))
        else:
            self.stdout.write("\n".join(_told(figures)))
        if refused:
            raise CommandError(refused)

    def _switch_on(self, model: LearnedModel) -> str:
        """Return why it was refused, or nothing."""
        try:
            learning.switch_on(model, by=None)
        except DomainError as error:
            return gettext(error.message)
        return ""


def _figures(model: LearnedModel) -> dict[str, Any]:
    return {
        "version": model.version,
        "state": str(model.state),
        "lessons": model.lessons,
        "held_back": model.held_back,
        "score_rules": _share(model.rules_right, model.held_back),
        "score_model": _share(model.model_right, model.held_back),
        "score_both": _share(model.both_right, model.held_back),
        "by_kind": model.by_kind,
    }


def _share(right: int, of: int) -> float | None:
    return round(right / of, 4) if of else None


def _told(figures: dict[str, Any]) -> Iterator[str]:
    yield f"Version {figures['version']}, {figures['state']}: {figures['lessons']} lessons."
    if not figures["held_back"]:
        yield "No mail was corrected yet, so nothing can be said about how well it does."
        return
    yield f"On {figures['held_back']} corrections that were held back:"
    for name, key in (("rules alone", "rules"), ("model alone", "model"), ("both", "both")):
        yield f"  {name:<14}{figures[f'score_{key}']:>8.1%}"
    yield f"  {'kind':<20}{'held back':>10}{'rules':>8}{'both':>8}"
    for kind, row in figures["by_kind"].items():
        yield f"  {kind:<20}{row['held_back']:>10}{row['rules']:>8}{row['both']:>8}"
