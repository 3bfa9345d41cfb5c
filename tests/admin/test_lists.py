import pytest
from django.contrib import admin
from django.urls import reverse

from agents.models import AgentRun
from emails.models import BlockedAddress, Correction, Replay
from emails.services import rules
from orders.models import Document
from shop.models import Alias, Supplier
from tests.admin import rows

OURS = ("agents", "shop", "emails", "orders", "cases", "company", "journal", "auth")
MODELS = [model for model in admin.site._registry if model._meta.app_label in OURS]


def list_of(model, query=""):
    return reverse(f"admin:{model}_changelist") + query


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_list_opens_and_says_in_words_that_it_is_empty(model, office):
    page = office.get(list_of(model._meta.label_lower.replace(".", "_")))
    assert page.status_code == 200
    # The journal holds the login.
    if model._meta.label_lower not in ("auth.user", "auth.group", "journal.event"):
        assert str(admin.site._registry[model].empty_words) in page.content.decode().replace(
            "&#x27;", "'"
        )


def mails(count):
    for number in range(count):
        rows.mail(subject=f"Mail {number}", customer=rows.customer(f"Customer {uuid(number)}"))


def uuid(number):
    return f"{number}-{rows.uuid4().hex[:4]}"


def orders(count):
    for number in range(count):
        rows.order((rows.product(f"HB-{uuid(number)}"), 10), customer=rows.customer(uuid(number)))


def cases(count):
    for number in range(count):
        rows.case(department=rows.department(f"d-{uuid(number)}"))


def letters(count):
    for _ in range(count):
        rows.letter()


def tasks(count):
    for _ in range(count):
        rows.task()


def documents(count):
    for number in range(count):
        supplier = Supplier.objects.create(number=uuid(number), name=uuid(number))
        Document.objects.create(
            kind="invoice", format="pdf", supplier=supplier,
            concerns=[{"code": "no_number", "what": "The invoice number is missing"}],
        )  # fmt: skip


def aliases(count):
    for number in range(count):
        product = rows.product(f"HB-{uuid(number)}")
        Alias.objects.create(customer=rows.customer(uuid(number)), product=product, sku="1")


def products(count):
    for number in range(count):
        rows.product(f"HB-{uuid(number)}")


def replays(count):
    for _ in range(count):
        replay = Replay.objects.create(stage="route")
        change = {"field": "department", "before": "sales", "after": "quality"}
        replay.differences.create(email=rows.mail(), changes=[change])


def corrections(count):
    for number in range(count):
        email, desk = rows.mail(), rows.department(f"d-{uuid(number)}")
        Correction.objects.create(email=email, said_kind="order", kind="spam", department=desk)


def blocked(count):
    for number in range(count):
        address = f"{uuid(number)}@a.example"
        BlockedAddress.objects.create(address=address, letter=rows.letter())


@pytest.mark.parametrize(
    ("model", "add"),
    [
        ("emails_email", mails),
        ("orders_order", orders),
        ("orders_document", documents),
        ("shop_alias", aliases),
        ("cases_case", cases),
        ("emails_outgoingemail", letters),
        ("emails_replay", replays),
        ("emails_replaydifference", replays),
        ("emails_correction", corrections),
        ("emails_blockedaddress", blocked),
        (
            "emails_ruleversion",
            lambda count: [rules.save(rows.rule(), by=None) for _ in range(count)],
        ),
        ("cases_task", tasks),
        ("shop_product", products),
        ("shop_stock", products),
        (
            "journal_event",
            lambda count: [rules.save(rows.rule(), by=None) for _ in range(count)],
        ),
    ],
)
def test_a_longer_list_asks_the_database_no_more_often(
    model, add, office, django_assert_max_num_queries
):
    add(5)
    with django_assert_max_num_queries(40) as few:
        assert office.get(list_of(model)).status_code == 200
    add(20)
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert office.get(list_of(model)).status_code == 200


@pytest.mark.parametrize(
    ("model", "query", "add"),
    [
        ("emails_email", "?state__exact=quarantined&q=Berger", rows.quarantined),
        ("emails_outgoingemail", "?waits=person&q=sabine", rows.letter),
        ("orders_order", "?state__exact=CREATED&q=Berger", rows.order),
        ("cases_case", "?q=Bestellung", rows.case),
        ("cases_task", "?status__exact=new&q=Check", rows.task),
    ],
)
def test_search_and_filters_find_what_waits(model, query, add, office):
    add()
    page = office.get(list_of(model, query))
    assert page.context["cl"].result_count == 1


def test_letters_that_left_do_not_wait_for_a_person(office):
    rows.letter("sent"), rows.letter("failed"), rows.letter("uncertain")
    page = office.get(list_of("emails_outgoingemail", "?waits=person"))
    assert {one.state for one in page.context["cl"].result_list} == {"failed", "uncertain"}


def test_a_consultation_is_shown_with_what_was_proposed(office, ben):
    outcome = {"actions": [{"do": "ask", "title": "Call them", "reason": "Urgent"}]}
    run = AgentRun.objects.create(agent=rows.agent(ben), case_number="C-1", outcome=outcome)
    page = office.get(reverse("admin:agents_agentrun_change", args=[run.pk]))
    assert "Call them" in page.content.decode()
