"""talanoa migrate: bring the tables of the database up to date."""

import asyncio
import os
from collections.abc import Callable, Sequence

import click
import orjson

from node.errors import Unavailable
from node.schema import migrate, write_migration
from node.settings import Settings, SettingsError, read


def migrate_command(modules: Sequence[str]) -> click.Command:
    """Return the command, for the models of the community and of `modules`."""

    @click.command("migrate")
    @click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
    @click.option("--write", is_flag=True, hidden=True, help="Write a migration for what the models have changed.")
    @click.option("--afresh", is_flag=True, hidden=True, help="With --write: write 0001_initial anew.")
    def command(*, as_json: bool, write: bool, afresh: bool) -> None:
        """Bring the tables up to date; safe to repeat, and to run while the node runs."""
        try:
            settings = read(os.environ)
            if write:
                names = asyncio.run(_written(settings, modules, afresh=afresh))
            else:
                names = asyncio.run(_applied(settings, modules, tell=_silent if as_json else click.echo))
        except (SettingsError, Unavailable) as error:
            raise click.ClickException(str(error)) from None
        if as_json or write:
            click.echo(orjson.dumps({"written" if write else "applied": names}).decode())

    return command


def _silent(line: str) -> None:
    """Say nothing."""


async def _applied(settings: Settings, modules: Sequence[str], *, tell: Callable[[str], None]) -> list[str]:
    return list(await migrate(settings, modules, tell=tell))


async def _written(settings: Settings, modules: Sequence[str], *, afresh: bool) -> list[str]:
    return [str(path) for path in await write_migration(settings, modules, afresh=afresh)]
