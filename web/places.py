"""On which page of ours something is shown that is known by its URI."""

from urllib.parse import quote

from node.community import actors, objects

_PAGES = {"post": "posts", "practice": "practices", "event": "events"}


async def place_of(uri: str) -> str:
    """Return the path of the page for an actor, post, record or event; empty if we hold nothing of the kind."""
    if not uri.startswith(("https://", "http://")):
        return ""
    actor = await actors.by_uri(uri)
    if actor is not None:
        return profile_path(actor.name, actor.host, is_local=actor.is_local)
    thing = await objects.find(uri)
    return "" if thing is None else object_path(thing.uri, thing.kind, is_local=thing.is_local)


def profile_path(name: str, host: str, *, is_local: bool) -> str:
    """Return the path of somebody's page."""
    return f"/@{quote(name)}" if is_local else f"/@{quote(name)}@{host}"


def object_path(uri: str, kind: str, *, is_local: bool) -> str:
    """Return the path of the page of a post, practice or event."""
    if is_local:
        return f"/{_PAGES[kind]}/{uri.rsplit('/', 1)[-1]}"
    return f"/thread?uri={quote(uri, safe='')}"
