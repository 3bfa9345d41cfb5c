"""A row of any model, with as little in it as the database takes."""

from datetime import date, time
from decimal import Decimal
from itertools import count

from django.db import models
from django.utils import timezone

NUMBERS = count(7000)


def make(model, **fields):
    values = {one.name: _value(one) for one in model._meta.concrete_fields if _needed(one, fields)}
    row = model(**(values | fields))
    # Past services and signals: nothing but the row is wanted.
    model._base_manager.bulk_create([row])
    return row


def one_of(model):
    return model._base_manager.order_by("pk").first() or make(model)


def _needed(field, fields):
    left_out = field.name not in fields and field.attname not in fields
    return left_out and not _numbered(field) and not field.null and not field.has_default()


def _numbered(field):
    return isinstance(field, models.AutoField | models.BigAutoField)


def _value(field):
    number = next(NUMBERS)
    if isinstance(field, models.ForeignKey):
        return make(field.related_model) if field.unique else one_of(field.related_model)
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, models.EmailField):
        return f"{number}@rows.example"
    if isinstance(field, models.CharField | models.TextField):
        return f"r{number}"[: field.max_length]
    plain = {
        models.DateTimeField: timezone.now(),
        models.DateField: date(2026, 5, 4),
        models.TimeField: time(8),
        models.DecimalField: Decimal(1),
        models.BooleanField: False,
        models.UUIDField: None,
        models.IntegerField: number if field.unique else 1,
    }
    return next((value for kind, value in plain.items() if isinstance(field, kind)), number)
