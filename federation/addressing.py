"""To and cc <-> visibility. Pure: no clock, no network, no database."""

from collections.abc import Sequence
from enum import StrEnum

from federation.errors import Malformed

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
_PUBLIC_ALIASES = frozenset({PUBLIC, "as:Public", "Public"})

Recipients = tuple[str, ...]


class Visibility(StrEnum):
    """Who may read something. `FOLLOWERS` and `DIRECT` only come in; `NETWORK` only goes out."""

    PUBLIC = "public"
    QUIET = "quiet"
    NETWORK = "network"
    FOLLOWERS = "followers"
    DIRECT = "direct"


def is_public(recipient: str) -> bool:
    """Tell whether `recipient` is Public in one of its three spellings."""
    return recipient in _PUBLIC_ALIASES


def visibility_of(to: Sequence[str], cc: Sequence[str], followers_uri: str | None) -> Visibility:
    """Read who may see something from its addressing.

    Args:
        to: recipients, any spelling of Public.
        cc: likewise.
        followers_uri: the author's followers collection, None if unknown.

    Returns:
        DIRECT whenever neither Public nor the author's own followers are addressed.

    Spec: ActivityPub §5.6.
    """
    if any(is_public(each) for each in to):
        return Visibility.PUBLIC
    if any(is_public(each) for each in cc):
        return Visibility.QUIET
    if followers_uri is not None and (followers_uri in to or followers_uri in cc):
        return Visibility.FOLLOWERS
    return Visibility.DIRECT


def addresses_for(
    visibility: Visibility,
    *,
    followers_uri: str,
    partners_uri: str,
    mentions: Sequence[str] = (),
    groups: Sequence[str] = (),
) -> tuple[Recipients, Recipients]:
    """Return `to` and `cc` for something of ours.

    Args:
        followers_uri: the author's followers collection.
        partners_uri: `https://H/ap/partners`, whom `network` speaks to.
        mentions: actor URIs named in the text, and whoever is answered.
        groups: the Groups whose audience this is.

    Returns:
        Both without repetitions, in a stable order.

    Raises:
        Malformed: a visibility that only others use.
    """
    named = (*groups, *mentions)
    match visibility:
        case Visibility.PUBLIC:
            return _distinct((PUBLIC,), (followers_uri, *named))
        case Visibility.QUIET:
            return _distinct((followers_uri,), (PUBLIC, *named))
        case Visibility.NETWORK:
            return _distinct((partners_uri,), named)
        case Visibility.DIRECT:
            return _distinct(tuple(named), ())
    raise Malformed(f"nothing of ours goes out as {visibility}")


def _distinct(to: Recipients, cc: Recipients) -> tuple[Recipients, Recipients]:
    once_to = tuple(dict.fromkeys(to))
    return once_to, tuple(each for each in dict.fromkeys(cc) if each not in once_to)
