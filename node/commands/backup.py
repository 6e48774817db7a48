"""talanoa backup: the whole node, running or not, into one encrypted file."""

import os
import secrets
import sys
from pathlib import Path

import click

from node.backup import Secret, take
from node.backup.envelope import SALT_BYTES
from node.backup.take import forget_old
from node.clock import SystemClock
from node.commands.console import answer, json_option, plain_errors
from node.settings import read


def secret_from(key_file: Path | None) -> Secret:
    """Return the secret in the key file, or else the first line of standard input.

    Raises:
        BackupRefused: it is too short or can't be read.
    """
    if key_file is not None:
        return Secret.from_file(key_file)
    if sys.stdin.isatty():
        return Secret.of(str(click.prompt("Passphrase of the backup", hide_input=True)))
    return Secret.of(sys.stdin.readline())


@click.command("backup")
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder for it.")
@click.option("--key-file", type=click.Path(path_type=Path, dir_okay=False), help="Else the passphrase is asked for.")
@click.option("--keep", type=click.IntRange(min=1), help="Delete all but so many of the newest.")
@json_option
def backup(folder: Path, key_file: Path | None, keep: int | None) -> None:
    """Save database, media and keys to one encrypted file, while the node runs."""
    with plain_errors():
        settings = read(os.environ)
        secret = secret_from(key_file)
        taken = take(settings, folder, secret, now=SystemClock().now(), salt=secrets.token_bytes(SALT_BYTES))
        deleted = forget_old(settings, folder, keep=keep) if keep else ()
    answer(
        {"path": str(taken.path), "files": taken.files, "bytes": taken.bytes, "deleted": [str(old) for old in deleted]},
        f"{taken.path}: {taken.files} files, {taken.bytes} bytes, encrypted; {len(deleted)} old ones deleted.",
    )
