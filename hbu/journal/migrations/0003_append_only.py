"""A database that neither changes nor shortens the journal, whoever asks (promise J4).

SQLite drops a table's triggers when a later migration makes the table anew; such a migration has to
call `forward` again. tests/journal/test_sealing.py tells when that was forgotten.
"""

from django.db import migrations

TABLES = ("journal_event", "journal_seal")
SAID = "the journal is neither changed nor shortened"
FUNCTION = f"""
CREATE OR REPLACE FUNCTION the_journal_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{SAID}' USING ERRCODE = 'check_violation';
END $$
"""
ROWS = (("stays", "UPDATE"), ("remains", "DELETE"))


def forward(apps, schema_editor):
    backward(apps, schema_editor)
    execute = schema_editor.execute
    if schema_editor.connection.vendor == "sqlite":
        for table in TABLES:
            for name, event in ROWS:
                execute(
                    f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
                )
        return
    # Percent signs would be taken for parameters.
    execute(FUNCTION, params=None)
    for table in TABLES:
        for name, event in ROWS:
            execute(
                f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION the_journal_stays()"
            )
        execute(
            f"CREATE TRIGGER {table}_lasts BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION the_journal_stays()"
        )


def backward(apps, schema_editor):
    sqlite = schema_editor.connection.vendor == "sqlite"
    for table in TABLES:
        for name in ("stays", "remains", "lasts"):
            on_table = "" if sqlite else f" ON {table}"
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}{on_table}")
    if not sqlite:
        schema_editor.execute("DROP FUNCTION IF EXISTS the_journal_stays")


class Migration(migrations.Migration):

    dependencies = [
        ('journal', '0002_seals'),
    ]

    operations = [
        migrations.RunPython(forward, backward),
    ]
