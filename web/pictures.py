"""Pictures of other servers in our pages: addresses of ours that nobody else can make, and what visitors asked for.

An address is signed with the node's secret, so that nobody can have us fetch or serve anything that no page of ours
names.

Spec: security T-39.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping

from federation.errors import ProtocolError
from federation.names import canonical_uri, host_of
from node.community.foreign_pictures import LONGEST_URL, Size, Wanted
from node.errors import NotFound
from web.context import House, here

FOLDER = "/media/elsewhere"
SIGNATURE_BYTES = 16
KINDS: Mapping[str, tuple[Size, bool]] = {
    "face": (Size.FACE, False),
    "portrait": (Size.FACE, True),
    "header": (Size.HEADER, True),
    "picture": (Size.PICTURE, False),
    "whole": (Size.PICTURE, True),
    "emoji": (Size.EMOJI, False),
}
"""What an address can ask for: the size that is kept, and whether the whole of it or its thumbnail."""


def foreign_image(url: str | None, shown_for: str, kind: str) -> str:
    """Return the address under which this node shows a picture of another server; empty if it doesn't.

    The one way for a page to show anything from elsewhere.

    Args:
        url: where it is.
        shown_for: host of the actor who shows it: where that host is blocked, the picture is gone.
        kind: a key of KINDS.
    """
    settings = here().settings
    if not settings.foreign_pictures or not url or len(url) > LONGEST_URL:
        return ""
    try:
        found = canonical_uri(url, relaxed=settings.development)
    except ProtocolError:
        return ""
    code = base64.urlsafe_b64encode(found.without_fragment.encode()).decode().rstrip("=")
    tail = f"{kind}/{shown_for}/{code}"
    origin = settings.media_url if settings.media_url else ""
    return f"{origin}{FOLDER}/{_signature(settings.secret_key, tail)}/{tail}"


def wanted_by(signature: str, tail: tuple[str, str, str], *, house: House) -> tuple[Wanted, bool]:
    """Return what an address of ours asks for, and whether it wants the whole of it.

    Args:
        tail: kind, host and code.

    Raises:
        NotFound: this node did not make the address.
    """
    settings = house.settings
    expected = _signature(settings.secret_key, "/".join(tail))
    if not signature.isascii() or not hmac.compare_digest(signature, expected):
        raise NotFound("not an address that this node made")
    kind, shown_for, code = tail
    size, is_whole = KINDS[kind]
    url = base64.urlsafe_b64decode(code + "=" * (-len(code) % 4)).decode()
    return Wanted(url, size, shown_for), is_whole


def is_admitted(wanted: Wanted, house: House) -> bool:
    """Tell whether policy admits both the host of a picture and the host of whoever shows it, right now."""
    hosts = {host_of(canonical_uri(wanted.url, relaxed=house.settings.development)), wanted.shown_for}
    return all(house.doors.registry.decide(host, now=house.now()).is_admitted for host in hosts)


def _signature(secret_key: str, tail: str) -> str:
    mac = hmac.new(secret_key.encode(), f"picture:{tail}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac[:SIGNATURE_BYTES]).decode().rstrip("=")
