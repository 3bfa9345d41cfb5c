"""What the composer's page asks for: only by staff who may write, in cases that they see."""

from urllib.parse import quote

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from agents.models import Department
from cases.models import Case, ReplyDraft
from cases.services import answering
from emails.models import OutgoingEmail, RoyalTemplate
from tests.cases.writing import CURT, GOOD, case_of, leave, server
from tests.factories import company as house
from tests.work.mails import pdf

pytestmark = pytest.mark.django_db
EINKAUF = "einkauf@modehaus-berger.example"
POSTS = ("lint", "keep", "discard", "upload", "send", "take_back")
GETS = ("attachable", "fill")
FETCH = {"HTTP_X_REQUESTED_WITH": "fetch"}


@pytest.fixture
def case(db):
    house.load()
    return case_of("Siehe Anhang.", pdf("Zeichnung.pdf", b"%PDF-1.4 a drawing"))


@pytest.fixture
def writer(case, ben):
    """Ben of the department that has the case, with the right to write."""
    names = ("view_case", "answer_case", "change_case")
    ben.user_permissions.set(Permission.objects.filter(codename__in=names))
    case.department.members.add(ben)
    return ben


@pytest.fixture
def desk(writer):
    client = Client(**FETCH)
    client.force_login(writer)
    return client


def at(name, case):
    return reverse(f"cases:answer_{name}", args=[case.number])


def form(case, by, **values):
    composed = answering.prepare(case, by=by)
    return {
        "mode": "reply",
        "answers": composed.answers.pk,
        "to": EINKAUF,
        "subject": composed.subject,
        "text": GOOD,
        "key": composed.key,
        **values,
    }


def test_f1_the_composer_answers_those_alone_who_may_write_in_the_case(
    case, writer, django_user_model
):
    elsewhere = django_user_model.objects.create_user("else", is_staff=True)
    elsewhere.user_permissions.set(writer.user_permissions.all())
    Department.objects.exclude(pk=case.department_id).first().members.add(elsewhere)
    reader = django_user_model.objects.create_user("reader", is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename="view_case"))
    case.department.members.add(reader)
    nobody = django_user_model.objects.create_user("nobody")
    for user, status in ((None, 302), (nobody, 302), (reader, 403), (elsewhere, 404)):
        client = Client()
        if user:
            client.force_login(user)
        said = {client.post(at(name, case)).status_code for name in POSTS}
        said |= {client.get(at(name, case)).status_code for name in GETS}
        assert said == {status}, user
    client = Client(enforce_csrf_checks=True)
    client.force_login(writer)
    assert {client.post(at(name, case)).status_code for name in POSTS} == {403}
    assert {client.get(at(name, case)).status_code for name in POSTS} == {405}
    assert not OutgoingEmail.objects.filter(weight="personal").exists()


def test_e6_courtesy_is_told_rule_by_rule_while_typing(case, desk, writer):
    page = desk.post(at("lint", case), form(case, writer, text=CURT)).content.decode()
    assert "hb-lint-low" in page
    assert "Greet the reader in the first line." in page
    page = desk.post(at("lint", case), form(case, writer, cc="fremd@x.example")).content.decode()
    assert "hb-lint-good" in page
    assert "fremd@x.example" in page
    odd = form(case, writer, text="[[<b>Preis</b>]]", language="xx", mode="odd", answers="²")
    page = desk.post(at("lint", case), odd).content.decode()
    assert "data-blocked" in page
    assert "<b>" not in page


def test_a_draft_is_kept_and_discarded(case, desk, writer):
    assert desk.post(at("keep", case), form(case, writer, text="half")).status_code == 200
    assert ReplyDraft.objects.get().text == "half"
    assert desk.post(at("discard", case)).status_code == 204
    assert not ReplyDraft.objects.exists()


def test_files_are_uploaded_chosen_and_sent(case, desk, writer, settings):
    page = desk.post(at("upload", case), {"file": ContentFile(b"%PDF-1.4 x", "Preise.pdf")})
    uploaded = _tickets(page)
    chosen = _tickets(desk.get(at("attachable", case)))
    assert len(uploaded) == len(chosen) == 1
    with server(settings) as sink:
        answer = desk.post(at("send", case), form(case, writer, files=uploaded + chosen)).json()
        leave(OutgoingEmail.objects.get(pk=answer["letter"]))
    names = [one.get_filename() for one in sink.letters[0].iter_attachments()]
    assert names == ["Preise.pdf", "Zeichnung.pdf"]
    refused = desk.post(at("upload", case), {"file": ContentFile(b"MZ", "virus.exe")})
    assert (refused.status_code, refused.json()["code"]) == (415, "file.kind")


def _tickets(page):
    pieces = page.content.decode().split('name="files" value="')[1:]
    return [piece.split('"')[0] for piece in pieces]


def test_f3_a_file_that_was_not_offered_does_not_go_along(case, desk, writer):
    answer = desk.post(at("send", case), form(case, writer, files=["0" * 64]))
    assert (answer.status_code, answer.json()["code"]) == (400, "file.unknown")


def test_a_text_is_filled_for_whom_it_greets(case, desk):
    template = RoyalTemplate.objects.get(code="hand_price", language="de")
    said = desk.get(f"{at('fill', case)}?template={template.pk}&to={quote('x@y.example')}").json()
    assert said["text"].startswith("Sehr geehrte Damen und Herren,")
    assert {one["name"] for one in said["missing"]} == {"Artikel", "Menge", "Preis"}
    unasked = RoyalTemplate.objects.filter(by_hand=False).first()
    assert desk.get(f"{at('fill', case)}?template={unasked.pk}").status_code == 404


def test_a_letter_is_sent_with_a_second_thought_and_taken_back(case, desk, writer):
    answer = desk.post(at("send", case), form(case, writer, text=CURT))
    assert answer.status_code == 409
    assert answer.json()["code"] == "letter.discourteous"
    assert answer.json()["findings"]
    said = desk.post(at("send", case), form(case, writer, then="awaiting_customer")).json()
    assert (said["seconds"], said["status"]) == (10, "awaiting_customer")
    back = desk.post(said["take_back"], {"letter": said["letter"]}).json()
    assert (back["text"], back["to"]) == (GOOD, EINKAUF)
    assert desk.post(said["take_back"], {"letter": said["letter"]}).status_code == 409
    assert Case.objects.get().status == "in_progress"


def test_without_a_script_it_goes_all_the_same(case, writer):
    client = Client()
    client.force_login(writer)
    answer = client.post(at("send", case), form(case, writer, to="sabine"))
    assert (answer.status_code, answer.url) == (302, case.get_absolute_url())
    answer = client.post(at("send", case), form(case, writer))
    assert answer.status_code == 302
    assert OutgoingEmail.objects.filter(weight="personal").count() == 1
