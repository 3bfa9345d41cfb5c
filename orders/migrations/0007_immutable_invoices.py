"""Rights to correct invoices, and a database that refuses to change what was issued (promise O5).

The link to the customer's row is no part of what was issued, of which `buyer` keeps its copy: it may
follow when customers are put together. TRUNCATE is for the owner of the tables alone.

SQLite drops a table's triggers when a later migration makes the table anew; such a migration has to
call `forward` again. tests/orders/test_invoices_are_final.py tells when that was forgotten.
"""

from django.db import migrations

TABLES = ("orders_invoice", "orders_invoiceline")
MAY_FOLLOW = {"customer_id"}
SAID = "an issued invoice is never changed"
FUNCTION = f"""
CREATE OR REPLACE FUNCTION an_issued_invoice_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{SAID}' USING ERRCODE = 'check_violation';
END $$
"""


def forward(apps, schema_editor):
    backward(apps, schema_editor)
    sqlite = schema_editor.connection.vendor == "sqlite"
    if not sqlite:
        # Percent signs would be taken for parameters.
        schema_editor.execute(FUNCTION, params=None)
    for model in ("Invoice", "InvoiceLine"):
        rows = apps.get_model("orders", model)._meta
        columns = [one.column for one in rows.concrete_fields if one.column not in MAY_FOLLOW]
        for name, event in (("stays", f"UPDATE OF {', '.join(columns)}"), ("remains", "DELETE")):
            head = f"CREATE TRIGGER {rows.db_table}_{name} BEFORE {event} ON {rows.db_table}"
            body = (
                f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
                if sqlite
                else "FOR EACH ROW EXECUTE FUNCTION an_issued_invoice_stays()"
            )
            schema_editor.execute(f"{head} {body}")


def backward(apps, schema_editor):
    on_table = "" if schema_editor.connection.vendor == "sqlite" else " ON {0}"
    for table in TABLES:
        for name in ("stays", "remains"):
            schema_editor.execute(
                f"DROP TRIGGER IF EXISTS {table}_{name}" + on_table.format(table)
            )
    if on_table:
        schema_editor.execute("DROP FUNCTION IF EXISTS an_issued_invoice_stays")


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0006_reservations'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='invoice',
            options={'ordering': ['-id'], 'permissions': [('cancel_invoice', 'Can cancel invoices'), ('credit_invoice', 'Can write credit notes')], 'verbose_name': 'our invoice', 'verbose_name_plural': 'our invoices'},
        ),
        migrations.RunPython(forward, backward),
    ]
