"""The full-text index over search_entry.folded, which no model can describe.

SQLite: the FTS5 table `search_index`, whose rowid is search_entry.id, kept in step by triggers.
PostgreSQL: a GIN index on to_tsvector('simple', folded); ask with the same expression.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

SQLITE = (
    "CREATE VIRTUAL TABLE search_index USING fts5(folded, content='search_entry', content_rowid='id', prefix='2 3')",
    """CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN
        INSERT INTO search_index(rowid, folded) VALUES (new.id, new.folded);
    END""",
    """CREATE TRIGGER search_entry_removed AFTER DELETE ON search_entry BEGIN
        INSERT INTO search_index(search_index, rowid, folded) VALUES ('delete', old.id, old.folded);
    END""",
    """CREATE TRIGGER search_entry_changed AFTER UPDATE OF folded ON search_entry BEGIN
        INSERT INTO search_index(search_index, rowid, folded) VALUES ('delete', old.id, old.folded);
        INSERT INTO search_index(rowid, folded) VALUES (new.id, new.folded);
    END""",
    "INSERT INTO search_index(search_index) VALUES ('rebuild')",
)
POSTGRESQL = ("CREATE INDEX search_words ON search_entry USING gin (to_tsvector('simple', folded))",)


async def make_index(apps, editor):
    """Make the index of the database in use."""
    for statement in SQLITE if editor.DIALECT == "sqlite" else POSTGRESQL:
        await editor.client.execute_script(statement)


class Migration(migrations.Migration):
    dependencies = [("talanoa", "0001_initial")]

    operations = [ops.RunPython(make_index)]
