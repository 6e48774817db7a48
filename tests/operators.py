"""An operator at a command line: a founded node in a folder of its own, and `talanoa` as it is typed."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import orjson
from click.testing import CliRunner, Result

from node.__main__ import main
from node.clock import SystemClock
from node.community.node_profile import Description
from node.database import close_database, open_database
from node.schema import migrate
from node.serving import foundation
from node.settings import Settings
from tests.databases import MODULES, run_apart, settings_for

T = TypeVar("T")


@dataclass
class Operator:
    """Somebody with a shell on the machine of https://home.example."""

    folder: Path
    environment: dict[str, str]
    settings: Settings

    def types(self, *arguments: str, typed: str = "") -> Result:
        """Run a command; `typed` goes to standard input."""
        return CliRunner().invoke(main, arguments, input=typed, env=self.environment)

    def gets(self, *arguments: str, typed: str = "") -> Any:
        """Run a command with `--json`, which must work; return what it answered."""
        result = self.types(*arguments, "--json", typed=typed)
        assert result.exit_code == 0, result.output
        return orjson.loads(result.stdout)

    def refused(self, *arguments: str) -> str:
        """Run a command that must end with 1; return its one sentence."""
        result = self.types(*arguments)
        assert result.exit_code == 1, result.output
        assert result.stderr.startswith("Error: "), result.output
        return result.stderr.removeprefix("Error: ").strip()

    def knows(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Ask the node's database something."""

        async def asked() -> T:
            context = await open_database(self.settings, MODULES)
            try:
                return await ask()
            finally:
                await close_database(context)

        return asyncio.run(asked())


def operator_in(folder: Path, **changes: str) -> Operator:
    """Return an operator whose node lies in `folder`; `changes` as in the environment, without the prefix."""
    settings = settings_for(folder, **changes)
    given = {
        "PUBLIC_URL": settings.public_url,
        "DATA_DIR": str(folder),
        "SECRET_KEY": settings.secret_key,
        "CONFIG": str(folder / "talanoa.toml"),
    }
    environment = {f"TALANOA_{name}": value for name, value in (given | changes).items()}
    if not (folder / "talanoa.toml").exists():
        (folder / "talanoa.toml").write_text("")
    return Operator(folder, environment, settings)


def found_node(folder: Path) -> None:
    """Make a founded node in an empty folder, with all migrations noted as applied."""
    run_apart(_founded(settings_for(folder)))


async def _founded(settings: Settings) -> None:
    await migrate(settings, MODULES)
    context = await open_database(settings, MODULES)
    try:
        now = SystemClock().now()
        await foundation.lay(settings, Description(name="Home"), now=now)
    finally:
        await close_database(context)
