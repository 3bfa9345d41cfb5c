"""What staff say against us: mails are corrected, and a model learned from that is put in force."""

from functools import lru_cache

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from agents.models import Department
from agents.services import remembering
from emails.data import Kind
from emails.learning import Model
from emails.models import Correction, Email, LearnedModel
from hbu.journal.recording import record
from hbu.lib.errors import DomainError
from hbu.lib.reasons import N_

FEWEST_HELD_BACK = 30
State = LearnedModel.State


def correct(
    email: Email,
    *,
    kind: str = "",
    department: Department | None = None,
    by: AbstractBaseUser | None,
) -> Correction:
    """Take staff's word for the kind of a mail, its department, or both. Raises DomainError."""
    with transaction.atomic():
        held = Email.objects.select_for_update().get(pk=email.pk)
        _guard(held, kind, department)
        correction = Correction.objects.create(
            email=held,
            said_kind=held.kind,
            kind=kind or held.kind,
            said_department_id=held.department_id,
            department_id=department.pk if department else held.department_id,
            by_id=by.pk if by else None,
        )
        held.kind, held.department_id = correction.kind, correction.department_id
        held.save(update_fields=["kind", "department"])
        record(
            "email.corrected",
            held,
            actor=by,
            said=correction.said_kind,
            kind=held.kind,
            department=held.department.code if held.department else "",
        )
        if by is not None:
            remembering.corrected(held.pk, held.from_address)
    email.refresh_from_db()
    return correction


def _guard(email: Email, kind: str, department: Department | None) -> None:
    if not email.kind:
        raise DomainError("email.not_read", N_("This mail has not been read yet."))
    if kind and kind not in set(Kind):
        raise DomainError("email.unknown_kind", N_("There is no such kind of mail."), status=400)
    same_department = department is None or department.pk == email.department_id
    if kind in ("", email.kind) and same_department:
        raise DomainError("email.nothing_new", N_("That is what we say already."), status=400)


def in_force() -> Model | None:
    """Return the model in force, if there is one; its weights are read once a process."""
    version = LearnedModel.objects.in_force().values_list("version", flat=True).first()
    return _weights(version) if version is not None else None


@lru_cache(maxsize=2)
def _weights(version: int) -> Model:
    row = LearnedModel.objects.only("weights").get(version=version)
    return Model.from_json(version, row.weights)


def switch_on(model: LearnedModel, *, by: AbstractBaseUser | None) -> None:
    """Let the model speak from now on, in the place of any other. Raises DomainError."""
    with transaction.atomic():
        held = LearnedModel.objects.select_for_update().get(pk=model.pk)
        _guard_model(held)
        LearnedModel.objects.in_force().update(state=State.RETIRED)
        held.state, held.switched_on_at = State.IN_FORCE, timezone.now()
        held.switched_on_by_id = by.pk if by else None
        held.save(update_fields=["state", "switched_on_by", "switched_on_at"])
        record(
            "model.switched_on",
            held,
            actor=by,
            version=held.version,
            before=f"{held.rules_right}/{held.held_back}",
            now=f"{held.both_right}/{held.held_back}",
        )
    model.refresh_from_db()


def _guard_model(model: LearnedModel) -> None:
    if model.state == State.IN_FORCE:
        raise DomainError("model.in_force", N_("This model is in force already."))
    if model.held_back < FEWEST_HELD_BACK:
        raise DomainError(
            "model.too_few", N_("Fewer than 30 corrections judge this model; that proves nothing.")
        )
    if model.both_right < model.rules_right:
        raise DomainError(
            "model.worse",
            N_("With this model, more corrected mails go wrong than by the rules alone."),
        )


def switch_off(model: LearnedModel, *, by: AbstractBaseUser | None) -> None:
    """Let the rules decide alone again. Raises DomainError."""
    with transaction.atomic():
        held = LearnedModel.objects.select_for_update().get(pk=model.pk)
        if held.state != State.IN_FORCE:
            raise DomainError("model.not_in_force", N_("This model is not in force."))
        held.state = State.RETIRED
        held.save(update_fields=["state"])
        record("model.switched_off", held, actor=by, version=held.version)
    model.refresh_from_db()
