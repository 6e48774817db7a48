"""PostgreSQL in backups: pg_dump and pg_restore, called with a list and never through a shell."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, unquote

from node.backup.envelope import BackupRefused
from node.backup.sqlite import AFTER_RESTORE

_ADDRESS = re.compile(
    r"postgres(?:ql)?://(?:(?P<user>[^:@/]*)(?::(?P<password>[^@/]*))?@)?"
    r"(?P<host>\[[^\]]*\]|[^:/?]*)(?::(?P<port>\d+))?/(?P<name>[^?]+)(?:\?(?P<query>.*))?"
)
_OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
_TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
_EPOCH = "SELECT coalesce(max(epoch), 0) FROM node_profile"
_PROFILE = "SELECT to_regclass('public.node_profile') IS NOT NULL"
_EMPTY = "DROP SCHEMA IF EXISTS public CASCADE;\n"
"""The dump makes the schema anew."""


def dump(database_url: str, target: Path) -> None:
    """Write a consistent dump of a database, which may be in use, to `target`.

    Raises:
        BackupRefused: pg_dump is missing or did not succeed.
    """
    _run(
        ["pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--schema=public", f"--file={target}"],
        database_url,
    )
    target.chmod(0o600)


def check(dumped: Path) -> None:
    """Read a dump's whole content without a database.

    Raises:
        BackupRefused: it is damaged or not the database of a node.
    """
    listed = _run(["pg_restore", "--list", str(dumped)], None)
    if " TABLE DATA public node_profile " not in listed:
        raise BackupRefused("The database holds no node yet; run talanoa init first.")
    _run(["pg_restore", f"--file={os.devnull}", str(dumped)], None)


def require_unused(database_url: str, *, replace: bool) -> int:
    """Return the epoch that the database knows, 0 if it is empty.

    Raises:
        BackupRefused: other processes use it, or it has tables and `replace` wasn't asked for.
    """
    if _ask(database_url, _OTHERS) != "0":
        raise BackupRefused("The database is in use; stop the node first (all web and work processes).")
    if _ask(database_url, _TABLES) == "0":
        return 0
    if not replace:
        raise BackupRefused("The database is not empty; add --replace to put the backup in its place.")
    return int(_ask(database_url, _EPOCH)) if _ask(database_url, _PROFILE) == "t" else 0


def restore(dumped: Path, database_url: str, *, script: Path, known_epoch: int) -> int:
    """Put a dump into a database in one transaction, start a new epoch, hold deliveries, return the epoch.

    Args:
        dumped: what `dump` wrote.
        script: where the SQL is unfolded; must not exist.
        known_epoch: as `require_unused` returned it.
    """
    _run(["pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(dumped)], None)
    marks = "".join(f"{statement.format(known=int(known_epoch))};\n" for statement in AFTER_RESTORE)
    before, after = script.with_suffix(".before"), script.with_suffix(".after")
    before.write_text(_EMPTY, encoding="ascii")
    after.write_text(f"SET search_path = public;\n{marks}", encoding="ascii")
    files = [f"--file={path}" for path in (before, script, after)]
    _run(["psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", *files], database_url)
    return int(_ask(database_url, _EPOCH))


def surroundings_of(database_url: str) -> Mapping[str, str]:
    """Return the variables that tell libpq where the database is, so that no password is on a command line.

    Raises:
        BackupRefused: the address is not understood.
    """
    found = _ADDRESS.fullmatch(database_url)
    if found is None:
        raise BackupRefused("TALANOA_DATABASE_URL is not understood; write postgres://user:password@host:5432/name.")
    query = dict(parse_qsl(found["query"] or ""))
    values = {
        "PGUSER": unquote(found["user"] or ""),
        "PGPASSWORD": unquote(found["password"] or ""),
        "PGHOST": query.get("host", unquote(found["host"]).strip("[]")),
        "PGPORT": query.get("port", found["port"] or ""),
        "PGDATABASE": unquote(found["name"]),
        "PGSSLMODE": query.get("sslmode", query.get("ssl", "")),
    }
    return {name: value for name, value in values.items() if value}


def _ask(database_url: str, question: str) -> str:
    return _run(["psql", "--no-psqlrc", "--tuples-only", "--no-align", f"--command={question}"], database_url).strip()


def _run(command: list[str], database_url: str | None) -> str:
    program = shutil.which(command[0])
    if program is None:
        raise BackupRefused(f"{command[0]} is not installed; on Debian: apt install postgresql-client")
    where = surroundings_of(database_url) if database_url else {}
    done = subprocess.run(
        [program, *command[1:]], env={**os.environ, **where}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupRefused(f"{command[0]} did not succeed: {done.stderr.strip()[-600:]}")
    return done.stdout
