"""Pictures of other servers, served from what is kept here; nothing is fetched while somebody waits.

No cookie is read or set. What is not here yet is a placeholder now and perhaps there at the next look; what could not
be had, or is of a blocked server, is not found, and the browser shows the description instead.
"""

import asyncio
import base64

from quart import Quart, Response

from node.community import foreign_pictures
from node.community.foreign_pictures import Kept, Size, Wanted
from node.errors import NotFound
from node.media.store import MEDIA_TYPES, elsewhere_store
from web.context import House, house
from web.pages.media import SANDBOX
from web.pictures import is_admitted, wanted_by

A_DAY = "private, max-age=86400"
CLEAR = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
"""A GIF of one clear pixel: what lies below it, such as an initial, stays visible."""
SOON = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180" width="320" height="180">'
    b'<rect width="320" height="180" fill="#7f8c8d" fill-opacity=".15"/>'
    b'<path d="M120 120l28-36 22 26 14-16 26 26z" fill="#7f8c8d" fill-opacity=".5"/>'
    b'<circle cx="192" cy="70" r="9" fill="#7f8c8d" fill-opacity=".5"/></svg>'
)


async def picture(signature: str, kind: str, host: str, code: str) -> Response:
    """Answer a picture of another server, a placeholder, or that there is none.

    Raises:
        NotFound: no address of ours; switched off; a blocked server; or it could not be had.
    """
    at = house()
    wanted, is_whole = wanted_by(signature, (kind, host, code), house=at)
    if not at.settings.foreign_pictures or not is_admitted(wanted, at):
        raise NotFound("no pictures of this server are shown")
    found = await foreign_pictures.find(wanted, now=at.now())
    if isinstance(found, Kept):
        content = await _content(found, at, is_whole=is_whole)
        if content is not None:
            return _answer(content, MEDIA_TYPES["webp"], A_DAY)
    elif not found.may_be_asked:
        if wanted.size is Size.PICTURE:
            raise NotFound("it could not be had")
        return _answer(CLEAR, "image/gif", "no-store")
    at.wishes.want(wanted)
    return _placeholder(wanted)


async def _content(found: Kept, at: House, *, is_whole: bool) -> bytes | None:
    """Return the bytes; None for a file that is gone, after a restore perhaps."""
    if not found.is_used_today:
        at.wishes.note_shown(found.key)
    try:
        file, _ = elsewhere_store(at.settings.data_dir).find(found.whole if is_whole else found.thumbnail)
        return await asyncio.to_thread(file.read_bytes)
    except (NotFound, FileNotFoundError):
        return None


def _placeholder(wanted: Wanted) -> Response:
    if wanted.size is Size.PICTURE:
        return _answer(SOON, "image/svg+xml", "no-store")
    return _answer(CLEAR, "image/gif", "no-store")


def _answer(content: bytes, media_type: str, cache: str) -> Response:
    response = Response(content, content_type=media_type)
    response.headers["content-security-policy"] = SANDBOX
    response.headers["cache-control"] = cache
    return response


def register(app: Quart) -> None:
    """Add the routes of this module."""
    rule = "/media/elsewhere/<signature>/<kind>/<host>/<code>"
    app.add_url_rule(rule, "elsewhere_pictures.picture", picture, methods=["GET"])
