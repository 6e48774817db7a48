"""The files of the interface under names that change with their content, so that they never go stale."""

from quart import Quart, Response, request

from node.errors import NotFound
from web.context import house
from web.static import IMMUTABLE


async def static_file(name: str) -> Response:
    """Answer one file, packed where the browser takes that.

    Raises:
        NotFound: no file has this name and hash.
    """
    found = house().files.by_hashed_name.get(name)
    if found is None:
        raise NotFound(f"no file {name[:100]}")
    takes_gzip = "gzip" in request.headers.get("accept-encoding", "")
    is_packed = takes_gzip and bool(found.packed)
    response = Response(found.packed if is_packed else found.content, content_type=found.media_type)
    response.headers["cache-control"] = IMMUTABLE
    response.headers["vary"] = "Accept-Encoding"
    if is_packed:
        response.headers["content-encoding"] = "gzip"
    return response


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/static/<name>", view_func=static_file, methods=["GET"])
