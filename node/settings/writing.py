"""Writing talanoa.toml: new lines are added at the top, what stands there stays."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

import orjson

from node.settings.loading import FILE_NAME, load
from node.settings.manual import PREFIX
from node.settings.values import SettingsError

Value = str | list[str]
_SECRETS = ("secret_key", "database_url", "mail_url")
PRIVATE, READABLE = 0o600, 0o644


def config_path(environ: Mapping[str, str]) -> Path:
    """Return where the settings file is, or would be."""
    return Path(environ.get("TALANOA_CONFIG") or FILE_NAME)


def table_at(path: Path) -> dict[str, object]:
    """Return what the settings file holds; nothing if there is none.

    Raises:
        SettingsError: it can't be read.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path} can't be read: {error}.") from None


def decided(name: str, environ: Mapping[str, str], table: Mapping[str, object]) -> str | None:
    """Return what was decided about a setting so far, as text; None if nothing was."""
    found = environ.get(PREFIX + name.upper(), table.get(name))
    return ",".join(map(str, found)) if isinstance(found, list) else None if found is None else str(found)


def missing(wanted: Mapping[str, Value], environ: Mapping[str, str], path: Path) -> dict[str, Value]:
    """Return what has to be written, so that all of `wanted` holds.

    Raises:
        SettingsError: environment or file say something else, or the whole would not fit together.
    """
    table = table_at(path)
    new: dict[str, Value] = {}
    for name, value in wanted.items():
        flat = ",".join(value) if isinstance(value, list) else value
        standing = decided(name, environ, table)
        if standing is None:
            new[name] = value
        elif standing.rstrip("/") != flat:
            place = "the environment" if PREFIX + name.upper() in environ else str(path)
            raise SettingsError(
                f"{PREFIX}{name.upper()} is {standing} in {place}; change it there, or say the same here."
            )
    load(environ, {**table, **new})
    return new


def add(new: Mapping[str, Value], path: Path) -> bool:
    """Add settings to the file, made if there is none; tell whether anything was written.

    A file with a secret in it can be read by its owner alone.
    """
    if not new:
        return False
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = [f"{name} = {orjson.dumps(value).decode()}" for name, value in new.items()]
    mode = PRIVATE if any(name in table_at(path) or name in new for name in _SECRETS) else READABLE
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n" + before)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return True
