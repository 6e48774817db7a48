"""The folder of real documents named by TALANOA_TEST_CORPUS, and what a test changes before reading one."""

import os
import re
from pathlib import Path

import orjson
import pytest

VARIABLE = "TALANOA_TEST_CORPUS"
ACTIVITIES = frozenset(
    [
        "Accept",
        "Add",
        "Announce",
        "Block",
        "Create",
        "Delete",
        "Dislike",
        "EmojiReact",
        "Flag",
        "Follow",
        "Invite",
        "Join",
        "Leave",
        "Like",
        "Lock",
        "Reject",
        "Remove",
        "Resolve",
        "Undo",
        "Update",
        "Warn",
    ]
)

_TEMPLATE = re.compile(rb"\{\{[A-Za-z_]+\}\}")
_ADDRESS = re.compile(rb"(?P<scheme>https?)://(?P<host>[A-Za-z0-9._-]+)(?P<port>:[0-9]+)?(?=[/\"#?])")
_VOCABULARIES = (b"w3.org", b"w3id.org", b"joinmastodon.org", b"schema.org", b"ostatus.org", b"purl.org")


def folder() -> Path:
    """Return the folder; skip where the variable is unset, fail where it names nothing.

    Raises:
        FileNotFoundError: the variable is set, the folder is not there or empty.
    """
    named = os.environ.get(VARIABLE)
    if not named:
        pytest.skip(f"{VARIABLE} is not set")
    found = Path(named)
    if not any(found.glob("*/*.json")):
        raise FileNotFoundError(f"{VARIABLE} names {named}, where no documents are")
    return found


def names() -> list[str]:
    """Return `folder/file` of every document, [] where the variable is unset."""
    named = os.environ.get(VARIABLE)
    return sorted(str(path.relative_to(named)) for path in Path(named).glob("*/*.json")) if named else []


def readable(raw: bytes) -> bytes:
    """Return the document with addresses that a public server could have.

    Templates are filled in; test hosts lose their port and `http`, get a top-level name and no underscore.
    """
    return _ADDRESS.sub(_public, _TEMPLATE.sub(b"filled.example", raw))


def _public(found: re.Match[bytes]) -> bytes:
    host = found["host"].replace(b"_", b"-").removesuffix(b".local")
    if found["scheme"] == b"http" and host.removeprefix(b"www.").endswith(_VOCABULARIES):
        return found[0]
    if b"." not in host:
        host += b".example"
    return b"https://" + host


def completed(raw: bytes) -> bytes:
    """Return an activity with the id and actor that it lacks; anything else comes back unchanged.

    A client's post has neither before its server adds them, and one test document is a bare stub.
    """
    document = orjson.loads(raw)
    if str(document.get("type")) not in {"Create", "Announce"} or {"id", "actor"} <= set(document):
        return raw
    return orjson.dumps({"id": "https://client.example/a/1", "actor": "https://client.example/u/1", **document})
