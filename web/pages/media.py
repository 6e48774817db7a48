"""Pictures of ours, under names that never change their content; nothing else is ever served from that folder.

No cookie is read or set here, and a browser that opens a file by itself gets a sandbox.
"""

import asyncio

from quart import Quart, Response

from node.errors import NotFound
from node.media.store import media_store
from web.context import house
from web.static import IMMUTABLE

SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"


async def picture(folder: str, name: str) -> Response:
    """Answer one picture.

    Raises:
        NotFound: no picture has this path.
    """
    settings = house().settings
    store = media_store(settings.data_dir, settings.public_url, settings.media_url)
    file, media_type = store.find(f"{folder}/{name}")
    try:
        content = await asyncio.to_thread(file.read_bytes)
    except FileNotFoundError as gone:
        raise NotFound("deleted a moment ago") from gone
    response = Response(content, content_type=media_type)
    response.headers["content-security-policy"] = SANDBOX
    response.headers["cache-control"] = IMMUTABLE
    return response


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/media/<folder>/<name>", view_func=picture, methods=["GET"])
