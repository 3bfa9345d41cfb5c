import pytest
from django.contrib.auth import authenticate
from django.core.cache import cache

from hbu.company.models import Company
from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from shop.models import Contact, Customer
from shop.services import accounts

pytestmark = pytest.mark.django_db
BERGER = "einkauf@modehaus-berger.example"
IP, ELSEWHERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture(autouse=True)
def _nobody_tried():
    cache.clear()


@pytest.fixture
def sabine(company) -> Contact:
    return Contact.objects.get(email=BERGER)


def parts(contact) -> tuple[str, str]:
    *_, uid, token, _ = accounts.link_of(contact).split("/")
    return uid, token


def asked() -> list[Event]:
    return list(Event.objects.filter(kind="account.asked").order_by("pk"))


def with_login(contact, password="royal-buttons") -> Contact:
    accounts.set_password(accounts.user_of(*parts(contact)), password)
    contact.refresh_from_db()
    return contact


def test_a_contact_comes_by_a_login_and_is_no_staff(sabine):
    with_login(sabine)
    user = authenticate(username=accounts.username_of(BERGER.upper()), password="royal-buttons")
    assert accounts.contact_of(user) == sabine
    assert not user.is_staff
    assert not user.is_superuser


def test_asking_makes_no_login_and_shows_nothing_of_whom_we_know(sabine):
    for address in (BERGER, "nobody@elsewhere.example"):
        accounts.ask(address, language="de", ip=IP)
    known, unknown = asked()
    assert (known.subject_type, unknown.subject_type) == ("shop.contact", "company.company")
    sabine.refresh_from_db()
    assert sabine.user is None


def test_a_letter_goes_to_the_address_in_our_books_whatever_tag_was_typed(sabine):
    accounts.ask("EINKAUF+mallory@modehaus-berger.example", language="de", ip=IP)
    assert asked()[0].data["address"] == BERGER


def test_f4_known_and_unknown_cost_the_same_queries(sabine, django_assert_num_queries):
    for address in (BERGER, "nobody@elsewhere.example"):
        with django_assert_num_queries(5):
            accounts.ask(address, language="de", ip=IP)


def test_f4_who_asks_too_often_is_not_answered_any_more(sabine):
    for _ in range(10):
        accounts.ask(BERGER, language="de", ip=IP)
    assert len(asked()) == accounts.ASKS_PER_ADDRESS
    for number in range(40):
        accounts.ask(f"a{number}@x.example", language="de", ip=ELSEWHERE)
    assert len(asked()) == accounts.ASKS_PER_ADDRESS + accounts.ASKS_PER_IP


def test_f6_a_link_holds_once(sabine):
    uid, token = parts(sabine)
    accounts.set_password(accounts.user_of(uid, token), "royal-buttons")
    assert accounts.user_of(uid, token) is None


def test_f6_a_link_holds_three_days(sabine, settings, monkeypatch):
    assert settings.PASSWORD_RESET_TIMEOUT == 3 * 86_400
    uid, token = parts(sabine)
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert accounts.user_of(uid, token) is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: "",
        lambda token: " ",
        lambda token: "%20",
        lambda token: token.upper(),
        lambda token: token[:-1],
        lambda token: token + "0",
        lambda token: "\0",
        lambda token: token.replace("-", "_"),
    ],
)
def test_f6_nothing_but_the_token_itself_opens(sabine, spoil):
    uid, token = parts(sabine)
    assert accounts.user_of(uid, token) is not None
    assert accounts.user_of(uid, spoil(token)) is None


@pytest.mark.parametrize(
    "uid", ["", " ", "MQ==x", "\0", "ä", "LTE", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OQ"]
)
def test_f6_a_strange_user_is_nobody(sabine, uid):
    assert accounts.user_of(uid, parts(sabine)[1]) is None


def test_a_link_is_void_when_the_address_of_the_contact_changed(sabine):
    uid, token = parts(sabine)
    Contact.objects.filter(pk=sabine.pk).update(email="other@modehaus-berger.example")
    assert accounts.user_of(uid, token) is None


def test_a_link_to_staff_is_none(sabine, clara):
    sabine.user = clara
    sabine.save()
    assert accounts.link_of(sabine) == ""
    assert accounts.username_of(BERGER) == ""
    with pytest.raises(DomainError):
        accounts.set_password(clara, "taken-over")


def test_a_customer_with_the_name_of_a_login_of_staff_gets_one_of_its_own(sabine, ben):
    type(ben).objects.filter(pk=ben.pk).update(username=BERGER)
    assert with_login(sabine).user != ben


def test_a_closed_login_is_out_with_the_next_request_until_it_is_invited_again(
    sabine, client, clara
):
    client.force_login(with_login(sabine).user)
    accounts.close(sabine, by=clara)
    response = client.get("/admin/login/")
    assert not response.wsgi_request.user.is_authenticated
    assert accounts.link_of(sabine) == ""
    accounts.invite(sabine, by=clara)
    assert accounts.link_of(Contact.objects.get(pk=sabine.pk)) != ""
    assert asked()[-1].actor == clara


def test_what_is_closed_cannot_be_closed(sabine, clara):
    with pytest.raises(DomainError):
        accounts.close(sabine, by=clara)


def test_the_journal_knows_no_link(sabine, clara):
    accounts.invite(sabine, by=clara)
    _uid, token = parts(sabine)
    with_login(sabine)
    told = str(list(Event.objects.values_list("data", flat=True)))
    assert token not in told


def test_f4_five_failures_lock_one_person_from_one_place_only():
    for _ in range(accounts.FAILURES):
        assert not accounts.is_locked(BERGER, IP)
        accounts.failed(BERGER, IP)
    assert accounts.is_locked(BERGER.upper(), IP)
    assert not accounts.is_locked(BERGER, ELSEWHERE)
    assert not accounts.is_locked("other@modehaus-berger.example", IP)


def test_f4_one_place_is_locked_for_all_after_fifty_failures():
    for number in range(accounts.FAILURES_PER_IP):
        accounts.failed(f"a{number}@x.example", IP)
    assert accounts.is_locked(BERGER, IP)
    accounts.succeeded("a1@x.example", IP)
    assert accounts.is_locked(BERGER, IP)


def test_who_logged_in_begins_anew():
    for _ in range(accounts.FAILURES - 1):
        accounts.failed(BERGER, IP)
    accounts.succeeded(BERGER, IP)
    accounts.failed(BERGER, IP)
    assert not accounts.is_locked(BERGER, IP)


def test_without_a_company_asking_does_nothing(db):
    assert not Company.objects.exists()
    accounts.ask("a@x.example", language="de", ip=IP)
    assert asked() == []


def test_nobody_is_nobodys_contact(company, clara):
    assert accounts.contact_of(None) is None
    assert accounts.contact_of(clara) is None
    assert Customer.objects.exists()
