"""SQLite in backups: a consistent copy of a database in use, its check, and its mark after a restore."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from node.backup.envelope import BackupRefused

AFTER_RESTORE = (
    "UPDATE node_profile SET epoch = CASE WHEN epoch > {known} THEN epoch ELSE {known} END + 1, deliveries_held = TRUE",
    "DELETE FROM session",
    "DELETE FROM one_time_link WHERE purpose <> 'invitation'",
)
"""What a restored database says before anybody can read it: a new epoch, nothing goes out, old keys open nothing."""
_BUSY_SECONDS = 10


def path_of(database_url: str) -> Path:
    """Return the file of a `sqlite:///` address."""
    return Path(database_url.removeprefix("sqlite:///"))


def snapshot(database: Path, target: Path) -> None:
    """Write a consistent copy of `database`, which may be in use, to `target`, which must not exist.

    Raises:
        BackupRefused: there is no database, or it can't be read.
    """
    if not database.is_file():
        raise BackupRefused(f"There is no database at {database} to back up; is TALANOA_DATA_DIR right?")
    with _opened(database, writable=False) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
    target.chmod(0o600)


def check(database: Path) -> int:
    """Return the epoch of a copy whose pages and references hold together.

    Raises:
        BackupRefused: it is damaged or not the database of a node.
    """
    with _opened(database, writable=False) as connection:
        damage = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
        if damage != "ok" or orphan is not None:
            raise BackupRefused(f"The database is damaged: {damage}, {orphan}.")
        epoch = _epoch(connection)
    if not epoch:
        raise BackupRefused("The database holds no node yet; run talanoa init first.")
    return epoch


def mark_restored(database: Path, *, known_epoch: int) -> int:
    """Start a new epoch in a restored copy, hold its deliveries, and return the epoch."""
    with _opened(database, writable=True) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        with connection:
            for statement in AFTER_RESTORE:
                connection.execute(statement.format(known=int(known_epoch)))
        return int(connection.execute("SELECT epoch FROM node_profile").fetchone()[0])


def require_unused(database: Path) -> int:
    """Return the epoch of a database that no process has open, 0 if it holds no node.

    Its write-ahead log is folded in on the way, so that the one file is all of it.

    Raises:
        BackupRefused: some process has it open.
    """
    with _opened(database, writable=True) as connection:
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
        except sqlite3.OperationalError:
            mode = "in use"
        if mode != "delete":
            raise BackupRefused(f"{database} is in use; stop the node first (systemctl stop talanoa).")
        return _epoch(connection)


def _epoch(connection: sqlite3.Connection) -> int:
    with contextlib.suppress(sqlite3.OperationalError):
        row = connection.execute("SELECT epoch FROM node_profile").fetchone()
        return int(row[0]) if row else 0
    return 0


@contextlib.contextmanager
def _opened(database: Path, *, writable: bool) -> Iterator[sqlite3.Connection]:
    mode = "rw" if writable else "ro"
    try:
        with contextlib.closing(
            sqlite3.connect(f"{database.absolute().as_uri()}?mode={mode}", uri=True, timeout=_BUSY_SECONDS)
        ) as connection:
            yield connection
    except sqlite3.Error as error:
        raise BackupRefused(f"The database {database} can't be used: {error}.") from None
