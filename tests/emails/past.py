"""Mails of the past: letters of the simulation, read and routed by the rules of the demo."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from emails.models import Email, Mailbox, RoutingRule
from emails.services import intake, rules, stages, triage
from emails.simulation import letters
from hbu.company import schema


def simulated(count=40, seed=7):
    company = schema.read(settings.HBU_COMPANY_FILE)
    now = datetime(2026, 10, 19, 8, tzinfo=timezone.get_current_timezone())
    return [one.raw for one in letters.write(count, seed, now, company)]


def store(*raws):
    box = Mailbox.objects.get(address="info@h-bu.de")
    now = timezone.now()
    arrivals = {n: intake.Arrival(raw, now, answerable=True) for n, raw in enumerate(raws)}
    return intake.store(box, arrivals)


def triaged(*raws):
    keys = [email.pk for email in store(*raws)]
    stages.run(triage.TRIAGE, keys)
    return list(Email.objects.filter(pk__in=keys).order_by("pk"))


def save_rule(by=None, **values):
    rule = RoutingRule(**{"condition": {"all": []}, **values})
    rules.save(rule, by=by)
    return rule
