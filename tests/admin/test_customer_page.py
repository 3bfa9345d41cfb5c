from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from emails.models import Email, OutgoingEmail
from hbu.journal.models import Event
from shop.models import Address, Alias, ApiKey, Contact, Customer, DiscountTier, Merge, Product
from shop.services import accounts, merging
from tests.orders.books import confirmed

pytestmark = pytest.mark.django_db
BERGER, NORDWIND = "K-10001", "K-10002"


def page(obj, step="") -> str:
    opts = obj._meta
    url = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[obj.pk])
    return url.replace("/change/", f"/do/{step}/") if step else url


def customer(number=BERGER) -> Customer:
    return Customer.objects.get(number=number)


@pytest.fixture
def boss(company, client, clara):
    client.force_login(clara)
    return client


def form(client, obj) -> dict:
    """What the form of a page holds, as a browser would send it."""
    context = client.get(page(obj)).context
    forms = [context["adminform"].form]
    for one in context["inline_admin_formsets"]:
        forms += [one.formset.management_form, *one.formset.initial_forms]
    values = {}
    for one in forms:
        for field in one:
            value = field.value()
            if value is not None and value is not False:
                values[field.html_name] = value
                if field.field.show_hidden_initial:
                    values[field.html_initial_name] = value
    return values


def save(client, obj, **changed):
    values = {**form(client, obj), **changed}
    return client.post(page(obj), {key: one for key, one in values.items() if one is not None})


def errors(response) -> str:
    context = response.context
    inline = [one.formset.non_form_errors() for one in context["inline_admin_formsets"]]
    return f"{context['adminform'].form.errors} {inline}"


def test_the_page_tells_what_there_is_of_a_customer(boss, clara):
    one = customer()
    order = confirmed()
    Customer.objects.filter(pk=one.pk).update(credit_limit=100)
    Email.objects.create(customer=one, raw_sha256="0" * 64, fingerprint="a")
    html = boss.get(page(one)).content.decode()
    for wanted in (order.number, "einkauf@modehaus-berger.example", "all 1", "Credit"):
        assert wanted in html
    assert f"/admin/emails/email/?customer__id__exact={one.pk}" in html


def test_what_staff_change_is_told_in_the_journal(boss, clara):
    response = save(boss, customer(), credit_limit="5000", payment="prepayment")
    assert response.status_code == 302
    assert customer().credit_limit == Decimal(5000)
    event = Event.objects.get(kind="customer.changed")
    assert event.actor == clara
    assert set(event.data["fields"]) == {"credit_limit", "payment"}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"vat_id": "DE999625852"}, "check digits"),
        ({"vat_id": "DE99"}, "too few"),
        ({"vat_id": "ATU12345675"}, "another country"),
        ({"country": "FR"}, "another country"),
        ({"country": "Germany"}, "2 characters"),
        ({"domains": "nordwind-fashion.example"}, "belongs to Nordwind"),
        ({"domains": "NORDWIND-Fashion.example"}, "belongs to Nordwind"),
        ({"domains": "a@b.de"}, "no domain"),
        ({"cash_discount_percent": "2", "cash_discount_days": "60"}, "longer"),
        ({"discount_percent": "abc"}, "number"),
    ],
)
def test_the_form_says_what_is_wrong(boss, changed, said):
    response = save(boss, customer(), **changed)
    assert response.status_code == 200
    assert said in errors(response)


@pytest.mark.parametrize("typed", ["DE 999 625 851", "de999625851", "DE-999.625.851"])
def test_a_vat_id_is_kept_without_what_people_put_into_it(boss, typed):
    assert save(boss, customer(), vat_id=typed).status_code == 302
    assert customer().vat_id == "DE999625851"


def addresses(*usual) -> dict:
    values = {"addresses-TOTAL_FORMS": len(usual), "addresses-INITIAL_FORMS": 0}
    for number, one in enumerate(usual):
        fields = {
            "kind": "delivery", "name": f"Lager {number}", "street": "Hafen 1",
            "postcode": "20457", "city": "Hamburg", "country": "de",
        }  # fmt: skip
        values |= {f"addresses-{number}-{key}": value for key, value in fields.items()}
        if one:
            values[f"addresses-{number}-is_default"] = "on"
    return values


def test_there_is_one_usual_address_of_a_kind(boss):
    response = save(boss, customer(), **addresses(True, True))
    assert "one usual address" in errors(response)
    assert save(boss, customer(), **addresses(True, False)).status_code == 302
    assert customer().addresses.get(is_default=True).country == "DE"


def test_another_address_becomes_the_usual_one_in_one_go(boss):
    save(boss, customer(), **addresses(True, False))
    ours = Address.objects.filter(customer=customer())
    first, second = ours.order_by("pk")
    names = {
        row["pk"]: f"addresses-{number}-is_default" for number, row in enumerate(ours.values("pk"))
    }
    changed = {names[first.pk]: None, names[second.pk]: "on"}
    assert save(boss, customer(), **changed).status_code == 302
    assert ours.get(is_default=True) == second


def test_tiers_and_articles_are_kept_with_the_customer(boss):
    product = Product.objects.get(sku="HB-1001")
    before = Alias.objects.filter(customer=customer()).count()
    save(
        boss,
        customer(),
        **{
            "tiers-TOTAL_FORMS": 1, "tiers-0-from_net": "5000", "tiers-0-percent": "7",
            "aliases-TOTAL_FORMS": before + 1, f"aliases-{before}-sku": "NEW-1",
            f"aliases-{before}-product": product.pk,
        },
    )  # fmt: skip
    assert DiscountTier.objects.get(customer=customer()).percent == 7
    assert Alias.objects.filter(customer=customer(), sku="NEW-1").exists()


def test_one_article_number_for_two_products_is_refused_in_words(boss):
    count = Alias.objects.filter(customer=customer()).count()
    twice = {
        f"aliases-{count + number}-{key}": value
        for number, sku in enumerate(("HB-1001", "HB-1002"))
        for key, value in (("sku", "X-1"), ("product", Product.objects.get(sku=sku).pk))
    }
    response = save(boss, customer(), **{"aliases-TOTAL_FORMS": count + 2}, **twice)
    assert "stands twice" in errors(response)


# Putting together


def test_what_would_move_is_shown_and_nothing_moves_before_the_click(boss):
    kept, gone = customer(), customer(NORDWIND)
    html = boss.get(page(kept, "merge"), {"other": gone.pk}).content.decode()
    assert "Contacts" in html
    assert not Merge.objects.exists()
    response = boss.post(page(kept, "merge"), {"other": gone.pk}, follow=True)
    assert "was put into" in response.content.decode()
    assert customer(NORDWIND).merged_into == kept


def test_a_customer_is_not_put_into_itself(boss):
    kept = customer()
    html = boss.get(page(kept, "merge"), {"other": kept.pk}).content.decode()
    assert "into itself" in html
    boss.post(page(kept, "merge"), {"other": kept.pk})
    assert not Merge.objects.exists()


def test_one_that_is_gone_is_out_of_lists_and_choices_and_cannot_be_edited(boss):
    kept, gone = customer(), customer(NORDWIND)
    merging.merge(kept, gone)
    assert "Nordwind Fashion" not in boss.get("/admin/shop/customer/").content.decode()
    found = boss.get(
        "/admin/autocomplete/",
        {"app_label": "shop", "model_name": "merge", "field_name": "gone", "term": "Nordwind"},
    ).json()
    assert not any("Nordwind" in one["text"] for one in found["results"])
    html = boss.get(page(gone)).content.decode()
    assert "was put into another one" in html
    assert 'name="_save"' not in html


def test_a_merge_is_taken_apart_by_a_click(boss):
    row = merging.merge(customer(), customer(NORDWIND))
    assert "What moved" in boss.get(page(row)).content.decode()
    boss.post(page(row, "undo"))
    assert customer(NORDWIND).merged_into is None


def test_who_may_change_customers_may_not_put_them_together(company, client, ben):
    ben.user_permissions.set(
        Permission.objects.filter(codename__in=["change_customer", "view_customer", "view_merge"])
    )
    client.force_login(ben)
    kept, gone = customer(), customer(NORDWIND)
    assert "/do/merge/" not in client.get(page(kept)).content.decode()
    assert client.post(page(kept, "merge"), {"other": gone.pk}).status_code == 403
    row = merging.merge(kept, gone)
    assert client.post(page(row, "undo")).status_code == 403
    assert client.post(page(kept, "new-key"), {"name": "ERP"}).status_code == 403
    assert not ApiKey.objects.exists()


# Logins and keys


def test_a_key_is_shown_once(boss):
    kept = customer()
    response = boss.post(page(kept, "new-key"), {"name": "ERP"})
    html, key = response.content.decode(), ApiKey.objects.get()
    assert "no-store" in response["Cache-Control"]
    assert key.prefix in html
    (secret,) = [word for word in html.replace("<", " ").replace(">", " ").split()
                 if word.startswith(key.prefix)]  # fmt: skip
    for url in (page(kept), page(key), "/admin/shop/apikey/"):
        again = boss.get(url).content.decode()
        assert key.prefix in again
        assert secret not in again
    boss.post(page(key, "revoke"))
    key.refresh_from_db()
    assert key.revoked_at


def test_staff_invite_and_close(boss):
    contact = Contact.objects.get(email="einkauf@modehaus-berger.example")
    boss.post(page(contact, "invite"))
    assert Event.objects.filter(kind="account.asked").count() == 1
    accounts.link_of(contact)
    boss.post(page(contact, "close-login"))
    contact.refresh_from_db()
    assert not contact.user.is_active
    assert OutgoingEmail.objects.count() == 0
