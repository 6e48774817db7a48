"""Many rows of one table in one statement. The columns and their defaults are those of the model."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from tortoise.fields import JSONField
from tortoise.models import Model

from node.community.once import Columns
from node.database import execute_many


@dataclass(frozen=True, slots=True)
class _Column:
    """One column: its default, or what makes it, and what turns a value into what the database takes."""

    name: str
    default: Any
    encode: Callable[[Any], Any] | None

    def value_in(self, row: Columns) -> object:
        """Return the value of this column in a row."""
        value = row[self.name] if self.name in row else self._by_default()
        return value if self.encode is None else self.encode(value)

    def _by_default(self) -> object:
        return self.default() if callable(self.default) else self.default


async def insert_all(model: type[Model], rows: Iterable[Columns]) -> None:
    """Insert rows, all or none.

    Args:
        rows: by the names of the model's fields, a foreign key as `author_id`; what is missing takes its default.

    Raises:
        IntegrityError: one of them is there already.
    """
    await _write(model, rows, "")


async def insert_missing(model: type[Model], rows: Iterable[Columns]) -> None:
    """Insert those rows whose unique key is not there yet; leave the others as they are."""
    await _write(model, rows, " ON CONFLICT DO NOTHING")


async def put_all(model: type[Model], rows: Iterable[Columns], *, key: str) -> None:
    """Insert rows; let them take the place of those with the same unique column `key`."""
    kept = (each.name for each in _columns(model) if each.name != key)
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in kept)
    await _write(model, rows, f' ON CONFLICT ("{key}") DO UPDATE SET {changes}')


async def update_all(model: type[Model], rows: Sequence[Columns], *, key: str) -> None:
    """Change the rows with these keys; every row of `rows` names the same columns."""
    if not rows:
        return
    changed = [each for each in _columns(model) if each.name in rows[0] and each.name != key]
    text = ", ".join(f'"{each.name}" = ?' for each in changed)
    sql = f'UPDATE "{model._meta.db_table}" SET {text} WHERE "{key}" = ?'  # noqa: S608
    await execute_many(sql, [[*(each.value_in(row) for each in changed), row[key]] for row in rows])


async def _write(model: type[Model], rows: Iterable[Columns], otherwise: str) -> None:
    columns = _columns(model)
    values = [[each.value_in(row) for each in columns] for row in rows]
    if values:
        names = ", ".join(f'"{each.name}"' for each in columns)
        marks = ", ".join("?" * len(columns))
        await execute_many(f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({marks}){otherwise}', values)  # noqa: S608


@cache
def _columns(model: type[Model]) -> tuple[_Column, ...]:
    """Return all columns but the number, which the database gives."""
    meta = model._meta
    found = []
    for name, column in meta.fields_db_projection.items():
        if name == meta.pk_attr:
            continue
        if name != column:
            raise TypeError(f"{meta.db_table}.{column} is called {name} in its model")
        field = meta.fields_map[name]
        encode = cast(Callable[[Any], Any], field.encoder) if isinstance(field, JSONField) else None
        found.append(_Column(name, field.default, encode))
    return tuple(found)
