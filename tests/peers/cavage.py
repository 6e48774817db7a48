"""HTTP signatures written from draft-cavage-http-signatures-12, for the fake peers alone."""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

HOUR = timedelta(hours=1)


class BadSignature(Exception):
    """The request is not signed as it should be."""


@dataclass(frozen=True)
class Style:
    """What a server puts into its signatures: covered headers in order, and the name of the algorithm."""

    post: str = "(request-target) host date digest content-type"
    get: str = "(request-target) host date"
    algorithm: str = "rsa-sha256"


@dataclass(frozen=True)
class Message:
    """A request as it stands on the wire; header names in lower case."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def authority(self) -> str:
        """Return what the URL has between `//` and the path."""
        return self.url.split("/", 3)[2]

    @property
    def target(self) -> str:
        """Return path and query."""
        parts = self.url.split("/", 3)
        return "/" + (parts[3] if len(parts) > 3 else "")


def digest_of(body: bytes) -> str:
    """Return the Digest header of `body`."""
    return "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode()


def signed(message: Message, key: RSAPrivateKey, *, key_id: str, when: datetime, style: Style) -> Message:
    """Return `message` with Host, Date, Digest and Signature."""
    headers = {"host": message.authority, "date": format_datetime(when, usegmt=True)} | dict(message.headers)
    if message.method == "POST":
        headers.setdefault("digest", digest_of(message.body))
    dressed = Message(message.method, message.url, headers, message.body)
    names = (style.post if message.method == "POST" else style.get).split()
    made = base64.b64encode(key.sign(_base(dressed, names, {}), PKCS1v15(), SHA256())).decode()
    headers["signature"] = (
        f'keyId="{key_id}",algorithm="{style.algorithm}",headers="{" ".join(names)}",signature="{made}"'
    )
    return Message(message.method, message.url, headers, message.body)


def key_id_of(message: Message) -> str:
    """Return which key claims to have signed."""
    return _parameters(message)["keyId"]


def check(message: Message, key: RSAPublicKey, *, now: datetime, window: timedelta = 12 * HOUR) -> None:
    """Return if `message` was signed with `key`; raise BadSignature otherwise."""
    parameters = _parameters(message)
    names = parameters.get("headers", "date").split()
    needed = {"(request-target)", "host", "date"} | ({"digest"} if message.method == "POST" else set())
    if not needed <= set(names):
        raise BadSignature(f"covers only {names}")
    if abs(now - parsedate_to_datetime(message.headers["date"])) > window:
        raise BadSignature("signed at another time")
    if message.method == "POST" and message.headers["digest"] != digest_of(message.body):
        raise BadSignature("the digest is wrong")
    try:
        key.verify(base64.b64decode(parameters["signature"]), _base(message, names, parameters), PKCS1v15(), SHA256())
    except InvalidSignature as error:
        raise BadSignature("made with another key or over other headers") from error


def _parameters(message: Message) -> dict[str, str]:
    found = dict(re.findall(r'([A-Za-z]+)="([^"]*)"', message.headers.get("signature", "")))
    if not {"keyId", "signature"} <= found.keys():
        raise BadSignature("not signed")
    return found


def _base(message: Message, names: list[str], parameters: Mapping[str, str]) -> bytes:
    special = {
        "(request-target)": f"{message.method.lower()} {message.target}",
        "(created)": parameters.get("created", ""),
        "(expires)": parameters.get("expires", ""),
    }
    try:
        return "\n".join(f"{name}: {special.get(name) or message.headers[name]}" for name in names).encode()
    except KeyError as error:
        raise BadSignature(f"covers {error}, which is not there") from error
