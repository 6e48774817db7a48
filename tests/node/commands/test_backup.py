"""talanoa backup and talanoa restore, as an operator or a script calls them."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

from node.commands.backup import backup
from node.commands.restore import restore

PASSPHRASE = "correct horse battery"


@pytest.fixture
def environ(sqlite_template: Path, tmp_path: Path) -> Iterator[Mapping[str, str]]:
    """Return the environment of a node that was founded and is not running."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "secret-key").write_text("s" * 64)
    database = data / "talanoa.db"
    database.write_bytes(sqlite_template.read_bytes())
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            "INSERT INTO node_profile (id, public_url, name, description, steward, contact, rules, languages, epoch,"
            " deliveries_held, created_at, updated_at)"
            " VALUES (1, 'https://home.example', 'Home', '', '', '', '', '[]', 1, 0, '2026-05-01', '2026-05-01')"
        )
    yield {"TALANOA_PUBLIC_URL": "https://home.example", "TALANOA_DATA_DIR": str(data)}


def call_backup(environ: Mapping[str, str], folder: Path, *more: str, typed: str = PASSPHRASE) -> Result:
    """Run `talanoa backup` with the passphrase on standard input."""
    return CliRunner().invoke(backup, ["--to", str(folder), *more], input=typed + "\n", env=environ)


def call_restore(environ: Mapping[str, str], file: Path, *more: str, typed: str = PASSPHRASE) -> Result:
    """Run `talanoa restore` with the passphrase on standard input."""
    return CliRunner().invoke(restore, [str(file), *more], input=typed + "\n", env=environ)


def test_a_short_passphrase_is_refused_in_a_sentence(environ: Mapping[str, str], tmp_path: Path) -> None:
    result = call_backup(environ, tmp_path / "backups", typed="short")

    assert (result.exit_code, result.output) == (1, "Error: The passphrase of a backup needs at least 12 characters.\n")
    assert not (tmp_path / "backups").exists()


def test_a_folder_without_a_node_is_named(tmp_path: Path) -> None:
    environ = {"TALANOA_PUBLIC_URL": "https://home.example", "TALANOA_DATA_DIR": str(tmp_path / "empty")}

    result = call_backup(environ, tmp_path / "backups")

    assert result.exit_code == 1
    assert "no secret key yet" in result.output


def test_the_wrong_passphrase_restores_nothing(environ: Mapping[str, str], tmp_path: Path) -> None:
    path = Path(orjson.loads(call_backup(environ, tmp_path / "backups", "--json").output)["path"])

    result = call_restore(environ, path, "--replace", typed="correct horse stapler")

    assert result.exit_code == 1
    assert "not the one of this backup" in result.output


def test_a_script_reads_what_was_saved_and_what_was_restored(environ: Mapping[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "backups"

    saved = orjson.loads(call_backup(environ, folder, "--json", "--keep", "1").output)
    checked = call_restore(environ, Path(saved["path"]), "--check")
    restored = orjson.loads(call_restore(environ, Path(saved["path"]), "--replace", "--json").output)

    assert (saved["files"], saved["deleted"]) == (3, [])
    assert "is whole and can be restored" in checked.output
    assert (restored["public_url"], restored["files"], restored["epoch"]) == ("https://home.example", 3, 2)


def test_a_key_file_stands_for_the_passphrase(environ: Mapping[str, str], tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text(PASSPHRASE + "\n")
    key.chmod(0o640)

    saved = orjson.loads(call_backup(environ, tmp_path / "b", "--json", "--key-file", str(key), typed="").output)

    assert call_restore(environ, Path(saved["path"]), "--check").exit_code == 0


def test_a_restore_tells_what_to_do_next(environ: Mapping[str, str], tmp_path: Path) -> None:
    path = Path(orjson.loads(call_backup(environ, tmp_path / "b", "--json").output)["path"])

    said = call_restore(environ, path, "--replace").output

    assert "What was here before is in " in said
    assert "`talanoa queue release`" in said
