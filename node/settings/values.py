"""How the text of a setting becomes a value, or a sentence that says how to mend it. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote

Network = IPv4Network | IPv6Network
T = TypeVar("T")

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_URL = re.compile(r"(?P<scheme>[a-z]+)://(?P<host>[^/:@?#]+)(?::(?P<port>\d{1,5}))?(?P<path>/.*)?")
_MAIL = re.compile(
    r"(?P<scheme>smtps?)://(?:(?P<user>[^:@/]+):(?P<password>[^@/]*)@)?"
    r"(?P<host>[^:@/]+)(?::(?P<port>\d{1,5}))?/?"
)
_DATABASE = re.compile(r"sqlite:///(?P<file>[^?#]+)|postgres(?:ql)?://[^/]*/[^/?#]+(?:\?[^#]*)?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


class SettingsError(Exception):
    """A setting can't be used; the text says which one and how to mend it."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen or to connect: a numeric address and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        """Return `host:port`, an IPv6 host in brackets."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server to hand messages to; `tls` means TLS from the first byte (smtps)."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    tls: bool = False

    def __repr__(self) -> str:
        """Show everything but the password."""
        return f"MailServer({self.user}@{self.host}:{self.port}, tls={self.tls})"


def text(value: str) -> str:
    """Return `value` without the blanks around it."""
    return value.strip()


def yes_or_no(value: str) -> bool:
    """Read true, yes, on, 1 and their opposites."""
    word = value.strip().lower()
    if word in ("true", "yes", "on", "1"):
        return True
    if word in ("false", "no", "off", "0", ""):
        return False
    raise SettingsError(f"can't be {value!r}; write true or false")


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """Return a reader of whole numbers from `low` to `high`."""

    def read(value: str) -> int:
        plain = value.strip().replace("_", "")
        if not re.fullmatch(r"\d{1,15}", plain) or not low <= int(plain) <= high:
            raise SettingsError(f"can't be {value!r}; write a whole number from {low} to {high}")
        return int(plain)

    return read


def days_or_for_ever(least: int) -> Callable[[str], int]:
    """Return a reader of a number of days, not below `least`; 0 means for ever."""

    def read(value: str) -> int:
        days = whole_number(0, 10**6)(value)
        if 0 < days < least:
            raise SettingsError(f"can't be {days}; write at least {least}, or 0 to keep everything")
        return days

    return read


def listed(read: Callable[[str], T]) -> Callable[[str], tuple[T, ...]]:
    """Return a reader of values separated by commas or blanks."""
    return lambda value: tuple(read(part) for part in re.split(r"[,\s]+", value.strip()) if part)


def folder(value: str) -> Path:
    """Read the path of a folder; `~` is the home folder."""
    if not value.strip():
        raise SettingsError("is empty; write the path of a folder")
    return Path(value.strip()).expanduser()


def host(value: str) -> str:
    """Read a host name, in development with a port perhaps."""
    name, _, port = value.strip().lower().rstrip(".").partition(":")
    if not _HOST.fullmatch(name) or len(name) > 253 or (port and not port.isdigit()):
        raise SettingsError(f"can't be {value!r}; write a host name such as network.example")
    return f"{name}:{port}" if port else name


def web_address(value: str) -> str:
    """Read an http or https address without a slash at its end; "" stays empty."""
    if not value.strip():
        return ""
    found = _URL.fullmatch(value.strip().rstrip("/"))
    if not found or found["scheme"] not in ("http", "https"):
        raise SettingsError(f"can't be {value!r}; write an address such as https://network.example")
    port = f":{int(found['port'])}" if found["port"] else ""
    return f"{found['scheme']}://{host(found['host'])}{port}{found['path'] or ''}"


def parts_of(address: str) -> tuple[str, str, str, str]:
    """Return scheme, host, port and path of an address that `web_address` returned."""
    found = _URL.fullmatch(address)
    if not found:
        raise SettingsError(f"can't be {address!r}; write an address such as https://network.example")
    return found["scheme"], found["host"], found["port"] or "", found["path"] or ""


def is_numeric(name: str) -> bool:
    """Tell whether a host is an IP address instead of a name."""
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def address(value: str) -> Address:
    """Read `127.0.0.1:8080` or `[::1]:8080`."""
    name, _, port = value.strip().rpartition(":")
    name = name.removeprefix("[").removesuffix("]")
    if not is_numeric(name) or not port.isdigit() or int(port) > 65535:
        raise SettingsError(f"can't be {value!r}; write an address and a port, 127.0.0.1:8080")
    return Address(name, int(port))


def network(value: str) -> Network:
    """Read one address or a range such as 10.0.0.0/8."""
    try:
        return ip_network(value.strip())
    except ValueError:
        raise SettingsError(f"can't be {value!r}; write addresses or ranges such as 10.0.0.0/8") from None


def static_host(value: str) -> tuple[str, Address]:
    """Read `name=address:port`."""
    name, equals, where = value.strip().partition("=")
    if not equals:
        raise SettingsError(f"can't be {value!r}; write name=address:port, a.test=127.0.0.1:8081")
    return host(name), address(where)


def language(value: str) -> str:
    """Read a language code such as `fr` or `pt-BR`."""
    if not _LANGUAGE.fullmatch(value.strip()):
        raise SettingsError(f"can't be {value!r}; write language codes such as en, fr, pt-BR")
    return value.strip()


def federation_mode(value: str) -> str:
    """Read open or closed; `allowlist` means closed."""
    word = value.strip().lower()
    if word == "consent":
        raise SettingsError("can't be 'consent' yet; write open or closed")
    if word not in ("open", "closed", "allowlist"):
        raise SettingsError(f"can't be {value!r}; write open or closed")
    return "open" if word == "open" else "closed"


def secret(value: str) -> str:
    """Read a secret of at least 32 characters; "" stays empty."""
    if value.strip() and len(value.strip()) < 32:
        raise SettingsError("is too short; make one with `openssl rand -hex 32`")
    return value.strip()


def database(value: str) -> str:
    """Read sqlite:///path or postgres://user:password@host:port/name; "" stays empty."""
    if value.strip() and not _DATABASE.fullmatch(value.strip()):
        raise SettingsError(
            "is not an address of a database; write sqlite:///path/to/talanoa.db "
            "or postgres://user:password@host:5432/name"
        )
    return value.strip()


def mail_server(value: str) -> MailServer | None:
    """Read smtp://user:password@host:port or smtps://...; "" and `none` mean no mail."""
    if value.strip().lower() in ("", "none"):
        return None
    found = _MAIL.fullmatch(value.strip())
    if not found:
        raise SettingsError("is not an address of a mail server; write smtp://user:password@host:587")
    tls = found["scheme"] == "smtps"
    port = int(found["port"]) if found["port"] else (465 if tls else 587)
    user, password = unquote(found["user"] or ""), unquote(found["password"] or "")
    return MailServer(found["host"], port, user, password, tls)
