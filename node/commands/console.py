"""What all commands share: settings, an open database, errors in one sentence, answers in words or in JSON."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click
import orjson

from federation.errors import ProtocolError
from federation.names import canonical_uri, host_of
from node.clock import Clock, SystemClock
from node.community import members, node_profile
from node.database import close_database, open_database
from node.errors import CommunityError, NotAllowed, NotFound, Unavailable
from node.models import Member, MemberState
from node.policy.registry import Registry
from node.schema import pending
from node.settings import Settings, SettingsError, read

T = TypeVar("T")
Command = TypeVar("Command", bound=Callable[..., object])
_JSON = "talanoa.json"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a command works: the node's settings, its policy, the time; the database is open.

    Args:
        base: the public URL without a trailing slash.
    """

    settings: Settings
    registry: Registry
    clock: Clock
    base: str


def json_option(command: Command) -> Command:
    """Give a command `--json`; `answer` heeds it."""
    option = click.option(
        "--json", is_flag=True, expose_value=False, callback=_remember, help="Answer in JSON, for scripts."
    )
    return option(command)


def is_json() -> bool:
    """Tell whether the running command is to answer in JSON."""
    return bool(click.get_current_context().meta.get(_JSON))


def answer(value: object, words: str) -> None:
    """Print what came of the command: `value` in JSON, or else `words`."""
    click.echo(orjson.dumps(value).decode() if is_json() else words)


def remark(words: str) -> None:
    """Print progress or a hint, on standard error where the answer is JSON."""
    click.echo(words, err=is_json())


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what the house raises into one sentence and exit status 1."""
    try:
        yield
    except (CommunityError, ProtocolError, SettingsError) as error:
        raise click.ClickException(str(error)) from None


def at_desk(work: Callable[[Desk], Awaitable[T]], modules: Sequence[str] = ()) -> T:
    """Run `work` on this node's database, beside a running node or without one; return its result.

    Args:
        modules: further modules with models that the work needs.
    """
    with plain_errors():
        return asyncio.run(_run(read(os.environ), work, modules))


async def active_member(name: str) -> Member:
    """Return the member called `name`, for whom a command is to act.

    Raises:
        NotFound: nobody is called that.
        NotAllowed: the account can't be used.
    """
    member = await members.by_name(name.removeprefix("@"))
    if member.state is not MemberState.ACTIVE:
        raise NotAllowed(f"The account of {name} is {member.state.value}.")
    return member


def require_file(settings: Settings) -> None:
    """Return if the SQLite file is there, so that looking doesn't make an empty one.

    Raises:
        NotFound: it is not.
    """
    path = settings.database_url.removeprefix("sqlite:///")
    if path != settings.database_url and not Path(path).exists():
        raise NotFound(f"There is no node in {Path(path).parent}: run `talanoa init`, or set TALANOA_DATA_DIR.")


async def _run(settings: Settings, work: Callable[[Desk], Awaitable[T]], modules: Sequence[str]) -> T:
    require_file(settings)
    if await pending(settings):
        raise Unavailable("The tables are older than this version: run `talanoa migrate` first.")
    context = await open_database(settings, modules)
    try:
        base = settings.public_url.rstrip("/")
        await node_profile.require(base)
        relaxed = settings.development
        registry = Registry(own_host=host_of(canonical_uri(base, relaxed=relaxed)), relaxed=relaxed)
        await registry.refresh()
        return await work(Desk(settings, registry, SystemClock(), base))
    finally:
        await close_database(context)


def _remember(context: click.Context, _: click.Parameter, value: object) -> None:
    if value:
        context.meta[_JSON] = True
