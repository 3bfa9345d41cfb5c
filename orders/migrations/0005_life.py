"""Rights for each step of an order, and a database that knows which step follows which (promise O3).

SQLite drops a table's triggers when a later migration makes the table anew; such a migration has to
call `forward` again. tests/orders/test_states.py tells when that was forgotten.
"""

from django.db import migrations

LEGAL = [
    ("CREATED", "CONFIRMED"), ("CONFIRMED", "PLANNED"), ("PLANNED", "IN_PRODUCTION"),
    ("IN_PRODUCTION", "PRODUCED"), ("PRODUCED", "PACKED"), ("PACKED", "SHIPPED"),
    ("SHIPPED", "DELIVERED"), ("DELIVERED", "INVOICED"), ("INVOICED", "CLOSED"),
    ("CREATED", "CANCELLED"), ("CONFIRMED", "CANCELLED"), ("PLANNED", "CANCELLED"),
    ("IN_PRODUCTION", "CANCELLED"), ("PRODUCED", "CANCELLED"), ("PACKED", "CANCELLED"),
]
STEPS = ", ".join(f"'{before}>{after}'" for before, after in LEGAL)
SAID = "an order does not go this way"
JUMPS = f"OLD.state <> NEW.state AND (OLD.state || '>' || NEW.state) NOT IN ({STEPS})"
SQLITE = f"""
CREATE TRIGGER an_order_goes_step_by_step BEFORE UPDATE OF state ON orders_order
WHEN {JUMPS} BEGIN SELECT RAISE(ABORT, '{SAID}'); END
"""
FUNCTION = f"""
CREATE OR REPLACE FUNCTION an_order_goes_step_by_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{SAID}: % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
END $$
"""
POSTGRESQL = f"""
CREATE TRIGGER an_order_goes_step_by_step BEFORE UPDATE OF state ON orders_order
FOR EACH ROW WHEN ({JUMPS}) EXECUTE FUNCTION an_order_goes_step_by_step()
"""


def forward(apps, schema_editor):
    backward(apps, schema_editor)
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(SQLITE)
    else:
        # Percent signs would be taken for parameters.
        schema_editor.execute(FUNCTION, params=None)
        schema_editor.execute(POSTGRESQL)


def backward(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER IF EXISTS an_order_goes_step_by_step")
    else:
        schema_editor.execute("DROP TRIGGER IF EXISTS an_order_goes_step_by_step ON orders_order")
        schema_editor.execute("DROP FUNCTION IF EXISTS an_order_goes_step_by_step")


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0004_agreed_price'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='order',
            options={'ordering': ['-id'], 'permissions': [('confirm_order', 'Can confirm orders'), ('plan_order', 'Can plan orders'), ('produce_order', 'Can start and finish the production of orders'), ('pack_order', 'Can pack orders'), ('ship_order', 'Can ship orders'), ('deliver_order', 'Can mark orders as delivered'), ('invoice_order', 'Can bill orders'), ('close_order', 'Can close orders'), ('cancel_order', 'Can cancel orders, or what is left of them'), ('hold_order', 'Can put orders on hold and release them'), ('return_order', 'Can take goods of orders back')], 'verbose_name': 'order', 'verbose_name_plural': 'orders'},
        ),
        migrations.RunPython(forward, backward),
    ]
