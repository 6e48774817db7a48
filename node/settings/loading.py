"""From environment and talanoa.toml to settings that fit together.

A value that can't be used is refused with a sentence that says how to mend it.
"""

import difflib
import os
import secrets
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import cast

from node.settings import values
from node.settings.fields import Settings
from node.settings.manual import PREFIX
from node.settings.values import SettingsError

FILE_NAME = "talanoa.toml"
KEY_FILE = "secret-key"
_NOT_SETTINGS = ("TALANOA_TEST_", "TALANOA_CONFIG")


def load(environ: Mapping[str, str], toml: Mapping[str, object]) -> Settings:
    """Return the settings from environment variables and the table of talanoa.toml.

    Args:
        environ: variables called TALANOA_...; they win.
        toml: the same names in lower case without the prefix.

    Raises:
        SettingsError: an unknown name or a value that can't be used.
    """
    given = {name.lower(): _flat(value) for name, value in toml.items()}
    given |= {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environ.items()
        if name.startswith(PREFIX) and not name.startswith(_NOT_SETTINGS)
    }
    known = {each.name: each for each in fields(Settings)}
    for name in given.keys() - known.keys():
        raise SettingsError(_unknown(name, list(known)))
    found: dict[str, object] = {}
    for name, value in given.items():
        read = cast(Callable[[str], object], known[name].metadata["read"])
        found[name] = _read(name, value, read)
    return _completed(Settings(**found))  # type: ignore[arg-type]


def read(environ: Mapping[str, str], *, directory: Path | None = None) -> Settings:
    """Return the settings of this process; the file is TALANOA_CONFIG or talanoa.toml here.

    Raises:
        SettingsError: as `load`; also for a file that can't be read.
    """
    named = environ.get("TALANOA_CONFIG")
    path = Path(named) if named else (directory or Path()) / FILE_NAME
    if not named and not path.exists():
        return with_stored_secret(load(environ, {}))
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path} can't be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}.") from None
    return with_stored_secret(load(environ, table))


def make_secret(settings: Settings) -> Settings:
    """Return settings with a secret key; write a new one to DATA_DIR if there is none.

    The file is created with mode 0600 and never overwritten.
    """
    if settings.secret_key:
        return settings
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    path = settings.data_dir / KEY_FILE
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return with_stored_secret(settings)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return with_stored_secret(settings)


def with_stored_secret(settings: Settings) -> Settings:
    """Return settings with the secret key of DATA_DIR, if none was given and there is one."""
    path = settings.data_dir / KEY_FILE
    if settings.secret_key or not path.exists():
        return settings
    try:
        found = values.secret(path.read_text(encoding="ascii"))
    except (OSError, UnicodeDecodeError, SettingsError) as error:
        raise SettingsError(f"The secret key in {path} can't be used: {error}.") from None
    return replace(settings, secret_key=found)


def _flat(value: object) -> str:
    if isinstance(value, list):
        return ",".join(_flat(part) for part in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _unknown(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {PREFIX}{near[0].upper()}?" if near else "; remove it."
    return f"There is no setting {PREFIX}{name.upper()}{hint}"


def _read(name: str, value: str, reader: Callable[[str], object]) -> object:
    try:
        return reader(value)
    except SettingsError as error:
        raise SettingsError(f"{PREFIX}{name.upper()} {error}.") from None


def _completed(given: Settings) -> Settings:
    public_url = given.public_url or ("http://localhost:8080" if given.development else "")
    _check_public_url(public_url, development=given.development)
    if given.static_hosts and not given.allowed_networks:
        raise SettingsError(
            "TALANOA_STATIC_HOSTS works only together with TALANOA_ALLOWED_NETWORKS; "
            "set that to the networks of these addresses, or remove STATIC_HOSTS."
        )
    if not given.languages:
        raise SettingsError("TALANOA_LANGUAGES is empty; write at least one, such as en.")
    domain = given.account_domain or public_url.partition("://")[2]
    if ":" in domain and not given.development:
        raise SettingsError("TALANOA_ACCOUNT_DOMAIN has a port; write the host name alone.")
    return replace(
        given,
        public_url=public_url,
        account_domain=domain,
        database_url=given.database_url or f"sqlite:///{given.data_dir / 'talanoa.db'}",
        mail_from=given.mail_from or f"talanoa@{domain.partition(':')[0]}",
    )


def _check_public_url(public_url: str, *, development: bool) -> None:
    if not public_url:
        raise SettingsError(
            "TALANOA_PUBLIC_URL is missing; set it to the address that people will open, "
            "such as https://network.example, or set TALANOA_DEVELOPMENT=true to try things out."
        )
    scheme, host, port, path = values.parts_of(public_url)
    if path:
        raise SettingsError(f"TALANOA_PUBLIC_URL has a path; write {scheme}://{host} without it.")
    if development:
        return
    if scheme != "https":
        raise SettingsError(f"TALANOA_PUBLIC_URL must be https; write https://{host}.")
    if port:
        raise SettingsError(f"TALANOA_PUBLIC_URL has a port; write https://{host} without it.")
    if "." not in host or values.is_numeric(host) or host.endswith(".localhost"):
        raise SettingsError(
            "TALANOA_PUBLIC_URL must be a name that other servers can find in the DNS, such as https://network.example."
        )
