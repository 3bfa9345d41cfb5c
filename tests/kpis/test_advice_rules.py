"""When rules recommend something, by themselves and on rows."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kpis.advice import judging, reading, trading
from kpis.advice.data import Aim, Outages, Priority, Release, RuleUse, TemplateUse, Wandering
from kpis.advice.returning import may_return

NOW = timezone.now()
LONG_AGO = NOW - timedelta(days=100)
PLAIN = {"act": "/", "evidence": ()}


def aim(**fields):
    row = {"kpi": "sla_compliance", "code": "sales", "department": 1, "value": 60.0,
           "target": 95.0, "reached": 63.2, "rows": 40, "sort": "share"}  # fmt: skip
    return Aim(**(row | fields), **PLAIN)


def rule(**fields):
    row = {"id": 1, "name": "Spam", "department": None, "since": LONG_AGO, "last_hit": None,
           "asked": 240}  # fmt: skip
    return RuleUse(**(row | fields), **PLAIN)


def template(code, letters, back):
    return TemplateUse(code=code, letters=letters, back=back, **PLAIN)


def release(released, stopped):
    return Release(template="order_question", code="sales", department=1, released=released,
                   stopped=stopped, **PLAIN)  # fmt: skip


def test_a_missed_target_says_how_many_rows_would_have_to_be_otherwise():
    (found,) = judging.targets([aim()], NOW)
    assert (found.about, found.department, found.impact) == ("sla_compliance:sales", 1, 14)
    assert found.priority == Priority.HIGH
    (found,) = judging.targets([aim(value=6, target=4, reached=66.7, sort="hours")], NOW)
    assert found.impact == 80
    (found,) = judging.targets([aim(value=60, target=95, sort="points")], NOW)
    assert found.impact == 35


@pytest.mark.parametrize("fields", [{"reached": 90.0}, {"rows": 9}])
def test_a_target_nearly_reached_or_over_few_rows_is_no_matter(fields):
    assert not list(judging.targets([aim(**fields)], NOW))


def test_a_rule_that_never_held_is_named_with_the_mails_it_was_asked_about():
    (found,) = judging.idle_rules([rule()], NOW)
    assert (found.about, found.priority, found.impact) == ("rule:1", Priority.LOW, 120)


@pytest.mark.parametrize(
    "fields",
    [
        {"last_hit": NOW - timedelta(days=59)},
        {"since": NOW - timedelta(days=59)},
        {"asked": 49},
    ],
)
def test_a_rule_that_held_of_late_or_is_young_or_was_hardly_asked_is_left_alone(fields):
    assert not list(judging.idle_rules([rule(**fields)], NOW))


def test_a_template_is_measured_against_all_others():
    (found,) = judging.answered_again([template("a", 20, 12), template("b", 100, 10)], NOW)
    assert (found.about, found.impact) == ("a", 5)
    assert not list(judging.answered_again([template("a", 20, 5), template("b", 100, 10)], NOW))
    assert not list(judging.answered_again([template("a", 20, 12)], NOW))
    assert not list(judging.answered_again([template("a", 9, 9), template("b", 100, 0)], NOW))


def test_letters_that_people_nearly_always_let_go_could_leave_alone():
    (found,) = judging.let_go([release(36, 1)], NOW)
    assert found.impact == 18
    assert not list(judging.let_go([release(36, 3), release(7, 0)], NOW))


def test_outages_count_by_number_or_by_hours():
    def box(*hours):
        spans = [(NOW - timedelta(hours=one), NOW) for one in hours]
        return Outages(address="a@h-bu.de", department=1, spans=spans, **PLAIN)

    (found,) = judging.outages([box(1, 1, 1)], NOW)
    assert (found.priority, found.impact) == (Priority.MEDIUM, 3)
    (found,) = judging.outages([box(13)], NOW)
    assert (found.priority, found.impact) == (Priority.HIGH, 13)
    assert not list(judging.outages([box(2, 2)], NOW))


def test_cases_that_wander_are_counted_by_kind():
    kinds = [
        Wandering(kind="complaint", cases=20, **PLAIN),
        Wandering(kind="order", cases=4, **PLAIN),
    ]
    (found,) = judging.wandering(kinds, NOW)
    assert (found.about, found.priority) == ("complaint", Priority.HIGH)
    assert judging.desks_changed(["", "sales", "sales", "quality"]) == 2


@pytest.mark.parametrize(
    ("state", "days", "impact", "returns"),
    [
        ("gone", 0, 1, True),
        ("dismissed", 400, 14, False),
        ("dismissed", 0, 15, True),
        ("done", 29, 14, False),
        ("done", 31, 10, True),
        ("done", 1, 15, True),
    ],
)
def test_when_something_settled_comes_back(state, days, impact, returns):
    settled = NOW - timedelta(days=days)
    assert may_return(state, 10, settled, impact=impact, now=NOW) is returns


def ago(**span):
    return timezone.now() - timedelta(**span)


def rows_of(client, proof):
    answer = client.get(proof.url)
    assert answer.status_code == 200, proof.url
    return answer.context["cl"].queryset


def opens_its_rows(client, found):
    for proof in found.evidence:
        assert rows_of(client, proof).count() == proof.count, proof.label


@pytest.fixture
def clara_in(client, clara):
    client.force_login(clara)
    return client


@pytest.fixture
def thread(db):
    from emails.models import Thread

    return Thread.objects.create


def test_rules_are_read_with_the_mails_that_others_decided(clara_in, department, receive):
    from emails.models import RoutingRule
    from emails.services import rules

    condition = {"field": "subject", "op": "contains", "value": "x"}
    idle, busy = (RoutingRule(name=name, condition=condition) for name in ("Idle", "Busy"))
    for one in (idle, busy):
        rules.save(one, by=None)
    for days in (1, 3, 70):
        receive(rule=busy, received_at=ago(days=days))
    receive()
    found = {one.name: one for one in reading.rule_uses(timezone.now())}
    assert found["Idle"].asked == found["Busy"].asked == 2
    assert [one.count for one in found["Busy"].evidence] == [2, 3]
    for one in found.values():
        opens_its_rows(clara_in, one)


def test_a_letter_counts_as_answered_again_when_a_person_writes_within_three_days(
    clara_in, receive, write_letter, thread
):
    for after, automatic in ((1, ""), (4, ""), (1, "bounce"), (None, "")):
        conversation = thread()
        write_letter(template="ack", thread=conversation, sent_at=ago(days=10))
        if after:
            received_at = ago(days=10) + timedelta(days=after)
            receive(thread=conversation, received_at=received_at, automatic=automatic)
    (found,) = reading.template_uses(timezone.now())
    assert (found.code, found.letters, found.back) == ("ack", 4, 1)
    opens_its_rows(clara_in, found)


def test_letters_let_go_and_stopped_are_counted_by_template_and_desk(
    clara_in, clara, receive, write_letter, department
):
    mail = receive()
    for state in ("sent", "sent", "aborted"):
        write_letter(template="q", answers=mail, approved_by=clara, state=state)
    write_letter(template="q", answers=mail)
    write_letter(template="q", approved_by=clara, created_by=clara, answers=mail)
    (found,) = reading.releases(timezone.now())
    assert (found.department, found.released, found.stopped) == (department.pk, 2, 1)
    opens_its_rows(clara_in, found)


def test_letters_wait_that_nobody_touched_for_two_days(clara_in, receive, write_letter, department):
    for state, days in (("draft", 3), ("failed", 9), ("draft", 1), ("sent", 9)):
        write_letter(answers=receive(), state=state, created_at=ago(days=days))
    (found,) = reading.waiting(timezone.now())
    assert (found.department, found.letters) == (department.pk, 2)
    opens_its_rows(clara_in, found)


def test_outages_reach_from_a_failure_to_the_next_success(clara_in, department):
    from emails.models import Mailbox
    from hbu.journal.models import Event

    mailbox = Mailbox.objects.create(address="a@h-bu.de", department=department)
    for kind, hours in (("failing", 50), ("failing", 49), ("healthy", 48), ("failing", 2)):
        Event.objects.create(
            kind=f"mailbox.{kind}", subject_type="emails.mailbox", subject_id=mailbox.pk,
            at=ago(hours=hours),
        )  # fmt: skip
    (found,) = reading.outages(timezone.now())
    hours = [(until - since).total_seconds() / 3600 for since, until in found.spans]
    assert [round(one) for one in hours] == [2, 2]
    opens_its_rows(clara_in, found)


def test_a_case_wanders_that_went_to_two_other_desks(clara_in, open_case):
    from hbu.journal.recording import record

    far, near = open_case(kind="order"), open_case(kind="order")
    record("case.handed_over", far, to="sales")
    record("case.assigned", far, department="quality", to="Ben")
    record("case.handed_over", near, to="sales")
    record("case.assigned", near, department="sales", to="Ben")
    (found,) = reading.wandering(timezone.now())
    assert (found.kind, found.cases) == ("order", 1)
    opens_its_rows(clara_in, found)


@pytest.fixture
def product(db):
    from shop.models import Category, Product, Stock

    category = Category.objects.create(code="horn", name_de="Horn", name_en="Horn")
    product = Product.objects.create(
        sku="HB-1", category=category, name_de="Hornknopf", name_en="Horn button", price="0.50"
    )
    Stock.objects.create(product=product)
    return product


def test_a_product_is_short_by_doubts_that_wait_and_doubts_that_were_accepted(
    clara_in, make_order, product
):
    from hbu.journal.recording import record
    from orders.models import OrderLine

    doubt = {"code": "stock", "what": "Not enough in stock", "evidence": "9 > 1", "position": 2}
    waits, accepted = make_order(doubts=[doubt]), make_order(state="CONFIRMED")
    make_order(doubts=[{"code": "no_number", "what": "x"}])
    for order in (waits, accepted):
        for position in (1, 2):
            OrderLine.objects.create(
                order=order, position=position, product=product, name="x", quantity=9 * position,
                unit_price=1, tax_rate=19, total=1,
            )  # fmt: skip
    record("order.doubts_accepted", accepted, doubts=[doubt])
    (found,) = trading.shortages(timezone.now())
    assert (found.sku, found.orders, found.pieces) == ("HB-1", 2, 36)
    opens_its_rows(clara_in, found)


def test_a_customer_owes_what_is_open_of_overdue_invoices(clara_in, make_order):
    from orders.models import Invoice, Receivable
    from shop.models import Customer

    customer = Customer.objects.create(number="K-1", name="Amann")
    merged = Customer.objects.create(number="K-2", name="Amann GmbH", merged_into=customer)
    for number, days, issued_to in ((1, 3, customer), (2, 40, merged), (3, -5, customer)):
        invoice = Invoice.objects.create(
            number=f"R-{number}", kind="invoice", order=make_order(), customer=issued_to,
            issued_on=NOW.date(), net=100, payment="invoice",
        )  # fmt: skip
        Receivable.objects.create(
            invoice=invoice, open_amount="60.50", due_on=(NOW - timedelta(days=days)).date(),
            level=number,
        )  # fmt: skip
    (found,) = trading.debts(timezone.now())
    assert (found.name, found.invoices, found.amount, found.reminders) == ("Amann", 2, 121.0, 2)
    opens_its_rows(clara_in, found)


def test_aims_are_shares_of_each_department_beside_its_target(clara_in, department, open_case):
    from cases.models import Rating
    from kpis.models import Target

    Target.objects.create(kpi="customer_satisfaction", value=90)
    Target.objects.create(kpi="customer_satisfaction", department=department, value=80)
    for stars in (5, 4, 1, 1):
        Rating.objects.create(case=open_case(), stars=stars)
    (found,) = trading.aims(timezone.now())
    assert (found.value, found.target, found.rows, found.department) == (50, 80, 4, department.pk)
    assert clara_in.get(found.act).status_code == 200
    opens_its_rows(clara_in, found)
