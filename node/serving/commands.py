"""talanoa run, web, work, migrate: what serves and what works."""

import asyncio
import os

import click
import uvloop

from node.commands.migrate import migrate_command
from node.commands.retention import retention_command
from node.errors import CommunityError
from node.serving.foundation import tell_welcome
from node.serving.running import MODULES, Part, first_start, run
from node.settings import SettingsError, read
from web.server import CannotListen

migrate = migrate_command(MODULES)
retention = retention_command(MODULES)


@click.command("run")
@click.option("--first-start", "first", is_flag=True, help="Found a node for trying out; print a sign-in link.")
@click.option("--demo", is_flag=True, help="With --first-start: fill it with a made-up network.")
def run_command(*, first: bool, demo: bool) -> None:
    """Serve and work the queues in one process."""
    if demo and not first:
        raise click.UsageError("--demo works only together with --first-start.")
    _run(Part.ALL, first=first, demo=demo)


@click.command("web")
def web_command() -> None:
    """Serve pages and inboxes; `talanoa work` works the queues."""
    _run(Part.WEB)


@click.command("work")
def work_command() -> None:
    """Work the queues; `talanoa web` serves."""
    _run(Part.WORK)


def _run(part: Part, *, first: bool = False, demo: bool = False) -> None:
    try:
        settings = read(os.environ)
        if first:
            settings, url = asyncio.run(first_start(settings, tell=click.echo, demo=demo))
            tell_welcome(settings, url, click.echo)
        uvloop.run(run(settings, part, tell=click.echo))
    except (CommunityError, SettingsError, CannotListen) as error:
        raise click.ClickException(str(error)) from None
