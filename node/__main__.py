"""`talanoa`: the one command of an operator. Reads settings, calls the verbs, prints what came of it."""

import asyncio
import os
import sys

import click
import uvloop

from node.commands.backup import backup
from node.commands.member import member
from node.commands.migrate import migrate_command
from node.commands.policy import allow, block, policy
from node.commands.post import post
from node.commands.restore import restore
from node.errors import CommunityError
from node.follow_command import follow
from node.queue_desk import queue
from node.serving.foundation import tell_welcome
from node.serving.logs import configure
from node.serving.running import MODULES, Part, first_start, run
from node.settings import Settings, SettingsError, read
from web.server import CannotListen


@click.group()
@click.option("--verbose", is_flag=True, help="Log every decision.")
def main(*, verbose: bool) -> None:
    """Talanoa: a federated community node for regional e-governance networks."""
    configure(stream=sys.stderr, verbose=verbose, plain=sys.stderr.isatty())


@main.command("run")
@click.option("--first-start", "first", is_flag=True, help="Found a node for trying out; print a sign-in link.")
@click.option("--demo", is_flag=True, help="With --first-start: fill it with a made-up network.")
def run_command(*, first: bool, demo: bool) -> None:
    """Serve and work the queues in one process."""
    _run(Part.ALL, first=first, demo=demo)


@main.command("web")
def web_command() -> None:
    """Serve pages and inboxes; `talanoa work` works the queues."""
    _run(Part.WEB)


@main.command("work")
def work_command() -> None:
    """Work the queues; `talanoa web` serves."""
    _run(Part.WORK)


def _settings() -> Settings:
    try:
        return read(os.environ)
    except SettingsError as error:
        raise click.ClickException(str(error)) from None


def _run(part: Part, *, first: bool = False, demo: bool = False) -> None:
    settings = _settings()
    try:
        if first:
            settings, url = asyncio.run(first_start(settings, tell=click.echo))
            tell_welcome(settings, url, click.echo)
        uvloop.run(run(settings, part, tell=click.echo))
    except (CommunityError, SettingsError, CannotListen) as error:
        raise click.ClickException(str(error)) from None


for command in (migrate_command(MODULES), backup, restore, member, post, follow, queue, allow, block, policy):
    main.add_command(command)


if __name__ == "__main__":
    main()
