import pytest, datetime
from pathlib import Path
from decimal import Decimal
from django.utils import translation
from django.utils.translation import trans_real
from orders.services import printing, invoicing, fulfilling, shipping, returning
from orders.models import *
from shop.models import *
from tests.orders import books
from tests.orders.billed import *

OUT = Path("/tmp/pdfs")
OUT.mkdir(exist_ok=True)


@pytest.mark.django_db
def test_x(company):
    for line in open("/tmp/words_printing.txt").read().splitlines():
        e, g = line.split("\t")
        trans_real.translation("de")._catalog[e] = g
    Customer.objects.filter(number="K-10001").update(cash_discount_percent=2, cash_discount_days=14)
    skus = list(Product.objects.filter(is_active=True).values_list("sku", "min_quantity")[:60])
    Stock.objects.update(on_hand=100000)
    o = shipped(("HB-1001", 200), ("HB-1002", 300))
    inv = invoicing.issue(o)
    goods = returning.take_back(
        o,
        {lines_of(o)[0].pk: returning.Back(50, restock=True)},
        reason="Farbe weicht vom Muster ab",
    )
    invoicing.credit_return(goods)
    # 12 lines english export
    Customer.objects.filter(number="K-10004").update(vat_id="")
    c = Customer.objects.get(number="K-10004")
    print(c, c.country, c.language)
    entry = books.placing.Entry(
        books.proposal(*[(s, max(q, 100)) for s, q in skus[:12]], customer="K-10004"), "mail", "en"
    )
    o12 = books.placing.place([entry])[0]
    print(o12.doubts, o12.tax_category)
    Order.objects.filter(pk=o12.pk).update(doubts=[])
    o12 = Order.objects.get(pk=o12.pk)
    books.placing.confirm([o12])
    for s in STEPS:
        getattr(fulfilling, s)(o12)
    shipping.send(o12)
    invoicing.issue(o12)
    # 60 lines: long name, prepayment, french K
    Customer.objects.filter(number="K-10002").update(
        payment="prepayment",
        name="Société Anonyme des Établissements Łukasz Őrségi & Fils Internationale de la Boutonnerie Fine",
        country="FR",
        street="12 Rue de l'Étoile-du-Nord, Bâtiment C, 3ème étage",
        postcode="75017",
        city="Paris",
        vat_id="FR40303265045",
    )
    wanted = [(s, max(q, 100)) for s, q in skus]
    Product.objects.filter(sku="HB-1003").update(
        name_de="Trachtenknopf mit sehr ausführlicher Beschreibung, handbemalt in Größe „XXL“, Ösen vernickelt, 40-linig"
    )
    entry = books.placing.Entry(
        books.proposal(*(wanted * 2)[:60], customer="K-10002"), "mail", "de"
    )
    o60 = books.placing.place([entry])[0]
    print(len(skus), o60.doubts[:2], o60.tax_category)
    Order.objects.filter(pk=o60.pk).update(doubts=[])
    o60 = Order.objects.get(pk=o60.pk)
    books.placing.confirm([o60])
    i60 = invoicing.issue(o60)
    r = Reminder.objects.create(
        number="M-2026-000001",
        invoice=inv,
        level=3,
        open_amount=Decimal("200.10"),
        fee=Decimal("5"),
        written_on=datetime.date(2026, 11, 21),
        pay_until=datetime.date(2026, 12, 1),
    )
    q = Quotation.objects.create(
        number="A-2026-000001",
        state="sent",
        customer=Customer.objects.get(number="K-10001"),
        source="mail",
        language="de",
        valid_until=datetime.date(2026, 12, 20),
        net=Decimal("10"),
        tax=Decimal("1.9"),
        gross=Decimal("11.9"),
        contact_email="einkauf@modehaus-berger.example",
    )
    QuotationLine.objects.create(
        quotation=q,
        position=1,
        sku="HB-1001",
        name="Perlmuttknopf",
        quantity=100,
        unit_price=Decimal("0.1"),
        tax_rate=19,
        total=10,
    )
    printing.want(
        [
            Printout(cause="reminder:1", kind="reminder", reminder=r, order=o, language="de"),
            Printout(cause="quotation:1:1", kind="quotation", quotation=q, language="de"),
        ]
    )
    printing.make(list(Printout.objects.values_list("pk", flat=True)))
    for one in Printout.objects.order_by("pk"):
        print(one.pk, one.kind, one.language, one.state, one.error, one.filename, one.size)
        for ch in one.checks:
            if ch["state"] != "ok":
                print("    ", ch["rule"], ch["name"], ch["state"], ch["detail"])
        if one.state == "made":
            (OUT / f"{one.pk:02d}-{one.language}-{one.filename}").write_bytes(printing.content(one))
    assert 0
