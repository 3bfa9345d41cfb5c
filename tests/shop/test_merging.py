from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emails.models import Email
from hbu.journal.models import Event
from hbu.lib.errors import DomainError
from orders.models import Order
from shop.models import Address, Alias, Contact, Customer, DiscountTier, Merge, Product
from shop.services import merging, people
from tests.orders.books import at_once, confirmed, enter

pytestmark = pytest.mark.django_db
BERGER, NORDWIND, ZWICKAU = "K-10001", "K-10002", "K-10003"


def customer(number) -> Customer:
    return Customer.objects.get(number=number)


@pytest.fixture
def pair(company) -> tuple[Customer, Customer]:
    """The one that is kept, the one that goes."""
    return customer(BERGER), customer(NORDWIND)


def snapshot() -> dict[str, object]:
    """Every row that points to a customer, and the customers themselves."""
    rows = {
        str(link): set(link.model._base_manager.values_list("pk", link.attname))
        for link in merging.links()
    }
    customers = {
        row["pk"]: (row["merged_into"], frozenset(row["domains"]))
        for row in Customer.objects.values("pk", "merged_into", "domains")
    }
    return {**rows, "customers": customers}


def owner(order) -> Customer:
    return Order.objects.get(pk=order.pk).customer


def mails(of, count):
    Email.objects.bulk_create(
        Email(customer=of, raw_sha256="0" * 64, fingerprint=uuid4().hex) for _ in range(count)
    )


def alias(of, sku, ours="HB-1001") -> Alias:
    return Alias.objects.create(customer=of, sku=sku, product=Product.objects.get(sku=ours))


def test_everything_of_the_one_is_found_with_the_other(pair):
    kept, gone = pair
    order = enter(customer=NORDWIND)
    merging.merge(kept, gone)
    assert owner(order) == kept
    assert not Contact.objects.filter(customer=gone).exists()
    assert Event.objects.about(kept).filter(kind="customer.merged").count() == 1
    assert Event.objects.about(gone).filter(kind="customer.merged").count() == 1


def test_every_app_that_points_to_a_customer_goes_along():
    labels = {link.model._meta.label for link in merging.links()}
    assert {
        "shop.Contact", "shop.Alias", "shop.Address", "shop.DiscountTier", "shop.ApiKey",
        "orders.Order", "orders.Quotation", "emails.Email", "cases.Case",
    } <= labels  # fmt: skip
    assert "orders.Invoice" not in labels


def test_mail_of_both_is_the_kept_ones(pair):
    kept, gone = pair
    merging.merge(kept, gone)
    for address in ("i.petersen@nordwind-fashion.example", "new@nordwind-fashion.example"):
        assert people.senders([address]) == {address: kept}


def test_what_both_have_stays_where_it_was(pair):
    kept, gone = pair
    ours, theirs = alias(kept, "A-1"), alias(gone, "A-1", "HB-1002")
    free = alias(gone, "A-2")
    for one in pair:
        DiscountTier.objects.create(customer=one, from_net=500, percent=Decimal(3))
        Address.objects.create(customer=one, name=one.name, is_default=True)
    merge = merging.merge(kept, gone)
    for one in (ours, theirs, free):
        one.refresh_from_db()
    assert (ours.customer, theirs.customer, free.customer) == (kept, gone, kept)
    assert theirs.pk in merge.moved["stayed"]["shop.Alias.customer"]
    assert DiscountTier.objects.filter(customer=gone).count() == 1
    assert Address.objects.filter(customer=gone).count() == 1


def test_two_confirmed_orders_of_one_number_stay_two(pair):
    kept, gone = pair
    confirmed(customer=BERGER, reference="PO-1")
    theirs, other = (confirmed(customer=NORDWIND, reference=one) for one in ("PO-1", "PO-2"))
    merge = merging.merge(kept, gone)
    assert (owner(theirs), owner(other)) == (gone, kept)
    assert merge.moved["stayed"]["orders.Order.customer"] == [theirs.pk]


def test_a_preview_tells_what_the_merge_does_and_does_nothing(pair):
    kept, gone = pair
    alias(kept, "A-1")
    alias(gone, "A-1")
    enter(customer=NORDWIND)
    before = snapshot()
    shares = merging.preview(kept, gone)
    assert snapshot() == before
    merge = merging.merge(kept, gone)
    assert sum(one.moves for one in shares) == sum(map(len, merge.moved["rows"].values()))
    assert sum(one.stays for one in shares) == sum(map(len, merge.moved["stayed"].values())) == 1


def test_nobody_is_put_into_itself_or_into_one_that_is_gone(company):
    first, second, third = map(customer, (BERGER, NORDWIND, ZWICKAU))
    merging.merge(first, second)
    for kept, gone in ((first, first), (second, third), (third, second)):
        with pytest.raises(DomainError):
            merging.merge(kept, gone)


def test_a_chain_of_merges_leads_to_the_one_that_is_left(company):
    first, second, third = map(customer, (BERGER, NORDWIND, ZWICKAU))
    merging.merge(second, third)
    merging.merge(first, second)
    assert people.kept(customer(ZWICKAU)) == first
    assert set(merging.family(first)) == {first.pk, second.pk, third.pk}
    address = "someone@polsterwerke-zwickau.example"
    assert people.senders([address]) == {address: first}


def test_chains_are_undone_from_their_end(company):
    before = snapshot()
    first, second, third = map(customer, (BERGER, NORDWIND, ZWICKAU))
    inner, outer = merging.merge(second, third), merging.merge(first, second)
    with pytest.raises(DomainError):
        merging.unmerge(inner)
    merging.unmerge(outer)
    merging.unmerge(inner)
    assert snapshot() == before


def test_what_moved_on_meanwhile_stays_and_is_told(pair):
    kept, gone = pair
    order = enter(customer=NORDWIND)
    merge = merging.merge(kept, gone)
    Order.objects.filter(pk=order.pk).update(customer=customer(ZWICKAU))
    late = enter(customer=BERGER)
    assert merging.unmerge(merge) == 1
    assert (owner(order), owner(late)) == (customer(ZWICKAU), kept)
    assert Event.objects.filter(kind="customer.unmerged")[0].data["stayed"] == 1


def test_what_the_one_got_meanwhile_keeps_the_others_out(pair):
    kept, gone = pair
    row = alias(gone, "A-1")
    merge = merging.merge(kept, gone)
    alias(gone, "A-1", "HB-1002")
    assert merging.unmerge(merge) == 1
    row.refresh_from_db()
    assert row.customer == kept


def test_a_merge_is_undone_once(pair):
    merge = merging.merge(*pair)
    merging.unmerge(merge)
    with pytest.raises(DomainError):
        merging.unmerge(merge)
    assert Event.objects.filter(kind="customer.unmerged").count() == 2


def test_a_domain_that_two_brought_stays_until_both_have_left(company):
    first, second, third = map(customer, (BERGER, NORDWIND, ZWICKAU))
    Customer.objects.filter(pk=third.pk).update(domains=["Nordwind-Fashion.example"])
    merge = merging.merge(first, second)
    merging.merge(first, third)
    merging.unmerge(merge)
    assert "nordwind-fashion.example" in customer(BERGER).domains


def test_the_number_of_queries_does_not_grow_with_the_rows(pair, django_assert_max_num_queries):
    kept, gone = pair
    mails(gone, 1200)
    with django_assert_max_num_queries(80):
        merge = merging.merge(kept, gone)
    assert len(merge.moved["rows"]["emails.Email.customer"]) == 1200


SKUS = st.lists(st.sampled_from(["A", "B", "C", "D"]), unique=True)
TIERS = st.lists(st.integers(1, 4), unique=True)
DOMAINS = st.lists(st.sampled_from(["a.de", "B.de", "b.de", "c.de"]), unique=True)
COMPANY = st.tuples(SKUS, TIERS, DOMAINS, st.booleans(), st.integers(0, 3))


@given(st.tuples(COMPANY, COMPANY), st.booleans())
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_there_is_a_merge_that_is_undone_leaves_no_trace(pair, books, crossed):
    Customer.objects.filter(number__startswith="X-").delete()
    made = []
    for number, (skus, tiers, domains, usual, letters) in enumerate(books):
        one = Customer.objects.create(number=f"X-{number}", name="X", domains=domains)
        for sku in skus:
            alias(one, sku)
        for tier in tiers:
            DiscountTier.objects.create(customer=one, from_net=tier, percent=1)
        Address.objects.create(customer=one, name="X", is_default=usual)
        mails(one, letters)
        made.append(one)
    kept, gone = reversed(made) if crossed else made
    before = snapshot()
    row = merging.merge(kept, gone)
    assert merging.unmerge(row) == 0
    assert snapshot() == before
    Merge.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_o3_of_two_merges_at_once_one_wins(company):
    first, second, third = map(customer, (BERGER, NORDWIND, ZWICKAU))
    for pairs in (
        [(first, second), (second, first)],
        [(first, second), (third, second)],
        [(first, second), (first, second)],
    ):
        before = snapshot()
        refusals = at_once(partial(merging.merge, kept, gone) for kept, gone in pairs)
        assert [one is None for one in refusals].count(True) == 1
        row = Merge.objects.get(undone_at=None)
        refusals = at_once([partial(merging.unmerge, row)] * 2)
        assert [one is None for one in refusals].count(True) == 1
        assert snapshot() == before
