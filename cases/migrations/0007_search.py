"""Full text over what can be found: FTS5 on SQLite, a vector with a GIN index on PostgreSQL.

The words are folded before they are written (cases.finding), so neither database folds anything. On
SQLite triggers keep the index, which holds no text of its own. SQLite drops a table's triggers when
a later migration makes the table anew; such a migration has to call `forward` again.
tests/cases/test_searching.py tells when that was forgotten.
"""

from django.db import migrations

TABLE = "cases_searchentry"
COLUMNS = ("title", "names", "body")
NEW = ", ".join(f"new.{name}" for name in COLUMNS)
OLD = ", ".join(f"old.{name}" for name in COLUMNS)
INTO = "INSERT INTO cases_search"
ADD = f"{INTO}(rowid, {', '.join(COLUMNS)}) VALUES (new.id, {NEW});"
TAKE = f"{INTO}(cases_search, rowid, {', '.join(COLUMNS)}) VALUES ('delete', old.id, {OLD});"
SQLITE = (
    f"CREATE VIRTUAL TABLE cases_search USING fts5({', '.join(COLUMNS)}, content='{TABLE}', "
    "content_rowid='id', columnsize=0, prefix='2 3', tokenize='unicode61 remove_diacritics 2')",
    f"CREATE TRIGGER cases_search_added AFTER INSERT ON {TABLE} BEGIN {ADD} END",
    f"CREATE TRIGGER cases_search_removed AFTER DELETE ON {TABLE} BEGIN {TAKE} END",
    f"CREATE TRIGGER cases_search_changed AFTER UPDATE ON {TABLE} BEGIN {TAKE} {ADD} END",
    "INSERT INTO cases_search(cases_search) VALUES ('rebuild')",
)
# A vector for each nearness: the index of one with weights would find every entry that has the
# word anywhere, and look into each for the weight.
VECTORS = {"called": ("names",), "near": ("names", "title"), "vector": ("names", "title", "body")}
POSTGRESQL = tuple(
    statement
    for vector, columns in VECTORS.items()
    for statement in (
        f"ALTER TABLE {TABLE} ADD COLUMN {vector} tsvector GENERATED ALWAYS AS ("
        + " || ".join(f"to_tsvector('simple'::regconfig, {name})" for name in columns)
        + ") STORED",
        f"CREATE INDEX cases_search_{vector} ON {TABLE} USING gin ({vector})",
    )
)


def forward(apps, schema_editor):
    backward(apps, schema_editor)
    sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE if sqlite else POSTGRESQL:
        schema_editor.execute(statement, params=None)


def backward(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in ("added", "removed", "changed"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS cases_search_{name}")
        schema_editor.execute("DROP TABLE IF EXISTS cases_search")
    else:
        for vector in VECTORS:
            schema_editor.execute(f"ALTER TABLE {TABLE} DROP COLUMN IF EXISTS {vector}")


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0006_webhooks"),
    ]

    operations = [
        migrations.RunPython(forward, backward),
    ]
