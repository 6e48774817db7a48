"""Insert first, ask later: the unique key decides between two who come at the same time."""

from typing import Any, TypeVar

from tortoise.exceptions import IntegrityError
from tortoise.models import Model

from node.database import atomic

Row = TypeVar("Row", bound=Model)
Columns = dict[str, Any]
"""Columns of a row by name; tortoise takes them as keywords of any type."""


async def insert_once(model: type[Row], key: Columns, values: Columns) -> tuple[Row, bool]:
    """Return the one row with `key`, and whether this call made it.

    Args:
        key: the columns of a unique constraint.
        values: the other columns of a new row; an existing one is left as it is.

    Spec: security A-25.
    """
    known = await model.get_or_none(**key)
    if known is not None:
        return known, False
    try:
        async with atomic():
            return await model.create(**key, **values), True
    except IntegrityError:
        return await model.get(**key), False
