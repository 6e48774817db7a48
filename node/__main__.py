"""`talanoa`: the one command of an operator. Lists the commands; each is imported when it is called."""

import gc
import sys
from collections.abc import Mapping
from importlib import import_module

import click

from node.serving.logs import configure

COMMANDS: Mapping[str, tuple[str, str]] = {
    "init": ("node.init_command:init", "Set up a node: its address, name, steward, languages, rules."),
    "run": ("node.serving.commands:run_command", "Serve and work the queues in one process."),
    "web": ("node.serving.commands:web_command", "Serve pages and inboxes."),
    "work": ("node.serving.commands:work_command", "Work the queues."),
    "migrate": ("node.serving.commands:migrate", "Bring the tables up to date."),
    "doctor": ("node.doctor:doctor", "Look what is wrong, and say how to mend it."),
    "backup": ("node.commands.backup:backup", "Save database, media and keys to one encrypted file."),
    "restore": ("node.commands.restore:restore", "Bring a node back from a backup."),
    "member": ("node.commands.member:member", "Add members, print sign-in links, list who is here."),
    "post": ("node.commands.post:post", "Publish a post of a member."),
    "follow": ("node.follow_command:follow", "Let a member follow somebody."),
    "queue": ("node.queue_desk:queue", "Show what waits, let it go, try it again."),
    "dead": ("node.dead_command:dead", "Read what was given up, try it once more, discard it."),
    "received": ("node.dead_command:received", "Show what became of an activity that came in."),
    "hosts": ("node.hosts_command:hosts_group", "Show how other servers are doing; retry, forget."),
    "actor": ("node.hosts_command:actor", "Show an account; refresh, suspend, purge it."),
    "retention": ("node.serving.commands:retention", "Let go what expired, or show what would go."),
    "allow": ("node.commands.policy:allow", "Give a server grants."),
    "block": ("node.commands.policy:block", "Exchange nothing with a server."),
    "policy": ("node.commands.policy:policy", "List and undo what was decided about servers."),
}
"""Where each command is, and its line in the help. Serving takes long to import; the others need not wait for it."""


class Commands(click.Group):
    """The commands of the table."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return their names, in the order of the table."""
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command called `cmd_name`; None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        gc.disable()  # looking for garbage among a thousand fresh modules takes a fifth of the start
        found: click.Command = getattr(import_module(module), name)
        gc.freeze()
        gc.enable()
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=Commands)
@click.option("--verbose", is_flag=True, help="Log every decision.")
def main(*, verbose: bool) -> None:
    """Talanoa: a federated community node for regional e-governance networks."""
    configure(stream=sys.stderr, verbose=verbose, plain=sys.stderr.isatty())


if __name__ == "__main__":
    main()
