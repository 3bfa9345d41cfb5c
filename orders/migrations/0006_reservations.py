"""Orders that hold pieces already say so in rows of their own."""

from collections import defaultdict

from django.db import migrations
from django.db.models import Q

HOLDING = ["CONFIRMED", "PLANNED", "IN_PRODUCTION", "PRODUCED", "PACKED"]


def write_reservations(apps, schema_editor):
    lines = apps.get_model("orders", "OrderLine").objects
    held = defaultdict(int)
    rows = lines.filter(order__state__in=HOLDING, product__isnull=False).values_list(
        "product_id", "order__number", "quantity", "shipped", "cancelled"
    )
    for product, number, quantity, shipped, cancelled in rows.iterator():
        held[product, number] += int(quantity) - shipped - cancelled
    apps.get_model("shop", "Reservation").objects.bulk_create(
        (_row(apps, product, number, left) for (product, number), left in held.items() if left > 0),
        batch_size=500,
        ignore_conflicts=True,
    )


def _row(apps, product, number, quantity):
    reservation = apps.get_model("shop", "Reservation")
    return reservation(product_id=product, reference=number, quantity=quantity)


def forget_reservations(apps, schema_editor):
    apps.get_model("shop", "Reservation").objects.filter(~Q(reference__startswith="cart:")).delete()


class Migration(migrations.Migration):
    dependencies = [("orders", "0005_life"), ("shop", "0003_trade")]

    operations = [migrations.RunPython(write_reservations, forget_reservations)]
