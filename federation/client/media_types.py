"""Which content types are what. Pure.

An uploaded file can hold any bytes, but our peers serve uploads under other types than these two:
believing only the ActivityPub types keeps a picture from being taken for an actor.
"""

from collections.abc import Mapping
from email.message import Message

from federation.errors import Malformed

PROFILE = "https://www.w3.org/ns/activitystreams"


def media_type(header: str | None) -> tuple[str, Mapping[str, str]]:
    """Return the lower-case media type and its parameters; empty if the header is missing."""
    message = Message()
    message["content-type"] = (header or "").replace("\r", "").replace("\n", "")
    pairs = message.get_params(failobj=[])
    if not pairs:
        return "", {}
    (name, _), *parameters = pairs
    return name.strip().lower(), {key.lower(): value for key, value in parameters if isinstance(value, str)}


def is_activity(header: str | None) -> bool:
    """Tell whether the header is one of the two ActivityPub types.

    Spec: ActivityPub §3.2; the profile parameter is a blank-separated list (RFC 6906).
    """
    name, parameters = media_type(header)
    if name == "application/ld+json":
        return PROFILE in parameters.get("profile", "").split()
    return name == "application/activity+json"


def is_json(header: str | None) -> bool:
    """Tell whether the header is JSON of any kind."""
    name, _ = media_type(header)
    return name == "application/json" or (name.startswith("application/") and name.endswith("+json"))


def require_activity(header: str | None) -> str:
    """Return the header if it is an ActivityPub type; raise Malformed otherwise."""
    if header is None or not is_activity(header):
        raise Malformed(f"content type {(header or 'missing')[:80]} is not ActivityPub")
    return header


def require_json(header: str | None) -> str:
    """Return the header if it is JSON; raise Malformed otherwise."""
    if header is None or not is_json(header):
        raise Malformed(f"content type {(header or 'missing')[:80]} is not JSON")
    return header


def require_any(header: str | None) -> str:
    """Return the header whatever it says, empty if it is missing."""
    return header or ""
