import pytest
from django.urls import reverse

from agents.models import Department
from cases.models import Case, SLAPolicy, Task
from cases.services import correcting, flow
from emails.data import Kind
from emails.models import Correction, Email, LearnedModel
from emails.services import learning, training
from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from tests.emails.test_triage_service import receive
from tests.incoming import letter

pytestmark = pytest.mark.django_db
State = LearnedModel.State


@pytest.fixture(autouse=True)
def _books(company):
    """Everything here needs the departments."""


def handled(subject, text, **fields):
    (email,) = receive(letter(subject, text, **fields))
    flow.carry_through([email.pk])
    email.refresh_from_db()
    return email


def test_a_correction_is_kept_told_and_moves_the_mail_and_its_open_case(ben):
    email = handled("Frage", "Haben Sie am Freitag geöffnet?")
    case = email.link.case
    task = Task.objects.create(number="T-0", case=case, title="Look", department=case.department)
    sales = Department.objects.get(code="sales")
    row = learning.correct(email, kind="quotation_request", department=sales, by=ben)
    correcting.follow([email.pk])
    case.refresh_from_db()
    task.refresh_from_db()
    assert (row.said_kind, row.kind, row.by) == (Kind.GENERAL, Kind.QUOTATION_REQUEST, ben)
    assert (email.kind, email.department) == ("quotation_request", sales)
    assert (case.kind, case.department, task.department) == ("quotation_request", sales, sales)
    assert Event.objects.get(kind="email.corrected").actor == ben
    assert Event.objects.filter(kind="case.handed_over").count() == 1
    correcting.follow([email.pk])
    assert Event.objects.filter(kind="case.handed_over").count() == 1


def test_c4_a_corrected_case_is_due_as_what_it_is_now(ben):
    SLAPolicy.objects.filter(code="express").update(
        condition={"field": "kind", "op": "is", "value": "complaint"}, position=1
    )
    email = handled("Frage", "Haben Sie am Freitag geöffnet?")
    Email.objects.filter(pk=email.pk).update(sla="")
    learning.correct(email, kind="complaint", by=ben)
    correcting.follow([email.pk])
    assert Case.objects.get(emails=email).policy.code == "express"


def test_another_kind_alone_leaves_the_case_where_people_put_it(ben):
    email = handled("Frage", "Haben Sie am Freitag geöffnet?")
    case = email.link.case
    quality = Department.objects.get(code="quality")
    type(case).objects.filter(pk=case.pk).update(department=quality)
    learning.correct(email, kind="feedback", by=ben)
    correcting.follow([email.pk])
    case.refresh_from_db()
    assert (case.kind, case.department) == ("feedback", quality)
    assert not Event.objects.filter(kind="case.handed_over").exists()


def test_another_department_alone_teaches_nothing(ben):
    email = handled("Frage", "Haben Sie am Freitag geöffnet?")
    learning.correct(email, department=Department.objects.get(code="sales"), by=ben)
    training.train_if_due()
    assert not LearnedModel.objects.exists()
    assert training.train().held_back == 0


def test_what_was_no_spam_gets_its_case_after_all(ben):
    email = handled("You have won", "lottery bitcoin casino, please claim your million dollars")
    assert (email.kind, email.state, hasattr(email, "link")) == ("spam", "handled", False)
    learning.correct(email, kind="general", by=ben)
    correcting.follow([email.pk])
    flow.carry_through([email.pk])
    email = Email.objects.get(pk=email.pk)
    assert email.error == ""
    assert (email.state, email.link.case.kind) == (Email.State.HANDLED, "general")


def test_a_copy_gets_its_case_when_staff_say_what_it_is_about(ben):
    email = handled(
        "Frage", "Haben Sie am Freitag geöffnet?", to="max@kunde.example", Cc="info@h-bu.de"
    )
    assert (email.state, hasattr(email, "link")) == ("handled", False)
    learning.correct(email, kind="technical", by=ben)
    correcting.follow([email.pk])
    flow.carry_through([email.pk])
    assert Email.objects.get(pk=email.pk).link.case.kind == "technical"


def test_a_resolved_case_and_a_later_mail_move_nothing(ben):
    email = handled("Frage", "Haben Sie am Freitag geöffnet?")
    case = email.link.case
    type(case).objects.filter(pk=case.pk).update(status="resolved")
    learning.correct(email, kind="feedback", by=ben)
    correcting.follow([email.pk])
    case.refresh_from_db()
    assert case.kind == "general"


@pytest.mark.parametrize(
    ("kind", "code"),
    [("general", "email.nothing_new"), ("", "email.nothing_new"), ("x", "email.unknown_kind")],
)
def test_a_correction_that_says_nothing_new_is_refused(kind, code, ben):
    email = handled("Frage", "Haben Sie am Freitag geöffnet?")
    with pytest.raises(DomainError) as refused:
        learning.correct(email, kind=kind, by=ben)
    assert refused.value.code == code
    assert not Correction.objects.exists()


def test_a_mail_that_was_not_read_cannot_be_corrected(ben):
    (email,) = receive(letter())
    with pytest.raises(DomainError):
        learning.correct(email, kind="spam", by=ben)


def test_the_sweep_finds_corrections_nobody_followed(ben):
    from datetime import timedelta

    from django.utils import timezone

    email = handled("Frage", "Haben Sie am Freitag geöffnet?")
    learning.correct(email, kind="feedback", by=ben)
    assert correcting.unfollowed(timezone.now()) == []
    assert correcting.unfollowed(timezone.now() + timedelta(minutes=1)) == [email.pk]
    correcting.follow([email.pk])
    assert correcting.unfollowed(timezone.now() + timedelta(minutes=1)) == []


def corrected_letters(count, by):
    """Letters that the rules know nothing about, and that staff sort one after another."""
    colours = ["rot", "blau", "grün", "gelb", "grau", "weiß", "rosa", "lila", "braun", "beige"]
    raws = [
        letter(
            f"Farbkarte {colours[n % 10]}",
            f"Hallo, ist die Farbkarte {colours[n // 10]} {colours[n % 10]} noch da?",
        )
        for n in range(count)
    ]
    for email in receive(*raws):
        flow.carry_through([email.pk])
        email.refresh_from_db()
        learning.correct(email, kind="quotation_request", by=by)


def test_a_model_is_judged_on_corrections_it_had_not_seen_and_switched_on_by_a_person(ben):
    corrected_letters(32, ben)
    model = training.train()
    assert (model.state, model.held_back) == (State.CANDIDATE, 32)
    assert model.rules_right == 0 < model.both_right
    assert model.by_kind["quotation_request"]["held_back"] == 32
    assert learning.in_force() is None
    learning.switch_on(model, by=ben)
    assert (model.state, model.switched_on_by) == (State.IN_FORCE, ben)
    assert learning.in_force().version == model.version
    new = handled("Farbkarte", "Hallo, ist die Farbkarte türkis noch da?")
    assert new.kind == "quotation_request"
    later = training.train()
    learning.switch_on(later, by=ben)
    assert LearnedModel.objects.in_force().get() == later
    learning.switch_off(later, by=ben)
    assert learning.in_force() is None
    kinds = set(Event.objects.filter(kind__startswith="model.").values_list("kind", flat=True))
    assert kinds == {"model.trained", "model.switched_on", "model.switched_off"}


@pytest.mark.parametrize(
    ("held_back", "rules", "both", "code"),
    [(29, 0, 29, "model.too_few"), (100, 60, 59, "model.worse")],
)
def test_a_model_is_never_better_in_silence(held_back, rules, both, code, ben):
    model = LearnedModel.objects.create(
        version=1, lessons=1, held_back=held_back, rules_right=rules, model_right=0, both_right=both
    )  # fmt: skip
    with pytest.raises(DomainError) as refused:
        learning.switch_on(model, by=ben)
    assert refused.value.code == code
    assert learning.in_force() is None


def test_nights_without_corrections_train_nothing(ben, settings):
    training.train_if_due()
    assert not LearnedModel.objects.exists()
    corrected_letters(3, ben)
    settings.HBU_MODEL_AUTO = True
    training.train_if_due()
    training.train_if_due()
    assert LearnedModel.objects.get().state == State.CANDIDATE


def test_the_house_may_let_what_is_clearly_better_speak_by_itself(ben, settings):
    settings.HBU_MODEL_AUTO = True
    corrected_letters(31, ben)
    training.train_if_due()
    assert LearnedModel.objects.get().state == State.IN_FORCE


def test_the_command_tells_the_figures(ben, capsys):
    import json

    from django.core.management import CommandError, call_command

    call_command("train_classifier", "--json")
    figures = json.loads(capsys.readouterr().out)
    assert (figures["held_back"], figures["score_rules"]) == (0, None)
    assert figures["lessons"] > 200
    with pytest.raises(CommandError, match="30"):
        call_command("train_classifier", "--switch-on")
    corrected_letters(2, ben)
    call_command("train_classifier")
    assert "rules alone" in capsys.readouterr().out


def test_b6_the_page_of_a_mail_marks_its_words_and_escapes_the_rest(admin_client):
    email = handled(
        "Reklamation <b>4711</b>",
        "Die Knöpfe sind defekt <script>alert(1)</script>, Ersatz bis morgen! 12,50 EUR",
    )
    page = admin_client.get(reverse("admin:emails_email_change", args=[email.pk])).content.decode()
    assert ">defekt</mark>" in page
    assert ">Reklamation</mark>" in page
    assert ">12,50 EUR</mark>" in page
    assert "<script>alert(1)" not in page


def test_staff_correct_a_mail_on_its_page(admin_client):
    email = handled("Frage", "Haben Sie am Freitag geöffnet?")
    url = reverse("admin:emails_email_transition", args=[email.pk, "correct"])
    assert "kind" in admin_client.get(url).content.decode()
    admin_client.post(url, {"kind": "feedback", "department": ""})
    email.refresh_from_db()
    assert email.kind == "feedback"
    page = admin_client.get(reverse("admin:emails_correction_changelist"))
    assert page.status_code == 200


def test_the_page_of_a_model_shows_its_figures_side_by_side(admin_client):
    model = LearnedModel.objects.create(
        version=7, lessons=9, held_back=40, rules_right=20, model_right=25, both_right=30,
        by_kind={"order": {"held_back": 40, "rules": 20, "both": 30}},
        confusion=[{"kind": "order", "taken_for": "spam", "rules": 20, "both": 10}],
    )  # fmt: skip
    page = admin_client.get(
        reverse("admin:emails_learnedmodel_change", args=[model.pk])
    ).content.decode()
    assert "20 (50%)" in page
    assert "30 (75%)" in page
    listed = admin_client.get(reverse("admin:emails_learnedmodel_changelist")).content.decode()
    assert "75%" in listed
    admin_client.post(reverse("admin:emails_learnedmodel_transition", args=[model.pk, "switch_on"]))
    model.refresh_from_db()
    assert model.state == State.IN_FORCE
