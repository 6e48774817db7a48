"""talanoa restore: a backup in the place of the node, or only tried out."""

import os
from pathlib import Path

import click

from node.backup import Restored, inspect
from node.backup import restore as put_back
from node.clock import SystemClock
from node.commands.backup import secret_from
from node.commands.console import answer, json_option, plain_errors
from node.settings import read


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--key-file", type=click.Path(path_type=Path, dir_okay=False), help="Else the passphrase is asked for.")
@click.option("--check", is_flag=True, help="Unpack and check all of it beside the node, change nothing.")
@click.option("--replace", is_flag=True, help="Although there is a node here; its files are moved aside.")
@json_option
def restore(file: Path, key_file: Path | None, *, check: bool, replace: bool) -> None:
    """Bring a node back from a backup. Nothing goes out until `talanoa queue release`."""
    with plain_errors():
        settings = read(os.environ)
        secret = secret_from(key_file)
        if check:
            done = inspect(settings, file, secret)
        else:
            done = put_back(settings, file, secret, now=SystemClock().now(), replace=replace)
    former = str(done.former) if done.former else None
    said = {"file": str(file), "public_url": done.public_url, "created_at": done.created_at, "files": done.files}
    answer({**said, "epoch": done.epoch, "former": former}, _in_words(done, file, checked_only=check))


def _in_words(done: Restored, file: Path, *, checked_only: bool) -> str:
    about = f"{done.public_url} of {done.created_at:%Y-%m-%d %H:%M} UTC, {done.files} files"
    if checked_only:
        return f"{file} is whole and can be restored: {about}. Nothing was changed."
    kept = f" What was here before is in {done.former}." if done.former else ""
    return (
        f"Restored {about}.{kept}\nDeliveries are held: start the node, look at `talanoa queue`, "
        "then let them go with `talanoa queue release`. Everybody signs in again."
    )
