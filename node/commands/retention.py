"""talanoa retention: let go what expired, or show what would go."""

from collections.abc import Sequence
from dataclasses import asdict

import click

from node.commands.console import Desk, answer, at_desk, json_option
from node.community import retention
from node.community.retention import Housekeeper, RunView
from node.media.store import elsewhere_store


def retention_command(modules: Sequence[str]) -> click.Command:
    """Return the command, for the models of the community and of `modules`."""

    @click.command("retention")
    @click.option("--dry-run", is_flag=True, help="Only count what would go.")
    @json_option
    def command(*, dry_run: bool) -> None:
        """Let go what expired: received activities, unneeded foreign posts, pictures, ended work. The node may run."""
        found = at_desk(lambda desk: _run(desk, dry=dry_run), modules)
        answer(asdict(found), _in_words(found))

    return command


async def _run(desk: Desk, *, dry: bool) -> RunView:
    keeper = Housekeeper(desk.settings, desk.clock, elsewhere_store(desk.settings.data_dir))
    return await retention.run(keeper, dry=dry)


def _in_words(found: RunView) -> str:
    verb = "would go" if found.is_dry else "went"
    return "\n".join(f"{number} {name} {verb}" for name, number in found.counts.items())
