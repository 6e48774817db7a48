"""The known actor on another server: signs what it will send beforehand, on all cores."""

from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from functools import partial
from multiprocessing import get_context

import orjson
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from tests.peers.cavage import Message, Style, signed

HOST = "elsewhere.test"
ACTOR = f"http://{HOST}/users/berta"
KEY_ID = f"{ACTOR}#main-key"
BODY_BYTES = 2048
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
WORDS = "We tried hearings by <em>SMS</em> and by radio, and more people came than ever before. "
PROCESSES = 2


def new_key() -> RSAPrivateKey:
    """Return an RSA-2048 key."""
    return generate_private_key(public_exponent=65537, key_size=2048)


def prebuilt(numbers: range, *, key: RSAPrivateKey, answered: str, mentioned: str, when: datetime) -> list[bytes]:
    """Return signed POSTs of distinct answers, as they stand on the wire.

    Args:
        numbers: one request for each.
        answered: id of the post that all answer; its node is who they are sent to.
        mentioned: the actor whose post that is.
        when: the moment of the signatures.
    """
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    build = partial(_built, pem=pem, answered=answered, mentioned=mentioned, when=when)
    shares = [numbers[start::PROCESSES] for start in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        return [request for part in pool.map(build, shares) for request in part]


def _built(numbers: range, *, pem: bytes, answered: str, mentioned: str, when: datetime) -> list[bytes]:
    key = load_pem_private_key(pem, None)
    assert isinstance(key, RSAPrivateKey)
    inbox = "/".join(answered.split("/", 3)[:3]) + "/ap/inbox"
    made = []
    for number in numbers:
        body = _body(number, answered=answered, mentioned=mentioned, when=when)
        bare = Message("POST", inbox, {"content-type": "application/activity+json"}, body)
        made.append(_on_the_wire(signed(bare, key, key_id=KEY_ID, when=when, style=Style())))
    return made


def _body(number: int, *, answered: str, mentioned: str, when: datetime) -> bytes:
    uri = f"{ACTOR}/statuses/{number}"
    stamp = when.isoformat(timespec="seconds").replace("+00:00", "Z")
    note = {
        "id": uri,
        "type": "Note",
        "attributedTo": ACTOR,
        "inReplyTo": answered,
        "published": stamp,
        "url": uri,
        "to": [PUBLIC],
        "cc": [f"{ACTOR}/followers", mentioned],
        "tag": [{"type": "Mention", "href": mentioned, "name": "@amina"}],
        "content": f"<p>Answer {number}. {WORDS}</p>",
        "contentMap": {"en": ""},
    }
    activity = {
        "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
        "id": f"{uri}/activity",
        "type": "Create",
        "actor": ACTOR,
        "published": stamp,
        "to": note["to"],
        "cc": note["cc"],
        "object": note,
    }
    missing = BODY_BYTES - len(orjson.dumps(activity))
    note["content"] = f"<p>Answer {number}. {(WORDS * 40)[: missing // 2 + len(WORDS)]}</p>"
    note["contentMap"] = {"en": note["content"]}
    return orjson.dumps(activity)


def _on_the_wire(message: Message) -> bytes:
    headers = dict(message.headers) | {"content-length": str(len(message.body)), "user-agent": "bench"}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{message.method} {message.target} HTTP/1.1\r\n{lines}\r\n".encode() + message.body


def get(url: str, accept: str) -> bytes:
    """Return a GET as it stands on the wire."""
    message = Message("GET", url, {})
    return f"GET {message.target} HTTP/1.1\r\nhost: {message.authority}\r\naccept: {accept}\r\n\r\n".encode()
