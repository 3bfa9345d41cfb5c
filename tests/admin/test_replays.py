from html import unescape

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse
from django.utils import timezone

from emails.models import Email, Replay
from emails.services.replay import running
from tests.admin import rows

CONDITION = {"field": "kind", "op": "is", "value": "order"}


@pytest.fixture
def mails(db):
    rows.rule(department=rows.department("quality"), sla="express")
    rows.department("support")
    return [rows.mail(f"Letter {number}", sla="standard") for number in range(3)]


def run(replay):
    running.go_on(replay.pk)
    replay.refresh_from_db()
    return replay


def text(answer):
    return unescape(answer.content.decode())


def page(browser, replay):
    return text(browser.get(reverse("admin:emails_replay_change", args=[replay.pk])))


def ask(browser, emails, **values):
    chosen = {"action": "replay_chosen", ACTION_CHECKBOX_NAME: [one.pk for one in emails]}
    return browser.post(reverse("admin:emails_email_changelist"), chosen | values)


def test_e4_chosen_mails_are_replayed_after_the_step_is_asked(office, mails, clara):
    asked = ask(office, mails[:2])
    assert "Find the department" in text(asked)
    assert "Letter 1" in text(asked)
    assert not Replay.objects.exists()
    answer = ask(office, mails[:2], confirmed="1", stage="route")
    replay = Replay.objects.get()
    assert answer.url == reverse("admin:emails_replay_change", args=[replay.pk])
    assert (replay.stage, replay.by, replay.total) == ("route", clara, 2)
    assert "0 of 2 mails are compared" in page(office, replay)


def test_e4_all_mails_of_a_filtered_list_are_replayed(office, mails):
    ask(office, mails[:1], confirmed="1", stage="route", select_across="1")
    assert Replay.objects.get().total == 3


def test_e4_a_period_is_replayed_from_the_list_of_replays(office, mails):
    Email.objects.filter(pk=mails[0].pk).update(
        received_at=timezone.now() - timezone.timedelta(days=9)
    )
    answer = office.post(reverse("admin:emails_replay_add"), {"stage": "route", "days": 7})
    replay = Replay.objects.get()
    assert answer.url == reverse("admin:emails_replay_change", args=[replay.pk])
    assert replay.total == 2


def test_a_period_without_mails_is_refused_in_words(office, db):
    answer = office.post(
        reverse("admin:emails_replay_add"), {"stage": "route", "days": 7}, follow=True
    )
    assert "None of the mails has been read" in text(answer)
    assert not Replay.objects.exists()


def test_e4_differences_are_shown_and_applied_or_dropped_by_buttons(office, mails, clara):
    first = run(running.ask("route", ids=[mails[0].pk], by=clara))
    second = run(running.ask("route", ids=[mails[1].pk], by=clara))
    told = page(office, first)
    assert "department: Sales → Quality" in told
    assert "SLA: standard → express" in told
    office.post(reverse("admin:emails_replay_transition", args=[first.pk, "apply"]))
    office.post(reverse("admin:emails_replay_transition", args=[second.pk, "drop"]))
    assert (run(first).state, run(second).state) == ("applied", "dropped")
    codes = [Email.objects.get(pk=one.pk).department.code for one in mails]
    assert codes == ["quality", "sales", "sales"]


def test_e4_some_differences_are_chosen_from_the_list(office, mails, clara):
    replay = run(running.ask("route", ids=[one.pk for one in mails], by=clara))
    listing = reverse("admin:emails_replaydifference_changelist")
    assert f"{listing}?replay__id__exact={replay.pk}" in page(office, replay)
    shown = office.get(listing, {"replay__id__exact": replay.pk})
    assert shown.context["cl"].result_count == 3
    chosen = replay.differences.get(email=mails[1])
    office.post(
        listing,
        {"action": "do_apply", ACTION_CHECKBOX_NAME: [chosen.pk], "confirmed": "1"},
    )
    codes = [Email.objects.get(pk=one.pk).department.code for one in mails]
    assert codes == ["sales", "quality", "sales"]


def test_a_replay_without_differences_says_so(office, mails, clara):
    from emails.services.replay import applying, comparing

    stage = comparing.stage_called("route")
    applying.write(comparing.compare(comparing.whole(comparing.replayable()), stage), stage)
    assert "Nothing differs" in page(office, run(running.ask("route", by=clara)))


def test_replays_are_for_those_who_may(desk, mails, clara):
    replay = run(running.ask("route", by=clara))
    desk.may("emails.view_email", "emails.view_replay")
    ask(desk, mails, confirmed="1", stage="route")
    assert Replay.objects.count() == 1
    assert desk.get(reverse("admin:emails_replay_add")).status_code == 403
    button = reverse("admin:emails_replay_transition", args=[replay.pk, "apply"])
    assert desk.post(button).status_code == 403
    desk.may("emails.add_replay")
    ask(desk, mails, confirmed="1", stage="route")
    assert Replay.objects.count() == 2
