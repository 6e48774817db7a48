"""Where our things live: wire ids under `/ap/`, pages elsewhere. Pure.

`base` is the public URL without a trailing slash, as every local actor's URI begins with it.
"""

from node.models import Actor, ActorKind

PUBLIC_GROUPS = ("network", "posts", "events", "practices")


def base_of(actor: Actor) -> str:
    """Return the public URL that a local actor's URI begins with."""
    if actor.kind is ActorKind.APPLICATION:
        return actor.uri.removesuffix("/actor")
    return actor.uri.split("/ap/", 1)[0]


def person_uri(base: str, name: str) -> str:
    """Return the wire id of a member."""
    return f"{base}/ap/u/{name}"


def group_uri(base: str, name: str) -> str:
    """Return the wire id of a Group."""
    return f"{base}/ap/g/{name}"


def node_actor_uri(base: str) -> str:
    """Return the wire id of the node itself."""
    return f"{base}/actor"


def post_uri(base: str, public_id: str) -> str:
    """Return the wire id of a post."""
    return f"{base}/ap/n/{public_id}"


def event_uri(base: str, public_id: str) -> str:
    """Return the wire id of an event."""
    return f"{base}/ap/e/{public_id}"


def practice_uri(base: str, public_id: str) -> str:
    """Return the wire id of a practice record."""
    return f"{base}/ap/r/{public_id}"


def activity_uri(base: str, public_id: str) -> str:
    """Return the wire id of an activity."""
    return f"{base}/ap/a/{public_id}"


def stamp_uri(base: str, public_id: str) -> str:
    """Return the wire id of a QuoteAuthorization."""
    return f"{base}/ap/q/{public_id}"


def partners_uri(base: str) -> str:
    """Return the collection that stands for all partner nodes."""
    return f"{base}/ap/partners"


def actor_page(base: str, name: str) -> str:
    """Return the page of a local actor."""
    return f"{base}/@{name}"


def post_page(base: str, public_id: str) -> str:
    """Return the page of a post."""
    return f"{base}/posts/{public_id}"


def event_page(base: str, public_id: str) -> str:
    """Return the page of an event."""
    return f"{base}/events/{public_id}"


def practice_page(base: str, public_id: str) -> str:
    """Return the page of a practice record."""
    return f"{base}/practices/{public_id}"


def media_url(base: str, path: str) -> str:
    """Return the address of a file of ours below the media folder."""
    return f"{base}/media/{path}"
